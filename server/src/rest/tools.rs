//! The tools agents can call.

use crate::{extract::JsonBody, rest::Answer, state::AppState};
use axum::{
    Json,
    extract::{Path, State},
};
use service::Service;
use types::{ToolOutcome, ToolSpec, ToolTry};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(tool_list)).routes(routes!(tool_try))
}

/// The registered tools with the JSON Schema of their arguments.
#[utoipa::path(get, path = "/api/v1/tools", tag = "tools", responses((status = 200, body = [ToolSpec])))]
async fn tool_list(State(service): State<Service>) -> Json<Vec<ToolSpec>> {
    Json(service.tool_list())
}

/// Calls a tool once, as an agent would. A tool that fails is an answer; one that does not exist is a problem.
#[utoipa::path(
    post, path = "/api/v1/tools/{name}/call", tag = "tools", params(("name" = String, Path)),
    request_body = ToolTry, responses((status = 200, body = ToolOutcome))
)]
async fn tool_try(
    State(service): State<Service>,
    Path(name): Path<String>,
    JsonBody(trial): JsonBody<ToolTry>,
) -> Answer<Json<ToolOutcome>> {
    Ok(Json(service.tool_try(&name, &trial.arguments).await?))
}
