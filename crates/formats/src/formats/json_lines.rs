//! One JSON object a line.

use super::{Each, Format, json::read_row, objects};
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

    fn rows(&self, text: &str, each: Each<'_>) -> Result<(), Error> {
        rows(text, each)
    }

    fn write(&self, cases: &[TestCaseCreate]) -> Option<String> {
        Some(self.file(&objects(cases)?))
    }
}

/// Gives `each` the lines that are not blank, numbered from 1.
pub fn rows(text: &str, each: Each<'_>) -> Result<(), Error> {
    let mut lines = (1..).zip(text.lines().map(str::trim)).filter(|(_, line)| !line.is_empty());
    lines.try_for_each(|(number, line)| each(read_row(number, line)))
}
