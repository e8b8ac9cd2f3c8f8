//! Server functions of agents.

use crate::{error::AppError, protocol::Ui};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use types::{Agent, AgentAction, AgentCreate, AgentId, AgentUpdate, ExtensionSpec, ReplyForm};

/// What the form of an agent chooses from.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AgentChoices {
    /// The registered frameworks.
    pub frameworks: Vec<ExtensionSpec>,
    /// Frameworks whose agents can be trained: their weights are named by the model.
    pub trainable: Vec<String>,
    /// Weights that a trainable agent can act with: value and label.
    pub weights: Vec<(String, String)>,
    /// The model that a new agent of a framework starts with.
    pub models: Vec<(String, String)>,
    /// The draft that the form starts with.
    pub draft: AgentCreate,
}

/// An agent and what its page says of it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AgentDetail {
    /// The agent.
    pub agent: Agent,
    /// What its form chooses from.
    pub choices: AgentChoices,
    /// The registered forms of its replies; empty when it writes freely.
    pub reply_forms: Vec<ReplyForm>,
}

/// The active agents, oldest first.
#[server(AgentListCall, prefix = "/api/ui", endpoint = "agent_list", protocol = Ui)]
pub async fn agent_list() -> Result<Vec<Agent>, AppError> {
    use super::lookup::agents_active;
    Ok(agents_active(&crate::ssr::service()).await?)
}

/// What the form of a new agent chooses from.
#[server(AgentChoicesCall, prefix = "/api/ui", endpoint = "agent_choices", protocol = Ui)]
pub async fn agent_choices() -> Result<AgentChoices, AppError> {
    Ok(super::lookup::agent_choices(&crate::ssr::service()).await?)
}

/// One agent with all that its page shows.
#[server(AgentDetailCall, prefix = "/api/ui", endpoint = "agent_detail", protocol = Ui)]
pub async fn agent_detail(id: AgentId) -> Result<AgentDetail, AppError> {
    let service = crate::ssr::service();
    let agent = service.agent_get(id).await?;
    let choices = super::lookup::agent_choices(&service).await?;
    let reply_forms =
        if choices.trainable.contains(&agent.agent_type) { service.reply_form_list() } else { Vec::new() };
    Ok(AgentDetail { agent, choices, reply_forms })
}

/// Creates an agent.
#[server(AgentCreateCall, prefix = "/api/ui", endpoint = "agent_create", protocol = Ui)]
pub async fn agent_create(draft: AgentCreate) -> Result<Agent, AppError> {
    Ok(crate::ssr::service().agent_create(draft).await?)
}

/// Changes an agent; `is_active` deletes and restores it.
#[server(AgentUpdateCall, prefix = "/api/ui", endpoint = "agent_update", protocol = Ui)]
pub async fn agent_update(id: AgentId, update: AgentUpdate) -> Result<Agent, AppError> {
    Ok(crate::ssr::service().agent_update(id, update).await?)
}

/// Does the same with several agents.
#[server(AgentActCall, prefix = "/api/ui", endpoint = "agent_act", protocol = Ui)]
pub async fn agent_act(ids: Vec<AgentId>, action: AgentAction) -> Result<(), AppError> {
    crate::ssr::service().agent_batch(types::AgentBatch { agent_ids: ids, action }).await?;
    Ok(())
}

/// So many copies of each of several agents.
#[server(AgentCopyCall, prefix = "/api/ui", endpoint = "agent_copy", protocol = Ui)]
pub async fn agent_copy(ids: Vec<AgentId>, count: usize) -> Result<(), AppError> {
    crate::ssr::service().agent_copy(&ids, count).await?;
    Ok(())
}
