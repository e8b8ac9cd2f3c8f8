//! One expected call: its name, the rules of its arguments, and why another call is not it.

use crate::rules::{self, Around};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::cell::Cell;
use types::{CallRecord, ExpectedCall};

/// A call that is expected.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantedCall {
    /// Name of the tool.
    pub name: String,
    /// A pattern for each argument: a value, or a rule.
    #[serde(default)]
    pub arguments: Map<String, Value>,
    /// What arguments are where they are not given.
    #[serde(default)]
    pub defaults: Map<String, Value>,
    /// Arguments that do not matter.
    #[serde(default)]
    pub ignored: Vec<String>,
    /// No other argument may be given.
    #[serde(default)]
    pub only_these: bool,
}

impl From<&ExpectedCall> for WantedCall {
    fn from(call: &ExpectedCall) -> Self {
        Self { name: call.name.clone(), arguments: call.arguments.clone(), ..Self::default() }
    }
}

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

impl WantedCall {
    /// Why `call` is not this one, after the calls before it; `None` = it is.
    pub fn why_not(&self, call: &CallRecord, earlier: &[CallRecord]) -> Option<String> {
        if call.tool_name != self.name {
            return Some(format!("`{}` was called, expected `{}`", call.tool_name, self.name));
        }
        self.compared(call, earlier).wrong
    }

    /// The arguments of `call`, whatever its name.
    pub fn compared(&self, call: &CallRecord, earlier: &[CallRecord]) -> Compared {
        let Some(given) = &call.arguments else {
            return Compared { wrong: Some("the call is malformed".into()), union: self.arguments.len(), correct: 0 };
        };
        let mut compared = Compared::default();
        let matters = |name: &str| !self.ignored.iter().any(|ignored| ignored == name);
        for (name, wanted) in self.arguments.iter().filter(|(name, _)| matters(name)) {
            let actual = given.get(name).or_else(|| self.defaults.get(name));
            match rules::check(wanted, actual, &Around::after(earlier)) {
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
        let others = given.iter().filter(|(name, _)| matters(name) && !self.arguments.contains_key(*name));
        for (name, value) in others {
            if self.defaults.get(name).is_some_and(|default| rules::same(default, value)) {
                continue;
            }
            compared.union += 1;
            if self.only_these {
                compared.wrong.get_or_insert_with(|| format!("the argument `{name}` is not expected"));
            }
        }
        compared
    }

    /// What is wrong with the rules, by argument; `compiled` counts them over the case, see [`rules::refusal`].
    pub fn refusals(&self, compiled: &Cell<u32>) -> Vec<(String, String)> {
        let refusal = |(name, wanted): (&String, &Value)| Some((name.clone(), rules::refusal(wanted, compiled)?));
        self.arguments.iter().filter_map(refusal).collect()
    }
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

    fn wanted(written: Value) -> WantedCall {
        serde_json::from_value(written).unwrap()
    }

    #[test]
    fn defaults_stand_in_and_ignored_arguments_do_not_matter() {
        let wanted = wanted(json!({
            "name": "f", "arguments": {"x": 1, "unit": "cm", "note": "a"}, "defaults": {"unit": "cm", "page": 1},
            "ignored": ["note"], "only_these": true
        }));
        assert_eq!(wanted.why_not(&call(json!({"x": 1})), &[]), None);
        assert_eq!(wanted.why_not(&call(json!({"x": 1, "unit": "CM", "page": 1, "note": "z"})), &[]), None);
        assert_eq!(
            wanted.why_not(&call(json!({"x": 1, "unit": "m"})), &[]).unwrap(),
            "`unit` is \"m\", expected \"cm\""
        );
        assert_eq!(
            wanted.why_not(&call(json!({"x": 1, "page": 2})), &[]).unwrap(),
            "the argument `page` is not expected"
        );
        assert_eq!(wanted.why_not(&call(json!({})), &[]).unwrap(), "`x` is missing, expected 1");
        assert_eq!(wanted.why_not(&call(json!(null)), &[]).unwrap(), "the call is malformed");
    }

    #[test]
    fn arguments_are_counted_over_those_expected_or_given() {
        let wanted = wanted(json!({"name": "f", "arguments": {"x": 1, "y": 2, "z": {"@optional": 3}}}));
        let compared = |arguments: Value| {
            let compared = wanted.compared(&call(arguments), &[]);
            (compared.correct, compared.union)
        };
        assert_eq!(compared(json!({"x": 1, "y": 2})), (2, 2));
        assert_eq!(compared(json!({"x": 1, "y": 3, "other": 0})), (1, 3));
        assert_eq!(compared(json!({"x": 1, "z": 3})), (2, 3));
    }
}
