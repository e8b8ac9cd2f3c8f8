//! Evaluation runs: start, list, read, stop, resume, export.

use crate::{Result, Service, agent::refuse_if_any, case::models_refused, evaluation_frame, new_id};
use evaluation::{Assessment, Counted, Verdict};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::StoredScore;
use types::{
    AgentId, AggregateMetrics, Ending, Error, EvaluationCreate, EvaluationOptions, EvaluationProgress,
    EvaluationResult, EvaluationRun, EvaluationRunListItem, FieldError, Page, Paged, REPEATS, ResultId, ResultTurn,
    RunId, RunKind, RunState, Scored, TestCase, TestCaseId, Transcript,
};

/// Cases of a run at work at once, unless its start says otherwise.
pub const CONCURRENCY: u32 = 8;
/// Most cases of a run at work at once. A provider that is busy is asked less, whatever this says.
pub const CONCURRENCY_MAX: u32 = 256;
/// How many agents are evaluated by one request.
const AGENTS: std::ops::RangeInclusive<usize> = 1..=20;
/// Most samples of a run.
pub const SAMPLES_MAX: usize = 200_000;

impl Service {
    /// Starts a run in the background and answers at once.
    ///
    /// # Errors
    /// Invalid (400): unknown agent, unknown cases, or no cases at all.
    pub async fn evaluation_start(&self, request: EvaluationCreate) -> Result<EvaluationRunListItem> {
        self.evaluation_start_with(request, CONCURRENCY).await
    }

    /// Starts a run of which `concurrency` cases are at work at once.
    ///
    /// # Errors
    /// As [`Service::evaluation_start`]; a concurrency of nothing or too much.
    pub async fn evaluation_start_with(
        &self,
        request: EvaluationCreate,
        concurrency: u32,
    ) -> Result<EvaluationRunListItem> {
        let EvaluationCreate { agent_id, test_case_ids, options } = request;
        let mut runs = self.evaluations_start(&[agent_id], test_case_ids, options, concurrency).await?;
        runs.pop().ok_or_else(|| Error::Internal("no run was started".into()))
    }

    /// Starts a run of each of several agents over the same cases; none when one of them cannot be started.
    ///
    /// # Errors
    /// As [`Service::evaluation_start_with`]; none, too many, or one agent twice.
    pub async fn evaluation_start_many(
        &self,
        agents: &[AgentId],
        test_case_ids: Option<Vec<TestCaseId>>,
        options: EvaluationOptions,
        concurrency: u32,
    ) -> Result<Vec<EvaluationRunListItem>> {
        let distinct: BTreeSet<_> = agents.iter().collect();
        if !AGENTS.contains(&agents.len()) || distinct.len() != agents.len() {
            let message = format!("name {} to {} different agents", AGENTS.start(), AGENTS.end());
            return Err(Error::field("agent_ids", message));
        }
        self.evaluations_start(agents, test_case_ids, options, concurrency).await
    }

    async fn evaluations_start(
        &self,
        agents: &[AgentId],
        test_case_ids: Option<Vec<TestCaseId>>,
        options: EvaluationOptions,
        concurrency: u32,
    ) -> Result<Vec<EvaluationRunListItem>> {
        if !(1..=CONCURRENCY_MAX).contains(&concurrency) {
            return Err(Error::field("concurrency", format!("must be 1 to {CONCURRENCY_MAX}")));
        }
        refuse_if_any(refused(&options))?;
        for agent in agents {
            self.run_agent(*agent).await?;
        }
        let cases = self.run_cases(test_case_ids).await?;
        self.refuse_without_models(&cases)?;
        let samples = samples(&cases, options.repeats)?;
        let mut runs = Vec::with_capacity(agents.len());
        for agent in agents {
            let run = self.pending(*agent, samples.len(), options);
            self.store().evaluation_insert(&run, &samples, concurrency).await?;
            self.job_enqueue(run.id, RunKind::Evaluation).await?;
            runs.push(run);
        }
        Ok(runs)
    }

