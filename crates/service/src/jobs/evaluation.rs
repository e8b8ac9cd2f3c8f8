//! The work of an evaluation run: the cases that have no result yet, each stored with its event.

use super::{Done, state_write};
use crate::{
    Result, Service,
    evaluation_run::{aggregate_of, result_of},
};
use evaluation::{Sample, Settings, Verdict};
use futures::StreamExt;
use std::collections::{BTreeMap, HashSet};
use store::RunWrite;
use tokio_util::sync::CancellationToken;
use types::{Ending, Error, EvaluationResult, EventKind, Outcome, RunId, RunKind, RunState, TestCase};

impl Service {
    pub(super) async fn evaluation_perform(&self, run: RunId, cancel: &CancellationToken) -> Result<Done> {
        let record = self.evaluation_find(run).await?;
        let agent = self.agent_open(&self.agent_get(record.agent_id).await?).await?;
        let cases = self.evaluation_cases(run).await?;
        let judged = self.evaluation_judged(run).await?;
        let mut done = i64::try_from(judged.len()).unwrap_or(i64::MAX);
        let started = EventKind::Started { total: record.num_test_cases, done };
        let running = state_write(RunKind::Evaluation, RunState::Running, None, None, None);
        self.event_append(run, &started, &[running]).await?;
        let open = cases.iter().filter(|(position, _)| !judged.contains(position));
        let samples = open.map(|(position, case)| Sample { position: *position, case: case.draft.clone() }).collect();
        let mut verdicts = Box::pin(evaluation::run(agent, samples, Settings::default(), cancel.clone()));
        while let Some(verdict) = verdicts.next().await {
            if let Ending::NotConfigured { message } = &verdict.transcript.ending {
                return Err(Error::Invalid(message.clone()));
            }
            if let Some(case) = cases.get(&verdict.position) {
                done += 1;
                self.evaluation_keep(run, case, &verdict, done).await?;
            }
        }
        drop(verdicts);
        self.evaluation_sum(run, &cases).await
    }

    /// The run's cases by their place in it.
    async fn evaluation_cases(&self, run: RunId) -> Result<BTreeMap<i64, TestCase>> {
        let ids = self.store().evaluation_case_ids(run).await?;
        let found = self.store().case_get_many(&ids).await?;
        let by_id: BTreeMap<_, _> = found.into_iter().map(|case| (case.id, case)).collect();
        Ok((0..).zip(&ids).filter_map(|(position, id)| Some((position, by_id.get(id)?.clone()))).collect())
    }

    /// Places that need not be judged again; a provider that failed is asked again.
    async fn evaluation_judged(&self, run: RunId) -> Result<HashSet<i64>> {
        let positions = self.store().evaluation_positions(run).await?;
        let results = self.store().evaluation_results(run).await?;
        let answered = |result: &EvaluationResult| result.outcome != Outcome::ProviderError;
        Ok(positions.into_iter().zip(results).filter(|(_, r)| answered(r)).map(|(position, _)| position).collect())
    }

    async fn evaluation_keep(&self, run: RunId, case: &TestCase, verdict: &Verdict, done: i64) -> Result<()> {
        let result = result_of(case, verdict);
        let event = EventKind::SampleFinished {
            result_id: result.id,
            test_case_id: case.id,
            outcome: result.outcome,
            reward: verdict.score.reward,
            done,
        };
        self.event_append(run, &event, &[RunWrite::Result { position: verdict.position, result }]).await.map(|_| ())
    }

    /// The means over all stored results. A run in which the provider answered nothing has failed.
    async fn evaluation_sum(&self, run: RunId, cases: &BTreeMap<i64, TestCase>) -> Result<Done> {
        let results = self.store().evaluation_results(run).await?;
        let silent = |result: &EvaluationResult| result.outcome == Outcome::ProviderError;
        if let Some(first) = results.first().filter(|_| results.iter().all(silent)) {
            let why = first.error.clone().unwrap_or_default();
            return Err(Error::Upstream(format!("the provider answered none of the cases: {why}")));
        }
        let complete = results.len() >= cases.len();
        let aggregate = (!results.is_empty()).then(|| aggregate_of(&results, cases.values()));
        Ok(Done { complete, aggregate, message: None })
    }
}
