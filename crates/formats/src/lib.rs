//! Files of test cases: formats, how they are recognised, read and written.
//!
//! A file is read into rows, each a case or the reasons why it is none; one wrong row never hides another. Everything in a
//! file is hostile: its size, rows, nesting and aliases are bounded before anything is built of them. A format is found by
//! its name in [`formats`]; to add one: a file in `formats/`, and a line there.

mod columns;
mod formats;
mod rows;
mod text;

pub use formats::{Format, formats};

use std::collections::BTreeMap;
use types::{CASES_MAX, Error, FieldError, ImportColumn, ImportOptions, TestCaseCreate};

/// The column of a file of corrections that tells what is wrong; reading passes it over.
pub const ERRORS_COLUMN: &str = "import_errors";

/// A file as read.
#[derive(Clone, PartialEq, Debug)]
pub struct CaseFile {
    /// Name of its format.
    pub format: &'static str,
    /// Its columns, in the order in which they first appear.
    pub columns: Vec<ImportColumn>,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// A row of a file.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// Line in the file where it begins, from 1.
    pub line: u32,
    /// The case, or what is wrong with it; an empty field = the row itself.
    pub case: Result<TestCaseCreate, Vec<FieldError>>,
}

/// Reads a file.
///
/// # Errors
/// [`Error::Invalid`]: the file as a whole cannot be read (too large, no UTF-8, not of its format), or the options name a
/// format or a field that does not exist. What is wrong with single rows is in the rows.
pub fn read(bytes: &[u8], options: &ImportOptions) -> Result<CaseFile, Error> {
    let text = text::decode(bytes)?;
    let format = formats::chosen(options.format.as_deref(), text)?;
    let raw = format.rows(text)?;
    if raw.len() > CASES_MAX {
        return Err(Error::Invalid(format!("the file has {} rows, expected at most {CASES_MAX}", raw.len())));
    }
    let columns = columns::of(&raw, &options.columns)?;
    let rows = raw.into_iter().map(|raw| rows::typed(raw, &columns)).collect();
    Ok(CaseFile { format: format.name(), columns, rows })
}

/// Writes cases as a file of the format; reading it again gives the same cases.
///
/// # Errors
/// [`Error::Invalid`]: there is no such format, or it is one that is only read.
pub fn write(format: &str, cases: &[TestCaseCreate]) -> Result<String, Error> {
    let format = formats::named(format)?;
    format.write(cases).ok_or_else(|| {
        let written: Vec<&str> = formats().iter().filter(|f| f.write(&[]).is_some()).map(|f| f.name()).collect();
        Error::Invalid(format!("`{}` is only read; cases are written as {}", format.name(), written.join(", ")))
    })
}

/// The rows of a file that have these numbers (from 1), as a file of their own, with what is wrong under
/// [`ERRORS_COLUMN`]: ready to be corrected and read again with the same options. Tables stay tables; of other formats it
/// is JSON Lines.
///
/// # Errors
/// As [`read`].
pub fn corrections(bytes: &[u8], options: &ImportOptions, wrong: &BTreeMap<u32, String>) -> Result<String, Error> {
    let text = text::decode(bytes)?;
    formats::chosen(options.format.as_deref(), text)?.corrections(text, wrong)
}

#[cfg(test)]
mod tests;
