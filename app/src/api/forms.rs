//! What forms that the server makes have in common.

use serde::{Deserialize, Serialize};

/// What comes of an act in a form that the server makes.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct FormAnswer {
    /// Ids of elements, and the HTML that they hold now.
    pub parts: Vec<(String, String)>,
    /// What to tell the person; empty = nothing.
    pub say: String,
    /// Where to go; empty = nowhere.
    pub go: String,
    /// Whether to ask again soon how it stands.
    pub again: bool,
}
