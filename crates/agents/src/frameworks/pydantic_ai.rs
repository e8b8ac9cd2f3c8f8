//! `pydantic_ai`: agents of the real Pydantic AI, in the Python worker (`bridge/`), told over AG-UI.

use crate::{Agent, Dependencies, Framework, bridge};
use std::sync::Arc;
use types::{Agent as AgentRecord, Error, ExtensionSpec};

/// The framework.
pub struct PydanticAi;

impl Framework for PydanticAi {
    fn spec(&self) -> ExtensionSpec {
        ExtensionSpec {
            name: "pydantic_ai".into(),
            label: "Pydantic AI".into(),
            description: "The real Pydantic AI in a Python worker, installed at its first use. Its agent has the tools of this server; \
                          the model is named with its provider: `local/builtin` works offline, `openai/gpt-4o` needs \
                          OPENAI_API_KEY."
                .into(),
            parameters: bridge::parameters(),
        }
    }

    fn model(&self) -> Option<&'static str> {
        Some("local/builtin")
    }

    fn is_bridged(&self) -> bool {
        true
    }

    fn can_train(&self) -> bool {
        false
    }

    fn create(&self, record: &AgentRecord, dependencies: &Dependencies) -> Result<Arc<dyn Agent>, Error> {
        bridge::agent("pydantic_ai", record, dependencies)
    }
}
