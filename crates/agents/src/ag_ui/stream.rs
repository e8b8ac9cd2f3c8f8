//! From the bytes of an answer to events: bounded in total and per line.

use super::wire::Event;
use eventsource_stream::{EventStreamError, Eventsource};
use futures::{Stream, StreamExt};
use thiserror::Error;

/// Most bytes of one answer: an agent may repeat its whole state again and again.
const STREAM_BYTES_MAX: usize = 128 * 1024 * 1024;
/// Longest line.
const LINE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Why the answer could not be read to its end; follows the name of whoever answered.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The connection broke.
    #[error("broke the connection before the answer was complete")]
    Broken,
    /// The stream ended without its last event.
    #[error("ended its answer before it was complete")]
    Cut,
    /// A bound was passed.
    #[error("answered more than {0}")]
    TooLarge(&'static str),
    /// Not the protocol.
    #[error("sent something that is not AG-UI: {0}")]
    Unreadable(String),
}

/// The events of an answer.
pub fn events<B: AsRef<[u8]>, E>(
    bytes: impl Stream<Item = Result<B, E>> + Send,
) -> impl Stream<Item = Result<Event, ReadError>> + Send {
    let (mut total, mut line) = (0, 0);
    let bounded = bytes.map(move |chunk| {
        let chunk = chunk.map_err(|_| ReadError::Broken)?;
        total += chunk.as_ref().len();
        if total > STREAM_BYTES_MAX {
            return Err(ReadError::TooLarge("128 MiB"));
        }
        if longest_line(chunk.as_ref(), &mut line) > LINE_BYTES_MAX {
            return Err(ReadError::TooLarge("4 MiB in one event"));
        }
        Ok(chunk)
    });
    bounded.eventsource().map(|event| {
        let event = event.map_err(|error| match error {
            EventStreamError::Transport(error) => error,
            EventStreamError::Utf8(_) | EventStreamError::Parser(_) => {
                ReadError::Unreadable("the event stream is damaged".into())
            }
        })?;
        serde_json::from_str(&event.data).map_err(|error| ReadError::Unreadable(format!("event {error}")))
    })
}

/// The longest line so far within `chunk`; `begun` is how long the last line is already.
fn longest_line(chunk: &[u8], begun: &mut usize) -> usize {
    let mut longest = 0;
    for (place, piece) in chunk.split(|byte| *byte == b'\n').enumerate() {
        *begun = if place == 0 { *begun + piece.len() } else { piece.len() };
        longest = longest.max(*begun);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_measured_across_chunks_and_starts_anew_after_a_line_feed() {
        let mut begun = 0;
        let mut measured = |chunk: &[u8]| longest_line(chunk, &mut begun);
        assert_eq!([measured(b"abc"), measured(b"de\nf"), measured(b"gh\n"), measured(b"i")], [3, 5, 3, 1]);
    }
}
