//! Documents of the offline search index.

use crate::{DocumentId, FieldError, Timestamp};
use serde::{Deserialize, Serialize};

/// A document a person added to what `search` finds offline.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
    /// When it was added.
    pub created_at: Timestamp,
}

/// A document to add: title 1 to 300 characters, body 1 to 100,000.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DocumentCreate {
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
}

/// Longest title of a document, in characters.
pub const DOCUMENT_TITLE_CHARS_MAX: usize = 300;

/// Longest text of a document, in characters.
pub const DOCUMENT_BODY_CHARS_MAX: usize = 100_000;

impl DocumentCreate {
    /// Every field that would be refused; empty = valid.
    pub fn validate(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut check = |field: &str, text: &str, most: usize| {
            let chars = text.trim().chars().count();
            if chars == 0 || chars > most {
                errors.push(FieldError::new(field, format!("has {chars} characters, expected 1 to {most}")));
            }
        };
        check("title", &self.title, DOCUMENT_TITLE_CHARS_MAX);
        check("body", &self.body, DOCUMENT_BODY_CHARS_MAX);
        errors
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_title_and_a_body_too_long_are_both_said() {
        let draft = DocumentCreate { title: "  ".into(), body: "x".repeat(100_001) };
        let fields: Vec<_> = draft.validate().into_iter().map(|error| error.field).collect();
        assert_eq!(fields, ["title", "body"]);
    }
}
