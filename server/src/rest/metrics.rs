//! Metrics that people write.

use crate::{
    extract::{IdOf, JsonBody},
    rest::Answer,
    state::AppState,
};
use axum::{Json, extract::State, http::StatusCode};
use service::Service;
use types::{Metric, MetricCreate, MetricId, MetricSummary, RunId};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(metric_create, metric_list))
        .routes(routes!(metric_preview))
        .routes(routes!(metric_replace, metric_delete))
        .routes(routes!(metric_of_run))
}

/// Adds a metric: a Jinja expression over what is stored of a sample.
#[utoipa::path(
    post, path = "/api/v1/metrics", tag = "metrics", request_body = MetricCreate,
    responses((status = 201, body = Metric))
)]
async fn metric_create(
    State(service): State<Service>,
    JsonBody(draft): JsonBody<MetricCreate>,
) -> Answer<(StatusCode, Json<Metric>)> {
    Ok((StatusCode::CREATED, Json(service.metric_create(draft).await?)))
}

/// Every metric, by name.
#[utoipa::path(get, path = "/api/v1/metrics", tag = "metrics", responses((status = 200, body = [Metric])))]
async fn metric_list(State(service): State<Service>) -> Answer<Json<Vec<Metric>>> {
    Ok(Json(service.metric_list().await?))
}

/// Tries a metric on past samples, newest runs first; nothing is stored.
#[utoipa::path(
    post, path = "/api/v1/metrics/preview", tag = "metrics", request_body = MetricCreate,
    responses((status = 200, body = MetricSummary))
)]
async fn metric_preview(
    State(service): State<Service>,
    JsonBody(draft): JsonBody<MetricCreate>,
) -> Answer<Json<MetricSummary>> {
    Ok(Json(service.metric_preview(draft).await?))
}

/// Replaces a metric.
#[utoipa::path(
    put, path = "/api/v1/metrics/{id}", tag = "metrics", params(("id" = MetricId, Path)), request_body = MetricCreate,
    responses((status = 200, body = Metric))
)]
async fn metric_replace(
    State(service): State<Service>,
    IdOf(id): IdOf<MetricId>,
    JsonBody(draft): JsonBody<MetricCreate>,
) -> Answer<Json<Metric>> {
    Ok(Json(service.metric_replace(id, draft).await?))
}

/// Deletes a metric.
#[utoipa::path(
    delete, path = "/api/v1/metrics/{id}", tag = "metrics", params(("id" = MetricId, Path)),
    responses((status = 204))
)]
async fn metric_delete(State(service): State<Service>, IdOf(id): IdOf<MetricId>) -> Answer<StatusCode> {
    service.metric_delete(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Every metric over the samples of a run: mean, interval, histogram, and samples without a value with the reason.
#[utoipa::path(
    get, path = "/api/v1/evaluations/{id}/metrics", tag = "metrics", params(("id" = RunId, Path)),
    responses((status = 200, body = [MetricSummary]))
)]
async fn metric_of_run(State(service): State<Service>, IdOf(id): IdOf<RunId>) -> Answer<Json<Vec<MetricSummary>>> {
    Ok(Json(service.metric_of_run(id).await?))
}
