//! From the values of a row to a case.

use crate::{Row, formats::Raw};
use serde_json::{Map, Value};
use types::{CASE_BYTES_MAX, FieldError, ImportColumn, JSON_DEPTH_MAX, TestCaseCreate};

/// What a cell of a table holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cell {
    /// Text as it stands.
    Text,
    /// A number.
    Number,
    /// Words between `|`, or a JSON list.
    Words,
    /// JSON.
    Json,
}

/// What a cell of the field holds.
pub fn cell_of(field: &str) -> Cell {
    match field {
        "tolerance" | "weight" => Cell::Number,
        "expected_tools" | "tags" => Cell::Words,
        "expected_calls" | "is_active" => Cell::Json,
        _ => Cell::Text,
    }
}

/// The case that the row is, by these columns.
pub fn typed(raw: Raw, columns: &[ImportColumn]) -> Row {
    let line = raw.line;
    Row { line, case: raw.fields.and_then(|fields| case(fields, columns).map_err(|error| vec![error])) }
}

fn case(fields: Map<String, Value>, columns: &[ImportColumn]) -> Result<TestCaseCreate, FieldError> {
    let mut row = Map::new();
    for (name, value) in fields {
        let Some(field) = columns.iter().find(|column| column.name == name).and_then(|column| column.field.clone())
        else {
            continue;
        };
        if row.insert(field.clone(), value).is_some() {
            return Err(FieldError::new(field, "has two columns; choose one"));
        }
    }
    if !row.contains_key("user_input") {
        return Err(FieldError::new("user_input", "is missing; write what the person says to the agent"));
    }
    serde_path_to_error::deserialize(Value::Object(row)).map_err(|error| {
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
