//! Checks of the calls an agent made: which tools, with which arguments, in which order.

pub(crate) mod matching;
mod modes;
mod wanted;

pub use modes::{mode, modes};
pub use wanted::{refusals, why_not};

use types::{CallRecord, CheckResult, ExpectedCall};
use wanted::compared;

/// Names of tools that were to be called, and that were called, as multisets: `TP = Σ min(e, a)` of them are the same.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Selection {
    matched: usize,
    made: usize,
    expected: usize,
}

impl Selection {
    /// A malformed call counts as made, and matches nothing.
    pub fn of(expected: &[&str], calls: &[CallRecord]) -> Self {
        let mut unmatched = expected.to_vec();
        let mut matched = 0;
        for call in calls.iter().filter(|call| call.arguments.is_some()) {
            if let Some(place) = unmatched.iter().position(|name| *name == call.tool_name) {
                unmatched.swap_remove(place);
                matched += 1;
            }
        }
        Self { matched, made: calls.len(), expected: expected.len() }
    }

    /// Those of several turns together.
    pub fn sum(turns: impl Iterator<Item = Self>) -> Self {
        turns.fold(Self::default(), |sum, one| Self {
            matched: sum.matched + one.matched,
            made: sum.made + one.made,
            expected: sum.expected + one.expected,
        })
    }

    /// `P = TP/|A|`, `R = TP/|E|`, `F1 = 2PR/(P+R) = 2·TP/(|A|+|E|)`; both empty = 1, exactly one empty = 0.
    pub fn f1(self) -> f64 {
        if self.made + self.expected == 0 { 1.0 } else { ratio(2 * self.matched, self.made + self.expected) }
    }
}

/// The check of [`Selection::f1`].
pub fn tool_selection(expected: &[&str], calls: &[CallRecord]) -> CheckResult {
    let value = Selection::of(expected, calls).f1();
    CheckResult {
        scorer: "tool_selection".into(),
        value,
        passed: value >= 1.0,
        reason: format!("expected {}, called {}", listed(expected), listed(&names(calls))),
    }
}

/// Whether the calls are the expected ones with their arguments, as `mode` says. `None` when no call is expected: then
/// [`tool_selection`] says all.
pub fn expected_calls(expected: &[ExpectedCall], mode: modes::Mode, calls: &[CallRecord]) -> Option<CheckResult> {
    if expected.is_empty() {
        return None;
    }
    let paired = mode(expected.len(), calls.len(), &|wanted, made| fits(expected, calls, wanted, made));
    let passed = paired.value >= 1.0;
    let reason = if passed && expected.len() != calls.len() {
        format!("as expected, of {} calls made: {}", calls.len(), listed(&names(calls)))
    } else {
        reason(expected, calls, &paired.found)
    };
    Some(CheckResult { scorer: "expected_calls".into(), value: paired.value, passed, reason })
}

fn fits(expected: &[ExpectedCall], calls: &[CallRecord], wanted: usize, made: usize) -> bool {
    let earlier = calls.get(..made).unwrap_or_default();
    expected.get(wanted).zip(calls.get(made)).is_some_and(|(wanted, call)| why_not(wanted, call, earlier).is_none())
}

/// `|M| / max(|E|, |A|)` over a maximum matching `M`; nothing expected and nothing made = 1.
pub fn exactness(expected: &[ExpectedCall], calls: &[CallRecord]) -> f64 {
    let (left, right): (Vec<usize>, Vec<usize>) = ((0..expected.len()).collect(), (0..calls.len()).collect());
    let found = matching::maximum(&left, &right, |wanted, made| fits(expected, calls, *wanted, *made));
    let larger = expected.len().max(calls.len());
    if larger == 0 { 1.0 } else { ratio(found.iter().flatten().count(), larger) }
}

