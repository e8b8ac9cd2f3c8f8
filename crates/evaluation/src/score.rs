//! The one scoring function: what is expected, a recorded transcript, and what became of it.

use crate::{
    answer_tree::{self, Judged},
    calls::{self, Selection},
    models::{ModelAnswer, ModelQuestion, Reply, nobody},
};
use std::collections::BTreeMap;
use types::{
    CallRecord, CaseScore, CheckResult, Ending, Expectation, Outcome, RewardWeights, TestCaseCreate, Transcript,
};

/// Most expected calls of a turn: pairing them takes time.
const CALLS_MAX: usize = 100;

/// Judges `transcript` against a `case` of one turn. Evaluation reports the result, training maximises its `reward`.
///
/// `task_success` is 1 when every check passes; `tool_usage_efficiency` is the F1 of tool names when calls are expected,
/// 1 or 0 when none may be made, `None` when nothing is said of calls; `response_quality` is the weighted mean of the
/// answer checks, `None` without one. `reward = Σ wᵢmᵢ / Σ wᵢ` over the parts that are not `None`.
///
/// A turn that its provider failed or that was stopped is not judged; one that a limit cut off has failed.
pub fn score(case: &TestCaseCreate, transcript: &Transcript, weights: &RewardWeights) -> CaseScore {
    assess(&[(case.expectation(), transcript)], weights).score
}

/// A score, and what is said beside it.
#[derive(Clone, PartialEq, Debug)]
pub struct Assessment {
    /// The score, with every check and its reason.
    pub score: CaseScore,
    /// Metrics of the calls by name, where they say something; means over the turns:
    /// `argument_accuracy` (correct arguments of those expected or given, over calls of the same name), `call_exactness`
    /// (calls as expected, of those expected or made, whichever are more), `minimal_call_efficiency` (`min(1, least /
    /// made)`, for successes where the fewest calls are known).
    pub metrics: BTreeMap<String, f64>,
}

/// [`score`] of anything that can be expected of the turns of a case. Tool names are counted, and answer checks weighed,
/// over all turns together; the case passes when every turn does.
pub fn assess(turns: &[(Expectation, &Transcript)], weights: &RewardWeights) -> Assessment {
    assess_with(turns, weights, &nobody)
}

/// [`assess`] where `models` knows what models said of the replies.
pub fn assess_with(
    turns: &[(Expectation, &Transcript)],
    weights: &RewardWeights,
    models: &dyn Fn(&ModelQuestion) -> ModelAnswer,
) -> Assessment {
    let unjudged = |outcome, checks| Assessment { score: unjudged(outcome, checks), metrics: BTreeMap::new() };
    if let Some(outcome) = turns.iter().find_map(|(_, transcript)| not_judged(&transcript.ending)) {
        return unjudged(outcome, Vec::new());
    }
    let mut judged = Vec::with_capacity(turns.len());
    for (place, (expected, transcript)) in turns.iter().enumerate() {
        match JudgedTurn::of(expected, transcript, models) {
            Ok(turn) => judged.push(if turns.len() > 1 { turn.numbered(place + 1) } else { turn }),
            Err(unavailable) => return unjudged(Outcome::Unscored, vec![unavailable]),
        }
    }
    let outcome = judged.iter().map(|turn| turn.outcome).find(|outcome| *outcome != Outcome::Pass);
    let outcome = outcome.unwrap_or(Outcome::Pass);
    let tool_usage_efficiency = tool_usage(&judged);
    let answers: Vec<Judged> = judged.iter_mut().flat_map(|turn| std::mem::take(&mut turn.answer)).collect();
    let response_quality = (!answers.is_empty()).then(|| answer_tree::mean(&answers));
    let checks: Vec<CheckResult> =
        judged.into_iter().flat_map(JudgedTurn::call_checks).chain(answers.into_iter().map(|one| one.result)).collect();
    if checks.is_empty() {
        return unjudged(Outcome::Unscored, checks);
    }
    let task_success = Some(if outcome == Outcome::Pass { 1.0 } else { 0.0 });
    let reward = reward(weights, task_success, tool_usage_efficiency, response_quality);
    let score = CaseScore { outcome, task_success, tool_usage_efficiency, response_quality, reward, checks };
    Assessment { metrics: metrics(turns, outcome), score }
}

