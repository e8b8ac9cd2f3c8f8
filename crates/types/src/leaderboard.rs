//! The ranking of agents, with its uncertainty.

use crate::{AgentId, RunId, Timestamp};
use serde::{Deserialize, Serialize};

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
    /// Mean of `task_success`.
    pub task_success: f64,
    /// 95% Wilson interval of it.
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
    /// p of the exact McNemar test against the leader, Holm-adjusted; null for the leader.
    pub p_against_leader: Option<f64>,
    /// Not distinguishable from the leader at 5%.
    pub in_top_tier: bool,
    /// When the run ended.
    pub evaluated_at: Timestamp,
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
}
