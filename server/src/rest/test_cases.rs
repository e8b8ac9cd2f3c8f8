//! Test cases: create, list, change, delete, import, export.

use crate::{
    extract::{FileBody, IdOf, JsonBody, QueryOf, query_flag},
    rest::{
        Answer,
        list::{CasesQuery, Listed},
    },
    state::AppState,
};
use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use service::{ImportWatch, Service};
use types::{
    Error, FieldError, ImportOptions, ImportReport, ImportRows, TestCase, TestCaseCreate, TestCaseId, TestCaseUpdate,
};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(case_create, case_list))
        .routes(routes!(case_create_all))
        .routes(routes!(case_import))
        .routes(routes!(case_import_commit))
        .routes(routes!(case_import_corrections))
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
    /// Only say what would be done, and keep the file for an hour under the answer's `token`.
    #[serde(default, deserialize_with = "query_flag")]
    #[param(default = false)]
    dry_run: bool,
    /// Format of the file (`json`, `jsonl`, `yaml`, `csv`, `tsv`, `gsm8k`, `openai_evals`); recognised when absent.
    format: Option<String>,
    /// Which field a column of the file is, as a JSON object: `{"Question": "user_input"}`.
    columns: Option<String>,
}

impl ImportQuery {
    fn options(self) -> Result<ImportOptions, Error> {
        let columns = self.columns.map(|columns| serde_json::from_str(&columns)).transpose();
        let wrong = |error| {
            Error::field("columns", format!("is no JSON object of texts, as {{\"Question\": \"user_input\"}}: {error}"))
        };
        Ok(ImportOptions { format: self.format, columns: columns.map_err(wrong)?.unwrap_or_default() })
    }
}

/// Which rows to write.
#[derive(Deserialize, ToSchema)]
struct ImportCommit {
    /// `all` (none when one is refused) or `valid`.
    #[serde(default)]
    rows: ImportRows,
}

/// How to export.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ExportQuery {
    /// Format of the file: `json`, `jsonl`, `yaml`, `csv` or `tsv`.
    #[serde(default = "json")]
    #[param(default = "json")]
    format: String,
}

fn json() -> String {
    "json".into()
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

/// Imports a file of cases: rows that are already there are passed over, rows with the `external_id` of a case replace it, a
/// wrong row refuses the file.
#[utoipa::path(
    post, path = "/api/v1/test-cases/import", tag = "test-cases", params(ImportQuery),
    request_body(content((Vec<TestCaseCreate> = "application/json"), (String = "application/x-ndjson"), (String = "text/csv"), (String = "text/tab-separated-values"), (String = "application/yaml"))),
    responses((status = 200, body = ImportReport))
)]
async fn case_import(
    State(service): State<Service>,
    QueryOf(query): QueryOf<ImportQuery>,
    FileBody(file): FileBody,
) -> Answer<Json<ImportReport>> {
    let (dry_run, options) = (query.dry_run, query.options()?);
    if dry_run {
        return Ok(Json(service.case_import_preview(file.to_vec(), options, &ImportWatch::default()).await?));
    }
    let imported = service.case_import(file.to_vec(), options, ImportRows::All, &ImportWatch::default()).await?;
    all_or_refused(imported.report, ImportRows::All)
}

/// Imports the file that a dry run kept.
#[utoipa::path(
    post, path = "/api/v1/test-cases/import/{token}", tag = "test-cases", params(("token" = String, Path)),
    request_body = ImportCommit, responses((status = 200, body = ImportReport))
)]
async fn case_import_commit(
    State(service): State<Service>,
    Path(token): Path<String>,
    JsonBody(commit): JsonBody<ImportCommit>,
) -> Answer<Json<ImportReport>> {
    all_or_refused(service.case_import_commit(&token, commit.rows, &ImportWatch::default()).await?, commit.rows)
}

fn all_or_refused(report: ImportReport, rows: ImportRows) -> Answer<Json<ImportReport>> {
    if rows == ImportRows::Valid || report.refused == 0 { Ok(Json(report)) } else { Err(refused_rows(report).into()) }
}

fn refused_rows(report: ImportReport) -> Error {
    let named =
        |row: u32, field: &str| if field.is_empty() { format!("row {row}") } else { format!("row {row}: {field}") };
    Error::Fields(report.errors.into_iter().map(|e| FieldError::new(named(e.row, &e.field), e.message)).collect())
}

/// The refused rows of the file that a dry run kept, with what is wrong: ready to be corrected and imported.
#[utoipa::path(
    get, path = "/api/v1/test-cases/import/{token}/corrections", tag = "test-cases", params(("token" = String, Path)),
    responses((status = 200, body = String, content_type = "text/plain"))
)]
async fn case_import_corrections(State(service): State<Service>, Path(token): Path<String>) -> Answer<Response> {
    let file = service.case_import_corrections(&token).await?;
    Ok(download("corrections.txt", "text/plain; charset=utf-8", file))
}

/// All active test cases as a file that can be imported again.
#[utoipa::path(
    get, path = "/api/v1/test-cases/export", tag = "test-cases", params(ExportQuery),
    responses((status = 200, body = [TestCaseCreate]))
)]
async fn case_export(State(service): State<Service>, QueryOf(query): QueryOf<ExportQuery>) -> Answer<Response> {
    let file = service.case_export_as(&query.format).await?;
    let kind = match query.format.as_str() {
        "json" => "application/json",
        "jsonl" => "application/x-ndjson",
        "yaml" => "application/yaml",
        "tsv" => "text/tab-separated-values; charset=utf-8",
        _ => "text/csv; charset=utf-8",
    };
    Ok(download(&format!("test-cases.{}", query.format), kind, file))
}

fn download(name: &str, kind: &str, content: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], content).into_response()
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