/// Correct arguments of all that are expected or given, over pairs of calls of one name: first those that fit, then for
/// each expected call the one left over with the most that is right. `None` without such a pair.
pub fn argument_accuracy(expected: &[ExpectedCall], calls: &[CallRecord]) -> Option<f64> {
    let (left, right): (Vec<usize>, Vec<usize>) = ((0..expected.len()).collect(), (0..calls.len()).collect());
    let mut found = matching::maximum(&left, &right, |wanted, made| fits(expected, calls, *wanted, *made));
    let compared = |wanted: &ExpectedCall, made: usize| {
        calls.get(made).map(|call| compared(wanted, call, calls.get(..made).unwrap_or_default()))
    };
    let (mut correct, mut union, mut pairs) = (0, 0, 0);
    for (place, wanted) in expected.iter().enumerate() {
        let named = |made: &usize| calls.get(*made).is_some_and(|call| call.tool_name == wanted.name);
        let taken = found.get(place).copied().flatten();
        let made = taken.or_else(|| {
            let free = right.iter().copied().filter(|made| !found.contains(&Some(*made)) && named(made));
            free.rev().max_by_key(|made| compared(wanted, *made).map_or(0, |compared| compared.correct))
        });
        if let Some(compared) = made.and_then(|made| compared(wanted, made)) {
            (correct, union, pairs) = (correct + compared.correct, union + compared.union, pairs + 1);
        }
        if let Some(slot) = found.get_mut(place) {
            *slot = made;
        }
    }
    (pairs > 0).then(|| if union == 0 { 1.0 } else { ratio(correct, union) })
}

/// `min(1, least / |A|)`: 1 where no more calls were made than are needed.
pub fn minimal_call_efficiency(least: usize, calls: &[CallRecord]) -> f64 {
    if calls.len() <= least { 1.0 } else { ratio(least, calls.len()) }
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
        let calls: Vec<_> = actual.iter().map(|name| call(name, json!({}))).collect();
        tool_selection(expected, &calls).value
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
    }

    fn wanted(name: &str, arguments: serde_json::Value) -> ExpectedCall {
        ExpectedCall {
            name: name.into(),
            arguments: arguments.as_object().cloned().unwrap_or_default(),
            ..ExpectedCall::default()
        }
    }

    #[test]
    fn a_call_too_many_costs_its_share() {
        let made = [call("f", json!({"x": 1})), call("g", json!({}))];
        let check = expected_calls(&[wanted("f", json!({"x": 1}))], mode(types::CALL_MODE).unwrap(), &made).unwrap();
        assert_eq!((check.value, check.passed), (0.5, false));
        assert!(check.reason.starts_with("1 calls more than expected"), "{}", check.reason);
    }

    #[test]
    fn a_result_must_have_been_there_before_the_call() {
        let by_result = wanted("open", json!({"id": {"@result": {"of": "search", "path": "/id"}}}));
        let search = CallRecord { result: r#"{"id": 7}"#.into(), ..call("search", json!({})) };
        let open = call("open", json!({"id": 7}));
        let expected = [wanted("search", json!({})), by_result];
        let value =
            |made: &[CallRecord]| expected_calls(&expected, mode(types::CALL_MODE).unwrap(), made).unwrap().value;
        assert_eq!(value(&[search.clone(), open.clone()]), 1.0);
        assert_eq!(value(&[open, search]), 0.5);
    }

    #[test]
    fn metrics_of_calls_count_what_is_right() {
        let expected = [wanted("f", json!({"x": 1, "y": 2})), wanted("g", json!({"z": 3}))];
        let made = [call("f", json!({"x": 1, "y": 0})), call("h", json!({})), call("g", json!({"z": 3}))];
        // f: 1 of 2, g: 1 of 1; 1 of 3 calls is right.
        assert!((argument_accuracy(&expected, &made).unwrap() - 2.0 / 3.0).abs() < 1e-12);
        assert!((exactness(&expected, &made) - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!((argument_accuracy(&expected, &[]), exactness(&[], &[])), (None, 1.0));
        // The better of two calls of one name is taken.
        let two = [call("f", json!({"x": 0})), call("f", json!({"x": 1}))];
        assert_eq!(argument_accuracy(&expected[..1], &two), Some(0.5));
        assert_eq!((minimal_call_efficiency(1, &made), minimal_call_efficiency(3, &made)), (1.0 / 3.0, 1.0));
        assert_eq!((minimal_call_efficiency(0, &[]), minimal_call_efficiency(0, &made)), (1.0, 0.0));
    }
}
