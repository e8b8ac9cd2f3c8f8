//! Model providers. Keys are written and never read.

use crate::{
    extract::{IdOf, JsonBody},
    rest::Answer,
    state::AppState,
};
use axum::{Json, extract::State, http::StatusCode};
use service::Service;
use types::{Provider, ProviderCreate, ProviderId, ProviderModels, ProviderUpdate};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(provider_create, provider_list))
        .routes(routes!(provider_update, provider_delete))
        .routes(routes!(provider_restore))
        .routes(routes!(provider_test))
}

/// Adds a provider: any server that speaks OpenAI's Responses or Chat Completions API.
#[utoipa::path(
    post, path = "/api/v1/providers", tag = "providers", request_body = ProviderCreate,
    responses((status = 201, body = Provider))
)]
async fn provider_create(
    State(service): State<Service>,
    JsonBody(draft): JsonBody<ProviderCreate>,
) -> Answer<(StatusCode, Json<Provider>)> {
    Ok((StatusCode::CREATED, Json(service.provider_create(draft).await?)))
}

/// Every provider by name: those of the environment and those that were added.
#[utoipa::path(get, path = "/api/v1/providers", tag = "providers", responses((status = 200, body = [Provider])))]
async fn provider_list(State(service): State<Service>) -> Json<Vec<Provider>> {
    Json(service.provider_list())
}

/// Changes a provider: absent = unchanged, a null key is taken out. A key is not kept for another address.
#[utoipa::path(
    patch, path = "/api/v1/providers/{id}", tag = "providers", params(("id" = ProviderId, Path)),
    request_body = ProviderUpdate, responses((status = 200, body = Provider))
)]
async fn provider_update(
    State(service): State<Service>,
    IdOf(id): IdOf<ProviderId>,
    JsonBody(update): JsonBody<ProviderUpdate>,
) -> Answer<Json<Provider>> {
    Ok(Json(service.provider_update(id, update).await?))
}

/// Deletes a provider and its key.
#[utoipa::path(
    delete, path = "/api/v1/providers/{id}", tag = "providers", params(("id" = ProviderId, Path)),
    responses((status = 204))
)]
async fn provider_delete(State(service): State<Service>, IdOf(id): IdOf<ProviderId>) -> Answer<StatusCode> {
    service.provider_delete(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Brings back a provider that was deleted since the server started.
#[utoipa::path(
    post, path = "/api/v1/providers/{id}/restore", tag = "providers", params(("id" = ProviderId, Path)),
    responses((status = 200, body = Provider))
)]
async fn provider_restore(State(service): State<Service>, IdOf(id): IdOf<ProviderId>) -> Answer<Json<Provider>> {
    Ok(Json(service.provider_restore(id).await?))
}

/// Asks the provider for its models: whether address and key are right.
#[utoipa::path(
    post, path = "/api/v1/providers/{id}/test", tag = "providers", params(("id" = ProviderId, Path)),
    responses((status = 200, body = ProviderModels))
)]
async fn provider_test(State(service): State<Service>, IdOf(id): IdOf<ProviderId>) -> Answer<Json<ProviderModels>> {
    Ok(Json(service.provider_test(id).await?))
}
