//! Which cases a command means: those of a file, imported where they are not there yet, or all active ones.

use super::terminal::{self, explained};
use service::{ImportWatch, Service};
use std::{collections::HashSet, path::Path, time::Duration};
use types::{ImportError, ImportOptions, ImportReport, ImportRows, TestCaseId};

/// Ids of the cases of `file`, of any format, in the file's order; `None` without a file = all active ones.
pub async fn chosen(service: &Service, file: Option<&Path>) -> Result<Option<Vec<TestCaseId>>, String> {
    let Some(file) = file else { return Ok(None) };
    let bytes = read(file)?;
    let watch = ImportWatch::default();
    let imported =
        told_while(&watch, service.case_import(bytes, ImportOptions::default(), ImportRows::All, &watch)).await;
    let imported = imported.map_err(|error| explained(&error))?;
    if imported.report.refused > 0 {
        return Err(format!("{}, {}", file.display(), first_refusal(&imported.report)));
    }
    let mut seen = HashSet::new();
    Ok(Some(imported.cases.into_iter().filter(|id| seen.insert(*id)).collect()))
}

/// How often a terminal is told how far the reading of a file is.
const EVERY: Duration = Duration::from_secs(2);

/// Does the work, and tells a person at the terminal how far it is, where it takes long.
pub async fn told_while<T>(watch: &ImportWatch, work: impl Future<Output = T>) -> T {
    if !terminal::is_watched() {
        return work.await;
    }
    let mut work = std::pin::pin!(work);
    loop {
        match tokio::time::timeout(EVERY, &mut work).await {
            Ok(done) => return done,
            Err(_) => terminal::note(&format!("{} rows read …", watch.rows())),
        }
    }
}

/// The bytes of a file.
pub fn read(file: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))
}

/// What is wrong with the first refused row, and how many more there are.
pub fn first_refusal(report: &ImportReport) -> String {
    let Some(first) = report.errors.first() else { return String::new() };
    let more = match report.refused.saturating_sub(1) {
        0 => String::new(),
        1 => " (1 more row is refused)".into(),
        more => format!(" ({more} more rows are refused)"),
    };
    told(first) + &more
}

/// What is wrong with a row.
pub fn told(error: &ImportError) -> String {
    let field = if error.field.is_empty() { String::new() } else { format!("`{}` ", error.field) };
    let hint = if error.hint.is_empty() { String::new() } else { format!(" ({})", error.hint) };
    format!("row {} (line {}): {field}{}{hint}", error.row, error.line, error.message)
}
