//! Agents: create, list, change, delete, reset; pools of equal ones, and one act on many.

use crate::{
    extract::{IdOf, JsonBody, QueryOf},
    rest::{
        Answer,
        list::{AgentsQuery, Listed},
    },
    state::AppState,
};
use axum::{Json, extract::State, http::StatusCode};
use service::Service;
use types::{Agent, AgentBatch, AgentCreate, AgentId, AgentPoolCreate, AgentUpdate};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(agent_create, agent_list))
        .routes(routes!(agent_get, agent_update, agent_delete))
        .routes(routes!(agent_reset))
        .routes(routes!(agent_pool_create))
        .routes(routes!(agent_batch))
}

/// Creates an agent.
#[utoipa::path(
    post, path = "/api/v1/agents", tag = "agents", request_body = AgentCreate,
    responses((status = 201, body = Agent))
)]
async fn agent_create(
    State(service): State<Service>,
    JsonBody(draft): JsonBody<AgentCreate>,
) -> Answer<(StatusCode, Json<Agent>)> {
    Ok((StatusCode::CREATED, Json(service.agent_create(draft).await?)))
}

/// Agents, oldest first.
#[utoipa::path(
    get, path = "/api/v1/agents", tag = "agents", params(AgentsQuery),
    responses((status = 200, body = [Agent], headers(("X-Total-Count" = u64, description = "Rows over all pages"))))
)]
async fn agent_list(State(service): State<Service>, QueryOf(query): QueryOf<AgentsQuery>) -> Answer<Listed<Agent>> {
    let page = query.page();
    Ok(Listed(service.agent_list(query.filter(), page).await?))
}

/// One agent.
#[utoipa::path(
    get, path = "/api/v1/agents/{id}", tag = "agents", params(("id" = AgentId, Path)),
    responses((status = 200, body = Agent))
)]
async fn agent_get(State(service): State<Service>, IdOf(id): IdOf<AgentId>) -> Answer<Json<Agent>> {
    Ok(Json(service.agent_get(id).await?))
}

/// Changes an agent: absent = unchanged, null clears.
#[utoipa::path(
    patch, path = "/api/v1/agents/{id}", tag = "agents", params(("id" = AgentId, Path)), request_body = AgentUpdate,
    responses((status = 200, body = Agent))
)]
async fn agent_update(
    State(service): State<Service>,
    IdOf(id): IdOf<AgentId>,
    JsonBody(update): JsonBody<AgentUpdate>,
) -> Answer<Json<Agent>> {
    Ok(Json(service.agent_update(id, update).await?))
}

/// Deletes an agent softly: it keeps its history and can be restored.
#[utoipa::path(
    delete, path = "/api/v1/agents/{id}", tag = "agents", params(("id" = AgentId, Path)), responses((status = 204))
)]
async fn agent_delete(State(service): State<Service>, IdOf(id): IdOf<AgentId>) -> Answer<StatusCode> {
    service.agent_delete(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends the agent's open conversations.
#[utoipa::path(
    post, path = "/api/v1/agents/{id}/reset", tag = "agents", params(("id" = AgentId, Path)),
    responses((status = 200, body = Agent))
)]
async fn agent_reset(State(service): State<Service>, IdOf(id): IdOf<AgentId>) -> Answer<Json<Agent>> {
    Ok(Json(service.agent_reset(id).await?))
}

/// Creates a pool of equal agents, all or none.
#[utoipa::path(
    post, path = "/api/v1/agents/pool", tag = "agents", request_body = AgentPoolCreate,
    responses((status = 201, body = [Agent]))
)]
async fn agent_pool_create(
    State(service): State<Service>,
    JsonBody(pool): JsonBody<AgentPoolCreate>,
) -> Answer<(StatusCode, Json<Vec<Agent>>)> {
    Ok((StatusCode::CREATED, Json(service.agent_pool_create(pool).await?)))
}

/// Resets, deletes or restores many agents, all or none.
#[utoipa::path(
    post, path = "/api/v1/agents/batch", tag = "agents", request_body = AgentBatch,
    responses((status = 200, body = [Agent]))
)]
async fn agent_batch(
    State(service): State<Service>,
    JsonBody(batch): JsonBody<AgentBatch>,
) -> Answer<Json<Vec<Agent>>> {
    Ok(Json(service.agent_batch(batch).await?))
}
