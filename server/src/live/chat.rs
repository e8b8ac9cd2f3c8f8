//! The chat socket: one conversation, turn after turn.
//!
//! A turn belongs to the service. When the client leaves in the middle of it, the turn goes on and its answer is stored;
//! only `{"type": "stop"}` stops it. A client that comes back with `after` reads on from the frame it saw last.

use super::{
    UNKNOWN,
    outbox::{Gone, Outbox},
};
use crate::state::AppState;
use axum::extract::ws::{Message, WebSocket, close_code};
use futures::StreamExt;
use serde_json::{Map, Value};
use service::{Service, TurnWatch};
use std::{collections::VecDeque, time::Duration};
use types::{AgentId, ApprovalAnswer, ApprovalId, ChatFrame, ChatRequest, ConversationId, MessageId, NumberedFrame};

/// Messages that wait for their turn.
const MESSAGES_WAITING_MAX: usize = 16;

const PING_EVERY: Duration = Duration::from_secs(30);

/// What a client sent.
#[derive(PartialEq, Debug)]
enum Said {
    Message(Words),
    Stop,
    Answer(ApprovalId, ApprovalAnswer),
    Wrong(&'static str),
    Nothing,
    Left,
    TooMuch,
}

/// A message, and which other it replaces.
#[derive(PartialEq, Debug)]
struct Words {
    text: String,
    replaces: Option<MessageId>,
}

/// Which conversation a client joins, and what it has seen of it.
pub struct Joining {
    /// The agent; `None` when its id cannot be read.
    pub agent: Option<AgentId>,
    /// The conversation to go on with.
    pub conversation: Option<ConversationId>,
    /// The last frame seen of the answer under way.
    pub after: Option<i64>,
}

/// Serves one client until it leaves.
pub async fn serve(socket: WebSocket, state: AppState, joining: Joining) {
    let (sink, mut stream) = socket.split();
    let mut outbox = Outbox::new(sink);
    let Some(agent) = known_agent(&state.service, joining.agent, &mut outbox).await else {
        return outbox.close(UNKNOWN, "there is no such agent").await;
    };
    let conversation = joining.conversation;
    let waiting = VecDeque::new();
    let mut talk = Talk { service: state.service, agent, conversation, waiting, turn: None, owes_word: false };
    if talk.rejoin(joining.after, &mut outbox).await.is_err() {
        return;
    }
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
                None => talk.owed_word(&mut outbox).await,
            },
            _ = pings.tick() => outbox.ping().await,
            () = state.draining.cancelled() => break Some((close_code::AWAY, "the server is going down")),
        };
        if sent.is_err() {
            break None;
        }
    };
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
    waiting: VecDeque<Words>,
    turn: Option<TurnWatch>,
    /// The client came back and was told nothing yet.
    owes_word: bool,
}

impl Talk {
    /// Follows the answer under way from the last frame seen on, or tells that there is none.
    async fn rejoin(&mut self, after: Option<i64>, outbox: &mut Outbox) -> Result<(), Gone> {
        let (Some(conversation_id), Some(after)) = (self.conversation, after) else { return Ok(()) };
        self.turn = self.service.chat_follow(conversation_id, after);
        self.owes_word = true;
        match self.turn {
            Some(_) => Ok(()),
            None => self.owed_word(outbox).await,
        }
    }

    /// Who came back to a turn that had nothing new to tell is told that it is over.
    async fn owed_word(&mut self, outbox: &mut Outbox) -> Result<(), Gone> {
        match self.conversation.filter(|_| self.owes_word) {
            Some(conversation_id) => {
                self.owes_word = false;
                outbox.frame(&ChatFrame::Idle { conversation_id }).await
            }
            None => Ok(()),
        }
    }

