//! The tools agents can call, and the forms local agents reply in.

use crate::Service;
use types::{ReplyForm, ToolSpec};

impl Service {
    /// The tools, by name.
    pub fn tool_list(&self) -> Vec<ToolSpec> {
        self.tools().specs().to_vec()
    }

    /// The forms in which local agents reply.
    pub fn reply_form_list(&self) -> Vec<ReplyForm> {
        policy::reply_forms()
    }

    pub(crate) fn tool_names(&self) -> Vec<String> {
        self.tool_list().into_iter().map(|tool| tool.name).collect()
    }
}
