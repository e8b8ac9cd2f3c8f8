//! Training runs, their configuration and their episodes.

use crate::{AgentId, EpisodeId, RunId, RunState, RunStatus, TestCaseId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Weights of the reward's parts; they need not sum to 1.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct RewardWeights {
    /// Weight of `task_success`.
    pub task_success: f64,
    /// Weight of `tool_usage_efficiency`.
    pub tool_usage_efficiency: f64,
    /// Weight of `response_quality`.
    pub response_quality: f64,
}

impl Default for RewardWeights {
    fn default() -> Self {
        Self { task_success: 0.5, tool_usage_efficiency: 0.3, response_quality: 0.2 }
    }
}

impl RewardWeights {
    /// What is wrong with them, if anything.
    pub fn check(&self) -> Result<(), String> {
        let parts = [self.task_success, self.tool_usage_efficiency, self.response_quality];
        if parts.iter().any(|w| !w.is_finite() || *w < 0.0) {
            return Err("expected numbers of at least 0".into());
        }
        if parts.iter().sum::<f64>() <= 0.0 {
            return Err("at least one weight must be more than 0".into());
        }
        Ok(())
    }
}

/// A training run to start.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrainingCreate {
    /// Which agent; it must be of a type that can be trained.
    pub agent_id: AgentId,
    /// Passes over the training cases, 1 to 10,000.
    #[serde(default = "default_episodes")]
    pub num_episodes: u32,
    /// Which cases; none, null or `[]` = all active ones. Cases of split `test` are held out, never learned from.
    #[serde(default)]
    pub test_case_ids: Option<Vec<TestCaseId>>,
    /// Weights of the reward.
    #[serde(default)]
    pub reward_weights: Option<RewardWeights>,
    /// Added: registered algorithm, `reinforce` by default.
    #[serde(default = "default_algorithm")]
    pub algorithm: String,
    /// Added: seed; the same seed gives the same curve.
    #[serde(default)]
    pub seed: u64,
    /// Added: the algorithm's declared parameters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub parameters: Map<String, Value>,
}

const fn default_episodes() -> u32 {
    10
}

fn default_algorithm() -> String {
    "reinforce".into()
}

/// Most episodes of one run.
pub const EPISODES_MAX: u32 = 10_000;

/// A training run in a list.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrainingRunListItem {
    /// Its id.
    pub id: RunId,
    /// Which agent.
    pub agent_id: AgentId,
    /// The original's word.
    pub status: RunStatus,
    /// Added: the exact state.
    pub state: RunState,
    /// Added: registered algorithm.
    pub algorithm: String,
    /// Episodes in all.
    pub num_episodes: i64,
    /// Episodes completed.
    pub current_episode: i64,
    /// Mean of `avg_reward` over all episodes; null until there is one.
    pub final_avg_reward: Option<f64>,
    /// Added: mean over the last ten episodes.
    pub last_window_avg_reward: Option<f64>,
    /// Added: best episode.
    pub best_avg_reward: Option<f64>,
    /// Added: held-out reward before and after, when cases were held out.
    pub held_out_before: Option<f64>,
    /// Added: held-out reward of the latest evaluation.
    pub held_out_after: Option<f64>,
    /// When it was started.
    pub started_at: Timestamp,
    /// When it ended.
    pub completed_at: Option<Timestamp>,
    /// Added: why it failed.
    pub error: Option<String>,
}

/// A training run with its episodes by number.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrainingRun {
    /// The run.
    #[serde(flatten)]
    pub run: TrainingRunListItem,
    /// The request it was started with.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub config_json: Value,
    /// The episodes.
    pub episodes: Vec<TrainingEpisode>,
}

/// One recorded episode.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrainingEpisode {
    /// Its id.
    pub id: EpisodeId,
    /// From 0.
    pub episode_num: i64,
    /// Mean reward over the episode's cases.
    pub avg_reward: f64,
    /// Sum of rewards.
    pub total_reward: f64,
    /// Cases played.
    pub num_test_cases: i64,
    /// When it ended.
    pub created_at: Timestamp,
}

/// A progress frame of the training socket.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TrainingProgress {
    /// Which run.
    pub run_id: RunId,
    /// The original's word.
    pub status: RunStatus,
    /// Episodes completed.
    pub current_episode: i64,
    /// Episodes in all.
    pub total_episodes: i64,
    /// 0 to 100.
    pub progress_percent: i64,
    /// Mean reward of the latest episode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_avg_reward: Option<f64>,
    /// Something to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Added: the exact state.
    pub state: RunState,
}
