//! A JSON array of cases: what `GET /api/v1/test-cases/export` answers.

use super::{Format, Raw};
use crate::{
    rows::{bounded, object},
    text::Lines,
};
use serde_json::value::RawValue;
use types::{Error, TestCaseCreate, json_depth};

/// Deepest nesting of a whole file: deeper is refused before it is parsed.
const DEPTH_MAX: usize = 100;

/// A JSON array.
pub struct Json;

impl Format for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn recognises(&self, text: &str) -> bool {
        text.trim_start().starts_with('[')
    }

    fn rows(&self, text: &str) -> Result<Vec<Raw>, Error> {
        let depth = json_depth(text.as_bytes());
        if depth > DEPTH_MAX {
            return Err(Error::Invalid(format!(
                "the file is nested {depth} levels deep, expected at most {DEPTH_MAX}"
            )));
        }
        let rows: Vec<&RawValue> = serde_json::from_str(text)
            .map_err(|error| Error::Invalid(format!("the file is not a JSON array of test cases: {error}")))?;
        let mut lines = Lines::of(text);
        Ok(rows.into_iter().map(|row| read_row(lines.line(row.get()), row.get())).collect())
    }

    fn write(&self, cases: &[TestCaseCreate]) -> Option<String> {
        serde_json::to_string_pretty(cases).ok()
    }
}

/// One JSON object on a line of the file.
pub fn read_row(line: u32, text: &str) -> Raw {
    let fields = bounded(text.len(), json_depth(text.as_bytes())).and_then(|()| {
        let value = serde_json::from_str(text).map_err(|error| {
            // Line and column would be counted from the beginning of the row.
            let message = error.to_string();
            let what = message.split_once(" at line ").map_or(message.as_str(), |(what, _)| what);
            types::FieldError::new("", format!("is not JSON: {what}"))
        })?;
        object(value)
    });
    Raw::new(line, fields)
}
