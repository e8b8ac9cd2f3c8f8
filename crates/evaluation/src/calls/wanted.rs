//! One expected call beside one that was made: why it is not it.

use crate::rules::{self, Around};
use serde_json::Value;
use std::cell::Cell;
use types::{CallRecord, ExpectedCall};

/// The arguments of a call beside those expected.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Compared {
    /// How many are right.
    pub correct: usize,
    /// How many are expected or given.
    pub union: usize,
    /// The first thing that makes it another call.
    pub wrong: Option<String>,
}

/// Why `call` is not `wanted`, after the calls before it; `None` = it is.
pub fn why_not(wanted: &ExpectedCall, call: &CallRecord, earlier: &[CallRecord]) -> Option<String> {
    if call.tool_name != wanted.name {
        return Some(format!("`{}` was called, expected `{}`", call.tool_name, wanted.name));
    }
    compared(wanted, call, earlier).wrong
}

/// The arguments of `call`, whatever its name.
pub fn compared(wanted: &ExpectedCall, call: &CallRecord, earlier: &[CallRecord]) -> Compared {
    let Some(given) = &call.arguments else {
        return Compared { wrong: Some("the call is malformed".into()), union: wanted.arguments.len(), correct: 0 };
    };
    let mut compared = Compared::default();
    let matters = |name: &str| !wanted.ignored.iter().any(|ignored| ignored == name);
    for (name, rule) in wanted.arguments.iter().filter(|(name, _)| matters(name)) {
        let actual = given.get(name).or_else(|| wanted.defaults.get(name));
        match rules::check(rule, actual, &Around::after(earlier)) {
            Ok(()) => {
                let there = usize::from(actual.is_some());
                compared.correct += there;
                compared.union += there;
            }
            Err(why) => {
                compared.union += 1;
                compared.wrong.get_or_insert_with(|| format!("`{name}` {why}"));
            }
        }
    }
    let others = given.iter().filter(|(name, _)| matters(name) && !wanted.arguments.contains_key(*name));
    for (name, value) in others {
        if wanted.defaults.get(name).is_some_and(|default| rules::same(default, value)) {
            continue;
        }
        compared.union += 1;
        if wanted.only_these {
            compared.wrong.get_or_insert_with(|| format!("the argument `{name}` is not expected"));
        }
    }
    compared
}

/// What is wrong with the rules of `wanted`, by argument; `compiled` counts them over the case, see [`rules::refusal`].
pub fn refusals(wanted: &ExpectedCall, compiled: &Cell<u32>) -> Vec<(String, String)> {
    let refusal = |(name, rule): (&String, &Value)| Some((name.clone(), rules::refusal(rule, compiled)?));
    wanted.arguments.iter().filter_map(refusal).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn call(arguments: Value) -> CallRecord {
        CallRecord {
            tool_name: "f".into(),
            arguments: arguments.as_object().cloned(),
            result: String::new(),
            is_error: false,
            duration_ms: 0,
        }
    }

    fn wanted(written: Value) -> ExpectedCall {
        serde_json::from_value(written).unwrap()
    }

    #[test]
    fn defaults_stand_in_and_ignored_arguments_do_not_matter() {
        let wanted = wanted(json!({
            "name": "f", "arguments": {"x": 1, "unit": "cm", "note": "a"}, "defaults": {"unit": "cm", "page": 1},
            "ignored": ["note"], "only_these": true
        }));
        assert_eq!(why_not(&wanted, &call(json!({"x": 1})), &[]), None);
        assert_eq!(why_not(&wanted, &call(json!({"x": 1, "unit": "CM", "page": 1, "note": "z"})), &[]), None);
        assert_eq!(
            why_not(&wanted, &call(json!({"x": 1, "unit": "m"})), &[]).unwrap(),
            "`unit` is \"m\", expected \"cm\""
        );
        assert_eq!(
            why_not(&wanted, &call(json!({"x": 1, "page": 2})), &[]).unwrap(),
            "the argument `page` is not expected"
        );
        assert_eq!(why_not(&wanted, &call(json!({})), &[]).unwrap(), "`x` is missing, expected 1");
        assert_eq!(why_not(&wanted, &call(json!(null)), &[]).unwrap(), "the call is malformed");
    }

    #[test]
    fn arguments_are_counted_over_those_expected_or_given() {
        let wanted = wanted(json!({"name": "f", "arguments": {"x": 1, "y": 2, "z": {"@optional": 3}}}));
        let compared = |arguments: Value| {
            let compared = super::compared(&wanted, &call(arguments), &[]);
            (compared.correct, compared.union)
        };
        assert_eq!(compared(json!({"x": 1, "y": 2})), (2, 2));
        assert_eq!(compared(json!({"x": 1, "y": 3, "other": 0})), (1, 3));
        assert_eq!(compared(json!({"x": 1, "z": 3})), (2, 3));
    }
}
