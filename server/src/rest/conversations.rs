//! Conversations: list, read, end, delete.

use crate::{
    extract::{IdOf, QueryOf},
    rest::{
        Answer,
        list::{Listed, OfAgentQuery},
    },
    state::AppState,
};
use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use service::Service;
use types::{Conversation, ConversationId, ConversationListItem};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(conversation_list))
        .routes(routes!(conversation_get, conversation_delete))
        .routes(routes!(conversation_end))
}

/// A conversation was ended.
#[derive(Serialize, ToSchema)]
struct Ended {
    /// Always `ended`.
    status: &'static str,
    /// Which one.
    conversation_id: ConversationId,
}

/// Conversations, newest first.
#[utoipa::path(
    get, path = "/api/v1/conversations", tag = "conversations", params(OfAgentQuery),
    responses((
        status = 200, body = [ConversationListItem],
        headers(("X-Total-Count" = u64, description = "Rows over all pages"))
    ))
)]
async fn conversation_list(
    State(service): State<Service>,
    QueryOf(query): QueryOf<OfAgentQuery>,
) -> Answer<Listed<ConversationListItem>> {
    Ok(Listed(service.conversation_list(query.agent_id, query.page()).await?))
}

/// A conversation with its messages in order.
#[utoipa::path(
    get, path = "/api/v1/conversations/{id}", tag = "conversations", params(("id" = ConversationId, Path)),
    responses((status = 200, body = Conversation))
)]
async fn conversation_get(
    State(service): State<Service>,
    IdOf(id): IdOf<ConversationId>,
) -> Answer<Json<Conversation>> {
    Ok(Json(service.conversation_get(id).await?))
}

/// Deletes a conversation and its messages.
#[utoipa::path(
    delete, path = "/api/v1/conversations/{id}", tag = "conversations", params(("id" = ConversationId, Path)),
    responses((status = 204))
)]
async fn conversation_delete(State(service): State<Service>, IdOf(id): IdOf<ConversationId>) -> Answer<StatusCode> {
    service.conversation_delete(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends a conversation.
#[utoipa::path(
    post, path = "/api/v1/conversations/{id}/end", tag = "conversations", params(("id" = ConversationId, Path)),
    responses((status = 200, body = Ended))
)]
async fn conversation_end(State(service): State<Service>, IdOf(id): IdOf<ConversationId>) -> Answer<Json<Ended>> {
    service.conversation_end(id).await?;
    Ok(Json(Ended { status: "ended", conversation_id: id }))
}
