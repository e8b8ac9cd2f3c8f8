//! One JSON object a line.

use super::{Format, Raw, json::read_row};
use types::{Error, TestCaseCreate};

/// JSON Lines.
pub struct JsonLines;

impl Format for JsonLines {
    fn name(&self) -> &'static str {
        "jsonl"
    }

    fn recognises(&self, text: &str) -> bool {
        text.trim_start().starts_with('{')
    }

    fn rows(&self, text: &str) -> Result<Vec<Raw>, Error> {
        Ok(lines(text).map(|(number, line)| read_row(number, line)).collect())
    }

    fn write(&self, cases: &[TestCaseCreate]) -> Option<String> {
        let lines: Result<Vec<String>, _> = cases.iter().map(serde_json::to_string).collect();
        lines.ok().map(|lines| lines.into_iter().map(|line| line + "\n").collect())
    }
}

/// The lines that are not blank, numbered from 1.
pub fn lines(text: &str) -> impl Iterator<Item = (u32, &str)> {
    (1..).zip(text.lines().map(str::trim)).filter(|(_, line)| !line.is_empty())
}
