//! Test cases: create, list, change, delete, import, export.

use crate::{
    extract::{IdOf, JsonBody, JsonText, QueryOf, query_flag},
    rest::{
        Answer,
        list::{CasesQuery, Listed},
    },
    state::AppState,
};
use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use service::Service;
use types::{Error, FieldError, ImportMode, ImportReport, TestCase, TestCaseCreate, TestCaseId, TestCaseUpdate};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(case_create, case_list))
        .routes(routes!(case_create_all))
        .routes(routes!(case_import))
        .routes(routes!(case_export))
        .routes(routes!(case_get, case_update, case_delete))
}

/// Cases to create together.
#[derive(Deserialize, ToSchema)]
struct BulkCreate {
    /// The cases.
    test_cases: Vec<TestCaseCreate>,
}

/// How to import.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ImportQuery {
    /// Only say what would be done.
    #[serde(default, deserialize_with = "query_flag")]
    #[param(default = false)]
    dry_run: bool,
}

/// Creates a test case.
#[utoipa::path(
    post, path = "/api/v1/test-cases", tag = "test-cases", request_body = TestCaseCreate,
    responses((status = 201, body = TestCase))
)]
async fn case_create(
    State(service): State<Service>,
    JsonBody(draft): JsonBody<TestCaseCreate>,
) -> Answer<(StatusCode, Json<TestCase>)> {
    Ok((StatusCode::CREATED, Json(service.case_create(draft).await?)))
}

/// Test cases, newest first.
#[utoipa::path(
    get, path = "/api/v1/test-cases", tag = "test-cases", params(CasesQuery),
    responses((status = 200, body = [TestCase], headers(("X-Total-Count" = u64, description = "Rows over all pages"))))
)]
async fn case_list(State(service): State<Service>, QueryOf(query): QueryOf<CasesQuery>) -> Answer<Listed<TestCase>> {
    Ok(Listed(service.case_list(query.into()).await?))
}

/// Creates many test cases, all or nothing.
#[utoipa::path(
    post, path = "/api/v1/test-cases/bulk", tag = "test-cases", request_body = BulkCreate,
    responses((status = 201, body = [TestCase]))
)]
async fn case_create_all(
    State(service): State<Service>,
    JsonBody(bulk): JsonBody<BulkCreate>,
) -> Answer<(StatusCode, Json<Vec<TestCase>>)> {
    Ok((StatusCode::CREATED, Json(service.case_create_all(bulk.test_cases).await?)))
}

/// Imports a file (a JSON array of cases): rows that are already there are passed over, a wrong row refuses the file.
#[utoipa::path(
    post, path = "/api/v1/test-cases/import", tag = "test-cases", params(ImportQuery),
    request_body = [TestCaseCreate], responses((status = 200, body = ImportReport))
)]
async fn case_import(
    State(service): State<Service>,
    QueryOf(query): QueryOf<ImportQuery>,
    JsonText(text): JsonText,
) -> Answer<Json<ImportReport>> {
    if query.dry_run {
        return Ok(Json(service.case_import(&text, ImportMode::Preview).await?));
    }
    let report = service.case_import(&text, ImportMode::Commit).await?;
    if report.errors.is_empty() { Ok(Json(report)) } else { Err(refused_rows(report).into()) }
}

fn refused_rows(report: ImportReport) -> Error {
    let named =
        |row: u32, field: &str| if field.is_empty() { format!("row {row}") } else { format!("row {row}: {field}") };
    Error::Fields(report.errors.into_iter().map(|e| FieldError::new(named(e.row, &e.field), e.message)).collect())
}

/// All active test cases as a file that can be imported again.
#[utoipa::path(
    get, path = "/api/v1/test-cases/export", tag = "test-cases", responses((status = 200, body = [TestCaseCreate]))
)]
async fn case_export(State(service): State<Service>) -> Answer<Json<Vec<TestCaseCreate>>> {
    Ok(Json(service.case_export().await?))
}

/// One test case.
#[utoipa::path(
    get, path = "/api/v1/test-cases/{id}", tag = "test-cases", params(("id" = TestCaseId, Path)),
    responses((status = 200, body = TestCase))
)]
async fn case_get(State(service): State<Service>, IdOf(id): IdOf<TestCaseId>) -> Answer<Json<TestCase>> {
    Ok(Json(service.case_get(id).await?))
}

/// Changes a test case: absent = unchanged, null clears.
#[utoipa::path(
    patch, path = "/api/v1/test-cases/{id}", tag = "test-cases", params(("id" = TestCaseId, Path)),
    request_body = TestCaseUpdate, responses((status = 200, body = TestCase))
)]
async fn case_update(
    State(service): State<Service>,
    IdOf(id): IdOf<TestCaseId>,
    JsonBody(update): JsonBody<TestCaseUpdate>,
) -> Answer<Json<TestCase>> {
    Ok(Json(service.case_update(id, update).await?))
}

/// Deletes a test case softly: results of earlier runs stay.
#[utoipa::path(
    delete, path = "/api/v1/test-cases/{id}", tag = "test-cases", params(("id" = TestCaseId, Path)),
    responses((status = 204))
)]
async fn case_delete(State(service): State<Service>, IdOf(id): IdOf<TestCaseId>) -> Answer<StatusCode> {
    service.case_delete(id).await?;
    Ok(StatusCode::NO_CONTENT)
}
