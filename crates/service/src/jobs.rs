//! The one job runner: claims work, keeps its lease, and is the one place where a run becomes running, completed,
//! failed, cancelled or interrupted.

mod evaluation;
pub(crate) use evaluation::run_seed;
mod training;

use crate::{Result, Service, new_id};
use std::{
    collections::HashMap,
    fs::File,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};
use store::{Job, JobQueue, Reap, RunWrite};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio_util::{
    sync::CancellationToken,
    task::{TaskTracker, task_tracker::TaskTrackerToken},
};
use types::{AggregateMetrics, Error, EventKind, RunId, RunKind, RunState, Timestamp};

/// Runs at work at once.
const SLOTS: usize = 4;
/// How long a claim holds without a heartbeat.
const LEASE_MS: i64 = 20_000;
const HEARTBEAT: Duration = Duration::from_secs(3);
/// How often the queue is looked at without being told of work.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// How long work may take to put itself down at shutdown.
const GRACE: Duration = Duration::from_secs(20);

const CUT_OFF: &str = "The process that ran it ended. Resume it to go on from what is stored.";

/// State of the runner.
pub struct Jobs {
    worker: String,
    /// Held while this process is the only one on the database.
    lock: Option<File>,
    wake: Notify,
    at_work: Mutex<HashMap<RunId, Control>>,
    tasks: TaskTracker,
    draining: CancellationToken,
    closed: CancellationToken,
    /// Taken while a run is put back into the queue.
    pub resuming: tokio::sync::Mutex<()>,
}

/// Why a job is told to stop. The first reason stays.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stop {
    Person,
    Shutdown,
    LeaseLost,
}

/// The handle on a job at work.
#[derive(Clone, Default)]
pub(crate) struct Control {
    cancel: CancellationToken,
    reason: Arc<OnceLock<Stop>>,
}

impl Control {
    fn stop(&self, reason: Stop) {
        let _ = self.reason.set(reason);
        self.cancel.cancel();
    }

    /// Whether the process stops, or another one has the job: the run is not over, so nothing is concluded from it.
    fn is_cut_off(&self) -> bool {
        matches!(self.reason.get(), Some(Stop::Shutdown | Stop::LeaseLost))
    }
}

/// How the work itself ended.
pub(crate) struct Done {
    /// Whether nothing is left to do.
    complete: bool,
    /// Whether it stopped by itself before its end, as it was asked to at its start.
    halted: bool,
    aggregate: Option<AggregateMetrics>,
    message: Option<String>,
}

impl Jobs {
    /// A runner; `lock` tells that no other process works on the database.
    pub fn new(lock: Option<File>) -> Self {
        Self {
            worker: new_id().to_string(),
            lock,
            wake: Notify::new(),
            at_work: Mutex::default(),
            tasks: TaskTracker::new(),
            draining: CancellationToken::new(),
            closed: CancellationToken::new(),
            resuming: tokio::sync::Mutex::default(),
        }
    }

    /// Cancelled when there will be no more events.
    pub fn closed(&self) -> CancellationToken {
        self.closed.clone()
    }

    /// Cancelled when the service shuts down.
    pub fn draining(&self) -> CancellationToken {
        self.draining.clone()
    }

    /// Going down waits until this is dropped, for a while.
    pub fn waited_for(&self) -> TaskTrackerToken {
        self.tasks.token()
    }

