//! From the bytes of an answer to a step: server-sent events, bounded in total, per line and in text.

use super::wire::{ApiError, OutputItem, Response, StreamEvent};
use crate::tool_loop::{RequestedCall, Step, Tokens};
use eventsource_stream::{EventStreamError, Eventsource};
use futures::{Stream, StreamExt};
use serde_json::Value;
use thiserror::Error;
use types::Usage;

/// Most bytes of one answer: each token comes in an event of its own, some hundred bytes long.
const STREAM_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Longest line; the last event repeats the whole answer.
const LINE_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Longest reply.
const TEXT_BYTES_MAX: usize = 1024 * 1024;

/// Why the answer could not be read to its end.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The connection broke.
    #[error("the connection to the provider broke before the reply was complete")]
    Broken,
    /// The stream ended without its last event.
    #[error("the provider's stream ended before the reply was complete")]
    Cut,
    /// A bound was passed.
    #[error("the provider's reply is too large: more than {0}")]
    TooLarge(&'static str),
    /// Not the protocol.
    #[error("the provider sent something that is not the Responses API: {0}")]
    Unreadable(String),
    /// The provider says that it failed.
    #[error("the provider failed: {}", .0.message.as_deref().unwrap_or("it gave no reason"))]
    Failed(ApiError),
}

impl ReadError {
    /// Whether another try may help.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Broken | Self::Cut => true,
            Self::TooLarge(_) | Self::Unreadable(_) => false,
            Self::Failed(error) => {
                let code = error.code.as_ref().and_then(Value::as_str).unwrap_or_default();
                matches!(code, "server_error" | "rate_limit_exceeded" | "overloaded")
            }
        }
    }
}

/// What was read, and whether the model reasons.
pub struct Read {
    /// The step.
    pub step: Step,
    /// Reasoning items came along.
    pub reasons: bool,
}

/// Reads a whole answer, passing on text as it comes.
pub async fn read<B: AsRef<[u8]>, E>(
    bytes: impl Stream<Item = Result<B, E>> + Send,
    tokens: &mut Tokens<'_>,
) -> Result<Read, ReadError> {
    let mut bounds = Bounds::default();
    let bounded = bytes.map(move |chunk| {
        let chunk = chunk.map_err(|_| ReadError::Broken)?;
        bounds.admit(chunk.as_ref())?;
        Ok(chunk)
    });
    let mut events = std::pin::pin!(bounded.eventsource());
    let mut items = Vec::new();
    while let Some(event) = events.next().await {
        match parse(&event.map_err(unreadable)?.data)? {
            StreamEvent::Text { delta } | StreamEvent::Refusal { delta } => tokens.push(&delta),
            StreamEvent::ItemDone { item } => items.push(item),
            StreamEvent::Completed { response } | StreamEvent::Incomplete { response } => {
                return finish(response, items, tokens);
            }
            StreamEvent::Failed { response } => return Err(ReadError::Failed(response.error.unwrap_or_default())),
            StreamEvent::Error { error, message, code } => {
                return Err(ReadError::Failed(error.unwrap_or(ApiError { message, param: None, code })));
            }
            StreamEvent::Other => {}
        }
        if tokens.text().len() > TEXT_BYTES_MAX {
            return Err(ReadError::TooLarge("1 MiB of text"));
        }
    }
    Err(ReadError::Cut)
}

fn unreadable(error: EventStreamError<ReadError>) -> ReadError {
    match error {
        EventStreamError::Transport(error) => error,
        EventStreamError::Utf8(_) | EventStreamError::Parser(_) => {
            ReadError::Unreadable("the event stream is damaged".into())
        }
    }
}

/// An answer that came in one piece, from a server that does not stream.
pub fn read_whole(body: &[u8], tokens: &mut Tokens<'_>) -> Result<Read, ReadError> {
    let response: Response = serde_json::from_slice(body).map_err(|error| ReadError::Unreadable(error.to_string()))?;
    if let Some(error) = response.error {
        return Err(ReadError::Failed(error));
    }
    finish(response, Vec::new(), tokens)
}

fn parse(data: &str) -> Result<StreamEvent, ReadError> {
    if data.trim() == "[DONE]" {
        return Ok(StreamEvent::Other);
    }
    serde_json::from_str(data).map_err(|error| ReadError::Unreadable(format!("event {error}")))
}

fn finish(response: Response, seen: Vec<OutputItem>, tokens: &mut Tokens<'_>) -> Result<Read, ReadError> {
    let items = if response.output.is_empty() { seen } else { response.output };
    let mut step = Step { text: items.iter().map(OutputItem::text).collect(), ..Step::default() };
    if step.text.len() > TEXT_BYTES_MAX {
        return Err(ReadError::TooLarge("1 MiB of text"));
    }
    if tokens.text().is_empty() && !step.text.is_empty() {
        tokens.push(&step.text);
    }
    if step.text.is_empty() {
        tokens.text().clone_into(&mut step.text);
    }
    let usage = response.usage.unwrap_or_default();
    step.usage = Usage { input_tokens: usage.input_tokens, output_tokens: usage.output_tokens };
    if let Some(reason) = response.incomplete_details.and_then(|details| details.reason) {
        step.notes.push(cut_short(&reason));
    }
    step.outputs = items.iter().filter_map(OutputItem::to_input).collect();
    let reasons = items.iter().any(|item| matches!(item, OutputItem::Reasoning { .. }));
    for item in items {
        if let OutputItem::FunctionCall { call_id, name, arguments } = item {
            step.calls.push(RequestedCall { call_id, name, arguments });
        }
    }
    Ok(Read { step, reasons })
}

fn cut_short(reason: &str) -> String {
    match reason {
        "max_output_tokens" => "The reply was cut: it reached `max_output_tokens`.".into(),
        "content_filter" => "The reply was cut by the provider's content filter.".into(),
        _ => "The provider cut the reply short.".into(),
    }
}

#[derive(Default)]
struct Bounds {
    total: usize,
    line: usize,
}

impl Bounds {
    fn admit(&mut self, chunk: &[u8]) -> Result<(), ReadError> {
        self.total += chunk.len();
        if self.total > STREAM_BYTES_MAX {
            return Err(ReadError::TooLarge("32 MiB"));
        }
        let lines = chunk.split(|byte| *byte == b'\n');
        for (place, piece) in lines.enumerate() {
            self.line = if place == 0 { self.line + piece.len() } else { piece.len() };
            if self.line > LINE_BYTES_MAX {
                return Err(ReadError::TooLarge("2 MiB in one event"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_bounded_across_chunks_and_starts_anew_after_a_line_feed() {
        let mut bounds = Bounds::default();
        let chunk = vec![b'x'; LINE_BYTES_MAX / 2];
        assert!(bounds.admit(&chunk).is_ok());
        assert!(bounds.admit(b"y\n").is_ok());
        assert!(bounds.admit(&chunk).is_ok());
        assert!(bounds.admit(&chunk).is_ok());
        assert!(matches!(bounds.admit(b"z"), Err(ReadError::TooLarge(_))));
    }
}
