//! OpenAI evals: JSON Lines with `input` (messages or a text) and `ideal` (one answer, or a list of one).

use super::{Each, Format, first_object, json_lines};
use crate::rows::kind;
use serde_json::{Map, Value};
use types::{Error, FieldError};

/// OpenAI evals.
pub struct OpenAiEvals;

impl Format for OpenAiEvals {
    fn name(&self) -> &'static str {
        "openai_evals"
    }

    fn recognises(&self, text: &str) -> bool {
        first_object(text).is_some_and(|row| row.contains_key("input") && row.contains_key("ideal"))
    }

    fn rows(&self, text: &str, each: Each<'_>) -> Result<(), Error> {
        json_lines::rows(text, each)
    }

    fn case(&self, row: Map<String, Value>) -> Result<Map<String, Value>, FieldError> {
        let mut case = Map::new();
        for (name, value) in row {
            match name.as_str() {
                "input" => case.insert("user_input".into(), Value::String(question(&value)?)),
                "ideal" => case.insert("expected_output".into(), Value::String(answer(&value)?)),
                _ => case.insert(name, value),
            };
        }
        Ok(case)
    }
}

/// The text that the person says; a case holds one.
fn question(input: &Value) -> Result<String, FieldError> {
    match input {
        Value::String(text) => Ok(text.clone()),
        Value::Array(messages) => match messages.as_slice() {
            [one] if one["role"] == "user" => {
                let text = one["content"].as_str();
                text.map(str::to_owned).ok_or_else(|| FieldError::new("input", "its message has no text as `content`"))
            }
            [] => Err(FieldError::new("input", "has no message")),
            _ => Err(FieldError::new("input", "has other messages than one of the user; a case holds one question")),
        },
        other => Err(FieldError::new("input", format!("is {}, expected a text or messages", kind(other)))),
    }
}

fn answer(ideal: &Value) -> Result<String, FieldError> {
    let one = match ideal {
        Value::Array(answers) => match answers.as_slice() {
            [one] => one,
            _ => return Err(FieldError::new("ideal", format!("has {} answers, expected one", answers.len()))),
        },
        one => one,
    };
    let text = one.as_str().map(str::to_owned);
    text.ok_or_else(|| FieldError::new("ideal", format!("is {}, expected a text", kind(one))))
}
