//! Sockets: the chat, the contract's two progress streams, and the events of a run.
//!
//! Messages are bounded, a client that does not read is dropped rather than waited for, and every socket closes when the
//! process drains.

mod chat;
mod outbox;
mod run;

use crate::{
    extract::{IdOf, QueryOf},
    problem::Failure,
    state::AppState,
};
use axum::{
    extract::{
        Path, State,
        ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    response::Response,
};
use serde::{Deserialize, Deserializer};
use service::{Service, evaluation_frame, training_frame};
use types::{ConversationId, RunId, RunKind};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Most bytes of one incoming message: 32,000 characters of four bytes, twice over for JSON's escapes.
const MESSAGE_BYTES_MAX: usize = 256 * 1024;

/// Close code for a run or agent that does not exist.
const UNKNOWN: u16 = 4404;

/// The routes of all sockets.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(chat_socket))
        .routes(routes!(evaluation_socket))
        .routes(routes!(training_socket))
        .routes(routes!(run_events))
}

type Upgrade = Result<WebSocketUpgrade, WebSocketUpgradeRejection>;

fn bounded(upgrade: Upgrade) -> Result<WebSocketUpgrade, Failure> {
    let upgrade = upgrade.map_err(|why| {
        Failure::transport(why.status(), format!("a WebSocket is expected here: {}", why.body_text()))
    })?;
    Ok(upgrade.max_message_size(MESSAGE_BYTES_MAX).max_frame_size(MESSAGE_BYTES_MAX))
}

/// Where a chat goes on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ChatQuery {
    /// The conversation to go on with; absent, empty or unknown starts a new one.
    #[serde(default, deserialize_with = "empty_is_none")]
    #[param(value_type = Option<String>)]
    conversation_id: Option<ConversationId>,
    /// `seq` of the last frame already seen: what came after it is sent, and what comes, or one `idle` when no answer is
    /// being made.
    after: Option<i64>,
}

/// From where on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct EventsQuery {
    /// Last event already seen; 0 = none.
    #[serde(default)]
    #[param(default = 0, minimum = 0)]
    after: i64,
}

fn empty_is_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ConversationId>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| serde::de::Error::custom(format!("`{text}` is not a UUID")))
}

/// Chat as it streams: send `{"message": "…"}` (with `replaces` to ask or answer again) or plain text, or
/// `{"type": "stop"}`, or answer an `approval_request` with `{"type": "approve", "id": "…"}` or
/// `{"type": "refuse", "id": "…", "reason": "…"}`; each turn is `ack`, streamed frames, then one `response` or `error`. A turn goes on without its
/// reader.
#[utoipa::path(
    get, path = "/api/v1/chat/ws/{agent_id}", tag = "chat", params(("agent_id" = String, Path), ChatQuery),
    responses((status = 101, description = "A WebSocket of JSON frames; closes 4404 for an unknown agent"))
)]
async fn chat_socket(
    State(state): State<AppState>,
    Path(agent): Path<String>,
    QueryOf(query): QueryOf<ChatQuery>,
    upgrade: Upgrade,
) -> Result<Response, Failure> {
    let upgrade = bounded(upgrade)?;
    let joining = chat::Joining { agent: agent.parse().ok(), conversation: query.conversation_id, after: query.after };
    Ok(upgrade.on_upgrade(move |socket| chat::serve(socket, state, joining)))
}

/// Progress of an evaluation: the present state at once, then every change; closes 1000 after the final frame.
#[utoipa::path(
    get, path = "/api/v1/evaluations/ws/{run_id}", tag = "evaluations", params(("run_id" = String, Path)),
    responses((status = 101, description = "A WebSocket of progress frames; closes 4404 for an unknown run"))
)]
async fn evaluation_socket(
    State(state): State<AppState>,
    Path(run): Path<String>,
    upgrade: Upgrade,
) -> Result<Response, Failure> {
    let upgrade = bounded(upgrade)?;
    let progress = run::Progress {
        kind: RunKind::Evaluation,
        now: |service: Service, id: RunId| async move { service.evaluation_progress(id).await },
        frame: evaluation_frame,
        ended: |frame| frame.state.is_ended(),
    };
    Ok(upgrade.on_upgrade(move |socket| run::progress(socket, state, run.parse().ok(), progress)))
}

/// Progress of a training run: the present state at once, then every change; closes 1000 after the final frame.
#[utoipa::path(
    get, path = "/api/v1/training/ws/{run_id}", tag = "training", params(("run_id" = String, Path)),
    responses((status = 101, description = "A WebSocket of progress frames; closes 4404 for an unknown run"))
)]
async fn training_socket(
    State(state): State<AppState>,
    Path(run): Path<String>,
    upgrade: Upgrade,
) -> Result<Response, Failure> {
    let upgrade = bounded(upgrade)?;
    let progress = run::Progress {
        kind: RunKind::Training,
        now: |service: Service, id: RunId| async move { service.training_progress(id).await },
        frame: training_frame,
        ended: |frame| frame.state.is_ended(),
    };
    Ok(upgrade.on_upgrade(move |socket| run::progress(socket, state, run.parse().ok(), progress)))
}

/// Events of a run of either kind, stored ones first, without gaps; closes 1000 after the last.
#[utoipa::path(
    get, path = "/api/v1/runs/{id}/events", tag = "runs", params(("id" = RunId, Path), EventsQuery),
    responses((status = 101, description = "A WebSocket of events; closes 4404 for an unknown run"))
)]
async fn run_events(
    State(state): State<AppState>,
    IdOf(run): IdOf<RunId>,
    QueryOf(query): QueryOf<EventsQuery>,
    upgrade: Upgrade,
) -> Result<Response, Failure> {
    let upgrade = bounded(upgrade)?;
    Ok(upgrade.on_upgrade(move |socket| run::events(socket, state, run, query.after)))
}
