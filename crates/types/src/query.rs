//! What lists are asked for: which rows, in which order.

use crate::{EvaluationResult, Outcome, Page, ResultGroup, ResultId, Review, Split};
use serde::{Deserialize, Serialize};

/// Whether deleted rows are listed too (deleting is soft).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// Only what was not deleted.
    #[default]
    Active,
    /// Everything.
    All,
}

/// Which agents are listed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AgentFilter {
    /// Whether deleted ones are listed too.
    pub activity: Activity,
    /// Only agents of this type.
    pub agent_type: Option<String>,
}

impl From<Activity> for AgentFilter {
    fn from(activity: Activity) -> Self {
        Self { activity, agent_type: None }
    }
}

/// Order of a list of test cases.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseSort {
    /// Newest first: the contract's order.
    #[default]
    Newest,
    /// Oldest first.
    Oldest,
    /// By question, A to Z.
    Question,
    /// By answer check, then newest first.
    TaskType,
}

/// Which test cases, in which order.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct CaseQuery {
    /// Which page.
    pub page: Page,
    /// Whether deleted cases are listed too.
    pub activity: Activity,
    /// Only cases whose question, expected answer, name or suite contains this, whatever the case of its letters.
    #[serde(default)]
    pub search: Option<String>,
    /// In which order.
    #[serde(default)]
    pub sort: CaseSort,
    /// Only cases of this suite.
    #[serde(default)]
    pub suite: Option<String>,
    /// Only cases of this split.
    #[serde(default)]
    pub split: Option<Split>,
    /// Only cases with this tag.
    #[serde(default)]
    pub tag: Option<String>,
    /// Only cases that are compared by this answer check.
    #[serde(default)]
    pub task_type: Option<String>,
}

/// Which results of an evaluation are listed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResultShow {
    /// Every result.
    #[default]
    All,
    /// Those that count and did not pass.
    Failures,
    /// Those where something broke.
    Errors,
}

impl ResultShow {
    /// Whether a result of this outcome is listed.
    pub const fn shows(self, outcome: Outcome) -> bool {
        match self {
            Self::All => true,
            Self::Failures => outcome.counts() && !matches!(outcome, Outcome::Pass),
            Self::Errors => matches!(
                outcome,
                Outcome::ProviderError
                    | Outcome::ToolError
                    | Outcome::Timeout
                    | Outcome::MaxSteps
                    | Outcome::MalformedCall
            ),
        }
    }
}

/// Order of a list of results.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResultSort {
    /// As the run asked.
    #[default]
    Case,
    /// The lowest reward first.
    Reward,
    /// The longest wait first.
    Latency,
}

/// Which results of an evaluation, in which order.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ResultQuery {
    /// Which page.
    pub page: Page,
    /// Which of them.
    pub show: ResultShow,
    /// In which order.
    pub sort: ResultSort,
    /// Only results of the cases of this group.
    pub within: Option<ResultGroup>,
}

/// A result and its neighbours in the list it was chosen from.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ResultInList {
    /// The result.
    pub result: EvaluationResult,
    /// The one before it.
    pub before: Option<ResultPlace>,
    /// The one after it.
    pub after: Option<ResultPlace>,
    /// What a person says of it.
    pub review: Option<Review>,
    /// The version of its case now, where that is another than was asked.
    pub version_now: Option<u32>,
    /// The rollout under which its model and tool calls are recorded, where there are any.
    pub rollout: Option<String>,
}

/// Where in a list a result stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ResultPlace {
    /// From 0.
    pub place: u32,
    /// Which result.
    pub id: ResultId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_what_counts_and_did_not_pass() {
        let shown = |show: ResultShow| Outcome::ALL.into_iter().filter(move |outcome| show.shows(*outcome)).count();
        assert_eq!((shown(ResultShow::All), shown(ResultShow::Failures), shown(ResultShow::Errors)), (9, 5, 5));
        assert!(ResultShow::Failures.shows(Outcome::Fail) && !ResultShow::Failures.shows(Outcome::ProviderError));
        assert!(ResultShow::Errors.shows(Outcome::ProviderError) && !ResultShow::Errors.shows(Outcome::Fail));
    }
}
