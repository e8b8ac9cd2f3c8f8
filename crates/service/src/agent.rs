//! Agents: create, list, change, delete, reset.

use crate::{Result, Service, soon};
use types::{Activity, Agent, AgentCreate, AgentId, AgentUpdate, ExtensionSpec, Page, Paged};

impl Service {
    /// A new agent.
    ///
    /// # Errors
    /// Refused fields, among them an `agent_type` that is not registered.
    pub async fn agent_create(&self, _draft: AgentCreate) -> Result<Agent> {
        Err(soon())
    }

    /// Agents, oldest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn agent_list(&self, _activity: Activity, _page: Page) -> Result<Paged<Agent>> {
        Err(soon())
    }

    /// One agent, deleted or not.
    ///
    /// # Errors
    /// Not found.
    pub async fn agent_get(&self, _id: AgentId) -> Result<Agent> {
        Err(soon())
    }

    /// The agent with a change made.
    ///
    /// # Errors
    /// Not found, refused fields.
    pub async fn agent_update(&self, _id: AgentId, _update: AgentUpdate) -> Result<Agent> {
        Err(soon())
    }

    /// Deletes softly: its conversations and runs stay.
    ///
    /// # Errors
    /// Not found.
    pub async fn agent_delete(&self, _id: AgentId) -> Result<()> {
        Err(soon())
    }

    /// Ends the agent's open conversations.
    ///
    /// # Errors
    /// Not found.
    pub async fn agent_reset(&self, _id: AgentId) -> Result<Agent> {
        Err(soon())
    }

    /// What a new agent's form starts with: the configured model and temperature.
    pub fn agent_draft(&self) -> AgentCreate {
        AgentCreate::default()
    }

    /// The registered frameworks.
    pub fn framework_list(&self) -> Vec<ExtensionSpec> {
        Vec::new()
    }
}
