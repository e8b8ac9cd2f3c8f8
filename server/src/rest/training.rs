//! Training runs: start, list, read, stop, resume.

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
use types::{RunId, TrainingCreate, TrainingRun, TrainingRunListItem};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(training_start, training_list))
        .routes(routes!(training_get))
        .routes(routes!(training_stop))
        .routes(routes!(training_resume))
}

/// Starts a training run in the background; no, null or empty `test_case_ids` means all active cases.
#[utoipa::path(
    post, path = "/api/v1/training", tag = "training", request_body = TrainingCreate,
    responses((status = 200, body = TrainingRunListItem))
)]
async fn training_start(
    State(service): State<Service>,
    JsonBody(request): JsonBody<TrainingCreate>,
) -> Answer<Json<TrainingRunListItem>> {
    Ok(Json(service.training_start(request).await?))
}

/// Training runs, newest first.
#[utoipa::path(
    get, path = "/api/v1/training", tag = "training", params(OfAgentQuery),
    responses((
        status = 200, body = [TrainingRunListItem],
        headers(("X-Total-Count" = u64, description = "Rows over all pages"))
    ))
)]
async fn training_list(
    State(service): State<Service>,
    QueryOf(query): QueryOf<OfAgentQuery>,
) -> Answer<Listed<TrainingRunListItem>> {
    Ok(Listed(service.training_list(query.agent_id, query.page()).await?))
}

/// A run with its episodes by number.
#[utoipa::path(
    get, path = "/api/v1/training/{id}", tag = "training", params(("id" = RunId, Path)),
    responses((status = 200, body = TrainingRun))
)]
async fn training_get(State(service): State<Service>, IdOf(id): IdOf<RunId>) -> Answer<Json<TrainingRun>> {
    Ok(Json(service.training_get(id).await?))
}

/// Asks a run to stop; its best weights are kept.
#[utoipa::path(
    post, path = "/api/v1/training/{id}/stop", tag = "training", params(("id" = RunId, Path)),
    responses((status = 200, body = Stopping))
)]
async fn training_stop(State(service): State<Service>, IdOf(id): IdOf<RunId>) -> Answer<Json<Stopping>> {
    service.training_stop(id).await?;
    Ok(Json(Stopping::of(id)))
}

/// Goes on from the latest checkpoint.
#[utoipa::path(
    post, path = "/api/v1/training/{id}/resume", tag = "training", params(("id" = RunId, Path)),
    responses((status = 200, body = TrainingRunListItem))
)]
async fn training_resume(State(service): State<Service>, IdOf(id): IdOf<RunId>) -> Answer<Json<TrainingRunListItem>> {
    Ok(Json(service.training_resume(id).await?))
}
