//! Evaluation runs: start, list, read, stop, resume.

use crate::{
    extract::{IdOf, JsonBody, QueryOf},
    rest::{
        Answer,
        list::{Listed, OfAgentQuery},
        run::Stopping,
    },
    state::AppState,
};
use axum::{Json, extract::State};
use service::Service;
use types::{EvaluationCreate, EvaluationRun, EvaluationRunListItem, RunId};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(evaluation_start, evaluation_list))
        .routes(routes!(evaluation_get))
        .routes(routes!(evaluation_stop))
        .routes(routes!(evaluation_resume))
}

/// Starts an evaluation in the background; no, null or empty `test_case_ids` means all active cases.
#[utoipa::path(
    post, path = "/api/v1/evaluations", tag = "evaluations", request_body = EvaluationCreate,
    responses((status = 200, body = EvaluationRunListItem))
)]
async fn evaluation_start(
    State(service): State<Service>,
    JsonBody(request): JsonBody<EvaluationCreate>,
) -> Answer<Json<EvaluationRunListItem>> {
    Ok(Json(service.evaluation_start(request).await?))
}

/// Evaluation runs, newest first.
#[utoipa::path(
    get, path = "/api/v1/evaluations", tag = "evaluations", params(OfAgentQuery),
    responses((
        status = 200, body = [EvaluationRunListItem],
        headers(("X-Total-Count" = u64, description = "Rows over all pages"))
    ))
)]
async fn evaluation_list(
    State(service): State<Service>,
    QueryOf(query): QueryOf<OfAgentQuery>,
) -> Answer<Listed<EvaluationRunListItem>> {
    Ok(Listed(service.evaluation_list(query.agent_id, query.page()).await?))
}

/// A run with its results in the order of its cases.
#[utoipa::path(
    get, path = "/api/v1/evaluations/{id}", tag = "evaluations", params(("id" = RunId, Path)),
    responses((status = 200, body = EvaluationRun))
)]
async fn evaluation_get(State(service): State<Service>, IdOf(id): IdOf<RunId>) -> Answer<Json<EvaluationRun>> {
    Ok(Json(service.evaluation_get(id).await?))
}

/// Asks a run to stop.
#[utoipa::path(
    post, path = "/api/v1/evaluations/{id}/stop", tag = "evaluations", params(("id" = RunId, Path)),
    responses((status = 200, body = Stopping))
)]
async fn evaluation_stop(State(service): State<Service>, IdOf(id): IdOf<RunId>) -> Answer<Json<Stopping>> {
    service.evaluation_stop(id).await?;
    Ok(Json(Stopping::of(id)))
}

/// Goes on with the cases that have no result yet.
#[utoipa::path(
    post, path = "/api/v1/evaluations/{id}/resume", tag = "evaluations", params(("id" = RunId, Path)),
    responses((status = 200, body = EvaluationRunListItem))
)]
async fn evaluation_resume(
    State(service): State<Service>,
    IdOf(id): IdOf<RunId>,
) -> Answer<Json<EvaluationRunListItem>> {
    Ok(Json(service.evaluation_resume(id).await?))
}
