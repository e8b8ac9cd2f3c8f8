//! What a caller can be told went wrong, and the one HTTP status table.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Variants by what the caller can do about them. Every message says what is wrong, with which value, and what would be
/// right.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Error {
    /// The thing named does not exist.
    #[error("{0}")]
    NotFound(String),
    /// The request is understood and refused (the original's 400).
    #[error("{0}")]
    Invalid(String),
    /// A field has the wrong type, is missing or out of range (the original's 422).
    #[error("{}", list(.0))]
    Fields(Vec<FieldError>),
    /// The state of the thing forbids this now.
    #[error("{0}")]
    Conflict(String),
    /// No valid credentials came with the request.
    #[error("{0}")]
    Unauthenticated(String),
    /// Known, but not allowed.
    #[error("{0}")]
    Forbidden(String),
    /// A model provider or another server failed.
    #[error("{0}")]
    Upstream(String),
    /// Not now; try again later.
    #[error("{0}")]
    Unavailable(String),
    /// The caller stopped it.
    #[error("cancelled")]
    Cancelled,
    /// A fault of ours. The text is for the log; the wire says "internal error" and the request id.
    #[error("internal error")]
    Internal(String),
}

/// One field that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// Where: `temperature`, `test_cases[3].user_input`.
    pub field: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl FieldError {
    /// A refusal of `field`.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

fn list(fields: &[FieldError]) -> String {
    fields.iter().map(|f| format!("`{}` {}", f.field, f.message)).collect::<Vec<_>>().join("; ")
}

impl Error {
    /// `what` with this id does not exist.
    pub fn not_found(what: &str, id: impl std::fmt::Display) -> Self {
        Self::NotFound(format!("{what} {id} not found"))
    }

    /// One refused field.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Fields(vec![FieldError::new(field, message)])
    }

    /// The HTTP status of this error: the only such table.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Invalid(_) => 400,
            Self::Unauthenticated(_) => 401,
            Self::Forbidden(_) => 403,
            Self::NotFound(_) => 404,
            Self::Conflict(_) => 409,
            Self::Fields(_) => 422,
            Self::Cancelled => 499,
            Self::Internal(_) => 500,
            Self::Upstream(_) => 502,
            Self::Unavailable(_) => 503,
        }
    }

    /// The short name of the status, as a problem's `title`.
    pub const fn title(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "Bad request",
            Self::Unauthenticated(_) => "Unauthorized",
            Self::Forbidden(_) => "Forbidden",
            Self::NotFound(_) => "Not found",
            Self::Conflict(_) => "Conflict",
            Self::Fields(_) => "Unprocessable content",
            Self::Cancelled => "Client closed request",
            Self::Internal(_) => "Internal server error",
            Self::Upstream(_) => "Bad gateway",
            Self::Unavailable(_) => "Service unavailable",
        }
    }

    /// The wire form.
    pub fn problem(&self, request_id: Option<String>) -> Problem {
        Problem {
            kind: "about:blank".into(),
            title: self.title().into(),
            status: self.status(),
            detail: self.to_string(),
            errors: if let Self::Fields(fields) = self { fields.clone() } else { Vec::new() },
            request_id,
        }
    }
}

/// `application/problem+json` (RFC 9457). `detail` is always a readable sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Always `about:blank`: the status says it all.
    #[serde(rename = "type")]
    pub kind: String,
    /// The short name of the status.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What went wrong, as a sentence.
    pub detail: String,
    /// Every refused field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Where to look in the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}
