//! A JSON array of cases: what `GET /api/v1/test-cases/export` answers.

use super::{Each, Format, Raw, listed::Listed};
use crate::{
    rows::{bounded, object},
    text::Lines,
};
use serde::Deserializer as _;
use serde_json::{Deserializer, value::RawValue};
use types::{Error, FieldError, TestCaseCreate, json_depth};

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

    fn rows(&self, text: &str, each: Each<'_>) -> Result<(), Error> {
        let depth = json_depth(text.as_bytes());
        if depth > DEPTH_MAX {
            return Err(Error::Invalid(format!(
                "the file is nested {depth} levels deep, expected at most {DEPTH_MAX}"
            )));
        }
        let (mut lines, mut refused) = (Lines::of(text), None);
        let take = |row: &RawValue| each(read_row(lines.line(row.get()), row.get()));
        let mut json = Deserializer::from_str(text);
        let read = json.deserialize_seq(Listed::new(take, &mut refused)).and_then(|()| json.end());
        read.map_err(|error| {
            let unread = || Error::Invalid(format!("the file is not a JSON array of test cases: {error}"));
            refused.unwrap_or_else(unread)
        })
    }

    fn file(&self, rows: &[String]) -> String {
        format!("[\n{}\n]\n", rows.join(",\n"))
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
            FieldError::new("", format!("is not JSON: {what}"))
        })?;
        object(value)
    });
    Raw { line, fields }
}
