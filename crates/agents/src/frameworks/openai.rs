//! `openai`: agents on a model behind the OpenAI Responses API (or a server that speaks it).

use crate::{Agent, Dependencies, Framework};
use std::sync::Arc;
use types::{Agent as AgentRecord, Error, ExtensionSpec};

/// The framework.
pub struct OpenAi;

impl Framework for OpenAi {
    fn spec(&self) -> ExtensionSpec {
        ExtensionSpec {
            name: "openai".into(),
            label: "OpenAI".into(),
            description: "A model behind the OpenAI Responses API, or any server that speaks it.".into(),
            parameters: Vec::new(),
        }
    }

    fn can_train(&self) -> bool {
        false
    }

    fn create(&self, _record: &AgentRecord, _dependencies: &Dependencies) -> Result<Arc<dyn Agent>, Error> {
        Err(Error::Unavailable("openai agents are not built yet".into()))
    }
}
