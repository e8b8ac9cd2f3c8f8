//! A YAML list of cases.

use super::{Each, Format, Raw, listed::Listed, objects, small_value::SmallValue};
use crate::rows::{bounded, object};
use serde::Deserializer as _;
use serde_saphyr::{Options, Spanned, budget, options};
use types::{
    CASE_BYTES_MAX, CASE_FILE_BYTES_MAX, CASES_MAX, Error, FieldError, JSON_DEPTH_MAX, TestCaseCreate, json_depth,
};

/// Most aliases in a file.
const ALIASES_MAX: usize = 1_000;

/// YAML 1.2.
pub struct Yaml;

impl Format for Yaml {
    fn name(&self) -> &'static str {
        "yaml"
    }

    fn recognises(&self, text: &str) -> bool {
        let first = text.lines().map(str::trim_end).find(|line| !line.is_empty() && !line.starts_with('#'));
        first.is_some_and(|line| line == "---" || line.starts_with("- ") || line == "-")
    }

    fn rows(&self, text: &str, each: Each<'_>) -> Result<(), Error> {
        let mut refused = None;
        let list = Listed::new(|value| each(row(value)), &mut refused);
        let read =
            serde_saphyr::with_deserializer_from_str_with_options(text, limits(), |yaml| yaml.deserialize_seq(list));
        read.map_err(|error| {
            let line = error.location().map_or(String::new(), |at| format!(" (line {})", at.line()));
            let what = error.without_snippet().to_string();
            let unread = || Error::Invalid(format!("the file is not a YAML list of test cases{line}: {what}"));
            refused.unwrap_or_else(unread)
        })
    }

    /// JSON is YAML, but for characters that YAML wants escaped.
    fn file(&self, rows: &[String]) -> String {
        rows.iter().fold(String::new(), |file, row| file + "- " + &printable(row) + "\n")
    }

    fn write(&self, cases: &[TestCaseCreate]) -> Option<String> {
        Some(self.file(&objects(cases)?))
    }
}

/// The same JSON, with what is not printable (YAML 1.2, rule 1) escaped. Such characters stand in strings only.
fn printable(json: &str) -> String {
    let escaped =
        |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    json.chars().fold(String::with_capacity(json.len()), |mut text, c| {
        if escaped(c) {
            text.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            text.push(c);
        }
        text
    })
}

fn row(row: Spanned<SmallValue>) -> Raw {
    let line = u32::try_from(row.referenced.line()).unwrap_or(u32::MAX);
    let too_large = || FieldError::new("", format!("has more than {CASE_BYTES_MAX} bytes"));
    let fields = row.value.0.ok_or_else(too_large).and_then(|value| {
        let text = value.to_string();
        bounded(text.len(), json_depth(text.as_bytes()))?;
        object(value)
    });
    Raw { line, fields }
}

/// What a file may cost: nodes, nesting, and above all aliases, which can make much of little.
pub fn limits() -> Options {
    options! {
        budget: budget! {
            max_reader_input_bytes: Some(CASE_FILE_BYTES_MAX),
            max_depth: JSON_DEPTH_MAX + 2,
            max_aliases: ALIASES_MAX,
            max_anchors: ALIASES_MAX,
            max_documents: 1,
            max_nodes: 64 * CASES_MAX,
            max_events: 128 * CASES_MAX,
            max_total_scalar_bytes: CASE_FILE_BYTES_MAX,
        },
    }
}
