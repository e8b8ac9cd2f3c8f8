//! What the front page and the health check show.

use crate::{AgentId, RunId, RunKind, RunState, Timestamp};
use serde::{Deserialize, Serialize};

/// How much there is of everything, and what is going on.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Overview {
    /// Active agents.
    pub agents: u64,
    /// Active test cases.
    pub test_cases: u64,
    /// Conversations.
    pub conversations: u64,
    /// Evaluation runs.
    pub evaluations: u64,
    /// Training runs.
    pub trainings: u64,
    /// Runs that wait or are at work, newest first.
    pub running: Vec<RunSummary>,
    /// The latest runs that ended, newest first.
    pub recent: Vec<RunSummary>,
}

/// A run of either kind in one line.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunSummary {
    /// Its id.
    pub id: RunId,
    /// Evaluation or training.
    pub kind: RunKind,
    /// Which agent.
    pub agent_id: AgentId,
    /// Its name.
    pub agent_name: String,
    /// The exact state.
    pub state: RunState,
    /// Units done (cases or episodes).
    pub done: i64,
    /// Units in all.
    pub total: i64,
    /// Mean reward so far: of all cases, or of the latest episodes.
    pub reward: Option<f64>,
    /// When it was started.
    pub started_at: Timestamp,
    /// When it ended.
    pub completed_at: Option<Timestamp>,
}

/// The answer of the health check.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Health {
    /// `healthy`.
    pub status: String,
    /// `rl-chatbot-api`.
    pub service: String,
    /// Added: version of the application.
    pub version: String,
    /// Added: `sqlite` or `postgres`.
    pub database: String,
}
