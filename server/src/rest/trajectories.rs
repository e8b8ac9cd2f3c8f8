//! What went through the gateway: calls, the trajectory of an attempt, and all of them as a file.

use crate::{
    extract::{IdOf, QueryOf},
    rest::{
        Answer,
        list::{Listed, TrajectoriesQuery},
    },
    state::AppState,
};
use axum::{
    Json,
    body::Body,
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use futures::stream;
use serde::Deserialize;
use service::{Service, TrajectoryFormat};
use types::{Attempt, GatewayCall, GatewayCallId, GatewayCallListItem};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(trajectory_list))
        .routes(routes!(trajectory_export))
        .routes(routes!(trajectory_get))
        .routes(routes!(gateway_call_get))
}

/// Calls through the gateway without their bodies, newest first.
#[utoipa::path(
    get, path = "/api/v1/trajectories", tag = "gateway", params(TrajectoriesQuery),
    responses((
        status = 200, body = [GatewayCallListItem],
        headers(("X-Total-Count" = u64, description = "Rows over all pages"))
    ))
)]
async fn trajectory_list(
    State(service): State<Service>,
    QueryOf(query): QueryOf<TrajectoriesQuery>,
) -> Answer<Listed<GatewayCallListItem>> {
    Ok(Listed(service.gateway_call_list(&query.into()).await?))
}

/// After which call a trajectory goes on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AfterQuery {
    /// Only calls after this `seq`.
    #[serde(default)]
    #[param(default = 0)]
    after: i64,
}

/// The calls of an attempt with their bodies, in order; at most a thousand.
#[utoipa::path(
    get, path = "/api/v1/trajectories/{rollout}/{attempt}", tag = "gateway",
    params(("rollout" = String, Path), ("attempt" = i64, Path), AfterQuery),
    responses((status = 200, body = [GatewayCall]))
)]
async fn trajectory_get(
    State(service): State<Service>,
    Path((rollout, attempt)): Path<(String, i64)>,
    QueryOf(query): QueryOf<AfterQuery>,
) -> Answer<Json<Vec<GatewayCall>>> {
    Ok(Json(service.trajectory_get(&Attempt { rollout, attempt }, query.after).await?))
}

/// One call with its bodies.
#[utoipa::path(
    get, path = "/api/v1/gateway-calls/{id}", tag = "gateway", params(("id" = GatewayCallId, Path)),
    responses((status = 200, body = GatewayCall))
)]
async fn gateway_call_get(State(service): State<Service>, IdOf(id): IdOf<GatewayCallId>) -> Answer<Json<GatewayCall>> {
    Ok(Json(service.gateway_call_get(id).await?))
}

/// In which format, of which rollout.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ExportQuery {
    /// `sft` (conversations as TRL's trainers read them), `dpo` (pairs of answers, from votes and corrected answers, as TRL
    /// reads them) or `raw` (every call as it is kept).
    #[param(value_type = String)]
    format: TrajectoryFormat,
    /// Only of this rollout.
    rollout: Option<String>,
}

/// Trajectories as JSON lines.
#[utoipa::path(
    get, path = "/api/v1/trajectories/export", tag = "gateway", params(ExportQuery),
    responses((status = 200, body = String, content_type = "application/jsonl"))
)]
async fn trajectory_export(State(service): State<Service>, QueryOf(query): QueryOf<ExportQuery>) -> Response {
    let export = service.trajectory_export(query.format, query.rollout);
    let lines = stream::unfold(export, |mut export| async { export.next().await.map(|lines| (lines, export)) });
    let headers = [
        (header::CONTENT_TYPE, "application/jsonl"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"trajectories.jsonl\""),
    ];
    (headers, Body::from_stream(lines)).into_response()
}
