//! Chat: a turn with an agent, stored before it is told.

use crate::{Result, Service, soon};
use tokio::sync::mpsc::Sender;
use tokio_util::sync::CancellationToken;
use types::{ChatFrame, ChatRequest, ChatResponse};

impl Service {
    /// One turn, answered when it is complete.
    ///
    /// # Errors
    /// Unknown agent, an empty or too long message, a missing key (named), a provider that failed, cancelled.
    pub async fn chat(&self, _request: ChatRequest, _cancel: CancellationToken) -> Result<ChatResponse> {
        Err(soon())
    }

    /// One turn as frames: `ack`, whatever streams, then one `response` or `error`. A receiver that is gone stops the
    /// turn.
    pub async fn chat_stream(&self, _request: ChatRequest, frames: Sender<ChatFrame>, _cancel: CancellationToken) {
        let _ = frames.send(ChatFrame::Error { error: soon().to_string() }).await;
    }
}
