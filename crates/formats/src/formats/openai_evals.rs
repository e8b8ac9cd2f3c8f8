//! OpenAI evals: JSON Lines with `input` (messages or a text) and `ideal` (one answer, or a list of which any is right).

use super::{Each, Format, first_object, json_lines};
use crate::rows::kind;
use serde_json::{Map, Value, json};
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
                "input" => questions(&value, &mut case)?,
                "ideal" => {
                    let (field, answer) = answer(value)?;
                    case.insert(field.into(), answer);
                }
                _ => {
                    case.insert(name, value);
                }
            }
        }
        several_turns(case)
    }
}

/// What the person says, and the instructions before it.
pub fn questions(input: &Value, case: &mut Map<String, Value>) -> Result<(), FieldError> {
    let refused = |what: &str| FieldError::new("input", what);
    let messages = match input {
        Value::String(text) => {
            case.insert("user_input".into(), text.as_str().into());
            return Ok(());
        }
        Value::Array(messages) => messages,
        other => return Err(refused(&format!("is {}, expected a text or messages", kind(other)))),
    };
    let (mut system, mut said) = (Vec::new(), Vec::new());
    for message in messages {
        let text = message["content"].as_str().ok_or_else(|| refused("has a message without a text as `content`"))?;
        match message["role"].as_str() {
            Some("system" | "developer") if said.is_empty() => system.push(text),
            Some("user") => said.push(text),
            // What a model is to have said cannot be put into the mouth of an agent.
            _ => return Err(refused("has a message that is neither of the user nor, before those, of the system")),
        }
    }
    let first = *said.first().ok_or_else(|| refused("has no message of the user"))?;
    case.insert("user_input".into(), first.into());
    if !system.is_empty() {
        case.insert("system".into(), system.join("\n\n").into());
    }
    if said.len() > 1 {
        let turns = said.iter().map(|text| json!({ "user": text })).collect();
        case.insert("turns".into(), Value::Array(turns));
    }
    Ok(())
}

/// The field of the answer and what it is: of several, any is right.
fn answer(ideal: Value) -> Result<(&'static str, Value), FieldError> {
    let text = |value: &Value| match value.as_str() {
        Some(text) => Ok(Value::from(text)),
        None => Err(FieldError::new("ideal", format!("is {}, expected a text", kind(value)))),
    };
    match ideal {
        Value::Array(answers) => match answers.as_slice() {
            [] => Err(FieldError::new("ideal", "has no answer")),
            [one] => Ok(("expected_output", text(one)?)),
            several => {
                let check = |one: &Value| Ok(json!({ "check": "exact_match", "expected": text(one)? }));
                let checks = several.iter().map(check).collect::<Result<Vec<_>, FieldError>>()?;
                Ok(("answer_checks", json!({ "any": checks })))
            }
        },
        one => Ok(("expected_output", text(&one)?)),
    }
}

/// Where the person speaks several times, the answer is that to the last.
fn several_turns(mut case: Map<String, Value>) -> Result<Map<String, Value>, FieldError> {
    let Some(Value::Array(turns)) = case.get("turns") else { return Ok(case) };
    let mut turns = turns.clone();
    let plain = case.remove("expected_output");
    let check = plain.map(|expected| json!({ "check": "exact_match", "expected": expected }));
    let check = case.remove("answer_checks").or(check);
    if let Some((last, check)) = turns.last_mut().and_then(Value::as_object_mut).zip(check) {
        last.insert("expect".into(), json!({ "answer": check }));
    }
    case.insert("turns".into(), Value::Array(turns));
    Ok(case)
}
