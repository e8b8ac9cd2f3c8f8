//! One message, one answer.

use crate::{extract::JsonBody, rest::Answer, state::AppState};
use axum::{Json, extract::State};
use service::Service;
use tokio_util::sync::CancellationToken;
use types::{ChatRequest, ChatResponse, Error};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(chat))
}

/// Sends a message to an agent. An unknown `conversation_id` starts a new conversation.
#[utoipa::path(
    post, path = "/api/v1/chat", tag = "chat", request_body = ChatRequest,
    responses((status = 200, body = ChatResponse))
)]
async fn chat(State(service): State<Service>, JsonBody(request): JsonBody<ChatRequest>) -> Answer<Json<ChatResponse>> {
    // A task of its own: a client that hangs up does not lose the answer, which is stored.
    let turn = tokio::spawn(async move { service.chat(request, CancellationToken::new()).await });
    let answer = turn.await.map_err(|error| Error::Internal(format!("the turn broke off: {error}")))?;
    Ok(Json(answer?))
}
