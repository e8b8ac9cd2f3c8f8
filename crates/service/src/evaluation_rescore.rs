//! Judging the stored answers of a run again, without asking anybody.

use crate::{
    Result, Service,
    evaluation_run::{aggregate_of, put_score},
};
use evaluation::{Settings, assess_case};
use std::collections::{HashMap, HashSet};
use store::{RunWrite, StoredScore};
use types::{
    CaseScore, Ending, Error, EvaluationResult, EventKind, Outcome, Rescored, RunId, RunKind, TestCase, TestCaseId,
    Transcript, Usage,
};

/// Cases at their versions.
type Cases = HashMap<(TestCaseId, u32), TestCase>;

impl Service {
    /// Judges the calls and replies of an ended run again, by its cases as they were asked, or by their latest versions.
    /// A case whose latest version asks something else is left as it is.
    ///
    /// # Errors
    /// Not found; conflict while the run is at work.
    pub async fn evaluation_rescore(&self, id: RunId, latest: bool) -> Result<Rescored> {
        // A run that goes on meanwhile would be judged by two at once.
        let _turn = self.inner.jobs.resuming.lock().await;
        self.evaluation_has_ended(id).await?;
        let mut samples = self.store().evaluation_samples(id).await?;
        let asked = self.cases_at(&samples).await?;
        let now = if latest { self.cases_now(&samples).await? } else { HashMap::new() };
        let places = self.store().evaluation_places(id).await?;
        let results = self.store().evaluation_results(id).await?;
        let (mut report, mut writes, mut scores) = (Rescored::default(), Vec::new(), Vec::new());
        for (position, before) in places.into_iter().zip(results) {
            let was = asked.get(&(before.test_case_id, before.case_version));
            let by = now.get(&before.test_case_id).or(was);
            let judged = match was.zip(by) {
                Some((was, by)) => self.judged_again(&before, was, by).await,
                None => None,
            };
            let Some(result) = judged else {
                report.left += 1;
                scores.push(stored_score(&before));
                continue;
            };
            scores.push(stored_score(&result));
            if let Some((_, version)) = usize::try_from(position).ok().and_then(|place| samples.get_mut(place)) {
                *version = result.case_version;
            }
            if result == before {
                report.unchanged += 1;
            } else {
                report.changed += 1;
                writes.push(RunWrite::Result { position, result });
            }
        }
        let weighed = asked.values().filter(|case| !now.contains_key(&case.id)).chain(now.values());
        let aggregate = (!scores.is_empty()).then(|| aggregate_of(&scores, weighed));
        let versions = samples.into_iter().map(|(_, version)| version).collect();
        writes.push(RunWrite::CaseVersions { versions, aggregate: aggregate.clone() });
        let event = EventKind::Rescored { changed: report.changed.into(), aggregate: aggregate.map(Box::new) };
        self.event_append(id, &event, &writes).await?;
        Ok(report)
    }

    /// The result judged by `by`; `None` when there is nothing to judge, or `by` is another question than was asked.
    async fn judged_again(&self, before: &EvaluationResult, was: &TestCase, by: &TestCase) -> Option<EvaluationResult> {
        let questions = |case: &TestCase| {
            let draft = &case.draft;
            let said: Vec<String> = draft.all_turns().into_iter().map(|turn| turn.user).collect();
            (said, draft.system.clone(), draft.tool_defs.clone(), draft.only_own_tools)
        };
        if questions(was) != questions(by) {
            return None;
        }
        let turns = transcripts(before)?;
        let assessment = assess_case(&by.draft, &turns, &Settings::default().weights, self).await?;
        let mut after = before.clone();
        put_score(&mut after, &assessment);
        after.case_version = by.version;
        Some(after)
    }

    async fn evaluation_has_ended(&self, id: RunId) -> Result<()> {
        let state = self.run_of_kind(id, RunKind::Evaluation).await?;
        if !state.is_ended() {
            return Err(Error::Conflict(format!(
                "run {id} is {}; its answers are judged again once it has ended",
                state.as_str()
            )));
        }
        Ok(())
    }

    async fn cases_at(&self, samples: &[(TestCaseId, u32)]) -> Result<Cases> {
        let distinct: Vec<_> = samples.iter().copied().collect::<HashSet<_>>().into_iter().collect();
        let cases = self.store().case_get_at(&distinct).await?;
        Ok(cases.into_iter().map(|case| ((case.id, case.version), case)).collect())
    }

    async fn cases_now(&self, samples: &[(TestCaseId, u32)]) -> Result<HashMap<TestCaseId, TestCase>> {
        let distinct: Vec<_> = samples.iter().map(|(id, _)| *id).collect::<HashSet<_>>().into_iter().collect();
        let cases = self.store().case_get_many(&distinct).await?;
        Ok(cases.into_iter().map(|case| (case.id, case)).collect())
    }
}

/// The turns as they were recorded; `None` when nobody answered.
fn transcripts(result: &EvaluationResult) -> Option<Vec<Transcript>> {
    let ending = match result.outcome {
        Outcome::ProviderError | Outcome::Cancelled => return None,
        Outcome::Timeout => Ending::Timeout,
        Outcome::MaxSteps => Ending::MaxSteps,
        _ => Ending::Replied,
    };
    let turn = |user_input: &str, calls: &[types::CallRecord], reply: &str, latency_ms| Transcript {
        user_input: user_input.to_owned(),
        calls: calls.to_vec(),
        reply: reply.to_owned(),
        ending: Ending::Replied,
        steps: 0,
        usage: Usage::default(),
        latency_ms,
        notes: Vec::new(),
    };
    let mut turns: Vec<Transcript> =
        result.turns.iter().map(|one| turn(&one.user_input, &one.calls, &one.reply, one.latency_ms)).collect();
    if turns.is_empty() {
        let calls = result.tool_calls_json.as_deref().unwrap_or_default();
        let reply = result.response_text.as_deref().unwrap_or_default();
        turns.push(turn(&result.user_input, calls, reply, result.latency_ms));
    }
    turns.last_mut()?.ending = ending;
    Some(turns)
}

fn stored_score(result: &EvaluationResult) -> StoredScore {
    let scored = result.scored;
    StoredScore {
        id: result.id,
        test_case_id: result.test_case_id,
        score: CaseScore {
            outcome: result.outcome,
            task_success: scored.task_success.then_some(result.task_success),
            tool_usage_efficiency: scored.tool_usage_efficiency.then_some(result.tool_usage_efficiency),
            response_quality: scored.response_quality.then_some(result.response_quality),
            reward: scored.reward.then_some(result.reward),
            checks: Vec::new(),
        },
        latency_ms: result.latency_ms,
        case_version: result.case_version,
        usage: result.usage,
    }
}