    fn at_work(&self) -> std::sync::MutexGuard<'_, HashMap<RunId, Control>> {
        self.at_work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service {
    /// Marks what a crash cut off, then begins to work.
    pub(crate) async fn jobs_start(&self) -> Result<()> {
        let jobs = &self.inner.jobs;
        // Without the lock another process is alive: only claims that it let lapse are dead.
        let reap = match jobs.lock {
            Some(_) => Reap::AllButWorker { worker: &jobs.worker },
            None => Reap::Expired { now: self.now() },
        };
        self.jobs_interrupt(self.store().job_reap(reap).await?).await?;
        if jobs.lock.is_some() {
            self.jobs_interrupt(self.store().run_orphans().await?).await?;
        }
        let service = self.clone();
        jobs.tasks.spawn(async move { service.jobs_claim().await });
        Ok(())
    }

    /// Stops claiming, interrupts what is at work and waits until it has put itself down.
    pub(crate) async fn jobs_drain(&self) {
        let jobs = &self.inner.jobs;
        jobs.draining.cancel();
        let at_work: Vec<Control> = jobs.at_work().values().cloned().collect();
        at_work.iter().for_each(|control| control.stop(Stop::Shutdown));
        jobs.tasks.close();
        if tokio::time::timeout(GRACE, jobs.tasks.wait()).await.is_err() {
            tracing::warn!("some runs did not stop in time; they will be marked as interrupted at the next start");
        }
        jobs.closed.cancel();
    }

    /// Puts a run into the queue.
    pub(crate) async fn job_enqueue(&self, run: RunId, kind: RunKind) -> Result<()> {
        self.store().job_enqueue(run, kind, self.now()).await?;
        self.inner.jobs.wake.notify_one();
        Ok(())
    }

    /// Stops a run that is at work in this process; elsewhere its heartbeat sees that it is to stop.
    pub(crate) fn job_cancel(&self, run: RunId) {
        if let Some(control) = self.inner.jobs.at_work().get(&run) {
            control.stop(Stop::Person);
        }
    }

    /// Writes how a run ended.
    pub(crate) async fn job_ended(
        &self,
        run: RunId,
        kind: RunKind,
        state: RunState,
        message: Option<String>,
        aggregate: Option<AggregateMetrics>,
    ) -> Result<()> {
        let error = message.clone().filter(|_| matches!(state, RunState::Failed | RunState::Interrupted));
        let write = state_write(kind, state, Some(self.now()), error, aggregate.clone());
        let finished = EventKind::Finished { state, message, aggregate: aggregate.map(Box::new) };
        self.event_append(run, &finished, &[write]).await.map(|_| ())
    }

    async fn jobs_claim(&self) {
        let jobs = &self.inner.jobs;
        let slots = Arc::new(Semaphore::new(SLOTS));
        while !jobs.draining.is_cancelled() {
            let Ok(slot) = slots.clone().acquire_owned().await else { return };
            match self.store().job_claim(&jobs.worker, self.now(), LEASE_MS).await {
                Ok(Some(job)) => {
                    self.job_spawn(job, slot);
                    continue;
                }
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "no work can be claimed"),
            }
            drop(slot);
            tokio::select! {
                () = jobs.draining.cancelled() => return,
                () = jobs.wake.notified() => {}
                () = tokio::time::sleep(LOOK_AGAIN) => self.jobs_tidy().await,
            }
        }
    }

    /// Interrupts what dead workers hold, and forgets sessions that expired.
    async fn jobs_tidy(&self) {
        let now = self.now();
        let tidied = async {
            self.jobs_interrupt(self.store().job_reap(Reap::Expired { now }).await?).await?;
            self.store().session_sweep(now).await
        };
        if let Err(error) = tidied.await {
            tracing::warn!(%error, "dead workers cannot be looked for");
        }
    }

    async fn jobs_interrupt(&self, jobs: Vec<Job>) -> Result<()> {
        for job in jobs {
            let ended = self.store().run_state(job.run).await?.is_none_or(RunState::is_ended);
            if !ended {
                self.job_ended(job.run, job.kind, RunState::Interrupted, Some(CUT_OFF.into()), None).await?;
            }
        }
        Ok(())
    }

    fn job_spawn(&self, job: Job, slot: OwnedSemaphorePermit) {
        let control = Control::default();
        // In place before anything else happens, so that a stop from now on finds it.
        self.inner.jobs.at_work().insert(job.run, control.clone());
        if self.inner.jobs.draining.is_cancelled() {
            control.stop(Stop::Shutdown);
        }
        let service = self.clone();
        self.inner.jobs.tasks.spawn(async move {
            service.job_run(job, &control).await;
            service.inner.jobs.at_work().remove(&job.run);
            drop(slot);
        });
    }

    async fn job_run(&self, job: Job, control: &Control) {
        let work = tokio::spawn({
            let (service, control) = (self.clone(), control.clone());
            async move { service.job_perform(job, &control).await }
        });
        let result = tokio::select! {
            result = work => result.unwrap_or_else(|error| Err(Error::Internal(format!("run {}: {error}", job.run)))),
            never = self.job_heartbeat(job, control) => match never {},
        };
        let Some((state, message, aggregate)) = verdict(job.run, result, control.reason.get().copied()) else { return };
        if let Err(error) = self.job_ended(job.run, job.kind, state, message, aggregate).await {
            tracing::error!(run = %job.run, ?error, "the end of a run cannot be stored; it will read as interrupted");
            return;
        }
        if let Err(error) = self.store().job_finish(job.run, &self.inner.jobs.worker).await {
            tracing::warn!(run = %job.run, %error, "a finished job cannot be taken out of the queue");
        }
        // So that whoever opens its page first need not wait until all of its events are read.
        if let Err(error) = self.run_view(job.run).await {
            tracing::warn!(run = %job.run, %error, "the view of a run cannot be kept");
        }
    }