    async fn take(&mut self, said: Said, outbox: &mut Outbox) -> Result<(), Gone> {
        let refusal = match said {
            Said::Message(_) if self.waiting.len() >= MESSAGES_WAITING_MAX => "too many messages wait for an answer",
            Said::Message(words) => {
                self.waiting.push_back(words);
                return Ok(());
            }
            Said::Stop => {
                if let Some(turn) = &self.turn {
                    turn.stop();
                }
                return Ok(());
            }
            Said::Answer(id, answer) => {
                let Err(error) = self.service.approval_answer(id, answer) else { return Ok(()) };
                // No error: that would end the turn for whoever reads it.
                return outbox.frame(&ChatFrame::Note { text: error.to_string() }).await;
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
        let Some(Words { text, replaces }) = self.waiting.pop_front() else { return };
        let request = ChatRequest { replaces, ..ChatRequest::new(self.agent, text, self.conversation) };
        self.turn = Some(self.service.chat_start(request));
    }

    /// The next frame of the turn at work; waits for ever when there is none, and is `None` once when a turn is over.
    async fn next_frame(&mut self) -> Option<NumberedFrame> {
        let Some(turn) = &mut self.turn else { return std::future::pending().await };
        let next = turn.next().await;
        self.owes_word &= next.is_none();
        match next.as_ref().map(|next| &next.frame) {
            Some(ChatFrame::Ack { conversation_id, .. } | ChatFrame::Response { conversation_id, .. }) => {
                self.conversation = Some(*conversation_id);
            }
            Some(_) => {}
            None => self.turn = None,
        }
        next
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

/// `{"message": "…"}`, with `replaces` where it stands for another, `{"type": "stop"}`, or whatever was typed.
fn understood(text: &str) -> Said {
    let plain = |text: &str| Said::Message(Words { text: text.to_owned(), replaces: None });
    let Ok(Value::Object(object)) = serde_json::from_str::<Value>(text) else { return plain(text) };
    match object.get("type").and_then(Value::as_str) {
        Some("stop") => return Said::Stop,
        Some("approve") => return answered(&object, true),
        Some("refuse") => return answered(&object, false),
        _ => {}
    }
    let replaces = match object.get("replaces") {
        None | Some(Value::Null) => None,
        Some(id) => match id.as_str().and_then(|id| id.parse().ok()) {
            Some(id) => Some(id),
            None => return Said::Wrong("`replaces` is not the id of a message"),
        },
    };
    match object.get("message").and_then(Value::as_str) {
        Some(message) => Said::Message(Words { text: message.to_owned(), replaces }),
        None => Said::Wrong("expected `{\"message\": \"…\"}`, `{\"type\": \"stop\"}` or plain text"),
    }
}

/// What a person says to a call that waits.
fn answered(object: &Map<String, Value>, approve: bool) -> Said {
    let text = |name: &str| object.get(name).and_then(Value::as_str);
    match text("id").and_then(|id| id.parse().ok()) {
        Some(id) => Said::Answer(id, ApprovalAnswer { approve, reason: text("reason").map(str::to_owned) }),
        None => Said::Wrong("`id` is not the id of a call that waits"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> Said {
        Said::Message(Words { text: text.into(), replaces: None })
    }

    #[test]
    fn json_and_plain_text_are_both_understood() {
        assert_eq!(understood(r#"{"message":"hi"}"#), message("hi"));
        assert_eq!(understood("hi"), message("hi"));
        assert_eq!(understood("345"), message("345"));
        assert_eq!(understood(r#"{"type":"stop"}"#), Said::Stop);
        assert!(matches!(understood(r#"{"text":"hi"}"#), Said::Wrong(_)));
        assert!(matches!(understood(r#"{"message":null}"#), Said::Wrong(_)));
    }

    #[test]
    fn a_waiting_call_is_approved_or_refused_with_a_reason() {
        let id = "11111111-1111-1111-1111-111111111111";
        let answer = |approve, reason: Option<&str>| {
            Said::Answer(id.parse().unwrap(), ApprovalAnswer { approve, reason: reason.map(str::to_owned) })
        };
        assert_eq!(understood(&format!(r#"{{"type":"approve","id":"{id}"}}"#)), answer(true, None));
        let refused = understood(&format!(r#"{{"type":"refuse","id":"{id}","reason":"no"}}"#));
        assert_eq!(refused, answer(false, Some("no")));
        assert!(matches!(understood(r#"{"type":"approve"}"#), Said::Wrong(_)));
    }

    #[test]
    fn a_message_may_replace_another() {
        let id = "11111111-1111-1111-1111-111111111111";
        let said = understood(&format!(r#"{{"message":"","replaces":"{id}"}}"#));
        assert_eq!(said, Said::Message(Words { text: String::new(), replaces: id.parse().ok() }));
        assert!(matches!(understood(r#"{"message":"","replaces":"nonsense"}"#), Said::Wrong(_)));
        assert_eq!(understood(r#"{"message":"hi","replaces":null}"#), message("hi"));
    }
}