    fn pending(&self, agent_id: AgentId, num_samples: usize, options: EvaluationOptions) -> EvaluationRunListItem {
        EvaluationRunListItem {
            id: RunId(new_id()),
            agent_id,
            status: RunState::Pending.status(),
            state: RunState::Pending,
            num_test_cases: i64::try_from(num_samples).unwrap_or(i64::MAX),
            num_completed: 0,
            started_at: self.now(),
            completed_at: None,
            aggregate_metrics_json: None,
            error: None,
            options,
        }
    }

    /// Cases may have been stored before the model that judges them was taken away.
    fn refuse_without_models(&self, cases: &[TestCase]) -> Result<()> {
        let judges = self.judge_settings();
        let refused = cases.iter().find_map(|case| Some((case.id, models_refused(&case.draft, &judges).pop()?)));
        refused.map_or(Ok(()), |(id, error)| Err(Error::Invalid(format!("test case {id}: {}", error.message))))
    }

    /// Runs, newest first; of one agent or of all.
    ///
    /// # Errors
    /// The database fails.
    pub async fn evaluation_list(&self, agent: Option<AgentId>, page: Page) -> Result<Paged<EvaluationRunListItem>> {
        self.store().evaluation_list(agent, page).await
    }

    /// A run with its results in the order of its cases.
    ///
    /// # Errors
    /// Not found.
    pub async fn evaluation_get(&self, id: RunId) -> Result<EvaluationRun> {
        self.store().evaluation_get(id).await?.ok_or_else(|| Error::not_found("evaluation run", id))
    }

    /// A run without its results.
    ///
    /// # Errors
    /// Not found.
    pub async fn evaluation_find(&self, id: RunId) -> Result<EvaluationRunListItem> {
        self.store().evaluation_find(id).await?.ok_or_else(|| Error::not_found("evaluation run", id))
    }

    /// Asks a run to stop.
    ///
    /// # Errors
    /// Not found when it is unknown or not running.
    pub async fn evaluation_stop(&self, id: RunId) -> Result<()> {
        self.run_stop(id, RunKind::Evaluation).await
    }

    /// Goes on with the cases that have no result yet.
    ///
    /// # Errors
    /// Not found; conflict when its state forbids it.
    pub async fn evaluation_resume(&self, id: RunId) -> Result<EvaluationRunListItem> {
        self.run_resume(id, RunKind::Evaluation).await?;
        self.evaluation_find(id).await
    }

    /// Asks the cases of a completed run again whose provider failed; all other results stay as they are.
    ///
    /// # Errors
    /// Not found; conflict when it has not completed, or the provider answered every case.
    pub async fn evaluation_retry(&self, id: RunId) -> Result<EvaluationRunListItem> {
        self.run_retry(id).await?;
        self.evaluation_find(id).await
    }

    /// The present progress frame.
    ///
    /// # Errors
    /// Not found.
    pub async fn evaluation_progress(&self, id: RunId) -> Result<EvaluationProgress> {
        self.run_of_kind(id, RunKind::Evaluation).await?;
        Ok(evaluation_frame(id, &self.run_view(id).await?))
    }

    /// The run as `data/evaluation_results.json` holds it: `{aggregate_metrics, individual_results: [{test_case,
    /// metrics}], num_test_cases}`.
    ///
    /// # Errors
    /// Not found.
    pub async fn evaluation_export(&self, id: RunId) -> Result<Value> {
        let run = self.evaluation_get(id).await?;
        let ids: Vec<_> = run.results.iter().map(|result| result.test_case_id).collect();
        let cases = self.store().case_get_many(&ids).await?;
        let by_id: HashMap<TestCaseId, &TestCase> = cases.iter().map(|case| (case.id, case)).collect();
        let individual: Vec<Value> =
            run.results.iter().map(|result| exported(by_id.get(&result.test_case_id).copied(), result)).collect();
        Ok(json!({
            "run_id": run.run.id,
            "agent_id": run.run.agent_id,
            "aggregate_metrics": run.run.aggregate_metrics_json,
            "individual_results": individual,
            "num_test_cases": run.run.num_test_cases,
        }))
    }

