//! The formats, by name.

mod bfcl;
mod gsm8k;
mod json;
mod json_lines;
mod listed;
mod openai_evals;
mod promptfoo;
mod small_value;
mod table;
mod yaml;

pub(crate) use table::escaped;

use crate::{ERRORS_COLUMN, rows::bounded};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use types::{CASES_MAX, Error, FieldError, TestCaseCreate, json_depth};

/// A format of files of cases.
pub trait Format: Send + Sync {
    /// What people and options call it.
    fn name(&self) -> &'static str;

    /// Whether a file that begins like this is likely one. Formats are asked in the order of [`formats`].
    fn recognises(&self, text: &str) -> bool;

    /// Gives `each` the rows of a file one after the other, until it refuses one.
    ///
    /// # Errors
    /// [`Error::Invalid`]: it is no file of this format. What `each` refused with.
    fn rows(&self, text: &str, each: Each<'_>) -> Result<(), Error>;

    /// The row by the fields of a case, where the format calls them otherwise.
    ///
    /// # Errors
    /// What the row lacks to be one of this format.
    fn case(&self, row: Map<String, Value>) -> Result<Map<String, Value>, FieldError> {
        Ok(row)
    }

    /// What a value means as this field.
    ///
    /// # Errors
    /// It cannot be that field.
    fn value(&self, _field: &str, value: Value) -> Result<Value, FieldError> {
        Ok(value)
    }

    /// The rows with these numbers (from 1) as they are in the file, with what is wrong.
    ///
    /// # Errors
    /// As [`Format::rows`].
    fn corrections(&self, text: &str, wrong: &BTreeMap<u32, String>) -> Result<String, Error> {
        let mut rows = Vec::new();
        let each = |number, row: Raw| {
            if let Some(errors) = wrong.get(&number) {
                // A row that could not be read is not there to be corrected, only its place.
                let place = || Map::from_iter([("line".to_owned(), Value::from(row.line))]);
                let mut fields = row.fields.unwrap_or_else(|_| place());
                fields.insert(ERRORS_COLUMN.into(), Value::from(errors.as_str()));
                rows.push(Value::Object(fields).to_string());
            }
            Ok(())
        };
        self.rows(text, &mut numbered(each))?;
        Ok(self.file(&rows))
    }

    /// Rows, each a JSON object, as a file.
    fn file(&self, rows: &[String]) -> String {
        rows.iter().fold(String::new(), |file, row| file + row + "\n")
    }

    /// The cases as a file; `None` = files of this format are only read.
    fn write(&self, _cases: &[TestCaseCreate]) -> Option<String> {
        None
    }
}

/// What is done with each row of a file; its error ends the reading.
pub type Each<'a> = &'a mut dyn FnMut(Raw) -> Result<(), Error>;

/// A row before its values are given types.
#[derive(Debug)]
pub struct Raw {
    /// Line in the file where it begins, from 1.
    pub line: u32,
    /// Its values by column, or what is wrong with it.
    pub fields: Result<Map<String, Value>, FieldError>,
}

/// Numbers the rows from 1, and refuses the first that is one too many.
pub fn numbered(mut each: impl FnMut(u32, Raw) -> Result<(), Error>) -> impl FnMut(Raw) -> Result<(), Error> {
    let mut numbers = (1..).take(CASES_MAX);
    move |row| match numbers.next() {
        Some(number) => each(number, row),
        None => Err(Error::Invalid(format!("the file has more than {CASES_MAX} rows; split it"))),
    }
}

/// The cases, each a JSON object.
fn objects(cases: &[TestCaseCreate]) -> Option<Vec<String>> {
    cases.iter().map(serde_json::to_string).collect::<Result<_, _>>().ok()
}

/// Every format, the most particular first.
pub fn formats() -> &'static [&'static dyn Format] {
    &[
        &json::Json,
        &bfcl::Bfcl,
        &gsm8k::Gsm8k,
        &openai_evals::OpenAiEvals,
        &promptfoo::Promptfoo,
        &promptfoo::PromptfooCsv,
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

/// The first line that is not blank, as a JSON object no larger than a row may be.
fn first_object(text: &str) -> Option<Map<String, Value>> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    bounded(line.len(), json_depth(line.as_bytes())).ok()?;
    serde_json::from_str(line).ok()
}
