//! Evaluation runs, their results and their aggregates.

use crate::{AgentId, CallRecord, ResultId, RunId, RunState, RunStatus, TestCaseId, Timestamp, Usage};
use serde::{Deserialize, Serialize};

/// What became of one case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Every required check passed.
    Pass,
    /// A check failed.
    Fail,
    /// A call's arguments were not a JSON object.
    MalformedCall,
    /// The time limit cut it off; a failure.
    Timeout,
    /// The step limit cut it off; a failure.
    MaxSteps,
    /// A tool failed and a check failed with it.
    ToolError,
    /// The provider failed; excluded from means.
    ProviderError,
    /// Stopped; excluded from means.
    Cancelled,
    /// The case has no check at all.
    Unscored,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 9] = [
        Self::Pass,
        Self::Fail,
        Self::MalformedCall,
        Self::Timeout,
        Self::MaxSteps,
        Self::ToolError,
        Self::ProviderError,
        Self::Cancelled,
        Self::Unscored,
    ];

    /// Whether the case counts in means.
    pub const fn counts(self) -> bool {
        !matches!(self, Self::ProviderError | Self::Cancelled | Self::Unscored)
    }

    /// The outcome in words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::MalformedCall => "malformed call",
            Self::Timeout => "timeout",
            Self::MaxSteps => "step limit",
            Self::ToolError => "tool error",
            Self::ProviderError => "provider error",
            Self::Cancelled => "cancelled",
            Self::Unscored => "unscored",
        }
    }
}

/// One check of a case and why it came out as it did.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CheckResult {
    /// Registered scorer: `numeric`, `tool_calls`.
    pub scorer: String,
    /// 0 to 1.
    pub value: f64,
    /// Whether it passed.
    pub passed: bool,
    /// Why, in a sentence.
    pub reason: String,
}

/// Scores of one case; `None` = nothing checks it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CaseScore {
    /// What became of it.
    pub outcome: Outcome,
    /// 1 when every required check passed, else 0.
    pub task_success: Option<f64>,
    /// F1 of the called tools against the expected ones, 0 to 1.
    pub tool_usage_efficiency: Option<f64>,
    /// Weighted mean of the answer checks, 0 to 1.
    pub response_quality: Option<f64>,
    /// Weighted mean of the parts that are not `None`, plus reward terms.
    pub reward: Option<f64>,
    /// Every check with its reason.
    pub checks: Vec<CheckResult>,
}

/// Which of the four numbers of a result were really scored (a null is sent as 0 on the v1 wire).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Scored {
    /// `task_success` was scored.
    pub task_success: bool,
    /// `tool_usage_efficiency` was scored.
    pub tool_usage_efficiency: bool,
    /// `response_quality` was scored.
    pub response_quality: bool,
    /// `reward` was scored.
    pub reward: bool,
}

/// The stored result of one case.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvaluationResult {
    /// Its id.
    pub id: ResultId,
    /// Which case.
    pub test_case_id: TestCaseId,
    /// 1 or 0; 0 when unscored.
    pub task_success: f64,
    /// 0 to 1; 0 when unscored.
    pub tool_usage_efficiency: f64,
    /// 0 to 1; 0 when unscored.
    pub response_quality: f64,
    /// 0 when unscored.
    pub reward: f64,
    /// The reply.
    pub response_text: Option<String>,
    /// The calls.
    pub tool_calls_json: Option<Vec<CallRecord>>,
    /// Added: which of the four numbers were scored.
    pub scored: Scored,
    /// Added: what became of it.
    pub outcome: Outcome,
    /// Added: every check with its reason.
    pub checks: Vec<CheckResult>,
    /// Added: what was asked.
    pub user_input: String,
    /// Added: from question to end.
    pub latency_ms: i64,
    /// Added: why the provider or a limit ended it.
    pub error: Option<String>,
    /// Added: the version of the case that was asked.
    pub case_version: u32,
    /// Added: tokens and cost; null where nothing was counted.
    pub usage: Option<Usage>,
    /// Added: further metrics by name, 0 to 1: `argument_accuracy`, `call_exactness`, `minimal_call_efficiency`.
    pub metrics: std::collections::BTreeMap<String, f64>,
    /// Added: each turn, where the case has several.
    pub turns: Vec<ResultTurn>,
}

/// One turn of a case of several.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResultTurn {
    /// What was asked.
    pub user_input: String,
    /// The calls.
    pub calls: Vec<CallRecord>,
    /// The reply.
    pub reply: String,
    /// From question to end.
    pub latency_ms: i64,
}

