//! GSM8K (arXiv:2110.14168): questions whose worked answers end with `#### ` and a number.

use super::{Each, Format, first_object, json_lines};
use serde_json::{Map, Value, json};
use types::{Error, FieldError};

const MARK: &str = "#### ";

/// GSM8K.
pub struct Gsm8k;

impl Format for Gsm8k {
    fn name(&self) -> &'static str {
        "gsm8k"
    }

    fn recognises(&self, text: &str) -> bool {
        first_object(text).is_some_and(|row| {
            row.contains_key("question") && row.get("answer").and_then(Value::as_str).is_some_and(|a| a.contains(MARK))
        })
    }

    fn rows(&self, text: &str, each: Each<'_>) -> Result<(), Error> {
        json_lines::rows(text, each)
    }

    fn case(&self, row: Map<String, Value>) -> Result<Map<String, Value>, FieldError> {
        case(&row)
    }
}

fn case(row: &Map<String, Value>) -> Result<Map<String, Value>, FieldError> {
    let text = |name: &str| {
        row.get(name).and_then(Value::as_str).ok_or_else(|| FieldError::new(name, "is missing, expected a text"))
    };
    let (question, answer) = (text("question")?, text("answer")?);
    let (_, number) = answer
        .rsplit_once(MARK)
        .ok_or_else(|| FieldError::new("answer", format!("does not end with `{MARK}` and the number")))?;
    let mut case = Map::new();
    case.insert("user_input".into(), json!(question));
    case.insert("expected_output".into(), json!(number.trim().replace(',', "")));
    case.insert("task_type".into(), json!("numeric"));
    case.insert("suite".into(), json!("gsm8k"));
    Ok(case)
}
