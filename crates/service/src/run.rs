//! Runs of either kind: the view of one, its events as a stream, stopping and resuming.

use crate::{EventStream, Result, Service, jobs::state_write};
use store::JobQueue;
use types::{Error, EvaluationProgress, EventKind, RunId, RunKind, RunState, RunView, TrainingProgress};

/// Events folded at a time.
const FOLDED_AT_ONCE: u32 = 1000;
/// So many events are not folded again: the view after them is kept.
const FOLDED_TWICE_MAX: i64 = 1000;

impl Service {
    /// The run as it stands.
    ///
    /// # Errors
    /// Not found.
    pub async fn run_view(&self, id: RunId) -> Result<RunView> {
        let mut view = self.store().run_view_get(id).await?.unwrap_or_default();
        let kept = view.seq;
        loop {
            let events = self.store().run_events(id, view.seq, FOLDED_AT_ONCE).await?;
            events.iter().for_each(|event| view.apply(event));
            if events.is_empty() {
                break;
            }
        }
        if view.seq - kept > FOLDED_TWICE_MAX {
            self.store().run_view_put(id, &view).await?;
        }
        view.go_on_as(self.run_state(id).await?);
        if view.total == 0 {
            view.total = self.run_total(id).await?;
        }
        Ok(view)
    }

    /// Whether it is an evaluation or a training run.
    ///
    /// # Errors
    /// Not found.
    pub async fn run_kind(&self, id: RunId) -> Result<RunKind> {
        self.store().run_kind(id).await?.ok_or_else(|| Error::not_found("run", id))
    }

    /// The run's events after `after` (0 = all): replayed from the table, then as they happen, without gaps. Ends when the
    /// run has ended and nothing follows.
    ///
    /// # Errors
    /// Not found.
    pub async fn run_subscribe(&self, id: RunId, after: i64) -> Result<EventStream> {
        self.run_kind(id).await?;
        Ok(self.events_follow(id, after.max(0), self.inner.jobs.closed()))
    }

    async fn run_state(&self, id: RunId) -> Result<RunState> {
        self.store().run_state(id).await?.ok_or_else(|| Error::not_found("run", id))
    }

    async fn run_total(&self, id: RunId) -> Result<i64> {
        Ok(match self.run_kind(id).await? {
            RunKind::Evaluation => self.evaluation_find(id).await?.num_test_cases,
            RunKind::Training => self.training_get(id).await?.run.num_episodes,
        })
    }

    /// Asks a run of `kind` to stop, wherever it is at work; one that still waits is cancelled at once.
    pub(crate) async fn run_stop(&self, id: RunId, kind: RunKind) -> Result<()> {
        let state = self.run_of_kind(id, kind).await?;
        if state.is_ended() {
            return Err(not_running(id, state));
        }
        if self.store().job_withdraw(id).await? {
            return self.job_ended(id, kind, RunState::Cancelled, None, None).await;
        }
        let stopping = state_write(kind, RunState::Stopping, None, None, None);
        match self.event_append(id, &EventKind::StopRequested, &[stopping]).await {
            Err(Error::Conflict(_)) => return Err(not_running(id, self.run_state(id).await?)),
            appended => appended?,
        };
        self.job_cancel(id);
        Ok(())
    }

    /// Puts an ended run back into the queue.
    pub(crate) async fn run_resume(&self, id: RunId, kind: RunKind) -> Result<()> {
        // One at a time: the state that is checked is the state that is changed.
        let _turn = self.inner.jobs.resuming.lock().await;
        let state = self.run_of_kind(id, kind).await?;
        if !state.can_resume() {
            let why = format!("run {id} is {}; only a failed, cancelled or interrupted run resumes", state.as_str());
            return Err(Error::Conflict(why));
        }
        self.run_enqueue_again(id, kind).await
    }

    /// Puts a completed evaluation back into the queue when the provider failed at some of its cases.
    pub(crate) async fn run_retry(&self, id: RunId) -> Result<()> {
        let _turn = self.inner.jobs.resuming.lock().await;
        let state = self.run_of_kind(id, RunKind::Evaluation).await?;
        let judged = i64::try_from(self.store().evaluation_positions(id).await?.len()).unwrap_or(i64::MAX);
        if state != RunState::Completed || judged >= self.evaluation_find(id).await?.num_completed {
            let why = "only a completed run with cases whose provider failed asks these again";
            return Err(Error::Conflict(format!("run {id} is {}; {why}", state.as_str())));
        }
        self.run_enqueue_again(id, RunKind::Evaluation).await
    }

    async fn run_enqueue_again(&self, id: RunId, kind: RunKind) -> Result<()> {
        let message = EventKind::Message { message: "Waiting to go on.".into() };
        self.event_append(id, &message, &[state_write(kind, RunState::Pending, None, None, None)]).await?;
        self.job_enqueue(id, kind).await
    }

    /// The state of a run, which must be of `kind`.
    pub(crate) async fn run_of_kind(&self, id: RunId, kind: RunKind) -> Result<RunState> {
        match self.store().run_kind(id).await? {
            Some(found) if found == kind => self.run_state(id).await,
            _ => Err(Error::not_found("run", id)),
        }
    }
}

fn not_running(id: RunId, state: RunState) -> Error {
    Error::NotFound(format!("run {id} is not running: it is {}", state.as_str()))
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
