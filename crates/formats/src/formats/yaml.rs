//! A YAML list of cases.

use super::{Format, Raw};
use crate::rows::{bounded, object};
use serde_json::Value;
use serde_saphyr::{Options, Spanned, budget, options};
use types::{CASE_FILE_BYTES_MAX, CASES_MAX, Error, JSON_DEPTH_MAX, TestCaseCreate, json_depth};

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

    fn rows(&self, text: &str) -> Result<Vec<Raw>, Error> {
        let rows: Vec<Spanned<Value>> = serde_saphyr::from_str_with_options(text, limits()).map_err(|error| {
            let line = error.location().map_or(String::new(), |at| format!(" (line {})", at.line()));
            let what = error.without_snippet().to_string();
            Error::Invalid(format!("the file is not a YAML list of test cases{line}: {what}"))
        })?;
        Ok(rows.into_iter().map(row).collect())
    }

    /// JSON is YAML, but for characters that YAML wants escaped.
    fn write(&self, cases: &[TestCaseCreate]) -> Option<String> {
        let lines: Result<Vec<String>, _> = cases.iter().map(serde_json::to_string).collect();
        lines.ok().map(|lines| lines.iter().map(|line| format!("- {}\n", printable(line))).collect())
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

fn row(row: Spanned<Value>) -> Raw {
    let line = u32::try_from(row.referenced.line()).unwrap_or(u32::MAX);
    let text = row.value.to_string();
    Raw::new(line, bounded(text.len(), json_depth(text.as_bytes())).and_then(|()| object(row.value)))
}

/// What a file may cost: nodes, nesting, and above all aliases, which can make much of little.
fn limits() -> Options {
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
