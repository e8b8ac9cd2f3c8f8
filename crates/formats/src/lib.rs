//! Files of test cases: formats, how they are recognised, read and written.
//!
//! A file is read into rows, each a case or the reason why it is none; one wrong row never hides another. Everything in a
//! file is hostile: its size, rows, nesting and aliases are bounded before anything is built of them, and rows are made one
//! at a time, so that what a file would be in memory is there once at most. A format is found by its name in [`formats`];
//! to add one: a file in `formats/`, and a line there.

pub mod bfcl;
mod columns;
mod formats;
mod rows;
mod sheet;
mod text;

pub use formats::{Format, formats};
pub use sheet::sheet;

use std::collections::BTreeMap;
use types::{Error, FieldError, ImportColumn, ImportOptions, TestCaseCreate};

/// The column of a file of corrections that tells what is wrong; reading passes it over.
pub const ERRORS_COLUMN: &str = "import_errors";

/// What a file is, beside its rows.
#[derive(Clone, PartialEq, Debug)]
pub struct CaseFile {
    /// Name of its format.
    pub format: &'static str,
    /// Its columns, in the order in which they first appear.
    pub columns: Vec<ImportColumn>,
}

/// A row of a file.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// Which row it is, from 1.
    pub number: u32,
    /// Line in the file where it begins, from 1.
    pub line: u32,
    /// The case, or what is wrong with it; an empty field = the row itself.
    pub case: Result<TestCaseCreate, FieldError>,
}

/// Reads a file, and gives `each` its rows one after the other. When the file is refused, the rows that were given before
/// count for nothing.
///
/// # Errors
/// [`Error::Invalid`]: the file as a whole cannot be read (too large, no UTF-8, not of its format), or the options name a
/// format or a field that does not exist. What is wrong with single rows is in the rows.
pub fn read(bytes: &[u8], options: &ImportOptions, each: &mut dyn FnMut(Row)) -> Result<CaseFile, Error> {
    let text = text::decode(bytes)?;
    let format = formats::chosen(options.format.as_deref(), text)?;
    let mut reading = rows::Reading::new(format, &options.columns)?;
    let rows = |number, raw| {
        each(reading.row(number, raw)?);
        Ok(())
    };
    format.rows(text, &mut formats::numbered(rows))?;
    Ok(CaseFile { format: format.name(), columns: reading.into_columns() })
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

/// The rows of a file that have these numbers (from 1), as a file of the same format, with what is wrong under
/// [`ERRORS_COLUMN`]: ready to be corrected and read again with the same options.
///
/// # Errors
/// As [`read`].
pub fn corrections(bytes: &[u8], options: &ImportOptions, wrong: &BTreeMap<u32, String>) -> Result<String, Error> {
    let text = text::decode(bytes)?;
    formats::chosen(options.format.as_deref(), text)?.corrections(text, wrong)
}

#[cfg(test)]
mod tests;
