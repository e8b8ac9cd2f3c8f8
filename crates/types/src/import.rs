//! Importing test cases from files: what would be done, what was done, what is wrong with which row.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Largest file of cases, in bytes.
pub const CASE_FILE_BYTES_MAX: usize = 25 * 1024 * 1024;
/// Most cases in a file, and most that are written at once.
pub const CASES_MAX: usize = 50_000;
/// Largest row of a file of cases, in bytes.
pub const CASE_BYTES_MAX: usize = 256 * 1024;

/// How many of [`CASE_FIELDS`] every table of cases has as columns; of the others it has those that some case uses.
pub const CASE_FIELDS_PLAIN: usize = 13;

/// The fields of a case in files, in the order of a table's columns.
pub const CASE_FIELDS: [&str; 24] = [
    "external_id",
    "name",
    "user_input",
    "expected_output",
    "task_type",
    "tolerance",
    "expected_tools",
    "expected_calls",
    "suite",
    "tags",
    "weight",
    "split",
    "is_active",
    "answer_checks",
    "call_mode",
    "min_calls",
    "turns",
    "system",
    "tool_defs",
    "only_own_tools",
    "limits",
    "repeats",
    "cluster",
    "source",
];

/// How to read a file of test cases.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct ImportOptions {
    /// Name of the format; `None` = recognised by its content.
    pub format: Option<String>,
    /// Which field a column of the file is, by the column's name; an empty field = the column is passed over.
    pub columns: BTreeMap<String, String>,
}

/// Which rows of a file are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ImportRows {
    /// All of them; none when one is refused.
    #[default]
    All,
    /// Those that are not refused.
    Valid,
}

/// What a bulk import did, or in a dry run would do.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportReport {
    /// Name of the file's format.
    pub format: String,
    /// The columns of the file.
    pub columns: Vec<ImportColumn>,
    /// New cases.
    pub created: u32,
    /// Rows whose `external_id` (and suite) is there with another content, which they replace.
    pub updated: u32,
    /// Rows that are already there, word for word.
    pub unchanged: u32,
    /// Rows that an earlier row of the file already is, word for word; they are skipped.
    pub repeated: u32,
    /// Rows that are refused.
    pub refused: u32,
    /// What is wrong with refused rows: the first 1,000 errors. When there are more, a last one says how many; the file of
    /// corrections tells all.
    pub errors: Vec<ImportError>,
    /// Rows that are imported, of which something is probably not meant.
    #[serde(default)]
    pub warned: u32,
    /// What is probably not meant: the first 1,000 warnings.
    #[serde(default)]
    pub warnings: Vec<ImportError>,
    /// After a dry run: what imports this very file, for an hour.
    #[serde(default)]
    pub token: Option<String>,
}

/// A column of a file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportColumn {
    /// Its name in the file.
    pub name: String,
    /// The field it is read as; null = it is passed over.
    pub field: Option<String>,
    /// The field it might be, when it is passed over without being told to.
    pub suggestion: Option<String>,
}

/// What is wrong, or probably not meant, with a row of a file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportError {
    /// Row in the file, from 1.
    pub row: u32,
    /// Line in the file where the row begins, from 1.
    pub line: u32,
    /// Field, or empty when the row itself is wrong.
    pub field: String,
    /// What is wrong and what would be right.
    pub message: String,
    /// What would help; empty where the message says it.
    #[serde(default)]
    pub hint: String,
}

/// What is probably not meant in a case that can be scored.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseWarning {
    /// Where: `expected_calls[0].arguments.city`; empty = the case as a whole.
    pub field: String,
    /// What it is: the sentence stands for itself.
    pub message: String,
    /// What would help.
    pub hint: String,
}
