//! Whether the service answers.

use crate::{rest::Answer, state::AppState};
use axum::{Json, extract::State};
use service::Service;
use types::Health;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(health))
}

/// Whether the service and its database answer.
#[utoipa::path(get, path = "/api/v1/health", tag = "health", responses((status = 200, body = Health)))]
async fn health(State(service): State<Service>) -> Answer<Json<Health>> {
    Ok(Json(service.health().await?))
}
