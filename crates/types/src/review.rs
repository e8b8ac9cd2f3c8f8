//! What people say of the results of a run, and its results by groups of cases.

use crate::{AggregateMetrics, FieldError, ResultId, RunId, TestCaseId, Timestamp};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Most characters of a comment.
const COMMENT_MAX: usize = 2_000;

/// A person's verdict on a result.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum HumanVerdict {
    /// It should pass.
    Pass,
    /// It should fail.
    Fail,
}

impl HumanVerdict {
    /// As `task_success`: 1 or 0.
    pub const fn success(self) -> f64 {
        match self {
            Self::Pass => 1.0,
            Self::Fail => 0.0,
        }
    }
}

/// What a person says of a result.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ReviewDraft {
    /// Whether it passes; kept beside the machine's verdict. Null = no opinion.
    pub verdict: Option<HumanVerdict>,
    /// The key of the case is wrong: it is listed for review.
    pub disputed: bool,
    /// Why.
    pub comment: String,
}

impl ReviewDraft {
    /// What of it is refused.
    pub fn validate(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if self.verdict.is_none() && !self.disputed {
            errors.push(FieldError::new("verdict", "says nothing; give `pass` or `fail`, or dispute the key"));
        }
        if self.comment.chars().count() > COMMENT_MAX {
            errors.push(FieldError::new("comment", format!("is longer than {COMMENT_MAX} characters")));
        }
        errors
    }
}

/// A stored review of a result.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Review {
    /// Of which result.
    pub result_id: ResultId,
    /// Of which run.
    pub run_id: RunId,
    /// Of which case.
    pub test_case_id: TestCaseId,
    /// At which version.
    pub case_version: u32,
    /// Whether it passes, if the person said so.
    pub verdict: Option<HumanVerdict>,
    /// Whether the key of the case is wrong.
    pub disputed: bool,
    /// Why.
    pub comment: String,
    /// When it was said.
    pub reviewed_at: Timestamp,
}

/// What people's verdicts make of a run.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunReviews {
    /// Results with a person's verdict.
    pub judged: u32,
    /// Those whose verdict is another than the machine's.
    pub overruled: u32,
    /// Results whose key is disputed.
    pub disputed: u32,
    /// Results that are scored, with people's verdicts in place of the machine's.
    pub n: u32,
    /// Task success of those; null without a person's verdict.
    pub task_success: Option<f64>,
    /// Its 95% interval.
    pub task_success_interval: Option<(f64, f64)>,
}

/// By what the cases of a run are grouped.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum GroupBy {
    /// Their suite.
    Suite,
    /// Their part of it.
    Split,
    /// Their tags; a case with several is in several groups.
    Tag,
    /// How their answer is checked.
    TaskType,
}

impl GroupBy {
    /// Each, in the order of pages.
    pub const ALL: [Self; 4] = [Self::Suite, Self::Split, Self::Tag, Self::TaskType];

    /// As addresses have it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Suite => "suite",
            Self::Split => "split",
            Self::Tag => "tag",
            Self::TaskType => "task_type",
        }
    }
}

/// One group of the cases of a run. In text: `suite:airline`; nothing after the colon = cases that have none.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ResultGroup {
    /// By what.
    pub by: GroupBy,
    /// The suite, split, tag or answer check; empty = none.
    pub value: String,
}

impl fmt::Display for ResultGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.by.word(), self.value)
    }
}

impl FromStr for ResultGroup {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || {
            let message = format!("is `{text}`, expected suite, split, tag or task_type, a colon and a value");
            FieldError::new("within", message)
        };
        let (by, value) = text.split_once(':').ok_or_else(refused)?;
        let by = GroupBy::ALL.into_iter().find(|one| one.word() == by).ok_or_else(refused)?;
        Ok(Self { by, value: value.to_owned() })
    }
}

/// The means of one group of the cases of a run.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupMetrics {
    /// The suite, split, tag or answer check; empty = cases that have none.
    pub value: String,
    /// Its means.
    pub metrics: AggregateMetrics,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_survives_its_text() {
        for text in ["suite:air:line", "tag:", "task_type:numeric"] {
            assert_eq!(text.parse::<ResultGroup>().unwrap().to_string(), text);
        }
        assert!("suites:a".parse::<ResultGroup>().unwrap_err().message.contains("task_type"));
        assert!("suite".parse::<ResultGroup>().is_err());
    }

    #[test]
    fn a_review_says_something() {
        assert_eq!(ReviewDraft::default().validate()[0].field, "verdict");
        let disputed = ReviewDraft { disputed: true, ..ReviewDraft::default() };
        assert_eq!(disputed.validate(), []);
        let long = ReviewDraft { comment: "a".repeat(COMMENT_MAX + 1), ..disputed };
        assert_eq!(long.validate()[0].field, "comment");
    }
}
