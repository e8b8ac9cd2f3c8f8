//! Tools by name, and the one way to call them: bounded in time and size.

use crate::{Arguments, Tool, ToolError};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;
use types::ToolSpec;

/// Longest a call may take.
const TIMEOUT_MS: u64 = 20_000;
/// Longest answer kept, in bytes.
const RESULT_BYTES_MAX: usize = 64 * 1024;

/// Tools by name. Cheap to clone.
#[derive(Clone, Default)]
pub struct ToolRegistry {
    tools: BTreeMap<String, Arc<dyn Tool>>,
}

impl ToolRegistry {
    /// Adds a tool; a tool of the same name is replaced.
    #[must_use]
    pub fn with(mut self, tool: impl Tool + 'static) -> Self {
        self.tools.insert(tool.spec().name, Arc::new(tool));
        self
    }

    /// Only the tools of these names.
    ///
    /// # Errors
    /// A sentence naming the one that does not exist.
    pub fn only(&self, names: &[String]) -> Result<Self, String> {
        let tools = names.iter().map(|name| match self.tools.get(name) {
            Some(tool) => Ok((name.clone(), Arc::clone(tool))),
            None => Err(self.unknown(name).to_string()),
        });
        Ok(Self { tools: tools.collect::<Result<_, _>>()? })
    }

    /// What the tools say of themselves, by name.
    pub fn specs(&self) -> Vec<ToolSpec> {
        self.tools.values().map(|tool| tool.spec()).collect()
    }

    /// Whether a tool has that name.
    pub fn contains(&self, name: &str) -> bool {
        self.tools.contains_key(name)
    }

    /// Calls a tool by name.
    ///
    /// # Errors
    /// Unknown name, refused arguments, failure, timeout or cancellation, each in words a model can act on.
    pub async fn call(
        &self,
        name: &str,
        arguments: &Arguments,
        cancel: &CancellationToken,
    ) -> Result<String, ToolError> {
        let tool = self.tools.get(name).ok_or_else(|| self.unknown(name))?;
        let work = tokio::time::timeout(Duration::from_millis(TIMEOUT_MS), tool.call(arguments, cancel));
        let answer = tokio::select! {
            () = cancel.cancelled() => return Err(ToolError::Cancelled),
            answer = work => answer.map_err(|_| ToolError::Timeout(TIMEOUT_MS))??,
        };
        Ok(truncated(answer))
    }

    fn unknown(&self, name: &str) -> ToolError {
        let known = self.tools.keys().cloned().collect::<Vec<_>>().join(", ");
        ToolError::Unknown { name: name.chars().take(64).collect(), known }
    }
}

fn truncated(mut answer: String) -> String {
    if answer.len() > RESULT_BYTES_MAX {
        let cut = (0..=RESULT_BYTES_MAX).rev().find(|i| answer.is_char_boundary(*i)).unwrap_or(0);
        answer.truncate(cut);
        answer.push_str("\n[cut: the answer was longer than 64 KiB]");
    }
    answer
}
