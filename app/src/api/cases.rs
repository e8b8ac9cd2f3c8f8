//! Server functions of the test cases: list, edit, archive, import.

use crate::{error::AppError, protocol::Ui};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use types::{
    CaseQuery, ExtensionSpec, ImportOptions, ImportReport, ImportRows, MessageId, Paged, TestCase, TestCaseCreate,
    TestCaseId, TestCaseUpdate,
};

/// What the form of a test case offers.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct CaseOffer {
    /// Registered answer checks.
    pub checks: Vec<ExtensionSpec>,
    /// Names of the registered tools.
    pub tools: Vec<String>,
    /// What a new case starts with.
    pub draft: TestCaseCreate,
}

/// One page of the test cases.
#[server(prefix = "/api/ui", endpoint = "case_list", protocol = Ui)]
pub async fn case_list(
    /// Which cases, in which order.
    query: CaseQuery,
) -> Result<Paged<TestCase>, AppError> {
    Ok(crate::ssr::service().case_list(query).await?)
}

/// One test case.
#[server(prefix = "/api/ui", endpoint = "case_get", protocol = Ui)]
pub async fn case_get(
    /// Its id.
    id: TestCaseId,
) -> Result<TestCase, AppError> {
    Ok(crate::ssr::service().case_get(id).await?)
}

/// The answer checks and tools that a case can name, and a case made of the turn that ended with `answer`.
#[server(prefix = "/api/ui", endpoint = "case_choices", protocol = Ui)]
pub async fn case_choices(
    /// An answer in a chat.
    answer: Option<MessageId>,
) -> Result<CaseOffer, AppError> {
    let service = crate::ssr::service();
    let tools = service.tool_list().into_iter().map(|tool| tool.name).collect();
    let draft = match answer {
        Some(answer) => service.case_draft(answer).await?,
        None => TestCaseCreate::default(),
    };
    Ok(CaseOffer { checks: service.answer_check_list(), tools, draft })
}

/// Stores a new test case.
#[server(prefix = "/api/ui", endpoint = "case_create", protocol = Ui)]
pub async fn case_create(
    /// What it asks and expects.
    draft: TestCaseCreate,
) -> Result<TestCase, AppError> {
    Ok(crate::ssr::service().case_create(draft).await?)
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

/// Says what importing a file would do, and keeps the file under the report's token.
#[server(prefix = "/api/ui", endpoint = "case_import_preview", protocol = Ui)]
pub async fn case_import_preview(
    /// The text of the file.
    text: String,
    /// How to read it.
    options: ImportOptions,
) -> Result<ImportReport, AppError> {
    Ok(crate::ssr::service().case_import_preview(text.into_bytes(), options).await?)
}

/// Imports the file that a preview kept.
#[server(prefix = "/api/ui", endpoint = "case_import_commit", protocol = Ui)]
pub async fn case_import_commit(
    /// The report's token.
    token: String,
    /// Which rows.
    rows: ImportRows,
) -> Result<ImportReport, AppError> {
    Ok(crate::ssr::service().case_import_commit(&token, rows).await?)
}

/// Imports the bundled sample cases.
#[server(prefix = "/api/ui", endpoint = "case_import_samples", protocol = Ui)]
pub async fn case_import_samples() -> Result<ImportReport, AppError> {
    Ok(crate::ssr::service().case_import_samples().await?)
}
