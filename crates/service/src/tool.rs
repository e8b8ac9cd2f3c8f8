//! The tools agents can call, and the forms local agents reply in.

use crate::Service;
use types::{ReplyForm, ToolSpec};

impl Service {
    /// The tools, by name.
    pub fn tool_list(&self) -> Vec<ToolSpec> {
        Vec::new()
    }

    /// The registered sentence forms a local agent answers with.
    pub fn reply_form_list(&self) -> Vec<ReplyForm> {
        policy::reply_forms()
    }
}
