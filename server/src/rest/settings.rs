//! What people set for the whole program.

use crate::{extract::JsonBody, rest::Answer, state::AppState};
use axum::{Json, extract::State};
use service::Service;
use types::JudgeSettings;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(judges_get, judges_put))
}

/// The models that judge replies.
#[utoipa::path(
    get, path = "/api/v1/settings/judges", tag = "settings", responses((status = 200, body = JudgeSettings))
)]
async fn judges_get(State(service): State<Service>) -> Json<JudgeSettings> {
    Json(service.judge_settings())
}

/// Sets the models that judge replies; null = none.
#[utoipa::path(
    put, path = "/api/v1/settings/judges", tag = "settings", request_body = JudgeSettings,
    responses((status = 200, body = JudgeSettings))
)]
async fn judges_put(
    State(service): State<Service>,
    JsonBody(settings): JsonBody<JudgeSettings>,
) -> Answer<Json<JudgeSettings>> {
    Ok(Json(service.judge_settings_set(settings).await?))
}
