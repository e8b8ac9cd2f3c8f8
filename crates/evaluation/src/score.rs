//! The one scoring function: a case, a recorded transcript, and what became of it.

use crate::{answers, calls};
use types::{CaseScore, CheckResult, Ending, Outcome, RewardWeights, TestCaseCreate, Transcript};

/// Judges `transcript` against `case`. Evaluation reports the result, training maximises its `reward`.
///
/// `task_success` is 1 when every check passes; `tool_usage_efficiency` is the F1 of tool names when calls are expected,
/// 1 or 0 when none may be made, `None` when nothing is said of calls; `response_quality` is the answer check's value,
/// `None` without one. `reward = Σ wᵢmᵢ / Σ wᵢ` over the parts that are not `None`.
///
/// A turn that its provider failed or that was stopped is not judged; one that a limit cut off has failed.
pub fn score(case: &TestCaseCreate, transcript: &Transcript, weights: &RewardWeights) -> CaseScore {
    match &transcript.ending {
        Ending::Cancelled => return unjudged(Outcome::Cancelled, Vec::new()),
        Ending::ProviderError { .. } | Ending::NotConfigured { .. } => {
            return unjudged(Outcome::ProviderError, Vec::new());
        }
        Ending::Replied | Ending::MaxSteps | Ending::Timeout | Ending::LimitReached { .. } => {}
    }
    let answer = match answers::check(case, &transcript.reply) {
        Ok(answer) => answer,
        Err(unavailable) => return unjudged(Outcome::Unscored, vec![unavailable]),
    };
    let tools = calls::tool_selection(case, &transcript.calls);
    let tool_usage_efficiency = tools.as_ref().map(|check| check.value);
    let response_quality = answer.as_ref().map(|check| check.value);
    let checks: Vec<CheckResult> =
        tools.into_iter().chain(calls::expected_calls(case, &transcript.calls)).chain(answer).collect();
    if checks.is_empty() {
        return unjudged(Outcome::Unscored, checks);
    }
    let outcome = outcome(transcript, checks.iter().all(|check| check.passed));
    let task_success = Some(if outcome == Outcome::Pass { 1.0 } else { 0.0 });
    let reward = reward(weights, task_success, tool_usage_efficiency, response_quality);
    CaseScore { outcome, task_success, tool_usage_efficiency, response_quality, reward, checks }
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
}
