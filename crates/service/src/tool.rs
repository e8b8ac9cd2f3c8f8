//! The tools agents can call, and the forms local agents reply in.

use crate::Service;
use types::ToolSpec;

impl Service {
    /// The tools, by name.
    pub fn tool_list(&self) -> Vec<ToolSpec> {
        Vec::new()
    }
}
