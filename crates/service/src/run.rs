//! Runs of either kind: the view of one, and its events as a stream.

use crate::{Result, Service, soon};
use futures::stream::BoxStream;
use types::{EvaluationProgress, Event, RunId, RunKind, RunView, TrainingProgress};

/// Events of one run; ends after `Finished`.
pub type EventStream = BoxStream<'static, Event>;

impl Service {
    /// The run as it stands.
    ///
    /// # Errors
    /// Not found.
    pub async fn run_view(&self, _id: RunId) -> Result<RunView> {
        Err(soon())
    }

    /// Whether it is an evaluation or a training run.
    ///
    /// # Errors
    /// Not found.
    pub async fn run_kind(&self, _id: RunId) -> Result<RunKind> {
        Err(soon())
    }

    /// The run's events after `after` (0 = all): replayed from the table, then as they happen, without gaps. Ends after
    /// `Finished` when nothing follows it.
    ///
    /// # Errors
    /// Not found.
    pub async fn run_subscribe(&self, _id: RunId, _after: i64) -> Result<EventStream> {
        Err(soon())
    }
}

/// The contract's progress frame of an evaluation run.
pub fn evaluation_frame(run_id: RunId, view: &RunView) -> EvaluationProgress {
    EvaluationProgress {
        run_id,
        status: view.state.status(),
        current_test_case: view.done,
        total_test_cases: view.total,
        progress_percent: view.progress_percent(),
        message: view.message.clone(),
        state: view.state,
    }
}

/// The contract's progress frame of a training run.
pub fn training_frame(run_id: RunId, view: &RunView) -> TrainingProgress {
    let latest = view.series.get("reward/mean").and_then(|points| points.last());
    TrainingProgress {
        run_id,
        status: view.state.status(),
        current_episode: view.done,
        total_episodes: view.total,
        progress_percent: view.progress_percent(),
        current_avg_reward: latest.map(|(_, value)| *value),
        message: view.message.clone(),
        state: view.state,
    }
}
