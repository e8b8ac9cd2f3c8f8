//! What lists are asked for: which rows, in which order.

use crate::Page;
use serde::{Deserialize, Serialize};

/// Whether deleted rows are listed too (deleting is soft).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// Only what was not deleted.
    #[default]
    Active,
    /// Everything.
    All,
}

/// Order of a list of test cases.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseSort {
    /// Newest first: the contract's order.
    #[default]
    Newest,
    /// Oldest first.
    Oldest,
    /// By question, A to Z.
    Question,
    /// By answer check, then newest first.
    TaskType,
}

/// Which test cases, in which order.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct CaseQuery {
    /// Which page.
    pub page: Page,
    /// Whether deleted cases are listed too.
    pub activity: Activity,
    /// Only cases whose question, expected answer, name or suite contains this, whatever the case of its letters.
    #[serde(default)]
    pub search: Option<String>,
    /// In which order.
    #[serde(default)]
    pub sort: CaseSort,
}

/// Whether an import writes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportMode {
    /// Says what it would do, writes nothing.
    Preview,
    /// Writes every row in one transaction, or none when a row is refused.
    Commit,
}
