//! The formats, by name.

mod gsm8k;
mod json;
mod json_lines;
mod openai_evals;
mod table;
mod yaml;

use crate::ERRORS_COLUMN;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use types::{Error, FieldError, TestCaseCreate};

/// A format of files of cases.
pub trait Format: Send + Sync {
    /// What people and options call it.
    fn name(&self) -> &'static str;

    /// Whether a file that begins like this is likely one. Formats are asked in the order of [`formats`].
    fn recognises(&self, text: &str) -> bool;

    /// The rows of a file.
    ///
    /// # Errors
    /// [`Error::Invalid`]: it is no file of this format.
    fn rows(&self, text: &str) -> Result<Vec<Raw>, Error>;

    /// The rows with these numbers (from 1), with what is wrong.
    ///
    /// # Errors
    /// As [`Format::rows`].
    fn corrections(&self, text: &str, wrong: &BTreeMap<u32, String>) -> Result<String, Error> {
        let mut lines = String::new();
        for (number, row) in (1..).zip(self.rows(text)?) {
            let Some(errors) = wrong.get(&number) else { continue };
            // A row that could not be read is not there to be corrected, only its place.
            let place = || Map::from_iter([("line".to_owned(), Value::from(row.line))]);
            let mut fields = row.fields.unwrap_or_else(|_| place());
            fields.insert(ERRORS_COLUMN.into(), Value::from(errors.as_str()));
            lines.push_str(&Value::Object(fields).to_string());
            lines.push('\n');
        }
        Ok(lines)
    }

    /// The cases as a file; `None` = files of this format are only read.
    fn write(&self, _cases: &[TestCaseCreate]) -> Option<String> {
        None
    }
}

/// A row before its values are given types.
#[derive(Debug)]
pub struct Raw {
    /// Line in the file where it begins, from 1.
    pub line: u32,
    /// Its values by column, or what is wrong with it.
    pub fields: Result<Map<String, Value>, Vec<FieldError>>,
}

impl Raw {
    fn new(line: u32, fields: Result<Map<String, Value>, FieldError>) -> Self {
        Self { line, fields: fields.map_err(|error| vec![error]) }
    }
}

/// Every format, the most particular first.
pub fn formats() -> &'static [&'static dyn Format] {
    &[
        &json::Json,
        &gsm8k::Gsm8k,
        &openai_evals::OpenAiEvals,
        &json_lines::JsonLines,
        &table::TSV,
        &table::CSV,
        &yaml::Yaml,
    ]
}

/// The format of this name.
pub fn named(name: &str) -> Result<&'static dyn Format, Error> {
    formats().iter().copied().find(|format| format.name() == name).ok_or_else(|| {
        let names: Vec<&str> = formats().iter().map(|format| format.name()).collect();
        Error::Invalid(format!("there is no format `{name}`; the formats are {}", names.join(", ")))
    })
}

/// The format that was named, or that the text is recognised as.
pub fn chosen(name: Option<&str>, text: &str) -> Result<&'static dyn Format, Error> {
    if text.trim().is_empty() {
        return Err(Error::Invalid("the file is empty".into()));
    }
    match name {
        Some(name) => named(name),
        None => formats().iter().copied().find(|format| format.recognises(text)).ok_or_else(|| {
            let names: Vec<&str> = formats().iter().map(|format| format.name()).collect();
            Error::Invalid(format!("the format of the file is not recognised; name one of {}", names.join(", ")))
        }),
    }
}

/// The first line that is not blank, as a JSON object.
fn first_object(text: &str) -> Option<Map<String, Value>> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    serde_json::from_str(line).ok()
}
