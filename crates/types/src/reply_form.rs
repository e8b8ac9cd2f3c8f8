//! The forms in which a local agent replies: registered texts with pointers into tool results, not generated language.

use serde::{Deserialize, Serialize};

/// One registered form.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReplyForm {
    /// Unique, `[a-z0-9_]+`.
    pub name: String,
    /// The text; each `{slot}` is filled with a value that the policy points at in a tool's result.
    pub template: String,
    /// When it is meant to be used, in a sentence.
    pub description: String,
    /// Its slots in the order they stand in the template.
    pub slots: Vec<String>,
}
