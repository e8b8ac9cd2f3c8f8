//! The chat socket: one conversation, turn after turn.
//!
//! A turn runs in a task of its own. When the client leaves in the middle of it, the turn goes on and its answer is
//! stored; only `{"type": "stop"}` stops it.

use super::{
    UNKNOWN,
    outbox::{Gone, Outbox},
};
use crate::state::AppState;
use axum::extract::ws::{Message, WebSocket, close_code};
use futures::StreamExt;
use serde_json::Value;
use service::Service;
use std::{collections::VecDeque, time::Duration};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use types::{AgentId, ChatFrame, ChatRequest, ConversationId};

/// Frames of a turn that wait for the client.
const FRAMES_WAITING_MAX: usize = 256;

/// Messages that wait for their turn.
const MESSAGES_WAITING_MAX: usize = 16;

const PING_EVERY: Duration = Duration::from_secs(30);

/// What a client sent.
#[derive(PartialEq, Debug)]
enum Said {
    Message(String),
    Stop,
    Wrong(&'static str),
    Nothing,
    Left,
    TooMuch,
}

/// A turn at work.
struct Turn {
    frames: mpsc::Receiver<ChatFrame>,
    cancel: CancellationToken,
}

/// Serves one client until it leaves.
pub async fn serve(socket: WebSocket, state: AppState, agent: Option<AgentId>, conversation: Option<ConversationId>) {
    let (sink, mut stream) = socket.split();
    let mut outbox = Outbox::new(sink);
    let Some(agent) = known_agent(&state.service, agent, &mut outbox).await else {
        return outbox.close(UNKNOWN, "there is no such agent").await;
    };
    let mut talk = Talk { service: state.service, agent, conversation, waiting: VecDeque::new(), turn: None };
    let mut pings = tokio::time::interval(PING_EVERY);
    pings.reset();
    let end = loop {
        talk.start_next();
        let sent = tokio::select! {
            said = stream.next() => match heard(said) {
                Said::Left => break None,
                Said::TooMuch => break Some((close_code::SIZE, "a message may have 256 KB")),
                said => talk.take(said, &mut outbox).await,
            },
            frame = talk.next_frame() => match frame {
                Some(frame) => outbox.frame(&frame).await,
                None => Ok(()),
            },
            _ = pings.tick() => outbox.ping().await,
            () = state.draining.cancelled() => break Some((close_code::AWAY, "the server is going down")),
        };
        if sent.is_err() {
            break None;
        }
    };
    talk.leave();
    if let Some((code, reason)) = end {
        outbox.close(code, reason).await;
    }
}

async fn known_agent(service: &Service, agent: Option<AgentId>, outbox: &mut Outbox) -> Option<AgentId> {
    let problem = match agent {
        Some(id) => match service.agent_get(id).await {
            Ok(_) => return Some(id),
            Err(error) => error.to_string(),
        },
        None => "the agent's id is not a UUID".to_owned(),
    };
    // Closing with a code follows in any case.
    let _ = outbox.frame(&ChatFrame::Error { error: problem }).await;
    None
}

/// One conversation with one agent.
struct Talk {
    service: Service,
    agent: AgentId,
    conversation: Option<ConversationId>,
    waiting: VecDeque<String>,
    turn: Option<Turn>,
}

impl Talk {
    async fn take(&mut self, said: Said, outbox: &mut Outbox) -> Result<(), Gone> {
        let refusal = match said {
            Said::Message(_) if self.waiting.len() >= MESSAGES_WAITING_MAX => "too many messages wait for an answer",
            Said::Message(text) => {
                self.waiting.push_back(text);
                return Ok(());
            }
            Said::Stop => {
                if let Some(turn) = &self.turn {
                    turn.cancel.cancel();
                }
                return Ok(());
            }
            Said::Wrong(why) => why,
            Said::Nothing | Said::Left | Said::TooMuch => return Ok(()),
        };
        outbox.frame(&ChatFrame::Error { error: refusal.to_owned() }).await
    }

    /// Begins the next turn when none is at work.
    fn start_next(&mut self) {
        if self.turn.is_some() {
            return;
        }
        let Some(message) = self.waiting.pop_front() else { return };
        let request = ChatRequest { agent_id: self.agent, message, conversation_id: self.conversation };
        let (sender, frames) = mpsc::channel(FRAMES_WAITING_MAX);
        let (service, cancel) = (self.service.clone(), CancellationToken::new());
        let token = cancel.clone();
        tokio::spawn(async move { service.chat_stream(request, sender, token).await });
        self.turn = Some(Turn { frames, cancel });
    }

    /// The next frame of the turn at work; waits for ever when there is none, and is `None` once when a turn is over.
    async fn next_frame(&mut self) -> Option<ChatFrame> {
        let Some(turn) = &mut self.turn else { return std::future::pending().await };
        let frame = turn.frames.recv().await;
        match &frame {
            Some(ChatFrame::Ack { conversation_id, .. } | ChatFrame::Response { conversation_id, .. }) => {
                self.conversation = Some(*conversation_id);
            }
            Some(_) => {}
            None => self.turn = None,
        }
        frame
    }

    /// Lets the turn at work finish without a listener: a receiver that is dropped would stop it.
    fn leave(self) {
        if let Some(mut turn) = self.turn {
            tokio::spawn(async move { while turn.frames.recv().await.is_some() {} });
        }
    }
}

fn heard(said: Option<Result<Message, axum::Error>>) -> Said {
    match said {
        Some(Ok(Message::Text(text))) => understood(&text),
        Some(Ok(Message::Binary(_))) => Said::Wrong("messages are text: `{\"message\": \"…\"}` or plain"),
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Said::Nothing,
        Some(Ok(Message::Close(_))) | None => Said::Left,
        Some(Err(error)) if error.to_string().contains("too long") => Said::TooMuch,
        Some(Err(_)) => Said::Left,
    }
}

/// `{"message": "…"}`, `{"type": "stop"}`, or whatever was typed.
fn understood(text: &str) -> Said {
    let Ok(Value::Object(object)) = serde_json::from_str::<Value>(text) else { return Said::Message(text.to_owned()) };
    if object.get("type").and_then(Value::as_str) == Some("stop") {
        return Said::Stop;
    }
    match object.get("message").and_then(Value::as_str) {
        Some(message) => Said::Message(message.to_owned()),
        None => Said::Wrong("expected `{\"message\": \"…\"}`, `{\"type\": \"stop\"}` or plain text"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_plain_text_are_both_understood() {
        assert_eq!(understood(r#"{"message":"hi"}"#), Said::Message("hi".into()));
        assert_eq!(understood("hi"), Said::Message("hi".into()));
        assert_eq!(understood("345"), Said::Message("345".into()));
        assert_eq!(understood(r#"{"type":"stop"}"#), Said::Stop);
        assert!(matches!(understood(r#"{"text":"hi"}"#), Said::Wrong(_)));
        assert!(matches!(understood(r#"{"message":null}"#), Said::Wrong(_)));
    }
}
