//! CSV (RFC 4180) and tab-separated tables, the first line naming the columns.
//!
//! A cell that a spreadsheet would take for a formula gets a quote mark in front when it is written, and loses it when it
//! is read.

mod records;

use super::{Each, Format, Raw};
use crate::{ERRORS_COLUMN, columns::check_count, rows::bounded};
use csv::WriterBuilder;
use records::{Record, Records};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use types::{CASE_FIELDS, CASE_FIELDS_PLAIN, CASES_MAX, Error, FieldError, TestCaseCreate, json_depth};

/// Comma-separated values.
pub const CSV: Table = Table { name: "csv", delimiter: b',' };
/// Tab-separated values.
pub const TSV: Table = Table { name: "tsv", delimiter: b'\t' };

/// A table of cells.
pub struct Table {
    name: &'static str,
    delimiter: u8,
}

impl Format for Table {
    fn name(&self) -> &'static str {
        self.name
    }

    fn recognises(&self, text: &str) -> bool {
        let header = text.lines().next().unwrap_or_default();
        header.as_bytes().contains(&self.delimiter) && !header.starts_with("- ") && !header.contains(": ")
    }

    fn rows(&self, text: &str, each: Each<'_>) -> Result<(), Error> {
        let mut records = Records::of(text, self.delimiter);
        let header = header(&mut records)?;
        records.try_for_each(|record| each(Raw { line: record.line, fields: fields(&header, &record) }))
    }

    fn value(&self, field: &str, value: Value) -> Result<Value, FieldError> {
        match value {
            Value::String(cell) => meaning(field, cell),
            value => Ok(value),
        }
    }

    fn corrections(&self, text: &str, wrong: &BTreeMap<u32, String>) -> Result<String, Error> {
        let mut records = Records::of(text, self.delimiter);
        let header = header(&mut records)?;
        // A file of corrections that is still wrong has the column already.
        let errors_at = header.iter().position(|name| name == ERRORS_COLUMN).unwrap_or(header.len());
        let line = |cells: &[String], last: &str| {
            let kept = cells.iter().enumerate().filter(|(place, _)| *place != errors_at).map(|(_, cell)| cell.as_str());
            self.line(kept.chain([last]))
        };
        let mut file = line(&header, ERRORS_COLUMN)?;
        for (number, record) in (1..).zip(records.take(CASES_MAX)) {
            let Some(errors) = wrong.get(&number) else { continue };
            if record.is_whole() {
                file += &line(&record.cells, errors)?;
            } else {
                file += record.text;
                file.push(char::from(self.delimiter));
                file += &self.line([errors.as_str()])?;
            }
        }
        Ok(file)
    }

    fn write(&self, cases: &[TestCaseCreate]) -> Option<String> {
        let mut rows = Vec::with_capacity(cases.len());
        for case in cases {
            let Ok(Value::Object(values)) = serde_json::to_value(case) else { return None };
            rows.push(values);
        }
        let (plain, others) = CASE_FIELDS.split_at(CASE_FIELDS_PLAIN);
        let used =
            others.iter().filter(|field| rows.iter().any(|values| values.get(**field).is_some_and(|v| !v.is_null())));
        let columns: Vec<&str> = plain.iter().chain(used).copied().collect();
        let mut file = self.line(columns.iter().copied()).ok()?;
        for values in &rows {
            let cells: Vec<String> = columns.iter().map(|field| cell(values, field)).collect();
            file += &self.line(cells.iter().map(String::as_str)).ok()?;
        }
        Some(file)
    }
}

impl Table {
    /// A line of the table. Rows that had too few or too many cells are written as they were.
    fn line<'a>(&self, cells: impl IntoIterator<Item = &'a str>) -> Result<String, Error> {
        let mut writer = WriterBuilder::new().delimiter(self.delimiter).flexible(true).from_writer(Vec::new());
        let failed = |error: &dyn std::fmt::Display| Error::Internal(format!("a line of a table: {error}"));
        writer.write_record(cells).map_err(|error| failed(&error))?;
        let line = writer.into_inner().map_err(|error| failed(&error))?;
        String::from_utf8(line).map_err(|error| failed(&error))
    }
}

