//! Work on test cases beyond one at a time and beyond storing: checked, tried, changed by the hundred, and their versions.

use crate::{
    extract::{IdOf, JsonBody},
    rest::Answer,
    state::AppState,
};
use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};
use service::Service;
use types::{
    AgentId, CaseEdit, CaseMatching, CaseSelection, CaseWarning, CasesChanged, EvaluationResult, FieldError, TestCase,
    TestCaseCreate, TestCaseId,
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(case_check))
        .routes(routes!(case_try))
        .routes(routes!(case_edit_many))
        .routes(routes!(case_edit_undo))
        .routes(routes!(case_versions))
}

/// What is wrong with a draft.
#[derive(Serialize, ToSchema)]
struct CaseChecked {
    /// Every field that would be refused; empty = it can be stored.
    errors: Vec<FieldError>,
    /// What is probably not meant; it can be stored all the same.
    warnings: Vec<CaseWarning>,
}

/// A case to ask an agent once.
#[derive(Deserialize, ToSchema)]
struct CaseTrial {
    /// The case; it need not be stored.
    test_case: TestCaseCreate,
    /// Who is asked.
    agent_id: AgentId,
}

/// A change of many cases: of those with these ids, or of all that match.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BulkEdit {
    /// Their ids.
    #[serde(default)]
    ids: Vec<TestCaseId>,
    /// What they match; `{}` = every active case.
    #[serde(default)]
    matching: Option<CaseMatching>,
    /// What changes.
    edit: CaseEdit,
}

/// Says what would be refused of a test case, and what is probably not meant; nothing is stored.
#[utoipa::path(
    post, path = "/api/v1/test-cases/check", tag = "test-cases", request_body = TestCaseCreate,
    responses((status = 200, body = CaseChecked))
)]
async fn case_check(
    State(service): State<Service>,
    JsonBody(draft): JsonBody<TestCaseCreate>,
) -> Answer<Json<CaseChecked>> {
    let (errors, warnings) = (service.case_check(&draft), service.case_lint(&draft));
    Ok(Json(CaseChecked { errors, warnings }))
}

/// Asks an agent a test case once, and judges the answer; nothing is stored. Closing the connection stops it.
#[utoipa::path(
    post, path = "/api/v1/test-cases/try", tag = "test-cases", request_body = CaseTrial,
    responses((status = 200, body = EvaluationResult))
)]
async fn case_try(
    State(service): State<Service>,
    JsonBody(trial): JsonBody<CaseTrial>,
) -> Answer<Json<EvaluationResult>> {
    Ok(Json(service.case_try(trial.test_case, trial.agent_id).await?))
}

/// Changes many test cases, all or none.
#[utoipa::path(
    post, path = "/api/v1/test-cases/edit", tag = "test-cases", request_body = BulkEdit,
    responses((status = 200, body = CasesChanged))
)]
async fn case_edit_many(
    State(service): State<Service>,
    JsonBody(BulkEdit { ids, matching, edit }): JsonBody<BulkEdit>,
) -> Answer<Json<CasesChanged>> {
    Ok(Json(service.case_edit_many(CaseSelection { ids, matching }, edit).await?))
}

/// Undoes a change of many test cases; those that were changed since stay as they are.
#[utoipa::path(
    post, path = "/api/v1/test-cases/edit/{undo}", tag = "test-cases", params(("undo" = String, Path)),
    responses((status = 200, body = CasesChanged))
)]
async fn case_edit_undo(State(service): State<Service>, Path(undo): Path<String>) -> Answer<Json<CasesChanged>> {
    Ok(Json(service.case_edit_undo(&undo).await?))
}

/// The versions of a test case, the present one first.
#[utoipa::path(
    get, path = "/api/v1/test-cases/{id}/versions", tag = "test-cases", params(("id" = TestCaseId, Path)),
    responses((status = 200, body = [TestCase]))
)]
async fn case_versions(State(service): State<Service>, IdOf(id): IdOf<TestCaseId>) -> Answer<Json<Vec<TestCase>>> {
    Ok(Json(service.case_versions(id).await?))
}
