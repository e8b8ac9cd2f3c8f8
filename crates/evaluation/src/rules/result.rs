//! `{"@result": {"of": "search", "path": "/items/0/id"}}`: what an earlier call of that tool answered, or a part of it.

use super::{Around, Rule, present, same, shown};
use serde_json::Value;

/// The result of an earlier call.
pub struct OfResult;

/// Longest result that is read as JSON, in bytes.
const RESULT_BYTES_MAX: usize = 1_000_000;

fn read(given: &Value) -> Option<(&str, &str)> {
    let given = given.as_object()?;
    if given.keys().any(|key| !["of", "path"].contains(&key.as_str())) {
        return None;
    }
    let path = given.get("path").map_or(Some(""), Value::as_str)?;
    (path.is_empty() || path.starts_with('/')).then_some((given.get("of")?.as_str()?, path))
}

/// A number may be written as text, and the other way round.
fn same_or_written_so(a: &Value, b: &Value) -> bool {
    let text = |value: &Value| match value {
        Value::Number(number) => Some(Value::from(number.to_string())),
        Value::String(_) => Some(value.clone()),
        _ => None,
    };
    same(a, b) || text(a).zip(text(b)).is_some_and(|(a, b)| same(&a, &b))
}

fn part(result: &str, path: &str) -> Option<Value> {
    let parsed = if result.len() <= RESULT_BYTES_MAX { serde_json::from_str::<Value>(result).ok() } else { None };
    match parsed {
        Some(parsed) => parsed.pointer(path).cloned(),
        None => path.is_empty().then(|| Value::from(result)),
    }
}

impl Rule for OfResult {
    fn name(&self) -> &'static str {
        "result"
    }

    fn label(&self) -> &'static str {
        "comes from an earlier result"
    }

    fn example(&self) -> &'static str {
        "{\"of\": \"search\", \"path\": \"/items/0/id\"}"
    }

    fn refusal(&self, given: &Value) -> Option<String> {
        read(given)
            .is_none()
            .then(|| "is written `{\"of\": \"tool\", \"path\": \"/id\"}`, the path a JSON pointer".into())
    }

    fn check(&self, given: &Value, actual: Option<&Value>, around: &Around) -> Result<(), String> {
        let (tool, path) = read(given).ok_or("cannot be checked: `result` is written in another way")?;
        let actual = present(actual, "an earlier result")?;
        let mut answered = around.earlier.iter().filter(|call| call.tool_name == tool && !call.is_error);
        if answered.any(|call| part(&call.result, path).is_some_and(|part| same_or_written_so(&part, actual))) {
            return Ok(());
        }
        Err(format!(
            "is {}, which no earlier call of `{tool}` answered{}",
            shown(actual),
            if path.is_empty() { String::new() } else { format!(" at {path}") }
        ))
    }
}