    /// The agent of a run to start.
    pub(crate) async fn run_agent(&self, id: AgentId) -> Result<types::Agent> {
        let agent = self.store().agent_get(id).await?.filter(|agent| agent.is_active);
        agent.ok_or_else(|| Error::Invalid(format!("agent {id} not found")))
    }

    /// The cases of a run to start: those named, without repetition, or all active ones.
    pub(crate) async fn run_cases(&self, ids: Option<Vec<TestCaseId>>) -> Result<Vec<TestCase>> {
        let Some(mut ids) = ids.filter(|ids| !ids.is_empty()) else {
            let cases = self.store().case_list_active().await?;
            let none = "there are no test cases; create or import some first";
            return if cases.is_empty() { Err(Error::Invalid(none.into())) } else { Ok(cases) };
        };
        let mut seen = std::collections::HashSet::new();
        ids.retain(|id| seen.insert(*id));
        let cases = self.store().case_get_many(&ids).await?;
        let known: std::collections::HashSet<_> =
            cases.iter().filter(|case| case.draft.is_active).map(|case| case.id).collect();
        let unknown: Vec<_> = ids.iter().filter(|id| !known.contains(id)).map(ToString::to_string).collect();
        match unknown.as_slice() {
            [] => Ok(cases),
            [one] => Err(Error::Invalid(format!("test case {one} not found"))),
            [first, rest @ ..] => Err(Error::Invalid(format!("test case {first} not found, and {} more", rest.len()))),
        }
    }
}

/// What is wrong with what a run is asked for.
fn refused(options: &EvaluationOptions) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if options.repeats.is_some_and(|repeats| !REPEATS.contains(&repeats)) {
        let message = format!("expected a number from {} to {}", REPEATS.start(), REPEATS.end());
        errors.push(FieldError::new("options.repeats", message));
    }
    if options.max_cost_usd.is_some_and(|cost| !(cost.is_finite() && cost > 0.0)) {
        errors.push(FieldError::new("options.max_cost_usd", "expected a number of US dollars above 0"));
    }
    errors
}

/// Every case as often as it is asked, at its present version: all cases once, then those asked again.
fn samples(cases: &[TestCase], repeats: Option<u32>) -> Result<Vec<(TestCaseId, u32)>> {
    let asked = |case: &TestCase| repeats.unwrap_or(case.draft.repeats);
    let most = cases.iter().map(asked).max().unwrap_or(1);
    let trial = |trial: u32| cases.iter().filter(move |case| trial < asked(case)).map(|case| (case.id, case.version));
    let samples: Vec<_> = (0..most).flat_map(trial).take(SAMPLES_MAX + 1).collect();
    if samples.len() > SAMPLES_MAX {
        return Err(Error::field(
            "options.repeats",
            format!("makes more than {SAMPLES_MAX} samples; ask fewer cases, or less often"),
        ));
    }
    Ok(samples)
}

fn exported(case: Option<&TestCase>, result: &EvaluationResult) -> Value {
    json!({
        "test_case": case.map_or_else(|| json!({ "user_input": result.user_input }), |case| json!({
            "id": case.id,
            "user_input": case.draft.user_input,
            "expected_output": case.draft.expected_output,
            "expected_tools": case.draft.expected_tools_json,
            "task_type": case.draft.task_type,
        })),
        "metrics": {
            "task_success": result.task_success,
            "tool_usage_efficiency": result.tool_usage_efficiency,
            "response_quality": result.response_quality,
            "reward": result.reward,
            "scored": result.scored,
            "outcome": result.outcome,
        },
        "response_text": result.response_text,
        "tool_calls": result.tool_calls_json,
        "checks": result.checks,
        "latency_ms": result.latency_ms,
        "error": result.error,
    })
}

