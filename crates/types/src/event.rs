//! Runs and the one stream of events they emit. Sockets, progress bars, tests and pages all read this stream.

use crate::{AggregateMetrics, Outcome, ResultId, RunId, TestCaseId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which kind of run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    /// Judges an agent.
    Evaluation,
    /// Teaches an agent.
    Training,
}

/// The exact state of a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Waiting for a worker.
    Pending,
    /// At work.
    Running,
    /// Asked to stop, finishing what it holds.
    Stopping,
    /// Done.
    Completed,
    /// Ended by an error.
    Failed,
    /// Stopped by a person; can be resumed.
    Cancelled,
    /// Cut off by a crash; can be resumed.
    Interrupted,
}

/// The original's five words for a run's state.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    /// Waiting.
    Pending,
    /// At work.
    Running,
    /// Done.
    Completed,
    /// Ended by an error, or interrupted.
    Failed,
    /// Stopped.
    Cancelled,
}

impl RunState {
    /// The original's word for it.
    pub const fn status(self) -> RunStatus {
        match self {
            Self::Pending => RunStatus::Pending,
            Self::Running | Self::Stopping => RunStatus::Running,
            Self::Completed => RunStatus::Completed,
            Self::Failed | Self::Interrupted => RunStatus::Failed,
            Self::Cancelled => RunStatus::Cancelled,
        }
    }

    /// Whether nothing more will happen unless a person resumes it.
    pub const fn is_ended(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled | Self::Interrupted)
    }

    /// Whether it can be resumed.
    pub const fn can_resume(self) -> bool {
        matches!(self, Self::Failed | Self::Cancelled | Self::Interrupted)
    }

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Stopping => "stopping",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Interrupted => "interrupted",
        }
    }
}

impl std::str::FromStr for RunState {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [
            Self::Pending,
            Self::Running,
            Self::Stopping,
            Self::Completed,
            Self::Failed,
            Self::Cancelled,
            Self::Interrupted,
        ]
        .into_iter()
        .find(|state| state.as_str() == text)
        .ok_or_else(|| format!("`{text}` is not a run state"))
    }
}

/// One thing that happened in a run.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Event {
    /// Which run.
    pub run: RunId,
    /// From 1, without gaps.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// What happened.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventKind {
    /// Work began, or began again after `done` units.
    Started {
        /// Cases or episodes in all.
        total: i64,
        /// Units already done (more than 0 when resumed).
        done: i64,
    },
    /// A person asked it to stop.
    StopRequested,
    /// A case was judged.
    SampleFinished {
        /// Of which stored result.
        result_id: ResultId,
        /// Of which case.
        test_case_id: TestCaseId,
        /// What became of it.
        outcome: Outcome,
        /// Its reward, when scored.
        reward: Option<f64>,
        /// Cases done so far.
        done: i64,
        /// What it cost in US dollars, where its model has a price.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cost_usd: Option<f64>,
    },
    /// A training episode ended.
    EpisodeFinished {
        /// From 0.
        episode_num: i64,
        /// Mean reward.
        avg_reward: f64,
        /// Sum of rewards.
        total_reward: f64,
        /// Cases played.
        num_test_cases: i64,
    },
    /// Values of named series at a step (training: the number of episodes completed).
    Series {
        /// x.
        step: i64,
        /// y by path name: `reward/mean`, `held_out/reward`, `policy/entropy`. Never NaN (see `Alert`).
        values: BTreeMap<String, f64>,
    },
    /// Weights were saved and can be loaded again.
    CheckpointSaved {
        /// Episodes completed then.
        episode: i64,
        /// File name under the run's folder of `checkpoints/`.
        file: String,
        /// Held-out reward then (or the training reward when nothing is held out).
        reward: f64,
        /// Whether it is the best so far.
        best: bool,
    },
    /// Something went wrong that a person should look at, such as a NaN.
    Alert {
        /// What.
        message: String,
    },
    /// Something to say.
    Message {
        /// What.
        message: String,
    },
    /// The stored answers of an ended evaluation were judged again.
    Rescored {
        /// How many results changed.
        changed: i64,
        /// The means now.
        aggregate: Option<Box<AggregateMetrics>>,
    },
    /// The end, for good or until resumed.
    Finished {
        /// How.
        state: RunState,
        /// Why, when it failed.
        message: Option<String>,
        /// Means, after an evaluation.
        aggregate: Option<Box<AggregateMetrics>>,
    },
}
