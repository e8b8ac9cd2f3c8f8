//! Evaluation runs side by side, case by case.

use crate::{BaselineDelta, EvaluationRunListItem, Outcome, ResultId, TestCaseId};
use serde::{Deserialize, Serialize};

/// Which cases are listed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DiffShow {
    /// All that all runs were asked.
    #[default]
    All,
    /// Where the runs did not all do equally.
    Different,
    /// Where some run failed.
    Failures,
    /// Where something broke in some run.
    Errors,
}

/// A run of a comparison.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DiffRun {
    /// The run.
    pub run: EvaluationRunListItem,
    /// Name of its agent.
    pub agent: String,
    /// Share of its trials that passed, on the shared cases; null without any.
    pub success: Option<f64>,
    /// Its 95% interval.
    pub success_interval: Option<(f64, f64)>,
    /// Mean reward on the shared cases; null without any.
    pub reward: Option<f64>,
    /// Its 95% interval.
    pub reward_interval: Option<(f64, f64)>,
    /// Its success less that of the baseline; p is adjusted for the number of runs (Holm). Null: it is the baseline.
    pub success_against: Option<BaselineDelta>,
    /// The same of the reward.
    pub reward_against: Option<BaselineDelta>,
}

/// A case of a comparison.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DiffRow {
    /// The case.
    pub test_case_id: TestCaseId,
    /// What it asks.
    pub question: String,
    /// What each run did, in the order of the runs.
    pub cells: Vec<DiffCell>,
}

/// What a run did in a case.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DiffCell {
    /// Its first result.
    pub result: ResultId,
    /// What became of it.
    pub outcome: Outcome,
    /// How many trials passed, of those that count.
    pub passed: u32,
    /// How many count.
    pub trials: u32,
    /// Mean reward of the trials.
    pub reward: Option<f64>,
}

/// Runs side by side.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunDiff {
    /// The runs.
    pub runs: Vec<DiffRun>,
    /// Cases, at their versions, that all of them were asked and that count in all of them.
    pub shared: u64,
    /// Cases that any of them was asked.
    pub of: u64,
    /// How many cases there are to list.
    pub total: u64,
    /// The page of them.
    pub rows: Vec<DiffRow>,
}
