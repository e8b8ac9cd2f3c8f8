//! Import of a JSON array of cases: bounded, every refused row named, all rows or none.

use super::refused;
use crate::{Result, Service, blocking};
use serde_json::value::RawValue;
use std::collections::HashSet;
use types::{Error, ImportError, ImportMode, ImportReport, JSON_DEPTH_MAX, TestCase, TestCaseCreate, json_depth};

const BYTES_MAX: usize = 25 * 1024 * 1024;
const ROWS_MAX: usize = 50_000;
const ROW_BYTES_MAX: usize = 256 * 1024;

/// The cases that come with the application.
pub(crate) const SAMPLES: &str = include_str!("../../../../samples/cases.json");

impl Service {
    /// Reads a JSON array of cases and says what it would do, or does it. Refused rows are in the report, and then
    /// nothing is written.
    ///
    /// # Errors
    /// The text is no JSON array, or exceeds a limit.
    pub async fn case_import(&self, text: &str, mode: ImportMode) -> Result<ImportReport> {
        check_size(text)?;
        let known = self.store().case_list_active().await?;
        let (text, tools) = (text.to_owned(), self.tool_names());
        let (new, mut report) = blocking(move || sorted(&text, &known, &tools)).await?;
        if mode == ImportMode::Commit {
            if report.errors.is_empty() {
                let cases: Vec<TestCase> = new.into_iter().map(|draft| self.case_from(draft)).collect();
                self.store().case_insert_all(&cases).await?;
            } else {
                report.created = 0;
            }
        }
        Ok(report)
    }

    /// Imports the sample cases that come with the application.
    ///
    /// # Errors
    /// The database fails.
    pub async fn case_import_samples(&self) -> Result<ImportReport> {
        self.case_import(SAMPLES, ImportMode::Commit).await
    }
}

/// The new cases of `text`, and the report over all of its rows.
fn sorted(text: &str, known: &[TestCase], tools: &[String]) -> Result<(Vec<TestCaseCreate>, ImportReport)> {
    let rows = rows(text)?;
    let mut seen: HashSet<String> = known.iter().map(|case| content(&case.draft)).collect();
    let mut new = Vec::new();
    let mut report = ImportReport::default();
    for (row, raw) in (1..).zip(rows) {
        match case(raw.get(), tools) {
            Ok(draft) if seen.insert(content(&draft)) => new.push(draft),
            Ok(_) => report.unchanged += 1,
            Err(errors) => {
                let errors = errors.into_iter().map(|(field, message)| ImportError { row, field, message });
                report.errors.extend(errors);
            }
        }
    }
    report.created = u32::try_from(new.len()).unwrap_or(u32::MAX);
    Ok((new, report))
}

fn rows(text: &str) -> Result<Vec<&RawValue>> {
    let text = text.trim_start_matches('\u{feff}');
    let rows: Vec<&RawValue> = serde_json::from_str(text)
        .map_err(|error| Error::Invalid(format!("the file is not a JSON array of test cases: {error}")))?;
    if rows.len() > ROWS_MAX {
        return Err(Error::Invalid(format!("the file has {} rows, expected at most {ROWS_MAX}", rows.len())));
    }
    Ok(rows)
}

/// One row, or its refused fields; an empty field = the row itself.
fn case(row: &str, tools: &[String]) -> Result<TestCaseCreate, Vec<(String, String)>> {
    if row.len() > ROW_BYTES_MAX {
        return Err(vec![(String::new(), format!("has {} bytes, expected at most {ROW_BYTES_MAX}", row.len()))]);
    }
    let mut json = serde_json::Deserializer::from_str(row);
    let draft: TestCaseCreate = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let field = error.path().to_string();
        vec![(if field == "." { String::new() } else { field }, without_place(&error.into_inner().to_string()))]
    })?;
    let errors = refused(&draft, tools);
    if errors.is_empty() { Ok(draft) } else { Err(errors.into_iter().map(|e| (e.field, e.message)).collect()) }
}

/// Line and column count from the beginning of the row: they would mislead.
fn without_place(message: &str) -> String {
    message.rsplit_once(" at line ").map_or(message, |(what, _)| what).to_owned()
}

/// What decides whether two cases are the same: everything but whether they were deleted.
fn content(draft: &TestCaseCreate) -> String {
    serde_json::to_string(&TestCaseCreate { is_active: true, ..draft.clone() }).unwrap_or_default()
}

fn check_size(text: &str) -> Result<()> {
    if text.len() > BYTES_MAX {
        return Err(Error::Invalid(format!("the file has {} bytes, expected at most {BYTES_MAX}", text.len())));
    }
    if json_depth(text.as_bytes()) > JSON_DEPTH_MAX {
        return Err(Error::Invalid(format!("the file is nested more than {JSON_DEPTH_MAX} levels deep")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::TestCaseId;

    fn tools() -> Vec<String> {
        ["calculate", "get_weather", "search"].map(Into::into).to_vec()
    }

    fn report(text: &str) -> ImportReport {
        sorted(text, &[], &tools()).unwrap().1
    }

    #[test]
    fn the_samples_are_all_good_and_importing_them_again_changes_nothing() {
        let (drafts, first) = sorted(SAMPLES, &[], &tools()).unwrap();
        assert_eq!(first.errors, []);
        assert!(first.created > 20);
        let known: Vec<TestCase> = drafts
            .into_iter()
            .map(|draft| TestCase { id: TestCaseId(crate::new_id()), draft, created_at: types::Timestamp::default() })
            .collect();
        let again = sorted(SAMPLES, &known, &tools()).unwrap().1;
        assert_eq!((again.created, again.unchanged), (0, first.created + first.unchanged));
        let export = serde_json::to_string(&known.iter().map(|case| &case.draft).collect::<Vec<_>>()).unwrap();
        assert_eq!(sorted(&export, &known, &tools()).unwrap().1.unchanged, first.created);
    }

    #[test]
    fn every_error_of_every_row_is_named() {
        let report = report(
            r#"[{"user_input": "fine"}, {"user_input": "", "weight": 0}, {"expected_output": "x"},
                {"user_input": "y", "tags": "no list"}, 7, {"user_input": "z", "expected_tools": ["fly"]},
                {"user_input": "fine"}]"#,
        );
        let named: Vec<_> = report.errors.iter().map(|error| (error.row, error.field.as_str())).collect();
        assert_eq!(
            named,
            [(2, "user_input"), (2, "weight"), (3, ""), (4, "tags"), (5, ""), (6, "expected_tools_json[0]")]
        );
        assert!(report.errors.iter().all(|error| !error.message.contains("line")), "{:?}", report.errors);
        assert_eq!((report.created, report.unchanged), (1, 1));
    }

    #[test]
    fn a_file_beyond_the_limits_is_refused() {
        assert!(check_size(&format!("[{}", " ".repeat(BYTES_MAX))).is_err());
        assert!(check_size(&"[".repeat(33)).is_err());
        assert!(check_size(r#"["[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"[["]"#).is_ok());
        assert!(rows(&format!("[{}1]", "1,".repeat(ROWS_MAX))).is_err());
        assert!(rows("{}").is_err());
        let row = format!(r#"[{{"user_input": "{}"}}]"#, "x".repeat(ROW_BYTES_MAX));
        assert_eq!(report(&row).errors.len(), 1);
    }
}