/// A verdict as it is stored: what was not scored is 0 beside a flag that says so.
pub fn result_of(case: &TestCase, verdict: &Verdict) -> EvaluationResult {
    let transcript = &verdict.transcript;
    let mut result = EvaluationResult {
        id: ResultId(new_id()),
        test_case_id: case.id,
        task_success: 0.0,
        tool_usage_efficiency: 0.0,
        response_quality: 0.0,
        reward: 0.0,
        response_text: Some(transcript.reply.clone()),
        tool_calls_json: Some(transcript.calls.clone()),
        scored: Scored::default(),
        outcome: verdict.assessment.score.outcome,
        checks: Vec::new(),
        user_input: case.draft.user_input.clone(),
        latency_ms: transcript.latency_ms,
        error: ending_in_words(&transcript.ending),
        case_version: case.version,
        usage: transcript.usage_counted(),
        metrics: BTreeMap::new(),
        turns: verdict.turns.iter().map(turn_of).collect(),
    };
    put_score(&mut result, &verdict.assessment);
    result
}

/// Puts what a result was worth into it.
pub fn put_score(result: &mut EvaluationResult, assessment: &Assessment) {
    let score = &assessment.score;
    result.task_success = score.task_success.unwrap_or(0.0);
    result.tool_usage_efficiency = score.tool_usage_efficiency.unwrap_or(0.0);
    result.response_quality = score.response_quality.unwrap_or(0.0);
    result.reward = score.reward.unwrap_or(0.0);
    result.scored = Scored {
        task_success: score.task_success.is_some(),
        tool_usage_efficiency: score.tool_usage_efficiency.is_some(),
        response_quality: score.response_quality.is_some(),
        reward: score.reward.is_some(),
    };
    result.outcome = score.outcome;
    result.checks.clone_from(&score.checks);
    result.metrics.clone_from(&assessment.metrics);
}

fn turn_of(turn: &Transcript) -> ResultTurn {
    ResultTurn {
        user_input: turn.user_input.clone(),
        calls: turn.calls.clone(),
        reply: turn.reply.clone(),
        latency_ms: turn.latency_ms,
    }
}

fn ending_in_words(ending: &Ending) -> Option<String> {
    match ending {
        Ending::Replied => None,
        Ending::MaxSteps => Some("the step limit cut it off".into()),
        Ending::Timeout => Some("the time limit cut it off".into()),
        Ending::Cancelled => Some("it was stopped".into()),
        Ending::ProviderError { message } | Ending::NotConfigured { message } | Ending::LimitReached { message } => {
            Some(message.clone())
        }
    }
}

/// The means over stored scores, with the weights and clusters of their cases.
pub fn aggregate_of<'a>(scores: &'a [StoredScore], cases: impl Iterator<Item = &'a TestCase>) -> AggregateMetrics {
    let cases: HashMap<TestCaseId, &TestCase> = cases.map(|case| (case.id, case)).collect();
    aggregate_weighed(scores.iter(), |id| cases.get(&id).map(|case| (case.draft.weight, case.draft.cluster.as_deref())))
}

/// The means over stored scores; `weighed` knows weight and cluster of a case, which are 1 and none where it does not.
pub fn aggregate_weighed<'a>(
    scores: impl Iterator<Item = &'a StoredScore>,
    weighed: impl Fn(TestCaseId) -> Option<(f64, Option<&'a str>)>,
) -> AggregateMetrics {
    let counted = |one: &'a StoredScore| {
        let (weight, cluster) = weighed(one.test_case_id).unwrap_or((1.0, None));
        let once = Counted::once(one.test_case_id.0.as_u128(), &one.score, one.latency_ms);
        Counted { weight, cluster, usage: one.usage, ..once }
    };
    evaluation::aggregate(&scores.map(counted).collect::<Vec<_>>())
}
