//! The registered frameworks: what an agent's type can be, with the settings of each.

use crate::state::AppState;
use axum::{Json, extract::State};
use service::Service;
use types::ExtensionSpec;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(framework_list))
}

/// The registered frameworks: what an agent's type can be, with the settings of each.
#[utoipa::path(get, path = "/api/v1/frameworks", tag = "frameworks", responses((status = 200, body = [ExtensionSpec])))]
async fn framework_list(State(service): State<Service>) -> Json<Vec<ExtensionSpec>> {
    Json(service.framework_list())
}
