//! From the values of a row to a case.

use crate::{
    Row,
    columns::Columns,
    formats::{Format, Raw},
};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use types::{CASE_BYTES_MAX, CASES_MAX, Error, FieldError, ImportColumn, JSON_DEPTH_MAX, TestCaseCreate};

/// Most values that the rows of a file may hold together: a value is many times larger in memory than in the file.
const VALUES_MAX: usize = 40 * CASES_MAX;

/// A file while its rows are given types.
pub struct Reading {
    format: &'static dyn Format,
    columns: Columns,
    values: usize,
}

impl Reading {
    /// Before the first row, with the fields that columns were chosen to be.
    pub fn new(format: &'static dyn Format, chosen: &BTreeMap<String, String>) -> Result<Self, Error> {
        Ok(Self { format, columns: Columns::new(chosen)?, values: 0 })
    }

    /// The case that the next row is.
    pub fn row(&mut self, number: u32, raw: Raw) -> Result<Row, Error> {
        let case = match raw.fields.and_then(|fields| self.format.case(fields)) {
            Ok(fields) => {
                fields.keys().try_for_each(|name| self.columns.add(name))?;
                self.fields(fields)
            }
            Err(error) => Err(error),
        };
        let case = match case {
            Ok(fields) => {
                self.weigh(&fields)?;
                typed(fields)
            }
            Err(error) => Err(error),
        };
        Ok(Row { number, line: raw.line, case })
    }

    /// The columns of all rows.
    pub fn into_columns(self) -> Vec<ImportColumn> {
        self.columns.into_list()
    }

    /// The values by field.
    fn fields(&self, values: Map<String, Value>) -> Result<Map<String, Value>, FieldError> {
        let mut row = Map::new();
        for (name, value) in values {
            let Some(field) = self.columns.field(&name) else { continue };
            if row.insert(field.to_owned(), self.format.value(field, value)?).is_some() {
                return Err(FieldError::new(field, "has two columns; choose one"));
            }
        }
        Ok(row)
    }

    fn weigh(&mut self, fields: &Map<String, Value>) -> Result<(), Error> {
        self.values += fields.values().map(count).sum::<usize>();
        if self.values <= VALUES_MAX {
            return Ok(());
        }
        Err(Error::Invalid(format!("the rows of the file hold more than {VALUES_MAX} values; split the file")))
    }
}

/// How many values a value is. As deep as a row, which is bounded.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(values) => values.iter().map(count).sum(),
        Value::Object(values) => values.values().map(count).sum::<usize>(),
        _ => 0,
    }
}

fn typed(mut fields: Map<String, Value>) -> Result<TestCaseCreate, FieldError> {
    if !fields.contains_key("user_input") {
        // The first turn says it.
        if let Some(first) = fields.get("turns").and_then(|turns| turns.get(0)?.get("user")).cloned() {
            fields.insert("user_input".into(), first);
            return typed(fields);
        }
        return Err(FieldError::new("user_input", "is missing; write what the person says to the agent"));
    }
    if let Some(Value::String(dataset)) = fields.get("source") {
        let source = json!({ "dataset": dataset });
        fields.insert("source".into(), source);
    }
    serde_path_to_error::deserialize(Value::Object(fields)).map_err(|error| {
        let field = error.path().to_string();
        FieldError::new(if field == "." { String::new() } else { field }, error.into_inner().to_string())
    })
}

/// Whether a value of this size and nesting may be a row.
pub fn bounded(bytes: usize, depth: usize) -> Result<(), FieldError> {
    if bytes > CASE_BYTES_MAX {
        return Err(FieldError::new("", format!("has {bytes} bytes, expected at most {CASE_BYTES_MAX}")));
    }
    if depth > JSON_DEPTH_MAX {
        return Err(FieldError::new("", format!("is nested {depth} levels deep, expected at most {JSON_DEPTH_MAX}")));
    }
    Ok(())
}

/// The object that a row's value is.
pub fn object(value: Value) -> Result<Map<String, Value>, FieldError> {
    match value {
        Value::Object(fields) => Ok(fields),
        other => Err(FieldError::new("", format!("is {}, expected an object", kind(&other)))),
    }
}

/// What a value is, for people.
pub const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