/// What becomes of a turn that nobody is to blame for.
const fn not_judged(ending: &Ending) -> Option<Outcome> {
    match ending {
        Ending::Cancelled => Some(Outcome::Cancelled),
        Ending::ProviderError { .. } | Ending::NotConfigured { .. } => Some(Outcome::ProviderError),
        Ending::Replied | Ending::MaxSteps | Ending::Timeout | Ending::LimitReached { .. } => None,
    }
}

/// One turn beside what was expected of it.
struct JudgedTurn {
    selection: Option<Selection>,
    tools: Option<CheckResult>,
    calls: Option<CheckResult>,
    answer: Vec<Judged>,
    outcome: Outcome,
}

impl JudgedTurn {
    /// Where calls are described, they decide: their mode may allow more or fewer than the names do.
    fn of(
        expected: &Expectation,
        transcript: &Transcript,
        models: &dyn Fn(&ModelQuestion) -> ModelAnswer,
    ) -> Result<Self, CheckResult> {
        let (tools, calls) = call_checks(expected, &transcript.calls)?;
        let reply = Reply { text: &transcript.reply, question: &transcript.user_input, models };
        let answer = expected.answer.as_ref().map(|tree| answer_tree::judge(tree, &reply)).transpose()?;
        let answer = answer.unwrap_or_default();
        let called = calls.as_ref().or(tools.as_ref()).is_none_or(|check| check.passed);
        Ok(Self {
            selection: expected.tool_names().map(|names| Selection::of(&names, &transcript.calls)),
            outcome: outcome(transcript, called && answer_tree::passes(&answer)),
            tools,
            calls,
            answer,
        })
    }

    /// With its number in every reason.
    fn numbered(mut self, number: usize) -> Self {
        let checks = self.tools.iter_mut().chain(self.calls.as_mut());
        for check in checks.chain(self.answer.iter_mut().map(|judged| &mut judged.result)) {
            check.reason = format!("turn {number}: {}", check.reason);
        }
        self
    }

    fn call_checks(self) -> impl Iterator<Item = CheckResult> {
        self.tools.into_iter().chain(self.calls)
    }
}

fn call_checks(
    expected: &Expectation,
    made: &[CallRecord],
) -> Result<(Option<CheckResult>, Option<CheckResult>), CheckResult> {
    let refused = |reason: String| CheckResult { scorer: "expected_calls".into(), value: 0.0, passed: false, reason };
    let name = expected.call_mode();
    let mode = calls::mode(name);
    let mode = mode.ok_or_else(|| refused(format!("not scored: `{name}` is no way to compare calls")))?;
    let wanted = expected.calls.as_deref().unwrap_or_default();
    if wanted.len() > CALLS_MAX {
        return Err(refused(format!("not scored: {} calls are expected, at most {CALLS_MAX}", wanted.len())));
    }
    let tools = expected.tool_names().map(|names| calls::tool_selection(&names, made));
    Ok((tools, calls::expected_calls(wanted, mode, made)))
}

/// F1 over the turns that say something of tools.
fn tool_usage(turns: &[JudgedTurn]) -> Option<f64> {
    let told: Vec<Selection> = turns.iter().filter_map(|turn| turn.selection).collect();
    (!told.is_empty()).then(|| Selection::sum(told.into_iter()).f1())
}

fn metrics(turns: &[(Expectation, &Transcript)], outcome: Outcome) -> BTreeMap<String, f64> {
    let least = |expected: &Expectation| expected.min_calls.filter(|_| outcome == Outcome::Pass);
    let of = |name: &str, value: &dyn Fn(&Expectation, &[CallRecord]) -> Option<f64>| {
        let values: Vec<f64> =
            turns.iter().filter_map(|(expected, transcript)| value(expected, &transcript.calls)).collect();
        #[expect(clippy::cast_precision_loss, reason = "a case has few turns")]
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        (!values.is_empty()).then(|| (name.to_owned(), mean))
    };
    let all = [
        of("argument_accuracy", &|expected, made| calls::argument_accuracy(expected.calls.as_deref()?, made)),
        of("call_exactness", &|expected, made| Some(calls::exactness(expected.calls.as_deref()?, made))),
        of("minimal_call_efficiency", &|expected, made| {
            Some(calls::minimal_call_efficiency(usize::try_from(least(expected)?).ok()?, made))
        }),
    ];
    all.into_iter().flatten().collect()
}

