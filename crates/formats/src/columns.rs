//! Which column of a file is which field of a case.

use crate::ERRORS_COLUMN;
use std::collections::BTreeMap;
use types::{CASE_FIELDS, Error, ImportColumn};

/// Other names that people give a field.
const ALSO: [(&str, &str); 22] = [
    ("answer", "expected_output"),
    ("calls", "expected_calls"),
    ("case_id", "external_id"),
    ("category", "suite"),
    ("expected", "expected_output"),
    ("expected_answer", "expected_output"),
    ("expected_tools_json", "expected_tools"),
    ("ground_truth", "expected_output"),
    ("id", "external_id"),
    ("ideal", "expected_output"),
    ("input", "user_input"),
    ("label", "expected_output"),
    ("output", "expected_output"),
    ("prompt", "user_input"),
    ("query", "user_input"),
    ("question", "user_input"),
    ("target", "expected_output"),
    ("title", "name"),
    ("tool", "expected_tools"),
    ("tools", "expected_tools"),
    ("type", "task_type"),
    ("user", "user_input"),
];
/// Most columns of a file.
pub const COLUMNS_MAX: usize = 200;
/// Names less alike than this suggest nothing.
const ALIKE_MIN: f64 = 0.85;

/// The columns of a file, as its rows name them.
pub struct Columns {
    /// Which field a person chose for a column; `None` = the column is passed over.
    chosen: BTreeMap<String, Option<&'static str>>,
    fields: BTreeMap<String, Option<&'static str>>,
    listed: Vec<ImportColumn>,
}

impl Columns {
    /// None yet, with the choices of a person: columns by name, an empty field passes a column over.
    pub fn new(chosen: &BTreeMap<String, String>) -> Result<Self, Error> {
        let chosen = chosen.iter().map(|(column, field)| match field.as_str() {
            "" => Ok((column.clone(), None)),
            field => known(field).map(|field| (column.clone(), Some(field))).ok_or_else(|| no_field(field)),
        });
        Ok(Self { chosen: chosen.collect::<Result<_, Error>>()?, fields: BTreeMap::new(), listed: Vec::new() })
    }

    /// Notes a column, when it is a new one.
    pub fn add(&mut self, name: &str) -> Result<(), Error> {
        if name == ERRORS_COLUMN || self.fields.contains_key(name) {
            return Ok(());
        }
        check_count(self.listed.len() + 1)?;
        let column = column(name, self.chosen.get(name).copied());
        self.fields.insert(name.to_owned(), column.field.as_deref().and_then(known));
        self.listed.push(column);
        Ok(())
    }

    /// The field that a noted column is.
    pub fn field(&self, name: &str) -> Option<&'static str> {
        self.fields.get(name).copied().flatten()
    }

    /// The columns, in the order in which they were noted.
    pub fn into_list(self) -> Vec<ImportColumn> {
        self.listed
    }
}

/// A file may have so many columns: what is done for each looks through all.
///
/// # Errors
/// There are more.
pub fn check_count(columns: usize) -> Result<(), Error> {
    if columns <= COLUMNS_MAX {
        return Ok(());
    }
    Err(Error::Invalid(format!(
        "the rows of the file name more than {COLUMNS_MAX} columns; a case has {}",
        CASE_FIELDS.len()
    )))
}

fn column(name: &str, chosen: Option<Option<&'static str>>) -> ImportColumn {
    let field = chosen.unwrap_or_else(|| known(name));
    let suggestion = if chosen.is_none() && field.is_none() { suggestion(name) } else { None };
    ImportColumn { name: name.to_owned(), field: field.map(str::to_owned), suggestion: suggestion.map(str::to_owned) }
}

fn known(name: &str) -> Option<&'static str> {
    let name = if name == "expected_tools_json" { "expected_tools" } else { name };
    CASE_FIELDS.into_iter().find(|field| *field == name)
}

/// The field whose name, or whose other name, is most alike.
fn suggestion(name: &str) -> Option<&'static str> {
    let plain: String = name.trim().to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let names = CASE_FIELDS.into_iter().map(|field| (field, field)).chain(ALSO);
    let alike = names.map(|(also, field)| (strsim::jaro_winkler(&plain, also), field));
    alike.filter(|(alike, _)| *alike >= ALIKE_MIN).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, field)| field)
}

fn no_field(field: &str) -> Error {
    Error::Invalid(format!("`{field}` is not a field of a test case; the fields are {}", CASE_FIELDS.join(", ")))
}
