//! `local`: agents that act with a small policy network.

use crate::{Agent, Dependencies, Framework};
use std::sync::Arc;
use types::{Agent as AgentRecord, Error, ExtensionSpec};

/// The framework.
pub struct Local;

impl Framework for Local {
    fn spec(&self) -> ExtensionSpec {
        ExtensionSpec {
            name: "local".into(),
            label: "Local policy".into(),
            description: "A small network that chooses the tool, its arguments and the form of the reply.".into(),
            parameters: Vec::new(),
        }
    }

    fn can_train(&self) -> bool {
        true
    }

    fn create(&self, _record: &AgentRecord, _dependencies: &Dependencies) -> Result<Arc<dyn Agent>, Error> {
        Err(Error::Unavailable("local agents are not built yet".into()))
    }
}
