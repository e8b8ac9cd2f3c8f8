//! What the scripted server can say.

use super::{Recorded, chat};
use futures::{Stream, StreamExt, stream};
use http_body_util::{BodyExt, StreamBody, combinators::BoxBody};
use hyper::{
    Response, StatusCode,
    body::{Bytes, Frame},
    header::{self, HeaderValue},
};
use serde_json::{Value, json};
use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};
use tokio::sync::watch;

/// The body of a scripted reply.
pub type ReplyBody = BoxBody<Bytes, io::Error>;

/// One scripted reply.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    kind: Kind,
    retry_after_s: Option<u32>,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Stream { output: Vec<Value>, end: End },
    Raw(String),
    Error { status: u16, body: Value },
}

/// How a scripted reply ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum End {
    Completed,
    Incomplete(&'static str),
    Cut,
    Hang,
}

impl Reply {
    /// A streamed text, word by word.
    pub fn text(text: &str) -> Self {
        Self::stream(vec![message(text)], End::Completed)
    }

    /// Calls: id, tool, arguments as JSON text (or whatever the test wants).
    pub fn calls<'a>(calls: impl IntoIterator<Item = (&'a str, &'a str, &'a str)>) -> Self {
        let calls = calls.into_iter().map(|(call_id, name, arguments)| {
            json!({
                "type": "function_call", "id": format!("fc_{call_id}"), "call_id": call_id, "name": name,
                "arguments": arguments, "status": "completed"
            })
        });
        Self::stream(calls.collect(), End::Completed)
    }

    /// A reasoning item before the output of `self`.
    #[must_use]
    pub fn after_reasoning(mut self, encrypted_content: Option<&str>) -> Self {
        if let Kind::Stream { output, .. } = &mut self.kind {
            let reasoning = json!({
                "type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": encrypted_content
            });
            output.insert(0, reasoning);
        }
        self
    }

    /// A text whose connection breaks before the end.
    pub fn cut(text: &str) -> Self {
        Self::stream(vec![message(text)], End::Cut)
    }

    /// A text (or none) after which nothing comes, and the connection stays open.
    pub fn hang(text: &str) -> Self {
        Self::stream(vec![message(text)], End::Hang)
    }

    /// A text that the provider cut short: `max_output_tokens` or `content_filter`.
    pub fn incomplete(text: &str, reason: &'static str) -> Self {
        Self::stream(vec![message(text)], End::Incomplete(reason))
    }

    /// Exactly this body as an event stream.
    pub fn raw(body: impl Into<String>) -> Self {
        Self { kind: Kind::Raw(body.into()), retry_after_s: None }
    }

    /// An error answer in the API's shape.
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        Self::error_about(status, code, message, None)
    }

    /// An error answer about a parameter.
    pub fn error_about(status: u16, code: &str, message: &str, param: Option<&str>) -> Self {
        let body = json!({
            "error": { "message": message, "type": "invalid_request_error", "param": param, "code": code }
        });
        Self { kind: Kind::Error { status, body }, retry_after_s: None }
    }

    /// With a `Retry-After` header.
    #[must_use]
    pub const fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    const fn stream(output: Vec<Value>, end: End) -> Self {
        Self { kind: Kind::Stream { output, end }, retry_after_s: None }
    }

    /// A list of models, as `GET /models` answers it.
    pub(super) fn models<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let models: Vec<Value> = names.into_iter().map(|id| json!({ "id": id, "object": "model" })).collect();
        let body = json!({ "object": "list", "data": models });
        Self { kind: Kind::Error { status: 200, body }, retry_after_s: None }
    }

    /// The HTTP answer to the `number`th request, in the API and the form that were asked for.
    pub(super) fn into_response(
        self,
        number: usize,
        asked: &Recorded,
        abandoned: watch::Sender<usize>,
    ) -> Response<ReplyBody> {
        let is_chat = asked.path.ends_with("/chat/completions");
        let is_whole = asked.body["stream"] == false;
        let (status, kind, frames) = match self.kind {
            Kind::Stream { output, end } => match (is_chat, is_whole) {
                (true, false) => (200, "text/event-stream", chat::streamed(&output, end, number)),
                (false, false) => (200, "text/event-stream", streamed(&output, end, number)),
                (true, true) => (200, "application/json", in_one_piece(&chat::whole(&output, end, number), end)),
                (false, true) => (200, "application/json", in_one_piece(&whole(&output, end, number), end)),
            },
            Kind::Raw(body) => (200, "text/event-stream", vec![Piece::Send(body)]),
            Kind::Error { status, body } => (status, "application/json", vec![Piece::Send(body.to_string())]),
        };
        let body = Watched { frames: Box::pin(stream::iter(frames).then(play)), complete: false, abandoned };
        let mut response = Response::new(BodyExt::boxed(StreamBody::new(body)));
        *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// A piece of a body.
pub(super) enum Piece {
    Send(String),
    Break,
    Wait,
}

type Sent = Result<Frame<Bytes>, io::Error>;

async fn play(piece: Piece) -> Sent {
    match piece {
        Piece::Send(text) => Ok(Frame::data(Bytes::from(text))),
        Piece::Break => {
            // A body that is not ready is flushed: what came before reaches the client.
            tokio::task::yield_now().await;
            Err(io::Error::other("cut by the script"))
        }
        Piece::Wait => std::future::pending().await,
    }
}

/// A body that tells when it is dropped before its end.
struct Watched {
    frames: Pin<Box<dyn Stream<Item = Sent> + Send + Sync>>,
    complete: bool,
    abandoned: watch::Sender<usize>,
}

impl Stream for Watched {
    type Item = Sent;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Sent>> {
        let next = self.frames.as_mut().poll_next(context);
        if matches!(next, Poll::Ready(None | Some(Err(_)))) {
            self.complete = true;
        }
        next
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if !self.complete {
            self.abandoned.send_modify(|count| *count += 1);
        }
    }
}

fn message(text: &str) -> Value {
    json!({
        "type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
        "content": [{ "type": "output_text", "text": text, "annotations": [] }]
    })
}

/// A JSON text, as a whole or as far as the script lets it come.
fn in_one_piece(body: &Value, end: End) -> Vec<Piece> {
    let text = body.to_string();
    let half = text.get(..text.floor_char_boundary(text.len() / 2)).unwrap_or_default().to_owned();
    match end {
        End::Completed | End::Incomplete(_) => vec![Piece::Send(text)],
        End::Cut => vec![Piece::Send(half), Piece::Break],
        End::Hang => vec![Piece::Send(half), Piece::Wait],
    }
}

/// A response object. Ids are unique, as the API's are.
fn response(number: usize, status: &str, output: &[Value]) -> Value {
    json!({
        "id": format!("resp_{number}"), "object": "response", "created_at": 0, "status": status, "model": "scripted",
        "output": output, "parallel_tool_calls": true, "tool_choice": "auto", "tools": [], "error": null,
        "usage": { "input_tokens": 11, "output_tokens": 7, "total_tokens": 18 }
    })
}

fn incomplete(number: usize, output: &[Value], reason: &str) -> Value {
    let mut response = response(number, "incomplete", output);
    response["incomplete_details"] = json!({ "reason": reason });
    response
}

/// A reply in one piece.
fn whole(output: &[Value], end: End, number: usize) -> Value {
    match end {
        End::Incomplete(reason) => incomplete(number, output, reason),
        End::Completed | End::Cut | End::Hang => response(number, "completed", output),
    }
}

/// The events of a reply, in the API's order.
fn streamed(output: &[Value], end: End, number: usize) -> Vec<Piece> {
    let mut events = Events { pieces: Vec::new(), number: 0 };
    let response = |status: &str, output: &[Value]| response(number, status, output);
    events.push("response.created", json!({ "response": response("in_progress", &[]) }));
    for (index, item) in output.iter().enumerate() {
        events.item(index, item);
        if end != End::Completed {
            break;
        }
        events.push("response.output_item.done", json!({ "output_index": index, "item": item }));
    }
    match end {
        End::Completed => events.push("response.completed", json!({ "response": response("completed", output) })),
        End::Incomplete(reason) => {
            events.push("response.incomplete", json!({ "response": incomplete(number, output, reason) }));
        }
        End::Cut => events.pieces.push(Piece::Break),
        End::Hang => events.pieces.push(Piece::Wait),
    }
    events.pieces
}

struct Events {
    pieces: Vec<Piece>,
    number: usize,
}

impl Events {
    fn push(&mut self, kind: &str, mut data: Value) {
        if let Some(fields) = data.as_object_mut() {
            fields.insert("type".into(), kind.into());
            fields.insert("sequence_number".into(), self.number.into());
        }
        self.number += 1;
        self.pieces.push(Piece::Send(format!("event: {kind}\ndata: {data}\n\n")));
    }

    fn item(&mut self, index: usize, item: &Value) {
        self.push("response.output_item.added", json!({ "output_index": index, "item": item }));
        if let Some(arguments) = item.get("arguments") {
            let data = json!({ "item_id": item.get("id"), "output_index": index, "delta": arguments });
            self.push("response.function_call_arguments.delta", data);
        }
        let text = item.pointer("/content/0/text").and_then(Value::as_str).unwrap_or_default();
        for word in text.split_inclusive(' ') {
            let data = json!({
                "item_id": item.get("id"), "output_index": index, "content_index": 0, "delta": word, "logprobs": []
            });
            self.push("response.output_text.delta", data);
        }
    }
}
