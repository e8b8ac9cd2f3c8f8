//! The tools agents can call.

use crate::state::AppState;
use axum::{Json, extract::State};
use service::Service;
use types::ToolSpec;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(tool_list))
}

/// The registered tools with the JSON Schema of their arguments.
#[utoipa::path(get, path = "/api/v1/tools", tag = "tools", responses((status = 200, body = [ToolSpec])))]
async fn tool_list(State(service): State<Service>) -> Json<Vec<ToolSpec>> {
    Json(service.tool_list())
}
