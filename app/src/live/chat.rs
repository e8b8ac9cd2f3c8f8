//! The chat socket: messages go out, frames come in.

use super::{BACK_OFF_MAX_S, Closed, LinkState, Socket, pause};
use crate::reader::read;
use futures::{
    StreamExt,
    channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded},
    future::{Either, select},
};
use leptos::{prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};
use std::pin::pin;
use types::{AgentId, ApprovalId, ChatFrame, ConversationId, MessageId};

/// Longest time without a connection until an answer is given up, in seconds.
const GIVE_UP_S: u32 = 300;

/// What the person sends.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(untagged)]
enum Outgoing {
    Message { message: String, replaces: Option<MessageId> },
    Stop { r#type: &'static str },
    Answer { r#type: &'static str, id: ApprovalId },
}

/// What comes back.
#[derive(Clone, PartialEq, Debug)]
pub enum Incoming {
    /// A frame of the turn, and its number.
    Frame(i64, Box<ChatFrame>),
    /// The connection came about, or is being made again.
    Link(LinkState),
    /// The connection was lost; the text says why.
    Lost(String),
}

/// Where a connection goes on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Place {
    /// The conversation, once there is one.
    pub conversation: Option<ConversationId>,
    /// The last frame seen of an answer that is awaited.
    pub after: Option<i64>,
}

/// The number of a frame.
#[derive(Deserialize)]
struct Numbered {
    #[serde(default)]
    seq: i64,
}

/// A connection to one agent in one conversation; dropping it closes it.
#[derive(Clone, Debug)]
pub struct ChatLink(UnboundedSender<Outgoing>);

impl ChatLink {
    /// Connects where `place` says, and again while an answer is awaited; `hear` is told everything that comes back, and
    /// nothing after [`Incoming::Lost`].
    pub fn connect(agent: AgentId, place: impl Fn() -> Place + 'static, hear: impl Fn(Incoming) + 'static) -> Self {
        let (sender, outgoing) = unbounded();
        spawn_local(follow(agent, outgoing, Box::new(place), Box::new(hear)));
        Self(sender)
    }

    /// Sends a message, or another in the place of one. A lost connection is told to `hear`.
    pub fn say(&self, message: String, replaces: Option<MessageId>) {
        self.0.unbounded_send(Outgoing::Message { message, replaces }).ok();
    }

    /// Lets a waiting call run (`approve`) or not (`refuse`).
    pub fn answer(&self, word: &'static str, id: ApprovalId) {
        self.0.unbounded_send(Outgoing::Answer { r#type: word, id }).ok();
    }

    /// Asks the server to stop the running turn.
    pub fn stop(&self) {
        self.0.unbounded_send(Outgoing::Stop { r#type: "stop" }).ok();
    }
}

async fn follow(
    agent: AgentId,
    mut outgoing: UnboundedReceiver<Outgoing>,
    place: Box<dyn Fn() -> Place>,
    hear: Box<dyn Fn(Incoming)>,
) {
    let (mut lost_s, mut back_off_s) = (0, 1);
    loop {
        let mut was_live = false;
        let ended = talk(&path(agent, place()), &mut outgoing, &hear, &mut was_live).await;
        let Err(Closed(reason)) = ended else { return };
        if was_live {
            (lost_s, back_off_s) = (0, 1);
        }
        if place().after.is_none() || lost_s > GIVE_UP_S {
            return hear(Incoming::Lost(reason));
        }
        hear(Incoming::Link(LinkState::lost_for(lost_s)));
        pause(back_off_s * 1000).await;
        lost_s += back_off_s;
        back_off_s = (back_off_s * 2).min(BACK_OFF_MAX_S);
    }
}

fn path(agent: AgentId, place: Place) -> String {
    let mut path = format!("/api/v1/chat/ws/{agent}");
    if let Some(conversation) = place.conversation {
        path += &format!("?conversation_id={conversation}");
        if let Some(after) = place.after {
            path += &format!("&after={after}");
        }
    }
    path
}

/// Speaks until the page is left, or the connection is lost.
async fn talk(
    path: &str,
    outgoing: &mut UnboundedReceiver<Outgoing>,
    hear: &dyn Fn(Incoming),
    was_live: &mut bool,
) -> Result<(), Closed> {
    let mut socket = Socket::open(path)?;
    socket.ready().await?;
    *was_live = true;
    hear(Incoming::Link(LinkState::Live));
    loop {
        let next = match select(outgoing.next(), pin!(socket.text())).await {
            Either::Left((message, _)) => Either::Left(message),
            Either::Right((text, _)) => Either::Right(text),
        };
        match next {
            Either::Left(Some(message)) => socket.send(&message).await?,
            // The page was left.
            Either::Left(None) => return Ok(()),
            Either::Right(text) => {
                let text = text?;
                // What is no frame that this page knows is passed over.
                if let (Ok(Numbered { seq }), Ok(frame)) = (read(&text), read(&text)) {
                    hear(Incoming::Frame(seq, Box::new(frame)));
                }
            }
        }
    }
}

/// Shows the conversation in the address bar without leaving the page, so that a reload comes back to it.
pub fn show_in_address_bar(conversation: ConversationId) {
    let path = format!("/chat/{conversation}");
    if let Ok(history) = window().history() {
        // Refused only for addresses of other servers.
        history.replace_state_with_url(&leptos::wasm_bindgen::JsValue::NULL, "", Some(&path)).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_go_out_as_the_contract_says() {
        let message = Outgoing::Message { message: "hi".into(), replaces: None };
        assert_eq!(serde_json::to_string(&message).unwrap(), r#"{"message":"hi","replaces":null}"#);
        assert_eq!(serde_json::to_string(&Outgoing::Stop { r#type: "stop" }).unwrap(), r#"{"type":"stop"}"#);
    }

    #[test]
    fn a_connection_is_made_again_after_the_last_frame_of_an_answer_that_is_awaited() {
        let agent = AgentId(Default::default());
        let nil = "00000000-0000-0000-0000-000000000000";
        let conversation = Some(ConversationId(Default::default()));
        let told = |conversation, after| path(agent, Place { conversation, after });
        assert_eq!(told(None, None), format!("/api/v1/chat/ws/{nil}"));
        assert_eq!(told(conversation, None), format!("/api/v1/chat/ws/{nil}?conversation_id={nil}"));
        assert_eq!(told(conversation, Some(7)), format!("/api/v1/chat/ws/{nil}?conversation_id={nil}&after=7"));
    }
}
