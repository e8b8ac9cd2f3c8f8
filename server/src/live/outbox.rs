//! The sending half of a socket: JSON frames, bounded in time.

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures::{SinkExt, stream::SplitSink};
use serde::Serialize;
use std::time::Duration;

/// Longest a client may take to read one frame before it is dropped.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);

/// The client is gone, or too slow to be waited for.
#[derive(Debug)]
pub struct Gone;

/// The sending half of a socket.
pub struct Outbox(SplitSink<WebSocket, Message>);

impl Outbox {
    /// Over this half.
    pub const fn new(sink: SplitSink<WebSocket, Message>) -> Self {
        Self(sink)
    }

    /// Sends a frame.
    pub async fn frame(&mut self, frame: &impl Serialize) -> Result<(), Gone> {
        let text = serde_json::to_string(frame).map_err(|_| Gone)?;
        self.send(Message::Text(text.into())).await
    }

    /// Asks whether the client is still there.
    pub async fn ping(&mut self) -> Result<(), Gone> {
        self.send(Message::Ping(Vec::new().into())).await
    }

    /// Ends the socket with a code and why.
    pub async fn close(mut self, code: u16, reason: &'static str) {
        let frame = CloseFrame { code, reason: reason.into() };
        // The client may be gone already, and then there is nobody to tell.
        let _ = self.send(Message::Close(Some(frame))).await;
    }

    async fn send(&mut self, message: Message) -> Result<(), Gone> {
        match tokio::time::timeout(SEND_TIMEOUT, self.0.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Gone),
        }
    }
}
