//! The ranking of agents, with its uncertainty.

use crate::{AgentId, AggregateMetrics, RunId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The leaderboard over one set of cases.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Leaderboard {
    /// Ranked rows, best first: agents judged on the same cases.
    pub rows: Vec<LeaderboardRow>,
    /// Agents that were judged on other cases, or whose run is unfinished: listed, never ranked.
    pub unranked: Vec<UnrankedRow>,
    /// How many cases the ranking is over.
    pub num_test_cases: i64,
    /// Added: what the ranking says, in a sentence or two.
    pub verdict: String,
    /// Added: what else is to be known, in sentences: weights, a baseline that is not ranked.
    pub notes: Vec<String>,
    /// Added: the test that agents are compared with.
    pub paired_test: String,
    /// Added: the pinned agent that the others are compared with.
    pub baseline: Option<AgentId>,
    /// Added: what the agents have in common.
    pub shared: SharedCases,
}

/// Cases that agents have in common. A case that was changed in between is another one.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SharedCases {
    /// Agents with a completed evaluation of such cases.
    pub agents: u32,
    /// Cases that all of them were judged on.
    pub cases: u32,
    /// Cases that any of them was judged on.
    pub of: u32,
}

/// One ranked agent.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeaderboardRow {
    /// Which agent.
    pub agent_id: AgentId,
    /// Its name.
    pub agent_name: String,
    /// Its framework.
    pub agent_type: String,
    /// Its latest completed run on these cases.
    pub run_id: RunId,
    /// Cases that count.
    pub n: u32,
    /// Mean of `task_success`; by categories, the weighted mean of theirs.
    pub task_success: f64,
    /// 95% interval of it: Wilson's; of repeats, the t interval of the cases' means; by categories, put together of theirs.
    pub interval: (f64, f64),
    /// Best and worst rank that the intervals leave open, from 1.
    pub rank_range: (u32, u32),
    /// Mean reward.
    pub reward: Option<f64>,
    /// Mean tool usage efficiency.
    pub tool_usage_efficiency: Option<f64>,
    /// Mean response quality.
    pub response_quality: Option<f64>,
    /// Median latency.
    pub latency_ms_p50: Option<f64>,
    /// p of the paired test against the leader, Holm-adjusted; null for the leader.
    pub p_against_leader: Option<f64>,
    /// Not distinguishable from the leader at 5%.
    pub in_top_tier: bool,
    /// When the run ended.
    pub evaluated_at: Timestamp,
    /// Added: 95th percentile of latency; null below 20 cases.
    pub latency_ms_p95: Option<f64>,
    /// Added: mean US dollars of a sample; null when nothing has a price.
    pub cost_usd: Option<f64>,
    /// Added: mean tokens read of a sample.
    pub input_tokens: Option<f64>,
    /// Added: mean tokens written of a sample.
    pub output_tokens: Option<f64>,
    /// Added: trials of each case.
    pub repeats: u32,
    /// Added: chance that of k trials one passes, k from 1; empty with one trial.
    pub pass_at_k: Vec<f64>,
    /// Added: chance that k trials all pass, k from 1; empty with one trial.
    pub pass_hat_k: Vec<f64>,
    /// Added: the difference to the baseline; null without one, and for itself.
    pub baseline: Option<BaselineDelta>,
    /// Added: each category, in the same order for all rows; empty unless asked for.
    pub categories: Vec<CategoryScore>,
}

/// How much better an agent or a run is than the baseline, on the cases that count for both.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BaselineDelta {
    /// Cases that it is over.
    pub n: u32,
    /// Its mean, of task success where nothing else is said, minus that of the baseline.
    pub difference: f64,
    /// 95% interval of it, of paired shares (Bonett and Price) or means (t); null where one case says too little.
    pub interval: Option<(f64, f64)>,
    /// p of the paired test, Holm-adjusted over the rows.
    pub p: f64,
}

/// An agent on the cases of one category.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryScore {
    /// Its name; empty for cases that have none.
    pub name: String,
    /// Its weight in the score.
    pub weight: f64,
    /// Cases that count.
    pub n: u32,
    /// Mean of `task_success`; null when no case counts.
    pub task_success: Option<f64>,
    /// 95% interval of it.
    pub interval: Option<(f64, f64)>,
}

/// An agent that cannot be ranked, and why.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnrankedRow {
    /// Which agent.
    pub agent_id: AgentId,
    /// Its name.
    pub agent_name: String,
    /// Its framework.
    pub agent_type: String,
    /// The run, if there is one.
    pub run_id: Option<RunId>,
    /// Why, in words.
    pub reason: String,
    /// Added: how many of its cases are among those of the ranking.
    pub shared_cases: u32,
}

/// What people prefer: ratings from votes on answers side by side.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VoteRanking {
    /// Agents that people voted on; best first when they can be ranked, else by name.
    pub rows: Vec<VoteRow>,
    /// How many votes there are.
    pub num_votes: u32,
    /// Why there are no ratings, and what would be needed; null when there are.
    pub not_ranked: Option<String>,
    /// Agents within which preferences connect all; one group when there are ratings.
    pub groups: Vec<Vec<String>>,
}

/// One agent that people voted on.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VoteRow {
    /// Which agent.
    pub agent_id: AgentId,
    /// Its name.
    pub agent_name: String,
    /// Its framework.
    pub agent_type: String,
    /// Votes that it stood in.
    pub votes: u32,
    /// Comparisons with another agent that it won.
    pub wins: u32,
    /// Comparisons that were undecided.
    pub ties: u32,
    /// Comparisons that it lost.
    pub losses: u32,
    /// Bradley and Terry's rating, 1000 on average; 400 more are odds of ten to one.
    pub rating: Option<f64>,
    /// 95% interval of it, of bootstraps.
    pub interval: Option<(f64, f64)>,
    /// Best and worst rank that the intervals leave open, from 1.
    pub rank_range: Option<(u32, u32)>,
}

/// The completed evaluations of one agent, oldest first.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgentHistory {
    /// Which agent.
    pub agent_id: AgentId,
    /// Its name.
    pub agent_name: String,
    /// Its runs.
    pub runs: Vec<HistoryRun>,
}

/// One completed evaluation.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistoryRun {
    /// Which run.
    pub run_id: RunId,
    /// When it ended.
    pub completed_at: Timestamp,
    /// Which set of cases it was over, numbered from 1 in the order of their first runs: only runs over the same set can be
    /// compared.
    pub case_set: u32,
    /// How many cases the set has.
    pub num_test_cases: i64,
    /// Cases that count.
    pub n: u32,
    /// Mean of `task_success`; null when no case counts.
    pub task_success: Option<f64>,
    /// 95% interval of it.
    pub interval: Option<(f64, f64)>,
    /// Mean reward; null when nothing was scored.
    pub reward: Option<f64>,
}

/// Evaluation runs side by side, a run for each agent.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgentComparison {
    /// Means by the agent's id.
    pub agent_metrics: BTreeMap<AgentId, AggregateMetrics>,
    /// For each metric the ids of the agents that have it, best first.
    pub rankings: BTreeMap<String, Vec<AgentId>>,
    /// For each metric the first of them.
    pub best_agent: BTreeMap<String, AgentId>,
    /// The best by reward; null when no agent has one.
    pub best_overall: Option<AgentId>,
    /// Added: names of the agents.
    pub agent_names: BTreeMap<AgentId, String>,
    /// Added: the run of each agent.
    pub runs: BTreeMap<AgentId, RunId>,
    /// Added: whether all runs are over the same cases; the numbers of others cannot be compared.
    pub same_cases: bool,
}