/// The names of the columns.
fn header(records: &mut Records<'_>) -> Result<Vec<String>, Error> {
    let header = records.next().ok_or_else(|| Error::Invalid("the file has no line that names its columns".into()))?;
    check_count(header.count)?;
    if !header.is_whole() {
        return Err(Error::Invalid(format!("the line that names the columns has {} bytes", header.bytes)));
    }
    let names: Vec<String> = header.cells.iter().map(|name| name.trim().to_owned()).collect();
    for (place, name) in names.iter().enumerate() {
        if names.iter().take(place).any(|before| before == name) {
            return Err(Error::Invalid(format!("the first line names the column `{name}` twice")));
        }
    }
    Ok(names)
}

/// The cells that say something, by their columns.
fn fields(header: &[String], record: &Record<'_>) -> Result<Map<String, Value>, FieldError> {
    bounded(record.bytes, 0)?;
    if record.count != header.len() {
        let message = format!("has {} cells, the first line names {} columns", record.count, header.len());
        return Err(FieldError::new("", message));
    }
    let cells = record.cells.iter().map(|cell| unescaped(cell)).zip(header).filter(|(cell, _)| !cell.is_empty());
    Ok(cells.map(|(cell, name)| (name.clone(), Value::from(cell))).collect())
}

/// What a cell of a field holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Cell {
    /// Text as it stands.
    Text,
    /// A number.
    Number,
    /// Words between `|`, or a JSON list.
    Words,
    /// JSON.
    Json,
}

fn cell_of(field: &str) -> Cell {
    match field {
        "tolerance" | "weight" => Cell::Number,
        "expected_tools" | "tags" => Cell::Words,
        "expected_calls" | "is_active" | "answer_checks" | "min_calls" | "turns" | "tool_defs" | "only_own_tools"
        | "limits" | "repeats" | "source" => Cell::Json,
        _ => Cell::Text,
    }
}

/// What a cell says as this field.
fn meaning(field: &str, cell: String) -> Result<Value, FieldError> {
    match cell_of(field) {
        Cell::Text => Ok(Value::String(cell)),
        Cell::Number => number(field, &cell),
        Cell::Words if cell.trim_start().starts_with('[') => json(field, &cell),
        Cell::Words => Ok(cell.split('|').map(str::trim).filter(|word| !word.is_empty()).collect()),
        // The name of a data set says what it says.
        Cell::Json if field == "source" && !cell.trim_start().starts_with('{') => Ok(Value::String(cell)),
        Cell::Json => json(field, &cell),
    }
}

fn number(name: &str, cell: &str) -> Result<Value, FieldError> {
    let number = cell.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    number.map(Value::from).ok_or_else(|| FieldError::new(name, format!("is `{}`, expected a number", shortened(cell))))
}

fn json(name: &str, cell: &str) -> Result<Value, FieldError> {
    let refused = |why: String| FieldError::new(name, format!("is not JSON: {why}"));
    bounded(cell.len(), json_depth(cell.as_bytes())).map_err(|error| refused(error.message))?;
    serde_json::from_str(&cell.replace('\r', "")).map_err(|error| refused(error.to_string()))
}

fn shortened(cell: &str) -> String {
    let mut short: String = cell.chars().take(40).collect();
    if short.len() < cell.len() {
        short.push('…');
    }
    short
}

fn cell(values: &Map<String, Value>, field: &str) -> String {
    // The wire's name of `expected_tools`.
    let value = values.get(if field == "expected_tools" { "expected_tools_json" } else { field });
    match (cell_of(field), value) {
        (_, None | Some(Value::Null)) => String::new(),
        (Cell::Text, Some(Value::String(text))) => escaped(text),
        (Cell::Words, Some(Value::Array(words))) => escaped(&joined(words)),
        (_, Some(value)) => escaped(&value.to_string()),
    }
}

/// Words between `|`; as JSON when there are none, or when one of them could not be told from its neighbours.
fn joined(words: &[Value]) -> String {
    let plain = |word: &&str| !word.is_empty() && !word.contains('|') && word.trim() == *word && !word.starts_with('[');
    let texts: Vec<&str> = words.iter().filter_map(Value::as_str).filter(plain).collect();
    if texts.is_empty() || texts.len() < words.len() {
        return Value::from(words.to_vec()).to_string();
    }
    texts.join("|")
}

/// Whether a spreadsheet would run the cell, were it not for the quote marks in front.
fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// The cell as a spreadsheet takes it for a text.
pub fn escaped(cell: &str) -> String {
    if is_formula(cell) { format!("'{cell}") } else { cell.to_owned() }
}

fn unescaped(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|_| is_formula(cell)).unwrap_or(cell)
}
