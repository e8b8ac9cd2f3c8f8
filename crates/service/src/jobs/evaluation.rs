//! The work of an evaluation run: the cases that have no result yet, each stored with its event.

use super::{Done, state_write};
use crate::{
    Result, Service,
    evaluation_run::{CONCURRENCY, aggregate_of, result_of},
};
use evaluation::{Sample, Settings, Verdict};
use futures::{Stream, StreamExt};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};
use store::Judged;
use tokio::sync::mpsc;
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};
use types::{Ending, Error, EventKind, Outcome, Page, ResultQuery, RunId, RunKind, RunState, TestCase};

/// Most results of one transaction, and most that wait to be stored while another is written.
const KEPT_AT_ONCE: usize = 64;

/// The seed of a run.
pub const fn run_seed(run: RunId) -> u64 {
    run.0.as_u64_pair().1
}

impl Service {
    pub(super) async fn evaluation_perform(&self, run: RunId, cancel: &CancellationToken) -> Result<Done> {
        let record = self.evaluation_find(run).await?;
        let agent = self.agent_open(&self.agent_get(record.agent_id).await?).await?;
        let cases = self.evaluation_cases(run).await?;
        let judged: HashSet<i64> = self.store().evaluation_positions(run).await?.into_iter().collect();
        let done = i64::try_from(judged.len()).unwrap_or(i64::MAX);
        let started = EventKind::Started { total: record.num_test_cases, done };
        let running = state_write(RunKind::Evaluation, RunState::Running, None, None, None);
        self.event_append(run, &started, &[running]).await?;
        let open = cases.iter().filter(|(position, _)| !judged.contains(position));
        let samples = open.map(|(position, case)| Sample { position: *position, case: case.draft.clone() }).collect();
        let concurrency = self.store().evaluation_concurrency(run).await?.unwrap_or(CONCURRENCY);
        let settings = Settings {
            concurrency: usize::try_from(concurrency).unwrap_or(1),
            // The run's own: resumed, it goes on with it, and no other run has calls or rollouts of the same names.
            seed: run_seed(run),
            ..Settings::default()
        };
        let mut budget = self.evaluation_budget(run, record.options.max_cost_usd).await?;
        if !budget.is_used_up() {
            // Stopping for the budget stops the work, not the run: whoever watches `cancel` would call it a person's wish.
            let halt = cancel.child_token();
            let verdicts = evaluation::run(agent, samples, settings, Arc::new(self.clone()), halt.clone());
            self.evaluation_judge(run, &cases, done, verdicts, |cost| budget.take(cost, &halt)).await?;
        }
        let done = self.evaluation_sum(run, &cases).await?;
        let halted = budget.is_used_up() && !done.complete;
        Ok(Done { halted, message: budget.in_words().filter(|_| halted), ..done })
    }

    async fn evaluation_budget(&self, run: RunId, max: Option<f64>) -> Result<Budget> {
        let Some(max) = max else { return Ok(Budget::default()) };
        let scores = self.store().evaluation_scores(run).await?;
        let used = scores.iter().filter_map(|one| one.usage?.cost_usd).sum();
        Ok(Budget { max: Some(max), used })
    }

    /// Stores verdicts as they come. Cases are judged while others are stored, and those that wait are stored together;
    /// when storing falls behind, judging waits.
    async fn evaluation_judge(
        &self,
        run: RunId,
        cases: &BTreeMap<i64, Arc<TestCase>>,
        mut done: i64,
        verdicts: impl Stream<Item = Verdict> + Send + 'static,
        mut costs: impl FnMut(f64) + Send,
    ) -> Result<()> {
        let (sender, mut waiting) = mpsc::channel(KEPT_AT_ONCE);
        let judging = AbortOnDropHandle::new(tokio::spawn(async move {
            let mut verdicts = std::pin::pin!(verdicts);
            while let Some(verdict) = verdicts.next().await {
                if sender.send(verdict).await.is_err() {
                    break;
                }
            }
        }));
        let mut verdicts = Vec::new();
        while waiting.recv_many(&mut verdicts, KEPT_AT_ONCE).await > 0 {
            let mut judged = Vec::with_capacity(verdicts.len());
            for verdict in verdicts.drain(..) {
                if let Ending::NotConfigured { message } = verdict.transcript.ending {
                    return Err(Error::Invalid(message));
                }
                costs(verdict.transcript.usage.cost_usd.unwrap_or_default());
                if let Some(case) = cases.get(&verdict.position) {
                    done += 1;
                    judged.push(judged_of(case, &verdict, done));
                }
            }
            self.event_append_judged(run, judged).await?;
        }
        judging.await.map_err(|error| Error::Internal(format!("run {run}: {error}")))
    }

    /// The run's cases, as they were when it was started, by their places in it.
    async fn evaluation_cases(&self, run: RunId) -> Result<BTreeMap<i64, Arc<TestCase>>> {
        let samples = self.store().evaluation_samples(run).await?;
        let mut distinct = samples.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let found = self.store().case_get_at(&distinct).await?;
        let by_id: HashMap<_, _> = found.into_iter().map(|case| (case.id, Arc::new(case))).collect();
        Ok((0..).zip(&samples).filter_map(|(position, (id, _))| Some((position, by_id.get(id)?.clone()))).collect())
    }

    /// The means over all stored results. A run in which the provider answered nothing has failed.
    async fn evaluation_sum(&self, run: RunId, cases: &BTreeMap<i64, Arc<TestCase>>) -> Result<Done> {
        let scores = self.store().evaluation_scores(run).await?;
        if !scores.is_empty() && scores.iter().all(|one| one.score.outcome == Outcome::ProviderError) {
            let query = ResultQuery { page: Page { skip: 0, limit: 1 }, ..ResultQuery::default() };
            let first = self.store().evaluation_result_list(run, query).await?.items.into_iter().next();
            let why = first.and_then(|result| result.error).unwrap_or_default();
            return Err(Error::Upstream(format!("the provider answered none of the cases: {why}")));
        }
        let complete = scores.len() >= cases.len();
        let aggregate = (!scores.is_empty()).then(|| aggregate_of(&scores, cases.values().map(Arc::as_ref)));
        Ok(Done { complete, halted: false, aggregate, message: None })
    }
}

/// What a run may cost, and what it has cost, in US dollars.
#[derive(Clone, Copy, Default)]
struct Budget {
    max: Option<f64>,
    used: f64,
}

impl Budget {
    fn take(&mut self, cost: f64, halt: &CancellationToken) {
        self.used += cost;
        if self.is_used_up() {
            halt.cancel();
        }
    }

    fn is_used_up(&self) -> bool {
        self.max.is_some_and(|max| self.used >= max)
    }

    fn in_words(&self) -> Option<String> {
        let max = self.max?;
        Some(format!("stopped at its budget of {max} US dollars, of which {:.4} are spent", self.used))
    }
}

fn judged_of(case: &TestCase, verdict: &Verdict, done: i64) -> Judged {
    let result = result_of(case, verdict);
    let event = EventKind::SampleFinished {
        result_id: result.id,
        test_case_id: case.id,
        outcome: result.outcome,
        reward: verdict.assessment.score.reward,
        done,
        cost_usd: result.usage.and_then(|usage| usage.cost_usd),
    };
    Judged { position: verdict.position, result, event }
}
