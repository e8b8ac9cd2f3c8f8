//! What a server function answers when it fails: the same problem that REST answers.

use crate::reader::{Unreadable, read};
use leptos::server_fn::{
    Bytes, ContentType, Decodes, Encodes, Format, FormatType,
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};
use std::fmt;
use types::{Error, FieldError, Problem};

/// A [`Problem`] that a page can show. On the server it is made from [`types::Error`] by `?`, which also sets the
/// status of the response.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AppError(pub Problem);

impl AppError {
    /// What went wrong, as a sentence.
    pub fn detail(&self) -> String {
        self.0.detail.clone()
    }

    /// Every refused field; empty when the fault is not in a field.
    pub fn fields(&self) -> Vec<FieldError> {
        self.0.errors.clone()
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.detail)
    }
}

impl std::error::Error for AppError {}

/// How it travels: JSON, read by our own reader like every answer.
pub struct Wire;

impl ContentType for Wire {
    const CONTENT_TYPE: &'static str = JsonEncoding::CONTENT_TYPE;
}

impl FormatType for Wire {
    const FORMAT_TYPE: Format = JsonEncoding::FORMAT_TYPE;
}

impl Encodes<AppError> for Wire {
    type Error = serde_json::Error;

    fn encode(error: &AppError) -> Result<Bytes, serde_json::Error> {
        JsonEncoding::encode(error)
    }
}

impl Decodes<AppError> for Wire {
    type Error = Unreadable;

    fn decode(bytes: Bytes) -> Result<AppError, Unreadable> {
        read(&String::from_utf8_lossy(&bytes))
    }
}

impl FromServerFnError for AppError {
    type Encoder = Wire;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        let error = match value {
            ServerFnErrorErr::Request(_) => {
                Error::Unavailable("the server cannot be reached; check that it is running, then try again".into())
            }
            ServerFnErrorErr::Args(text) | ServerFnErrorErr::MissingArg(text) => Error::Invalid(text),
            other => Error::Internal(other.to_string()),
        };
        Self(error.problem(None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_survives_the_wire_with_its_fields() {
        let error = AppError(Error::field("temperature", "is 3.5, expected 0 to 2").problem(Some("r1".into())));
        assert_eq!(AppError::de(error.ser()), error);
    }

    #[test]
    fn an_unreachable_server_is_said_in_plain_words() {
        let error = AppError::from_server_fn_error(ServerFnErrorErr::Request("fetch failed".into()));
        assert_eq!(error.0.status, 503);
        assert!(error.detail().contains("cannot be reached"));
    }
}
