//! The one scoring function: what is expected, a recorded transcript, and what became of it.

use crate::{
    Expectation,
    answer_tree::{self, Judged},
    calls,
    expectation::CALLS_MAX,
};
use types::{CallRecord, CaseScore, CheckResult, Ending, Outcome, RewardWeights, TestCaseCreate, Transcript};

/// Judges `transcript` against `case`. Evaluation reports the result, training maximises its `reward`.
///
/// `task_success` is 1 when every check passes; `tool_usage_efficiency` is the F1 of tool names when calls are expected,
/// 1 or 0 when none may be made, `None` when nothing is said of calls; `response_quality` is the answer check's value,
/// `None` without one. `reward = Σ wᵢmᵢ / Σ wᵢ` over the parts that are not `None`.
///
/// A turn that its provider failed or that was stopped is not judged; one that a limit cut off has failed.
pub fn score(case: &TestCaseCreate, transcript: &Transcript, weights: &RewardWeights) -> CaseScore {
    assess(&Expectation::from(case), transcript, weights).score
}

/// A score, and what is said of the calls beside it.
#[derive(Clone, PartialEq, Debug)]
pub struct Assessment {
    /// The score, with every check and its reason.
    pub score: CaseScore,
    /// More about the calls.
    pub calls: CallMetrics,
}

/// Metrics of calls beside the score; `None` = nothing is said of it.
#[derive(Clone, Copy, PartialEq, Default, Debug)]
pub struct CallMetrics {
    /// Correct arguments of those expected or given, over calls of the same name.
    pub argument_accuracy: Option<f64>,
    /// Calls that are as expected, of those expected or made, whichever are more.
    pub call_exactness: Option<f64>,
    /// `min(1, least / made)`, for successes where the fewest calls are known.
    pub minimal_call_efficiency: Option<f64>,
}

/// [`score`] of anything that can be expected of a turn.
pub fn assess(expected: &Expectation, transcript: &Transcript, weights: &RewardWeights) -> Assessment {
    let unjudged = |outcome, checks| Assessment { score: unjudged(outcome, checks), calls: CallMetrics::default() };
    match &transcript.ending {
        Ending::Cancelled => return unjudged(Outcome::Cancelled, Vec::new()),
        Ending::ProviderError { .. } | Ending::NotConfigured { .. } => {
            return unjudged(Outcome::ProviderError, Vec::new());
        }
        Ending::Replied | Ending::MaxSteps | Ending::Timeout | Ending::LimitReached { .. } => {}
    }
    let (called, answer) = match (call_checks(expected, &transcript.calls), answer_checks(expected, &transcript.reply))
    {
        (Ok(called), Ok(answer)) => (called, answer),
        (Err(unavailable), _) | (_, Err(unavailable)) => return unjudged(Outcome::Unscored, vec![unavailable]),
    };
    let tool_usage_efficiency = called.tools.as_ref().map(|check| check.value);
    let response_quality = answer.as_deref().map(answer_tree::mean);
    let passed = called.passed() && answer.as_deref().is_none_or(answer_tree::passes);
    let answer = answer.into_iter().flatten().map(|judged| judged.result);
    let checks: Vec<CheckResult> = called.tools.into_iter().chain(called.calls).chain(answer).collect();
    if checks.is_empty() {
        return unjudged(Outcome::Unscored, checks);
    }
    let outcome = outcome(transcript, passed);
    let task_success = Some(if outcome == Outcome::Pass { 1.0 } else { 0.0 });
    let reward = reward(weights, task_success, tool_usage_efficiency, response_quality);
    let score = CaseScore { outcome, task_success, tool_usage_efficiency, response_quality, reward, checks };
    Assessment { calls: call_metrics(expected, &transcript.calls, outcome), score }
}

/// The checks of the calls.
struct Called {
    tools: Option<CheckResult>,
    calls: Option<CheckResult>,
}

impl Called {
    /// Where calls are described, they decide: their mode may allow more or fewer than the names do.
    fn passed(&self) -> bool {
        self.calls.as_ref().or(self.tools.as_ref()).is_none_or(|check| check.passed)
    }
}

fn call_checks(expected: &Expectation, made: &[CallRecord]) -> Result<Called, CheckResult> {
    let refused = |reason: String| CheckResult { scorer: "expected_calls".into(), value: 0.0, passed: false, reason };
    let mode = calls::mode(&expected.mode);
    let mode = mode.ok_or_else(|| refused(format!("not scored: `{}` is no way to compare calls", expected.mode)))?;
    let wanted = expected.calls.as_deref().unwrap_or_default();
    if wanted.len() > CALLS_MAX {
        return Err(refused(format!("not scored: {} calls are expected, at most {CALLS_MAX}", wanted.len())));
    }
    let tools = expected.tool_names().map(|names| calls::tool_selection(&names, made));
    Ok(Called { tools, calls: calls::expected_calls(wanted, mode, made) })
}

fn answer_checks(expected: &Expectation, reply: &str) -> Result<Option<Vec<Judged>>, CheckResult> {
    expected.answer.as_ref().map(|tree| answer_tree::judge(tree, reply)).transpose()
}

fn call_metrics(expected: &Expectation, made: &[CallRecord], outcome: Outcome) -> CallMetrics {
    let wanted = expected.calls.as_deref();
    let least = expected.min_calls.filter(|_| outcome == Outcome::Pass);
    CallMetrics {
        argument_accuracy: wanted.and_then(|wanted| calls::argument_accuracy(wanted, made)),
        call_exactness: wanted.map(|wanted| calls::exactness(wanted, made)),
        minimal_call_efficiency: least.map(|least| calls::minimal_call_efficiency(least, made)),
    }
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
        asked.expected_calls = Some(vec![ExpectedCall { name: "get_weather".into(), arguments }]);
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
        let done = assess(&expected, &transcript("It was 2015", &made), &RewardWeights::default());
        assert_eq!((done.score.outcome, done.score.response_quality), (Outcome::Pass, Some(0.5)));
        // F1 of one right name of two calls is 2/3: (0.5·1 + 0.3·2/3 + 0.2·0.5) / 1.
        assert!((done.score.reward.unwrap() - 0.8).abs() < 1e-12);
        assert_eq!(done.calls.call_exactness, Some(0.5));
        assert_eq!((done.calls.argument_accuracy, done.calls.minimal_call_efficiency), (Some(1.0), Some(0.5)));
        let failed = assess(&expected, &transcript("It was 2015", &made[1..]), &RewardWeights::default());
        assert_eq!((failed.score.outcome, failed.calls.minimal_call_efficiency), (Outcome::Fail, None));
    }

    #[test]
    fn what_cannot_be_judged_by_is_unscored_with_the_reason() {
        let unknown = Expectation { mode: "backwards".into(), calls: Some(Vec::new()), ..Expectation::default() };
        let done = assess(&unknown, &transcript("", &[]), &RewardWeights::default());
        assert_eq!((done.score.outcome, done.score.reward), (Outcome::Unscored, None));
        assert!(done.score.checks[0].reason.contains("`backwards`"));
    }
}
