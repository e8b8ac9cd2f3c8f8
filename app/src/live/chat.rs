//! The chat socket: messages go out, frames come in.

use super::{Closed, Socket};
use futures::{
    StreamExt,
    channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded},
    future::{Either, select},
};
use leptos::{prelude::*, task::spawn_local};
use serde::Serialize;
use std::pin::pin;
use types::{AgentId, ChatFrame, ConversationId};

/// What the person sends.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(untagged)]
enum Outgoing {
    Message { message: String },
    Stop { r#type: &'static str },
}

/// What comes back.
#[derive(Clone, PartialEq, Debug)]
pub enum Incoming {
    /// A frame of the turn.
    Frame(Box<ChatFrame>),
    /// The connection was lost; the text says why.
    Lost(String),
}

/// A connection to one agent in one conversation; dropping it closes it.
#[derive(Clone, Debug)]
pub struct ChatLink(UnboundedSender<Outgoing>);

impl ChatLink {
    /// Connects; `hear` is told everything that comes back, and nothing after [`Incoming::Lost`].
    pub fn connect(agent: AgentId, conversation: Option<ConversationId>, hear: impl Fn(Incoming) + 'static) -> Self {
        let path = match conversation {
            Some(conversation) => format!("/api/v1/chat/ws/{agent}?conversation_id={conversation}"),
            None => format!("/api/v1/chat/ws/{agent}"),
        };
        let (sender, outgoing) = unbounded();
        spawn_local(async move {
            if let Err(Closed(reason)) = talk(&path, outgoing, &hear).await {
                hear(Incoming::Lost(reason));
            }
        });
        Self(sender)
    }

    /// Sends a message. A lost connection is told to `hear`.
    pub fn say(&self, message: String) {
        self.0.unbounded_send(Outgoing::Message { message }).ok();
    }

    /// Asks the server to stop the running turn.
    pub fn stop(&self) {
        self.0.unbounded_send(Outgoing::Stop { r#type: "stop" }).ok();
    }
}

async fn talk(path: &str, mut outgoing: UnboundedReceiver<Outgoing>, hear: &impl Fn(Incoming)) -> Result<(), Closed> {
    let mut socket = Socket::open(path)?;
    socket.ready().await?;
    loop {
        let next = match select(outgoing.next(), pin!(socket.receive::<ChatFrame>())).await {
            Either::Left((message, _)) => Either::Left(message),
            Either::Right((frame, _)) => Either::Right(frame),
        };
        match next {
            Either::Left(Some(message)) => socket.send(&message).await?,
            // The page was left.
            Either::Left(None) => return Ok(()),
            Either::Right(frame) => hear(Incoming::Frame(Box::new(frame?))),
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
        let message = Outgoing::Message { message: "hi".into() };
        assert_eq!(serde_json::to_string(&message).unwrap(), r#"{"message":"hi"}"#);
        assert_eq!(serde_json::to_string(&Outgoing::Stop { r#type: "stop" }).unwrap(), r#"{"type":"stop"}"#);
    }
}
