//! What a turn is expected to bring: calls, an answer, both or neither.

use crate::{
    answer_tree,
    answers::Wanted,
    calls::{self, WantedCall},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::cell::Cell;
use types::{FieldError, TestCaseCreate};

/// Most expected calls.
pub const CALLS_MAX: usize = 100;

/// What is expected of one turn. What is absent is not checked.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Expectation {
    /// The calls to make; empty = none may be made.
    pub calls: Option<Vec<WantedCall>>,
    /// How the calls that were made must stand to them: `any_order`, `exact_order`, `in_order`, `subset`, `superset`.
    pub mode: String,
    /// Names of the tools to call, where nothing is said of arguments.
    pub tools: Option<Vec<String>>,
    /// The checks of the answer: `{"check": …}`, or `all`, `any`, `not` of them.
    pub answer: Option<Value>,
    /// The fewest calls that the task can be done with.
    pub min_calls: Option<usize>,
}

impl Default for Expectation {
    fn default() -> Self {
        Self { calls: None, mode: calls::DEFAULT_MODE.into(), tools: None, answer: None, min_calls: None }
    }
}

impl From<&TestCaseCreate> for Expectation {
    /// What the plain fields of a case say.
    fn from(case: &TestCaseCreate) -> Self {
        let answer = Wanted::of(case).map(|wanted| {
            let mut check = json!({ "check": case.task_type, "expected": wanted.expected });
            if let (Some(check), Some(tolerance)) = (check.as_object_mut(), wanted.parameters.get("tolerance")) {
                check.insert("tolerance".into(), tolerance.clone());
            }
            check
        });
        Self {
            calls: case.expected_calls.as_ref().map(|calls| calls.iter().map(WantedCall::from).collect()),
            tools: case.expected_tools_json.clone(),
            answer,
            ..Self::default()
        }
    }
}

impl Expectation {
    /// Names of the tools to call; `None` when nothing is said of calls.
    pub fn tool_names(&self) -> Option<Vec<&str>> {
        match (&self.calls, &self.tools) {
            (Some(calls), _) => Some(calls.iter().map(|call| call.name.as_str()).collect()),
            (None, Some(names)) => Some(names.iter().map(String::as_str).collect()),
            (None, None) => None,
        }
    }

    /// What is wrong with how it is written, by field; empty = a turn can be judged by it.
    pub fn refusals(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if calls::mode(&self.mode).is_none() {
            let known: Vec<&str> = calls::modes().collect();
            errors.push(FieldError::new("mode", format!("is `{}`, expected one of {}", self.mode, known.join(", "))));
        }
        let expected = self.calls.as_deref().unwrap_or_default();
        if expected.len() > CALLS_MAX {
            errors.push(FieldError::new("calls", format!("has {} calls, at most {CALLS_MAX}", expected.len())));
        }
        let compiled = Cell::new(0);
        for (place, call) in expected.iter().enumerate() {
            let refused = call.refusals(&compiled).into_iter();
            errors.extend(refused.map(|(name, why)| FieldError::new(format!("calls[{place}].arguments.{name}"), why)));
        }
        errors.extend(self.answer.as_ref().and_then(answer_tree::refusal).map(|why| FieldError::new("answer", why)));
        errors
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_what_is_wrong_is_told_by_field() {
        let read = |written: Value| serde_json::from_value::<Expectation>(written);
        let sound = json!({
            "calls": [{"name": "f", "arguments": {"x": {"@range": {"min": 1}}}}], "mode": "superset",
            "answer": {"any": [{"check": "contains", "expected": "a"}, {"check": "numeric", "expected": 5, "which": "last"}]},
        });
        assert_eq!(read(sound).unwrap().refusals(), []);
        assert_eq!(read(json!({})).unwrap(), Expectation::default());
        assert!(read(json!({"callz": []})).is_err());
        let wrong = json!({
            "calls": [{"name": "f"}, {"name": "g", "arguments": {"x": {"@regex": "("}}}], "mode": "backwards",
            "answer": {"check": "semantic", "expected": "x"},
        });
        let fields: Vec<String> = read(wrong).unwrap().refusals().into_iter().map(|error| error.field).collect();
        assert_eq!(fields, ["mode", "calls[1].arguments.x", "answer"]);
    }
}
