//! Expressions over samples: values, refusals with their place, and what is too much.

use super::*;
use serde_json::json;
use types::{MetricId, ResultId, Timestamp};

fn sample(case: u128, reply: &str, latency_ms: i64) -> EvaluationResult {
    serde_json::from_value(json!({
        "id": uuid(case), "test_case_id": uuid(case), "task_success": 1.0, "tool_usage_efficiency": 0.0,
        "response_quality": 1.0, "reward": 0.75, "response_text": reply,
        "tool_calls_json": [{"tool_name": "search", "arguments": {"query": "x"}, "result": "", "is_error": false, "duration_ms": 1}],
        "scored": {"task_success": true, "tool_usage_efficiency": false, "response_quality": true, "reward": true},
        "outcome": "pass", "checks": [], "user_input": "Go?", "latency_ms": latency_ms, "error": null,
        "case_version": 1, "usage": null, "metrics": {}, "turns": [],
    }))
    .unwrap()
}

fn uuid(n: u128) -> String {
    ResultId(serde_json::from_value(json!(format!("00000000-0000-0000-0000-{n:012}"))).unwrap()).to_string()
}

fn metric(expression: &str, kind: MetricKind) -> Metric {
    Metric {
        id: MetricId(serde_json::from_value(json!(uuid(1))).unwrap()),
        name: "mine".into(),
        description: String::new(),
        expression: expression.into(),
        kind,
        created_at: Timestamp::from_millis(0),
        updated_at: None,
    }
}

#[test]
fn expressions_read_the_fields_of_a_sample() {
    let (language, sample) = (MetricLanguage::default(), sample(1, "Sorry, no", 1500));
    let number = |expression: &str| language.computing(expression, MetricKind::Number)(&sample);
    let flag = |expression: &str| language.computing(expression, MetricKind::Flag)(&sample);
    assert_eq!(number("calls|length"), Ok(1.0));
    assert_eq!(number("latency_ms / 1000 + reward * 2"), Ok(3.0));
    assert_eq!(number("calls|selectattr('tool_name', 'eq', 'search')|list|length"), Ok(1.0));
    assert_eq!(number("0 if reward is none else reward"), Ok(0.75));
    assert_eq!(flag("'sorry' in reply|lower"), Ok(1.0));
    assert_eq!(flag("outcome == 'pass' and latency_ms < 1000"), Ok(0.0));
    assert_eq!(flag("calls[0].arguments.query == 'x'"), Ok(1.0));
}

#[test]
fn what_cannot_be_computed_has_a_reason_and_no_value() {
    let (language, sample) = (MetricLanguage::default(), sample(1, "x", 1));
    for (expression, kind, why) in [
        ("tool_usage_efficiency", MetricKind::Number, "gives none"),
        ("tool_usage_efficiency + 1", MetricKind::Number, "at character 1"),
        ("reply", MetricKind::Number, "gives a string"),
        ("reward", MetricKind::Flag, "expected true or false"),
        ("reward > 0", MetricKind::Number, "expected a number"),
        ("metrics.missing", MetricKind::Number, "gives"),
        ("(reply * 100000000)|length", MetricKind::Number, "takes more than 100000 steps"),
        ("1 / 0", MetricKind::Number, ""),
    ] {
        let refused = language.computing(expression, kind)(&sample).unwrap_err();
        assert!(refused.contains(why), "{expression}: {refused}");
    }
}

#[test]
fn a_bad_expression_is_refused_with_its_place() {
    let language = MetricLanguage::default();
    assert_eq!(language.refusal("calls|length > 2 and 'é' in reply"), None);
    for (expression, why) in [
        ("reward +", "at character"),
        ("'é' in repli", "at character 8: there is no `repli`; there are question, reply"),
        ("range(10)|length", "there is no `range`"),
        ("reward | frobnicate", "frobnicate"),
    ] {
        let refused = language.refusal(expression).unwrap_or_else(|| panic!("{expression} is accepted"));
        assert!(refused.message.contains(why), "{expression}: {refused:?}");
    }
}

#[test]
fn a_summary_has_a_mean_an_interval_and_the_failures_first() {
    let language = MetricLanguage::default();
    let samples: Vec<EvaluationResult> = (1..=4).map(|n| sample(n, "x", i64::try_from(n).unwrap() * 10)).collect();
    let done = language.summary(&metric("latency_ms", MetricKind::Number), &samples, 2);
    assert_eq!((done.n, done.missing, done.mean, done.samples.len()), (4, 0, Some(25.0), 2));
    // 10, 20, 30, 40: standard deviation 12.91, t(3) = 3.182, half width 3.182 · 12.91 / 2 = 20.54.
    let (low, high) = done.interval.unwrap();
    assert!((low - 4.46).abs() < 0.01 && (high - 45.54).abs() < 0.01, "{low} {high}");
    assert_eq!(done.histogram.iter().map(|bar| bar.count).collect::<Vec<_>>(), [1, 0, 0, 1, 0, 0, 1, 0, 0, 1]);
    let done = language.summary(&metric("latency_ms if latency_ms > 10 else none", MetricKind::Number), &samples, 2);
    assert_eq!((done.n, done.missing, done.mean), (3, 1, Some(30.0)));
    assert_eq!(done.samples[0].value, None);
    let done = language.summary(&metric("latency_ms > 30", MetricKind::Flag), &samples, 0);
    assert_eq!((done.mean, done.histogram[0].count, done.histogram[1].count), (Some(0.25), 3, 1));
    // Wilson's interval of 1 of 4.
    let (low, high) = done.interval.unwrap();
    assert!((low - 0.0456).abs() < 0.001 && (high - 0.6994).abs() < 0.001, "{low} {high}");
}
