//! How far the Python worker is.

use crate::state::AppState;
use axum::{Json, extract::State};
use service::Service;
use types::BridgeStatus;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(bridge_status))
}

/// The Python worker that hosts Pydantic AI and LangGraph: whether it is installed and answers, and with which versions.
#[utoipa::path(get, path = "/api/v1/bridge", tag = "frameworks", responses((status = 200, body = BridgeStatus)))]
async fn bridge_status(State(service): State<Service>) -> Json<BridgeStatus> {
    Json(service.bridge_status())
}
