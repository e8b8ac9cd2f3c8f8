//! One WebSocket to our own server that speaks JSON.

use crate::reader::read;
use futures::{SinkExt, StreamExt, channel::oneshot, future::poll_fn};
use gloo_net::websocket::{Message, State, WebSocketError, futures::WebSocket};
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use std::{task::Poll, time::Duration};

/// The connection ended, or could not be made; the text says why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Closed(pub String);

/// An open connection; dropping it closes it.
pub struct Socket(WebSocket);

impl Socket {
    /// Connects to a path of this server, such as `/api/v1/runs/…/events?after=0`.
    pub fn open(path: &str) -> Result<Self, Closed> {
        let location = location();
        let (protocol, host) = (location.protocol(), location.host());
        let (Ok(protocol), Ok(host)) = (protocol, host) else {
            return Err(Closed("this page has no address".into()));
        };
        let scheme = if protocol == "https:" { "wss" } else { "ws" };
        WebSocket::open(&format!("{scheme}://{host}{path}")).map(Self).map_err(|error| Closed(error.to_string()))
    }

    /// Waits until the connection is made; one that was refused is not.
    pub async fn ready(&mut self) -> Result<(), Closed> {
        // Only the stream tells of a connection that is closed before it was open.
        let made = poll_fn(|context| match self.0.poll_ready_unpin(context) {
            Poll::Pending => self.0.poll_next_unpin(context).map(|_| ()),
            Poll::Ready(_) => Poll::Ready(()),
        });
        made.await;
        if matches!(self.0.state(), State::Open) { Ok(()) } else { Err(lost()) }
    }

    /// Sends one value.
    pub async fn send(&mut self, value: &impl Serialize) -> Result<(), Closed> {
        let text = serde_json::to_string(value).map_err(|error| Closed(error.to_string()))?;
        self.0.send(Message::Text(text)).await.map_err(|error| closed(&error))
    }

    /// Waits for the next value. What is not a `T` is passed over.
    pub async fn receive<T: DeserializeOwned>(&mut self) -> Result<T, Closed> {
        loop {
            if let Ok(value) = read(&self.text().await?) {
                return Ok(value);
            }
        }
    }

    /// Waits for the next text.
    pub async fn text(&mut self) -> Result<String, Closed> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => return Ok(text),
                Some(Ok(Message::Bytes(_))) => {}
                Some(Err(error)) => return Err(closed(&error)),
                None => return Err(Closed("the connection was closed".into())),
            }
        }
    }
}

fn closed(error: &WebSocketError) -> Closed {
    Closed(match error {
        WebSocketError::ConnectionClose(event) if !event.reason.is_empty() => event.reason.clone(),
        _ => return lost(),
    })
}

fn lost() -> Closed {
    Closed("the connection to the server was lost".into())
}

/// Waits without blocking the page.
pub async fn pause(milliseconds: u32) {
    let (done, waiting) = oneshot::channel::<()>();
    set_timeout(
        move || {
            // Nobody waits any more when the page was left.
            done.send(()).ok();
        },
        Duration::from_millis(milliseconds.into()),
    );
    waiting.await.ok();
}
