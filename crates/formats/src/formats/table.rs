//! CSV (RFC 4180) and tab-separated tables, the first line naming the columns.
//!
//! A cell that a spreadsheet would take for a formula gets a quote mark in front when it is written, and loses it when it
//! is read.

use super::{Format, Raw};
use crate::{
    ERRORS_COLUMN,
    columns::check_count,
    rows::{Cell, bounded, cell_of},
};
use csv::{Reader, ReaderBuilder, StringRecord, Writer, WriterBuilder};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use types::{CASE_FIELDS, Error, FieldError, TestCaseCreate, json_depth};

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

    fn rows(&self, text: &str) -> Result<Vec<Raw>, Error> {
        let mut reader = self.reader(text);
        let header = reader.headers().map_err(|error| unreadable(&error))?.clone();
        check_header(&header)?;
        let rows = reader.into_records().map(|record| {
            let record = record.map_err(|error| unreadable(&error))?;
            let line = record.position().map_or(0, csv::Position::line);
            Ok(Raw::new(u32::try_from(line).unwrap_or(u32::MAX), fields(&header, &record)))
        });
        rows.collect()
    }

    fn corrections(&self, text: &str, wrong: &BTreeMap<u32, String>) -> Result<String, Error> {
        let mut reader = self.reader(text);
        let header = reader.headers().map_err(|error| unreadable(&error))?.clone();
        // A file of corrections that is still wrong has the column already.
        let errors_at = header.iter().position(|name| name.trim() == ERRORS_COLUMN).unwrap_or(header.len());
        let mut table = self.writer();
        let mut write = |cells: &StringRecord, last: &str| {
            let kept = cells.iter().enumerate().filter(|(place, _)| *place != errors_at).map(|(_, cell)| cell);
            table.write_record(kept.chain([last])).map_err(|error| Error::Internal(format!("corrections: {error}")))
        };
        write(&header, ERRORS_COLUMN)?;
        for (number, record) in (1..).zip(reader.records()) {
            if let Some(errors) = wrong.get(&number) {
                write(&record.map_err(|error| unreadable(&error))?, errors)?;
            }
        }
        finished(table).ok_or_else(|| Error::Internal("corrections: not written".into()))
    }

    fn write(&self, cases: &[TestCaseCreate]) -> Option<String> {
        let mut writer = self.writer();
        writer.write_record(CASE_FIELDS).ok()?;
        for case in cases {
            let Ok(Value::Object(values)) = serde_json::to_value(case) else { return None };
            writer.write_record(CASE_FIELDS.iter().map(|field| cell(&values, field))).ok()?;
        }
        finished(writer)
    }
}

impl Table {
    fn reader<'a>(&self, text: &'a str) -> Reader<&'a [u8]> {
        ReaderBuilder::new().delimiter(self.delimiter).flexible(true).from_reader(text.as_bytes())
    }

    /// Rows that had too few or too many cells are written as they were.
    fn writer(&self) -> Writer<Vec<u8>> {
        WriterBuilder::new().delimiter(self.delimiter).flexible(true).from_writer(Vec::new())
    }
}

fn finished(writer: Writer<Vec<u8>>) -> Option<String> {
    String::from_utf8(writer.into_inner().ok()?).ok()
}

fn unreadable(error: &csv::Error) -> Error {
    let line = error.position().map_or(String::new(), |at| format!(" (line {})", at.line()));
    Error::Invalid(format!("the file is not a table{line}: {error}"))
}

fn check_header(header: &StringRecord) -> Result<(), Error> {
    check_count(header.len())?;
    for (place, name) in header.iter().enumerate() {
        if header.iter().take(place).any(|before| before.trim() == name.trim()) {
            return Err(Error::Invalid(format!("the first line names the column `{}` twice", name.trim())));
        }
    }
    Ok(())
}

fn fields(header: &StringRecord, record: &StringRecord) -> Result<Map<String, Value>, FieldError> {
    bounded(record.as_slice().len(), 0)?;
    if record.len() != header.len() {
        let message = format!("has {} cells, the first line names {} columns", record.len(), header.len());
        return Err(FieldError::new("", message));
    }
    let mut fields = Map::new();
    for (name, cell) in header.iter().map(str::trim).zip(record) {
        if let Some(value) = value(name, unescaped(cell))? {
            fields.insert(name.to_owned(), value);
        }
    }
    Ok(fields)
}

/// What a cell says; an empty one says nothing.
fn value(name: &str, cell: &str) -> Result<Option<Value>, FieldError> {
    if cell.is_empty() {
        return Ok(None);
    }
    let value = match cell_of(name) {
        Cell::Text => Value::from(cell),
        Cell::Number => number(name, cell)?,
        Cell::Words if cell.trim_start().starts_with('[') => json(name, cell)?,
        Cell::Words => cell.split('|').map(str::trim).filter(|word| !word.is_empty()).collect(),
        Cell::Json => json(name, cell)?,
    };
    Ok(Some(value))
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

fn escaped(cell: &str) -> String {
    if is_formula(cell) { format!("'{cell}") } else { cell.to_owned() }
}

fn unescaped(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|_| is_formula(cell)).unwrap_or(cell)
}
