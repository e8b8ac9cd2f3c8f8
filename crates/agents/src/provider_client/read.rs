//! From the bytes of an answer to a step: server-sent events or one JSON text, bounded in total, per line and in text.

use crate::tool_loop::{Step, Tokens};
use eventsource_stream::{EventStreamError, Eventsource};
use futures::{Stream, StreamExt};
use reqwest::Response;
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

/// Most bytes of one answer: each token comes in an event of its own, some hundred bytes long.
const STREAM_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Longest line; the last event repeats the whole answer.
const LINE_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Most of an answer in one piece that is read.
const WHOLE_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Longest reply, arguments of calls included.
pub const TEXT_BYTES_MAX: usize = 1024 * 1024;

/// Makes a step of an answer.
pub trait AnswerReader: Send {
    /// Reads the data of one event, passing on text as it comes; the step when it was the last.
    ///
    /// # Errors
    /// The provider failed, or sent something else.
    fn event(&mut self, data: &str, tokens: &mut Tokens<'_>) -> Result<Option<Read>, ReadError>;

    /// The stream ended without saying so.
    ///
    /// # Errors
    /// `Cut`, when something is missing.
    fn end(&mut self, _tokens: &mut Tokens<'_>) -> Result<Read, ReadError> {
        Err(ReadError::Cut)
    }

    /// Reads an answer in one piece.
    ///
    /// # Errors
    /// As [`AnswerReader::event`].
    fn whole(&mut self, body: &[u8], tokens: &mut Tokens<'_>) -> Result<Read, ReadError>;
}

/// What was read, and whether the model reasons.
pub struct Read {
    /// The step.
    pub step: Step,
    /// Reasoning items came along.
    pub reasons: bool,
}

/// An error as both APIs describe it.
#[derive(Deserialize, Debug, Default, Clone)]
pub struct ApiError {
    /// A sentence.
    #[serde(default)]
    pub message: Option<String>,
    /// The parameter it is about.
    #[serde(default)]
    pub param: Option<String>,
    /// A short name.
    #[serde(default)]
    pub code: Option<Value>,
}

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
    #[error("the provider sent something that is not the {api} API: {why}")]
    Unreadable {
        /// Which API was expected.
        api: &'static str,
        /// What is wrong.
        why: String,
    },
    /// The provider says that it failed.
    #[error("the provider failed: {}", .0.message.as_deref().unwrap_or("it gave no reason"))]
    Failed(ApiError),
}

impl ReadError {
    /// Whether another try may help.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Broken | Self::Cut => true,
            Self::TooLarge(_) | Self::Unreadable { .. } => false,
            Self::Failed(error) => {
                let code = error.code.as_ref().and_then(Value::as_str).unwrap_or_default();
                matches!(code, "server_error" | "rate_limit_exceeded" | "overloaded")
            }
        }
    }
}

/// Reads a streamed answer.
///
/// # Errors
/// It broke, was cut, too large or not the protocol, or the provider failed.
pub async fn stream<B: AsRef<[u8]>, E>(
    bytes: impl Stream<Item = Result<B, E>> + Send,
    mut reader: impl AnswerReader,
    tokens: &mut Tokens<'_>,
) -> Result<Read, ReadError> {
    let mut bounds = Bounds::default();
    let bounded = bytes.map(move |chunk| {
        let chunk = chunk.map_err(|_| ReadError::Broken)?;
        bounds.admit(chunk.as_ref())?;
        Ok(chunk)
    });
    let mut events = std::pin::pin!(bounded.eventsource());
    while let Some(event) = events.next().await {
        if let Some(read) = reader.event(&event.map_err(damaged)?.data, tokens)? {
            return Ok(read);
        }
        if tokens.text().len() > TEXT_BYTES_MAX {
            return Err(ReadError::TooLarge("1 MiB of text"));
        }
    }
    reader.end(tokens)
}

/// Reads an answer that came in one piece.
///
/// # Errors
/// As [`stream`].
pub async fn whole(
    response: Response,
    mut reader: impl AnswerReader,
    tokens: &mut Tokens<'_>,
) -> Result<Read, ReadError> {
    let body = bounded_body(response, WHOLE_BYTES_MAX).await?;
    reader.whole(&body, tokens)
}

/// The body of a response, if it is not longer than `bytes_max`.
///
/// # Errors
/// It broke or is too large.
pub async fn bounded_body(response: Response, bytes_max: usize) -> Result<Vec<u8>, ReadError> {
    let mut body = Vec::new();
    let mut chunks = response.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        body.extend_from_slice(&chunk.map_err(|_| ReadError::Broken)?);
        if body.len() > bytes_max {
            return Err(ReadError::TooLarge("2 MiB in one piece"));
        }
    }
    Ok(body)
}

fn damaged(error: EventStreamError<ReadError>) -> ReadError {
    match error {
        EventStreamError::Transport(error) => error,
        EventStreamError::Utf8(_) | EventStreamError::Parser(_) => {
            ReadError::Unreadable { api: "expected", why: "the event stream is damaged".into() }
        }
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