/// Means over the cases that count.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AggregateMetrics {
    /// Mean of `task_success`.
    pub task_success: f64,
    /// Mean of `tool_usage_efficiency`.
    pub tool_usage_efficiency: f64,
    /// Mean of `response_quality`.
    pub response_quality: f64,
    /// Mean of `reward`.
    pub reward: f64,
    /// Alias of `reward`, read by the original's pages.
    pub avg_reward: f64,
    /// Alias of `task_success`.
    pub avg_task_success: f64,
    /// Alias of `tool_usage_efficiency`.
    pub avg_tool_efficiency: f64,
    /// Added: how many cases each mean is over.
    pub n: MetricCounts,
    /// Added: 95% interval of `task_success` (Wilson).
    pub task_success_interval: Option<(f64, f64)>,
    /// Added: 95% interval of `reward` (t).
    pub reward_interval: Option<(f64, f64)>,
    /// Added: how often each outcome came out, by its name.
    pub outcomes: std::collections::BTreeMap<String, u32>,
    /// Added: median latency.
    pub latency_ms_p50: Option<f64>,
    /// Added: 95th percentile of latency; null below 20 cases.
    pub latency_ms_p95: Option<f64>,
    /// Added: mean cost of a sample in US dollars; null when nothing has a price.
    #[serde(default)]
    pub cost_usd: Option<f64>,
    /// Added: mean tokens read for a sample; null when nothing was counted.
    #[serde(default)]
    pub input_tokens: Option<f64>,
    /// Added: mean tokens written for a sample.
    #[serde(default)]
    pub output_tokens: Option<f64>,
    /// Added: the fewest scored trials of a case.
    #[serde(default)]
    pub repeats: u32,
    /// Added: pass@k (arXiv:2107.03374) for k = 1 to `repeats`; empty where cases were asked once.
    #[serde(default)]
    pub pass_at_k: Vec<f64>,
    /// Added: pass^k (arXiv:2406.12045) for k = 1 to `repeats`; empty where cases were asked once.
    #[serde(default)]
    pub pass_hat_k: Vec<f64>,
}

/// How many cases each mean is over.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MetricCounts {
    /// Cases with a `task_success`.
    pub task_success: u32,
    /// Cases with a `tool_usage_efficiency`.
    pub tool_usage_efficiency: u32,
    /// Cases with a `response_quality`.
    pub response_quality: u32,
    /// Cases with a `reward`.
    pub reward: u32,
}

/// An evaluation run in a list.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvaluationRunListItem {
    /// Its id.
    pub id: RunId,
    /// Which agent.
    pub agent_id: AgentId,
    /// The original's word.
    pub status: RunStatus,
    /// Added: the exact state.
    pub state: RunState,
    /// How many samples: each case as often as it is asked.
    pub num_test_cases: i64,
    /// Added: how many are done.
    pub num_completed: i64,
    /// When it was started.
    pub started_at: Timestamp,
    /// When it ended.
    pub completed_at: Option<Timestamp>,
    /// Means; null until it ended.
    pub aggregate_metrics_json: Option<AggregateMetrics>,
    /// Added: why it failed.
    pub error: Option<String>,
    /// Added: what else was asked for at its start.
    #[serde(default)]
    pub options: EvaluationOptions,
}

/// What a run is asked for beside its agent and cases.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct EvaluationOptions {
    /// How often each case is asked; null = as often as the case says.
    pub repeats: Option<u32>,
    /// The run stops once its samples have cost this many US dollars.
    pub max_cost_usd: Option<f64>,
}

/// An evaluation run with its results.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvaluationRun {
    /// The run.
    #[serde(flatten)]
    pub run: EvaluationRunListItem,
    /// The results so far, in the order of the cases.
    pub results: Vec<EvaluationResult>,
}

/// A run to start.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvaluationCreate {
    /// Which agent.
    pub agent_id: AgentId,
    /// Which cases; none, null or `[]` = all active ones.
    #[serde(default)]
    pub test_case_ids: Option<Vec<TestCaseId>>,
    /// Added: how often each case is asked, of [`crate::REPEATS`], and what the run may cost.
    #[serde(default)]
    pub options: EvaluationOptions,
}

/// What judging the stored answers of a run again came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rescored {
    /// Results with another score, outcome or version of their case.
    pub changed: u32,
    /// Results that are as they were.
    pub unchanged: u32,
    /// Results that could not be judged again: the provider had not answered, or the case asks something else now.
    pub left: u32,
}

/// A progress frame of the evaluation socket.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct EvaluationProgress {
    /// Which run.
    pub run_id: RunId,
    /// The original's word.
    pub status: RunStatus,
    /// Cases done.
    pub current_test_case: i64,
    /// Cases in all.
    pub total_test_cases: i64,
    /// 0 to 100.
    pub progress_percent: i64,
    /// Something to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Added: the exact state.
    pub state: RunState,
}
