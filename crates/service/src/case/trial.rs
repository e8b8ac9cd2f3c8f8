//! A case asked once, as it stands in an editor: nothing is stored.

use crate::{Result, Service, agent::refuse_if_any, evaluation_run::result_of, new_id};
use evaluation::{Sample, Settings};
use futures::StreamExt;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio_util::sync::CancellationToken;
use types::{AgentId, Ending, Error, EvaluationResult, TestCaseCreate};
use uuid::Uuid;

/// Longest trial, whatever the limits of its case.
const LONGEST: Duration = Duration::from_secs(300);
/// Most trials that are known; the oldest are stopped and forgotten.
const KNOWN_MAX: usize = 16;

/// Trials that an editor watches.
#[derive(Default)]
pub(super) struct Trials(Mutex<VecDeque<Arc<Trial>>>);

struct Trial {
    key: Uuid,
    began: Instant,
    cancel: CancellationToken,
    ended: Mutex<Option<Result<EvaluationResult>>>,
}

/// How a trial stands.
#[derive(Debug)]
pub enum TrialState {
    /// At work for so long.
    Running(Duration),
    /// Its result, told once; or why there is none.
    Ended(Result<Box<EvaluationResult>>),
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Trials {
    fn begin(&self) -> Arc<Trial> {
        let (key, cancel) = (new_id(), CancellationToken::new());
        let trial = Arc::new(Trial { key, began: Instant::now(), cancel, ended: Mutex::new(None) });
        let mut known = lock(&self.0);
        known.push_back(trial.clone());
        if known.len() > KNOWN_MAX
            && let Some(oldest) = known.pop_front()
        {
            oldest.cancel.cancel();
        }
        trial
    }

    fn find(&self, key: Uuid) -> Option<Arc<Trial>> {
        lock(&self.0).iter().find(|trial| trial.key == key).cloned()
    }
}

impl Service {
    /// Asks an agent a case that need not be stored, once; the result is that of a case with an id of its own.
    /// Dropping the answer stops it.
    ///
    /// # Errors
    /// Refused fields; no such agent, or one that cannot work; it took longer than five minutes.
    pub async fn case_try(&self, draft: TestCaseCreate, agent: AgentId) -> Result<EvaluationResult> {
        let cancel = CancellationToken::new();
        let _stop = cancel.clone().drop_guard();
        self.case_try_until(draft, agent, cancel).await
    }

    async fn case_try_until(
        &self,
        draft: TestCaseCreate,
        agent: AgentId,
        cancel: CancellationToken,
    ) -> Result<EvaluationResult> {
        refuse_if_any(self.case_check(&draft))?;
        let agent = self.agent_open(&self.agent_get(agent).await?).await?;
        let case = self.case_from(super::entered(draft));
        let samples = vec![Sample { position: 0, case: case.draft.clone() }];
        // Calls and rollouts of a trial have names that no other has.
        let settings = Settings { seed: case.id.0.as_u64_pair().1, ..Settings::default() };
        let mut verdicts = std::pin::pin!(evaluation::run(agent, samples, settings, Arc::new(self.clone()), cancel));
        let verdict = tokio::time::timeout(LONGEST, verdicts.next()).await;
        let verdict = verdict.map_err(|_| Error::Invalid("stopped after five minutes without an end".into()))?;
        let verdict = verdict.ok_or_else(|| Error::Conflict("stopped before it had ended".into()))?;
        match verdict.transcript.ending {
            Ending::NotConfigured { message } => Err(Error::Invalid(message)),
            _ => Ok(result_of(&case, &verdict)),
        }
    }

    /// Begins a trial that goes on by itself; its key asks for it.
    pub fn case_try_start(&self, draft: TestCaseCreate, agent: AgentId) -> Uuid {
        let (service, trial) = (self.clone(), self.inner.editing.trials.begin());
        let key = trial.key;
        tokio::spawn(async move {
            let result = service.case_try_until(draft, agent, trial.cancel.clone()).await;
            *lock(&trial.ended) = Some(result);
        });
        key
    }

    /// How a trial stands; `None` when it is not known any more, or its end was told.
    pub fn case_try_state(&self, key: Uuid) -> Option<TrialState> {
        let trial = self.inner.editing.trials.find(key)?;
        let ended = lock(&trial.ended).take();
        let Some(result) = ended else { return Some(TrialState::Running(trial.began.elapsed())) };
        lock(&self.inner.editing.trials.0).retain(|known| known.key != key);
        Some(TrialState::Ended(result.map(Box::new)))
    }

    /// Stops a trial; one that is not known is stopped already.
    pub fn case_try_stop(&self, key: Uuid) {
        if let Some(trial) = self.inner.editing.trials.find(key) {
            trial.cancel.cancel();
        }
    }
}
