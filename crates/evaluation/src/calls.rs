//! Checks of the calls an agent made: which tools, and with which arguments.

pub(crate) mod matching;

pub use matching::one_of;

use types::{CallRecord, CheckResult, ExpectedCall, TestCaseCreate};

/// F1 of the called tool names against the expected ones, on multisets: `TP = Σ min(e, a)`, `P = TP/|A|`, `R = TP/|E|`,
/// `F1 = 2PR/(P+R)`; both empty = 1, exactly one empty = 0. `None` when the case says nothing of calls.
///
/// A malformed call counts as made, and matches nothing.
pub fn tool_selection(case: &TestCaseCreate, calls: &[CallRecord]) -> Option<CheckResult> {
    let expected = case.expected_tool_names()?;
    let mut unmatched = expected.clone();
    let mut matched = 0;
    for call in calls.iter().filter(|call| call.arguments.is_some()) {
        if let Some(place) = unmatched.iter().position(|name| *name == call.tool_name) {
            unmatched.swap_remove(place);
            matched += 1;
        }
    }
    let value = f1(matched, calls.len(), expected.len());
    Some(CheckResult {
        scorer: "tool_selection".into(),
        value,
        passed: value >= 1.0,
        reason: format!("expected {}, called {}", listed(&expected), listed(&names(calls))),
    })
}

/// Whether the calls are the expected ones with their arguments, in any order: `|M| / max(|E|, |A|)` over a maximum
/// matching `M`. `None` when the case names no arguments to check.
pub fn expected_calls(case: &TestCaseCreate, calls: &[CallRecord]) -> Option<CheckResult> {
    let expected = case.expected_calls.as_deref().filter(|expected| !expected.is_empty())?;
    let found = matching::maximum(expected, calls, matching::call_matches);
    let larger = expected.len().max(calls.len());
    let value = ratio(found.iter().flatten().count(), larger);
    Some(CheckResult {
        scorer: "expected_calls".into(),
        value,
        passed: value >= 1.0,
        reason: reason(expected, calls, &found),
    })
}

pub(crate) fn reason(expected: &[ExpectedCall], calls: &[CallRecord], found: &[Option<usize>]) -> String {
    let missing: Vec<String> = expected
        .iter()
        .zip(found)
        .filter(|(_, found)| found.is_none())
        .map(|(call, _)| format!("{}({})", call.name, serde_json::Value::Object(call.arguments.clone())))
        .collect();
    let made: Vec<String> = calls.iter().map(described).collect();
    if missing.is_empty() && expected.len() == calls.len() {
        return format!("every expected call was made: {}", made.join(", "));
    }
    let made = if made.is_empty() { "none".into() } else { made.join(", ") };
    if missing.is_empty() {
        format!("{} calls more than expected; made: {made}", calls.len() - expected.len())
    } else {
        format!("not made as expected: {}; made: {made}", missing.join(", "))
    }
}

fn described(call: &CallRecord) -> String {
    match &call.arguments {
        Some(arguments) => format!("{}({})", call.tool_name, serde_json::Value::Object(arguments.clone())),
        None => format!("{}(malformed)", call.tool_name),
    }
}

fn f1(matched: usize, actual: usize, expected: usize) -> f64 {
    if actual == 0 && expected == 0 {
        return 1.0;
    }
    // 2PR/(P+R) = 2·TP/(|A|+|E|).
    ratio(2 * matched, actual + expected)
}

#[expect(clippy::cast_precision_loss, reason = "counts of calls are far below 2^52")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn names(calls: &[CallRecord]) -> Vec<&str> {
    calls.iter().map(|call| call.tool_name.as_str()).collect()
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() { "no tool".into() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn call(name: &str, arguments: serde_json::Value) -> CallRecord {
        CallRecord {
            tool_name: name.into(),
            arguments: arguments.as_object().cloned(),
            result: String::new(),
            is_error: false,
            duration_ms: 0,
        }
    }

    fn selection(expected: &[&str], actual: &[&str]) -> f64 {
        let case = TestCaseCreate {
            expected_tools_json: Some(expected.iter().map(|name| (*name).into()).collect()),
            ..TestCaseCreate::default()
        };
        let calls: Vec<_> = actual.iter().map(|name| call(name, json!({}))).collect();
        tool_selection(&case, &calls).unwrap().value
    }

    #[test]
    fn names_are_compared_as_multisets() {
        assert_eq!(selection(&[], &[]), 1.0);
        assert_eq!(selection(&[], &["a"]), 0.0);
        assert_eq!(selection(&["a"], &[]), 0.0);
        assert_eq!(selection(&["a", "b"], &["b", "a"]), 1.0);
        // TP 1, |A| 2, |E| 1: P 1/2, R 1, F1 2/3.
        assert!((selection(&["a"], &["a", "a"]) - 2.0 / 3.0).abs() < 1e-12);
        // TP 2 of a,a,b against a,b,c: P 2/3, R 2/3, F1 2/3.
        assert!((selection(&["a", "a", "b"], &["a", "b", "c"]) - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(tool_selection(&TestCaseCreate::default(), &[]), None);
    }

    #[test]
    fn a_call_too_many_costs_its_share() {
        let expected = ExpectedCall { name: "f".into(), arguments: json!({"x": 1}).as_object().cloned().unwrap() };
        let case = TestCaseCreate { expected_calls: Some(vec![expected]), ..TestCaseCreate::default() };
        let made = [call("f", json!({"x": 1})), call("g", json!({}))];
        let check = expected_calls(&case, &made).unwrap();
        assert_eq!((check.value, check.passed), (0.5, false));
        assert!(check.reason.starts_with("1 calls more than expected"), "{}", check.reason);
    }
}
