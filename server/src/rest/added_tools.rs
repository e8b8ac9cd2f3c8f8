//! Tools that people added. What their headers hold is written and never read.

use crate::{
    extract::{IdOf, JsonBody},
    rest::Answer,
    state::AppState,
};
use axum::{Json, extract::State, http::StatusCode};
use service::Service;
use types::{AddedTool, AddedToolCreate, AddedToolId, AddedToolUpdate};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(added_tool_create, added_tool_list))
        .routes(routes!(added_tool_update, added_tool_delete))
        .routes(routes!(added_tool_refresh))
}

/// Adds a tool without code: a request of one's own (`http`), or another MCP server (`mcp`), whose tools are listed and off.
#[utoipa::path(
    post, path = "/api/v1/added-tools", tag = "tools", request_body = AddedToolCreate,
    responses((status = 201, body = AddedTool))
)]
async fn added_tool_create(
    State(service): State<Service>,
    JsonBody(draft): JsonBody<AddedToolCreate>,
) -> Answer<(StatusCode, Json<AddedTool>)> {
    Ok((StatusCode::CREATED, Json(service.added_tool_create(draft).await?)))
}

/// Every added tool by name, without what its headers hold.
#[utoipa::path(get, path = "/api/v1/added-tools", tag = "tools", responses((status = 200, body = [AddedTool])))]
async fn added_tool_list(State(service): State<Service>) -> Json<Vec<AddedTool>> {
    Json(service.added_tool_list())
}

/// Changes an added tool: absent = unchanged. `tools_on` says which tools of a server are offered.
#[utoipa::path(
    patch, path = "/api/v1/added-tools/{id}", tag = "tools", params(("id" = AddedToolId, Path)),
    request_body = AddedToolUpdate, responses((status = 200, body = AddedTool))
)]
async fn added_tool_update(
    State(service): State<Service>,
    IdOf(id): IdOf<AddedToolId>,
    JsonBody(update): JsonBody<AddedToolUpdate>,
) -> Answer<Json<AddedTool>> {
    Ok(Json(service.added_tool_update(id, update).await?))
}

/// Deletes an added tool and what its headers hold.
#[utoipa::path(
    delete, path = "/api/v1/added-tools/{id}", tag = "tools", params(("id" = AddedToolId, Path)),
    responses((status = 204))
)]
async fn added_tool_delete(State(service): State<Service>, IdOf(id): IdOf<AddedToolId>) -> Answer<StatusCode> {
    service.added_tool_delete(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks an added server again for its tools; those that were on stay on.
#[utoipa::path(
    post, path = "/api/v1/added-tools/{id}/refresh", tag = "tools", params(("id" = AddedToolId, Path)),
    responses((status = 200, body = AddedTool))
)]
async fn added_tool_refresh(State(service): State<Service>, IdOf(id): IdOf<AddedToolId>) -> Answer<Json<AddedTool>> {
    Ok(Json(service.added_tool_refresh(id).await?))
}
