//! Server functions of the test cases: list, edit, archive, import.

use super::forms::FormAnswer;
use crate::{error::AppError, protocol::Ui};
use leptos::prelude::*;
use types::{
    CaseQuery, ImportOptions, ImportReport, ImportRows, MessageId, Paged, TestCase, TestCaseId, TestCaseUpdate,
};

/// One page of the test cases.
#[server(prefix = "/api/ui", endpoint = "case_list", protocol = Ui)]
pub async fn case_list(
    /// Which cases, in which order.
    query: CaseQuery,
) -> Result<Paged<TestCase>, AppError> {
    Ok(crate::ssr::service().case_list(query).await?)
}

/// The editor of a test case, or of a new one, which may be made of the turn that ended with `answer`.
#[server(prefix = "/api/ui", endpoint = "case_editor", protocol = Ui)]
pub async fn case_editor(
    /// The case; `None` = a new one.
    id: Option<TestCaseId>,
    /// An answer in a chat.
    answer: Option<MessageId>,
) -> Result<String, AppError> {
    Ok(crate::ssr::case_editor::html(id, answer).await?)
}

/// Does what a button of the editor says: checks, saves, runs, adds or removes.
#[server(prefix = "/api/ui", endpoint = "case_editor_act", protocol = Ui)]
pub async fn case_editor_act(
    /// The case; `None` = a new one.
    id: Option<TestCaseId>,
    /// The value of the button.
    act: String,
    /// The form, encoded as browsers do.
    form: String,
) -> Result<FormAnswer, AppError> {
    Ok(crate::ssr::case_editor::answer(id, &act, &form).await?)
}

/// Changes a test case; also archives and restores it.
#[server(prefix = "/api/ui", endpoint = "case_update", protocol = Ui)]
pub async fn case_update(
    /// Its id.
    id: TestCaseId,
    /// What changes.
    update: TestCaseUpdate,
) -> Result<TestCase, AppError> {
    Ok(crate::ssr::service().case_update(id, update).await?)
}

/// What cases can be chosen by, as a form: suites, splits, tags and checks with how many cases each has.
#[server(prefix = "/api/ui", endpoint = "case_facets", protocol = Ui)]
pub async fn case_facets(
    /// Of the address: `q`, `status`, `sort`, then the value of each facet.
    asked: Vec<String>,
) -> Result<String, AppError> {
    Ok(crate::ssr::case_facets::html(&asked).await?)
}

/// Changes many cases; answers what to tell, and the key that undoes it.
#[server(prefix = "/api/ui", endpoint = "case_bulk", protocol = Ui)]
pub async fn case_bulk(
    /// Their ids; empty = all that `matching` lists.
    ids: Vec<TestCaseId>,
    /// The list.
    matching: CaseQuery,
    /// What is done: `archive`, `restore`, `add_tag`, `remove_tag`, `suite`, `split`, `weight`.
    deed: String,
    /// With what.
    value: String,
) -> Result<(String, Option<String>), AppError> {
    Ok(crate::ssr::case_facets::bulk(ids, matching, &deed, &value).await?)
}

/// Undoes a change of many cases; answers what to tell.
#[server(prefix = "/api/ui", endpoint = "case_bulk_undo", protocol = Ui)]
pub async fn case_bulk_undo(
    /// Its key.
    key: String,
) -> Result<String, AppError> {
    let done = crate::ssr::service().case_edit_undo(&key).await?;
    Ok(format!("{} as before.", crate::present::count(i64::try_from(done.changed).unwrap_or(i64::MAX), "test case")))
}

/// Says what importing a file would do, and keeps the file under the report's token.
#[server(prefix = "/api/ui", endpoint = "case_import_preview", protocol = Ui)]
pub async fn case_import_preview(
    /// The text of the file.
    text: String,
    /// How to read it.
    options: ImportOptions,
    /// A key under which it is watched.
    watch: String,
) -> Result<ImportReport, AppError> {
    let service = crate::ssr::service();
    let watch = service.case_import_watch(&watch);
    Ok(service.case_import_preview(text.into_bytes(), options, &watch).await?)
}

/// How many rows of a file were read so far.
#[server(prefix = "/api/ui", endpoint = "case_import_progress", protocol = Ui)]
pub async fn case_import_progress(
    /// The key under which the import is watched.
    watch: String,
) -> Result<u32, AppError> {
    Ok(crate::ssr::service().case_import_watch(&watch).rows())
}

/// Imports the file that a preview kept.
#[server(prefix = "/api/ui", endpoint = "case_import_commit", protocol = Ui)]
pub async fn case_import_commit(
    /// The report's token.
    token: String,
    /// Which rows.
    rows: ImportRows,
) -> Result<ImportReport, AppError> {
    let service = crate::ssr::service();
    let watch = service.case_import_watch(&token);
    Ok(service.case_import_commit(&token, rows, &watch).await?)
}

/// Imports the bundled sample cases.
#[server(prefix = "/api/ui", endpoint = "case_import_samples", protocol = Ui)]
pub async fn case_import_samples() -> Result<ImportReport, AppError> {
    Ok(crate::ssr::service().case_import_samples().await?)
}
