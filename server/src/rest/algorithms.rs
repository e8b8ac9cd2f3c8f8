//! The registered training algorithms with their parameters.

use crate::state::AppState;
use axum::{Json, extract::State};
use service::Service;
use types::ExtensionSpec;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(algorithm_list))
}

/// The registered training algorithms with their parameters.
#[utoipa::path(get, path = "/api/v1/algorithms", tag = "algorithms", responses((status = 200, body = [ExtensionSpec])))]
async fn algorithm_list(State(service): State<Service>) -> Json<Vec<ExtensionSpec>> {
    Json(service.algorithm_list())
}
