//! A change of many test cases at once.

use crate::{Activity, CaseQuery, FieldError, Page, Split, TestCaseCreate, TestCaseId, patch};
use serde::{Deserialize, Serialize};

/// What changes in each of the cases; what is absent stays.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct CaseEdit {
    /// Tags that each of them gets.
    pub add_tags: Vec<String>,
    /// Tags that each of them loses.
    pub remove_tags: Vec<String>,
    /// The suite they belong to; null = none.
    #[serde(deserialize_with = "patch", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub suite: Option<Option<String>>,
    /// The part of it; null = none.
    #[serde(deserialize_with = "patch", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Split>))]
    pub split: Option<Option<Split>>,
    /// Their weight in means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// Archive (false) or restore (true).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
}

impl CaseEdit {
    /// `draft` with this change made.
    pub fn apply_to(&self, draft: &TestCaseCreate) -> TestCaseCreate {
        let mut after = draft.clone();
        after.tags.retain(|tag| !self.remove_tags.contains(tag));
        for tag in &self.add_tags {
            if !after.tags.contains(tag) {
                after.tags.push(tag.clone());
            }
        }
        if let Some(suite) = &self.suite {
            after.suite = suite.clone().filter(|suite| !suite.is_empty());
        }
        after.split = self.split.unwrap_or(after.split);
        after.weight = self.weight.unwrap_or(after.weight);
        after.is_active = self.is_active.unwrap_or(after.is_active);
        after
    }

    /// What of it would be refused in any case.
    pub fn validate(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if *self == Self::default() {
            errors.push(FieldError::new("edit", "changes nothing; give tags, a suite, a split, a weight or is_active"));
        }
        if self.add_tags.iter().chain(&self.remove_tags).any(|tag| tag.trim().is_empty()) {
            errors.push(FieldError::new("add_tags", "has an empty tag"));
        }
        errors
    }
}

/// Which cases: those with these ids, or all that match.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct CaseSelection {
    /// Their ids; empty = those that match.
    pub ids: Vec<TestCaseId>,
    /// What they match.
    pub matching: Option<CaseMatching>,
}

/// What cases match; what is absent does not matter.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct CaseMatching {
    /// Whether archived cases are among them.
    pub archived: bool,
    /// In question, expected answer, name or suite.
    pub search: Option<String>,
    /// Of this suite.
    pub suite: Option<String>,
    /// Of this part.
    pub split: Option<Split>,
    /// With this tag.
    pub tag: Option<String>,
    /// Compared by this answer check.
    pub task_type: Option<String>,
}

impl From<CaseMatching> for CaseQuery {
    fn from(matching: CaseMatching) -> Self {
        let CaseMatching { archived, search, suite, split, tag, task_type } = matching;
        let activity = if archived { Activity::All } else { Activity::Active };
        let page = Page { skip: 0, limit: u32::MAX };
        Self { page, activity, search, suite, split, tag, task_type, ..Self::default() }
    }
}

/// What a change of many cases did.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CasesChanged {
    /// How many say something else now.
    pub changed: u64,
    /// How many were as wanted already.
    pub unchanged: u64,
    /// What undoes it, for as long as the server remembers.
    pub undo: Option<String>,
}

/// How many cases there are of each kind.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct CaseFacets {
    /// By suite, the largest first.
    pub suites: Vec<(String, u64)>,
    /// By split.
    pub splits: Vec<(String, u64)>,
    /// By tag, the most used first.
    pub tags: Vec<(String, u64)>,
    /// By answer check.
    pub task_types: Vec<(String, u64)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_stays() {
        let draft =
            TestCaseCreate { tags: vec!["a".into(), "b".into()], suite: Some("s".into()), ..Default::default() };
        let edit = CaseEdit {
            add_tags: vec!["c".into(), "a".into()],
            remove_tags: vec!["b".into()],
            split: Some(Some(Split::Dev)),
            ..CaseEdit::default()
        };
        let after = edit.apply_to(&draft);
        assert_eq!(
            (after.tags, after.suite, after.split),
            (vec!["a".into(), "c".into()], draft.suite, Some(Split::Dev))
        );
        assert_eq!(CaseEdit::default().validate().len(), 1);
        let cleared = CaseEdit { suite: Some(None), ..CaseEdit::default() }.apply_to(&TestCaseCreate::default());
        assert_eq!(cleared.suite, None);
    }
}