    async fn job_perform(&self, job: Job, control: &Control) -> Result<Done> {
        // Stopped between its claim and now.
        if self.store().run_state(job.run).await? == Some(RunState::Stopping) {
            control.stop(Stop::Person);
        }
        match job.kind {
            RunKind::Evaluation => self.evaluation_perform(job.run, &control.cancel).await,
            RunKind::Training => self.training_perform(job.run, control).await,
        }
    }

    /// Renews the claim; stops the work when it is another worker's now, or when a person asked another process to.
    async fn job_heartbeat(&self, job: Job, control: &Control) -> std::convert::Infallible {
        loop {
            tokio::time::sleep(HEARTBEAT).await;
            match self.store().job_heartbeat(job.run, &self.inner.jobs.worker, self.now(), LEASE_MS).await {
                Ok(true) => {}
                Ok(false) => control.stop(Stop::LeaseLost),
                Err(error) => tracing::warn!(run = %job.run, %error, "a claim cannot be renewed"),
            }
            if matches!(self.store().run_state(job.run).await, Ok(Some(RunState::Stopping))) {
                control.stop(Stop::Person);
            }
        }
    }
}

/// What a run ended as; `None` when it is another worker's to say.
fn verdict(
    run: RunId,
    result: Result<Done>,
    stopped: Option<Stop>,
) -> Option<(RunState, Option<String>, Option<AggregateMetrics>)> {
    let (done, error) = match result {
        Ok(done) => (done, None),
        Err(error) => (Done { complete: false, halted: false, aggregate: None, message: None }, Some(error)),
    };
    let state = match (stopped, &error) {
        (Some(Stop::LeaseLost), _) => return None,
        _ if done.complete => RunState::Completed,
        _ if done.halted => RunState::Cancelled,
        (Some(Stop::Person), _) => RunState::Cancelled,
        (Some(Stop::Shutdown), _) => RunState::Interrupted,
        (None, _) => RunState::Failed,
    };
    let message = match (state, error) {
        (RunState::Interrupted, _) => Some(CUT_OFF.into()),
        (RunState::Failed, Some(error)) => {
            if let Error::Internal(why) = &error {
                tracing::error!(%run, why, "a run failed");
            }
            Some(error.to_string())
        }
        _ => done.message,
    };
    Some((state, message, done.aggregate))
}

/// The write that changes the state of a run.
pub fn state_write(
    kind: RunKind,
    state: RunState,
    completed_at: Option<Timestamp>,
    error: Option<String>,
    aggregate: Option<AggregateMetrics>,
) -> RunWrite {
    match kind {
        RunKind::Evaluation => RunWrite::EvaluationState { state, completed_at, error, aggregate },
        RunKind::Training => RunWrite::TrainingState { state, completed_at, error },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(complete: bool) -> Result<Done> {
        Ok(Done { complete, halted: false, aggregate: None, message: None })
    }

    fn state(result: Result<Done>, stopped: Option<Stop>) -> Option<RunState> {
        verdict(RunId(uuid::Uuid::nil()), result, stopped).map(|(state, _, _)| state)
    }

    #[test]
    fn the_reason_of_a_stop_decides_what_a_run_ends_as() {
        let failed = || Err(Error::Upstream("no answer".into()));
        assert_eq!(state(done(true), None), Some(RunState::Completed));
        assert_eq!(state(failed(), None), Some(RunState::Failed));
        assert_eq!(state(done(false), Some(Stop::Person)), Some(RunState::Cancelled));
        assert_eq!(state(failed(), Some(Stop::Shutdown)), Some(RunState::Interrupted));
        assert_eq!(state(done(true), Some(Stop::Person)), Some(RunState::Completed));
        assert_eq!(state(done(true), Some(Stop::LeaseLost)), None);
    }

    #[test]
    fn the_first_reason_of_a_stop_stays() {
        let control = Control::default();
        control.stop(Stop::Person);
        control.stop(Stop::Shutdown);
        assert_eq!(control.reason.get(), Some(&Stop::Person));
        assert!(control.cancel.is_cancelled() && !control.is_cut_off());
    }
}
