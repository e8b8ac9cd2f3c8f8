//! How much there is of everything, and what is going on.

use crate::{rest::Answer, state::AppState};
use axum::{Json, extract::State};
use service::Service;
use types::Overview;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(overview))
}

/// Counts, running and recent runs.
#[utoipa::path(get, path = "/api/v1/overview", tag = "overview", responses((status = 200, body = Overview)))]
async fn overview(State(service): State<Service>) -> Answer<Json<Overview>> {
    Ok(Json(service.overview().await?))
}
