//! What a person thinks of an answer.

use crate::{FieldError, MESSAGE_CHARS_MAX, MessageId, Timestamp};
use serde::{Deserialize, Serialize};

/// Thumbs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Rating {
    /// Good.
    Up,
    /// Bad.
    Down,
}

/// An opinion to store; a later one replaces it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FeedbackDraft {
    /// Thumbs.
    pub rating: Rating,
    /// Why, at most 32,000 characters.
    #[serde(default)]
    pub comment: Option<String>,
    /// What the answer should have been, at most 32,000 characters.
    #[serde(default)]
    pub corrected: Option<String>,
}

impl FeedbackDraft {
    /// What is wrong with it.
    pub fn validate(&self) -> Vec<FieldError> {
        let long = |name: &str, text: &Option<String>| {
            let count = text.as_deref().map_or(0, |text| text.chars().count());
            let why = format!("has {count} characters, expected at most {MESSAGE_CHARS_MAX}");
            (count > MESSAGE_CHARS_MAX).then(|| FieldError::new(name, why))
        };
        [long("comment", &self.comment), long("corrected", &self.corrected)].into_iter().flatten().collect()
    }
}

/// A stored opinion.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Feedback {
    /// On which answer.
    pub message_id: MessageId,
    /// Thumbs.
    pub rating: Rating,
    /// Why.
    pub comment: Option<String>,
    /// What the answer should have been.
    pub corrected: Option<String>,
    /// When it was given.
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_and_a_corrected_answer_are_bounded() {
        let draft = |length| FeedbackDraft {
            rating: Rating::Down,
            comment: Some("é".repeat(length)),
            corrected: Some("x".repeat(length)),
        };
        assert!(draft(MESSAGE_CHARS_MAX).validate().is_empty());
        let fields: Vec<_> = draft(MESSAGE_CHARS_MAX + 1).validate().into_iter().map(|error| error.field).collect();
        assert_eq!(fields, ["comment", "corrected"]);
    }
}
