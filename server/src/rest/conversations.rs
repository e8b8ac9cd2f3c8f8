//! Conversations: list, read, rename, choose a branch, export, end, delete.

use crate::{
    extract::{IdOf, JsonBody, QueryOf},
    rest::{
        Answer,
        list::{ConversationsQuery, Listed},
    },
    state::AppState,
};
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use service::Service;
use types::{Conversation, ConversationId, ConversationListItem, MessageId};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(conversation_list))
        .routes(routes!(conversation_get, conversation_rename, conversation_delete))
        .routes(routes!(conversation_end))
        .routes(routes!(conversation_show))
        .routes(routes!(conversation_export))
}

/// A new title.
#[derive(Deserialize, ToSchema)]
struct Rename {
    /// At most 200 characters; empty takes the title away.
    title: String,
}

/// The branch to show.
#[derive(Deserialize, ToSchema)]
struct Show {
    /// A message of the branch; of several, the latest is shown.
    message_id: MessageId,
}

/// How a conversation is written down.
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Format {
    /// The branch that is shown, for people.
    #[default]
    Markdown,
    /// All messages of all branches.
    Json,
}

/// Which format.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ExportQuery {
    /// `markdown` (the default) or `json`.
    #[serde(default)]
    #[param(value_type = String, default = "markdown")]
    format: Format,
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
    get, path = "/api/v1/conversations", tag = "conversations", params(ConversationsQuery),
    responses((
        status = 200, body = [ConversationListItem],
        headers(("X-Total-Count" = u64, description = "Rows over all pages"))
    ))
)]
async fn conversation_list(
    State(service): State<Service>,
    QueryOf(query): QueryOf<ConversationsQuery>,
) -> Answer<Listed<ConversationListItem>> {
    Ok(Listed(service.conversation_list(query.agent_id, query.search.as_deref(), query.page()).await?))
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

/// Gives a conversation a title.
#[utoipa::path(
    patch, path = "/api/v1/conversations/{id}", tag = "conversations", params(("id" = ConversationId, Path)),
    request_body = Rename, responses((status = 200, body = Conversation))
)]
async fn conversation_rename(
    State(service): State<Service>,
    IdOf(id): IdOf<ConversationId>,
    JsonBody(rename): JsonBody<Rename>,
) -> Answer<Json<Conversation>> {
    Ok(Json(service.conversation_rename(id, &rename.title).await?))
}

/// Shows another branch: the latest one through a message.
#[utoipa::path(
    post, path = "/api/v1/conversations/{id}/branch", tag = "conversations", params(("id" = ConversationId, Path)),
    request_body = Show, responses((status = 200, body = Conversation))
)]
async fn conversation_show(
    State(service): State<Service>,
    IdOf(id): IdOf<ConversationId>,
    JsonBody(show): JsonBody<Show>,
) -> Answer<Json<Conversation>> {
    Ok(Json(service.conversation_show(id, show.message_id).await?))
}

/// A conversation as a file: Markdown of the branch that is shown, or JSON with all messages of all branches.
#[utoipa::path(
    get, path = "/api/v1/conversations/{id}/export", tag = "conversations",
    params(("id" = ConversationId, Path), ExportQuery),
    responses((status = 200, description = "A file to keep", content_type = "text/markdown", body = String))
)]
async fn conversation_export(
    State(service): State<Service>,
    IdOf(id): IdOf<ConversationId>,
    QueryOf(query): QueryOf<ExportQuery>,
) -> Answer<Response> {
    let (kind, extension, body) = match query.format {
        Format::Markdown => {
            ("text/markdown; charset=utf-8", "md", service.conversation_markdown(id).await?.into_response())
        }
        Format::Json => ("application/json", "json", Json(service.conversation_export(id).await?).into_response()),
    };
    let name = format!("attachment; filename=\"conversation-{id}.{extension}\"");
    let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, body.into_body()).into_response())
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