fn unjudged(outcome: Outcome, checks: Vec<CheckResult>) -> CaseScore {
    CaseScore { outcome, task_success: None, tool_usage_efficiency: None, response_quality: None, reward: None, checks }
}

fn outcome(transcript: &Transcript, every_check_passed: bool) -> Outcome {
    match transcript.ending {
        Ending::MaxSteps | Ending::LimitReached { .. } => Outcome::MaxSteps,
        Ending::Timeout => Outcome::Timeout,
        _ if every_check_passed => Outcome::Pass,
        _ if transcript.calls.iter().any(|call| call.arguments.is_none()) => Outcome::MalformedCall,
        _ if transcript.calls.iter().any(|call| call.is_error) => Outcome::ToolError,
        _ => Outcome::Fail,
    }
}

fn reward(weights: &RewardWeights, success: Option<f64>, tools: Option<f64>, quality: Option<f64>) -> Option<f64> {
    let parts =
        [(weights.task_success, success), (weights.tool_usage_efficiency, tools), (weights.response_quality, quality)];
    let scored = || parts.iter().filter_map(|(weight, value)| value.map(|value| (*weight, value)));
    let total: f64 = scored().map(|(weight, _)| weight).sum();
    (total > 0.0).then(|| scored().map(|(weight, value)| weight * value).sum::<f64>() / total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use types::{CallRecord, ExpectedCall, Usage};

    fn transcript(reply: &str, calls: &[(&str, serde_json::Value)]) -> Transcript {
        let calls = calls.iter().map(|(name, arguments)| CallRecord {
            tool_name: (*name).into(),
            arguments: arguments.as_object().cloned(),
            result: String::new(),
            is_error: false,
            duration_ms: 1,
        });
        Transcript {
            user_input: String::new(),
            calls: calls.collect(),
            reply: reply.into(),
            ending: Ending::Replied,
            steps: 1,
            usage: Usage::default(),
            latency_ms: 1,
            notes: Vec::new(),
        }
    }

    fn case(tools: Option<&[&str]>, expected: Option<&str>, task_type: &str) -> TestCaseCreate {
        TestCaseCreate {
            user_input: "?".into(),
            expected_output: expected.map(Into::into),
            expected_tools_json: tools.map(|names| names.iter().map(|name| (*name).into()).collect()),
            task_type: task_type.into(),
            ..TestCaseCreate::default()
        }
    }

    fn judged(case: &TestCaseCreate, transcript: &Transcript) -> CaseScore {
        score(case, transcript, &RewardWeights::default())
    }

    #[test]
    fn a_right_call_and_a_right_answer_earn_everything() {
        let done = judged(
            &case(Some(&["calculate"]), Some("345"), "numeric"),
            &transcript("15 * 23 = 345", &[("calculate", json!({"expression": "15 * 23"}))]),
        );
        assert_eq!((done.outcome, done.reward), (Outcome::Pass, Some(1.0)));
        assert!(done.checks.iter().all(|check| !check.reason.is_empty()));
    }

    #[test]
    fn a_right_answer_without_the_expected_call_earns_only_the_answers_share() {
        // Success 0 (weight 0.5), tools 0 (0.3), quality 1 (0.2): reward 0.2.
        let done = judged(&case(Some(&["calculate"]), Some("345"), "numeric"), &transcript("345", &[]));
        assert_eq!(done.outcome, Outcome::Fail);
        assert!((done.reward.unwrap() - 0.2).abs() < 1e-12);
    }

    #[test]
    fn what_nothing_checks_is_null_and_left_out_of_the_reward() {
        // Only tools are checked: (0.5·0 + 0.3·(2/3)) / 0.8 = 0.25. F1 of one right name among two calls is 2/3.
        let calls = [("search", json!({"query": "x"})), ("calculate", json!({"expression": "1"}))];
        let done = judged(&case(Some(&["search"]), None, "exact_match"), &transcript("?", &calls));
        assert_eq!(done.response_quality, None);
        assert!((done.reward.unwrap() - 0.25).abs() < 1e-12);
        // Only the answer is checked: (0.5·1 + 0.2·1) / 0.7.
        let done = judged(&case(None, Some("x"), "contains"), &transcript("an X", &calls));
        assert_eq!((done.tool_usage_efficiency, done.reward), (None, Some(1.0)));
    }

    #[test]
    fn an_empty_list_means_that_no_tool_may_be_called() {
        let greeting = case(Some(&[]), None, "exact_match");
        assert_eq!(judged(&greeting, &transcript("Hello", &[])).outcome, Outcome::Pass);
        let called = judged(&greeting, &transcript("Hello", &[("search", json!({}))]));
        assert_eq!((called.outcome, called.tool_usage_efficiency), (Outcome::Fail, Some(0.0)));
    }

    #[test]
    fn a_case_without_any_check_is_unscored_and_never_passed() {
        let done = judged(&case(None, None, "exact_match"), &transcript("anything", &[]));
        assert_eq!((done.outcome, done.task_success, done.reward), (Outcome::Unscored, None, None));
    }

    #[test]
    fn a_call_that_is_no_json_is_malformed_even_where_its_name_is_right() {
        let done = judged(
            &case(Some(&["calculate"]), None, "exact_match"),
            &transcript("?", &[("calculate", json!("not an object"))]),
        );
        assert_eq!((done.outcome, done.tool_usage_efficiency), (Outcome::MalformedCall, Some(0.0)));
        let greeting = case(Some(&[]), None, "exact_match");
        let done = judged(&greeting, &transcript("Hello", &[("x", json!(null))]));
        assert_eq!(done.outcome, Outcome::MalformedCall);
    }

    #[test]
    fn endings_decide_before_checks() {
        let asked = case(None, Some("345"), "numeric");
        let ended = |ending| judged(&asked, &Transcript { ending, ..transcript("345", &[]) });
        let failed = ended(Ending::Timeout);
        // Success 0 (0.5), quality 1 (0.2): 0.2 / 0.7.
        assert_eq!((failed.outcome, failed.task_success), (Outcome::Timeout, Some(0.0)));
        assert!((failed.reward.unwrap() - 0.2 / 0.7).abs() < 1e-12);
        assert_eq!(ended(Ending::MaxSteps).outcome, Outcome::MaxSteps);
        assert_eq!(ended(Ending::Cancelled).reward, None);
        assert_eq!(ended(Ending::ProviderError { message: "503".into() }).outcome, Outcome::ProviderError);
    }

    #[test]
    fn a_failed_tool_is_named_as_the_cause_only_where_a_check_failed() {
        let mut failing = transcript("?", &[("calculate", json!({"expression": "1/0"}))]);
        failing.calls[0].is_error = true;
        assert_eq!(judged(&case(None, Some("5"), "numeric"), &failing).outcome, Outcome::ToolError);
        assert_eq!(judged(&case(None, Some("?"), "exact_match"), &failing).outcome, Outcome::Pass);
    }

    #[test]
    fn expected_arguments_decide_success_beside_the_names() {
        let mut asked = case(None, None, "exact_match");
        let arguments = json!({"location": {"one_of": ["Paris", "Paris, France"]}}).as_object().cloned().unwrap();
        asked.expected_calls =
            Some(vec![ExpectedCall { name: "get_weather".into(), arguments, ..ExpectedCall::default() }]);
        let right = transcript("", &[("get_weather", json!({"location": " paris, FRANCE "}))]);
        assert_eq!(judged(&asked, &right).outcome, Outcome::Pass);
        let wrong = judged(&asked, &transcript("", &[("get_weather", json!({"location": "Rome"}))]));
        // The name is right (0.3), the call is not (0.5): 0.3 / 0.8.
        assert!((wrong.reward.unwrap() - 0.375).abs() < 1e-12);
    }

    #[test]
    fn a_semantic_case_is_never_given_a_constant() {
        let done = judged(&case(Some(&[]), Some("meaning"), "semantic"), &transcript("meaning", &[]));
        assert_eq!((done.outcome, done.reward), (Outcome::Unscored, None));
    }

    #[test]
    fn a_mode_may_allow_other_calls_and_metrics_tell_of_them() {
        let expected: Expectation = serde_json::from_value(json!({
            "calls": [{"name": "search", "arguments": {"query": {"@regex": "^rust"}}}], "mode": "superset", "min_calls": 1,
            "answer": {"all": [
                {"check": "contains", "expected": "2015"}, {"check": "starts_with", "expected": "In", "required": false},
            ]},
        }))
        .unwrap();
        let made = [("search", json!({"query": "rust 1.0"})), ("calculate", json!({"expression": "1"}))];
        let reply = transcript("It was 2015", &made);
        let done = assess(&[(expected.clone(), &reply)], &RewardWeights::default());
        assert_eq!((done.score.outcome, done.score.response_quality), (Outcome::Pass, Some(0.5)));
        // F1 of one right name of two calls is 2/3: (0.5·1 + 0.3·2/3 + 0.2·0.5) / 1.
        assert!((done.score.reward.unwrap() - 0.8).abs() < 1e-12);
        assert_eq!(done.metrics["call_exactness"], 0.5);
        assert_eq!((done.metrics["argument_accuracy"], done.metrics["minimal_call_efficiency"]), (1.0, 0.5));
        let reply = transcript("It was 2015", &made[1..]);
        let failed = assess(&[(expected, &reply)], &RewardWeights::default());
        assert_eq!(failed.score.outcome, Outcome::Fail);
        assert!(!failed.metrics.contains_key("minimal_call_efficiency"));
    }

    #[test]
    fn what_cannot_be_judged_by_is_unscored_with_the_reason() {
        let unknown = Expectation { mode: Some("backwards".into()), calls: Some(Vec::new()), ..Expectation::default() };
        let done = assess(&[(unknown, &transcript("", &[]))], &RewardWeights::default());
        assert_eq!((done.score.outcome, done.score.reward), (Outcome::Unscored, None));
        assert!(done.score.checks[0].reason.contains("`backwards`"));
    }

    #[test]
    fn the_turns_of_a_case_are_judged_together() {
        let expect = |tools: &[&str], answer: &str, weight: f64| Expectation {
            tools: Some(tools.iter().map(|name| (*name).to_owned()).collect()),
            answer: Some(json!({"check": "contains", "expected": answer, "weight": weight})),
            ..Expectation::default()
        };
        let first = transcript("It is 5", &[("calculate", json!({"expression": "2 + 3"}))]);
        let second = transcript("Rainy", &[("get_weather", json!({})), ("search", json!({}))]);
        let turns = [(expect(&["calculate"], "5", 3.0), &first), (expect(&["get_weather"], "sunny", 1.0), &second)];
        let done = assess(&turns, &RewardWeights::default()).score;
        // TP 2, |A| 3, |E| 2: F1 = 4/5. Quality (3·1 + 1·0) / 4.
        assert_eq!((done.outcome, done.tool_usage_efficiency), (Outcome::Fail, Some(0.8)));
        assert_eq!(done.response_quality, Some(0.75));
        assert!((done.reward.unwrap() - (0.3 * 0.8 + 0.2 * 0.75)).abs() < 1e-12);
        assert!(done.checks.iter().any(|check| check.reason.starts_with("turn 2: ") && !check.passed));
        let right = transcript("sunny", &[("get_weather", json!({}))]);
        let turns = [turns[0].clone(), (turns[1].0.clone(), &right)];
        assert_eq!(assess(&turns, &RewardWeights::default()).score.reward, Some(1.0));
        let failed = Transcript { ending: Ending::Timeout, ..transcript("", &[]) };
        let turns = [turns[0].clone(), (turns[1].0.clone(), &failed)];
        assert_eq!(assess(&turns, &RewardWeights::default()).score.outcome, Outcome::Timeout);
    }
}
