//! What the policy sees when it decides, and what it can decide.

use serde_json::Value;
use std::sync::Arc;
use types::ToolSpec;

/// Values taken from the results of one turn, at most.
pub const LEAVES_MAX: usize = 64;
/// Results of one turn that are looked at (the newest), at most.
const RESULTS_MAX: usize = 8;
const DEPTH_MAX: usize = 8;

/// The turn so far. Nothing else is seen: no earlier turn, no clock.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct State {
    /// What the person says.
    pub user_input: String,
    /// Answers of the tools called so far, oldest first.
    pub results: Vec<ToolResult>,
    /// The tools on offer.
    pub tools: Arc<[ToolSpec]>,
}

/// What a tool answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ToolResult {
    /// Which tool.
    pub tool_name: String,
    /// Its answer: JSON or plain text.
    pub text: String,
    /// Whether it failed.
    pub is_error: bool,
}

/// A value found in a tool's result.
#[derive(Clone, PartialEq, Debug)]
pub struct Leaf {
    /// Where: `results.0.title`; `value` for plain text, `error` for a failure.
    pub path: String,
    /// The value as text.
    pub text: String,
    /// The value as JSON.
    pub value: Value,
    /// Whether it is of the newest result.
    pub newest: bool,
    /// Whether every list on the way was entered at its first element.
    pub first: bool,
}

impl Leaf {
    /// The last part of the path: `title`.
    pub fn name(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or(&self.path)
    }
}

/// The values of the results, newest result first.
pub fn leaves(results: &[ToolResult]) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    for (age, result) in results.iter().rev().take(RESULTS_MAX).enumerate() {
        let mut walk = Walk { newest: age == 0, leaves: &mut leaves };
        if result.is_error {
            walk.push("error", Value::String(result.text.clone()), true);
            continue;
        }
        match serde_json::from_str::<Value>(&result.text) {
            Ok(value @ (Value::Object(_) | Value::Array(_))) => walk.value("", value, true, 0),
            // A plain number stays as it was written: `1e3` is not turned into `1000.0`.
            _ => walk.push("value", Value::String(result.text.clone()), true),
        }
    }
    leaves
}

struct Walk<'a> {
    newest: bool,
    leaves: &'a mut Vec<Leaf>,
}

impl Walk<'_> {
    fn value(&mut self, path: &str, value: Value, first: bool, depth: usize) {
        let under = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        match value {
            _ if depth > DEPTH_MAX || self.leaves.len() >= LEAVES_MAX => {}
            Value::Object(fields) => {
                for (key, value) in fields {
                    self.value(&under(&key), value, first, depth + 1);
                }
            }
            Value::Array(elements) => {
                for (index, element) in elements.into_iter().enumerate() {
                    self.value(&under(&index.to_string()), element, first && index == 0, depth + 1);
                }
            }
            Value::Null => {}
            value => self.push(path, value, first),
        }
    }

    fn push(&mut self, path: &str, value: Value, first: bool) {
        let text = match &value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        self.leaves.push(Leaf { path: path.to_owned(), text, value, newest: self.newest, first });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(text: &str, is_error: bool) -> ToolResult {
        ToolResult { tool_name: "search".into(), text: text.into(), is_error }
    }

    #[test]
    fn values_are_found_by_path_newest_result_first() {
        let results = [result("345", false), result(r#"{"results":[{"title":"a"},{"title":"b"}],"n":null}"#, false)];
        let found: Vec<_> = leaves(&results).into_iter().map(|l| (l.path, l.text, l.newest, l.first)).collect();
        let leaf = |path: &str, text: &str, newest, first| (path.to_owned(), text.to_owned(), newest, first);
        let expected = [
            leaf("results.0.title", "a", true, true),
            leaf("results.1.title", "b", true, false),
            leaf("value", "345", false, true),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_failure_is_one_value_named_error() {
        let found = leaves(&[result("{\"a\":1}", true)]);
        assert_eq!((found[0].path.as_str(), found[0].text.as_str()), ("error", "{\"a\":1}"));
    }

    #[test]
    fn a_hostile_result_is_bounded() {
        let wide = format!("[{}1]", "1,".repeat(10_000));
        assert_eq!(leaves(&[result(&wide, false)]).len(), LEAVES_MAX);
        let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
        assert_eq!(leaves(&[result(&deep, false)]).len(), 0);
    }
}
