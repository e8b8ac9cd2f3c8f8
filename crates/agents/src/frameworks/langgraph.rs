//! `langgraph`: agents of the real LangGraph, in the Python worker (`bridge/`), told over AG-UI.

use crate::{Agent, Dependencies, Framework, bridge};
use std::sync::Arc;
use types::{Agent as AgentRecord, Error, ExtensionSpec};

/// The framework.
pub struct LangGraph;

impl Framework for LangGraph {
    fn spec(&self) -> ExtensionSpec {
        ExtensionSpec {
            name: "langgraph".into(),
            label: "LangGraph".into(),
            description: "The real LangGraph in a Python worker, installed at its first use. LangChain's agent graph has the tools of this server; \
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
        bridge::agent("langgraph", record, dependencies)
    }
}
