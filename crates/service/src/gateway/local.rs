//! Models that are answered here: one decision of a policy.

use super::prompt::Prompt;
use crate::{Result, Service, blocking, new_id};
use agents::{
    Checkpoints,
    frameworks::local::{self, Demand, decide},
};
use policy::{Move, Selection};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::{Map, Value};
use std::sync::Arc;
use types::{Agent, AgentId, Error, Timestamp, ToolSpec};
use uuid::Uuid;

/// Type of the agents that act with a policy.
pub const FRAMEWORK: &str = "local";
/// How the name of an agent's policy begins.
pub const AGENT: &str = "agent:";

/// What a policy decided.
#[derive(Clone, PartialEq, Debug)]
pub enum Decided {
    /// To say this.
    Reply(String),
    /// To call a tool.
    Call {
        /// Which.
        name: String,
        /// With what.
        arguments: Value,
    },
}

impl Service {
    /// One decision of the policy called `name`.
    pub(crate) async fn gateway_decide(&self, name: &str, mut prompt: Prompt) -> Result<Decided> {
        let actor = self.gateway_actor(name).await?;
        self.keep_to_taught(&actor, &mut prompt.state.tools)?;
        let temperature = prompt.temperature.unwrap_or(actor.temperature);
        if !(0.0..=2.0).contains(&temperature) {
            return Err(Error::field("temperature", format!("is {temperature}, expected 0 to 2")));
        }
        let seed = prompt.seed.unwrap_or_else(|| new_id().as_u64_pair().1);
        let checkpoints = self.inner.checkpoints.clone();
        blocking(move || {
            let policy = checkpoints.policy(&actor).map_err(Error::NotFound)?;
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let mut selection =
                if temperature > 0.0 { Selection::Sample { rng: &mut rng, temperature } } else { Selection::Greedy };
            match decide(&policy, &prompt.state, prompt.demand, &mut selection).chosen {
                Move::Call { tool_name, arguments } => {
                    Ok(Decided::Call { name: tool_name, arguments: Value::Object(arguments) })
                }
                Move::Reply { .. } if prompt.demand == Demand::Call => Err(Error::field(
                    "tool_choice",
                    "asks for a call, and no tool on offer has arguments that what was said could fill",
                )),
                Move::Reply { text, .. } => Ok(Decided::Reply(text)),
            }
        })
        .await
    }

    /// Takes out those of our tools that the policy was not taught: a client that offers all of them, as it found them over
    /// MCP, means the same as an agent here that names none. Tools of the client's own stay, and so does the last one.
    fn keep_to_taught(&self, actor: &Agent, tools: &mut Arc<[ToolSpec]>) -> Result<()> {
        let ours = self.tools();
        let taught = local::offered(actor, &ours)?;
        let known = |tool: &ToolSpec| taught.contains(&tool.name) || !ours.contains(&tool.name);
        if tools.iter().any(known) {
            *tools = tools.iter().filter(|tool| known(tool)).cloned().collect();
        }
        Ok(())
    }

    /// Whose policy and temperature are meant: an agent's, or weights taken at their most probable.
    async fn gateway_actor(&self, name: &str) -> Result<Agent> {
        let Some(id) = name.strip_prefix(AGENT) else { return Ok(nobody(name)) };
        let id: AgentId = id.parse().map_err(|_| Error::NotFound(format!("there is no agent `{id}`")))?;
        let agent = self.agent_get(id).await?;
        if agent.agent_type == FRAMEWORK && agent.is_active {
            return Ok(agent);
        }
        Err(Error::NotFound(format!("agent {id} is no active agent of type {FRAMEWORK}, so it has no policy to ask")))
    }
}

/// Weights without an agent.
fn nobody(model: &str) -> Agent {
    Agent {
        id: AgentId(Uuid::nil()),
        name: None,
        agent_type: FRAMEWORK.into(),
        model: model.to_owned(),
        temperature: 0.0,
        system_prompt: None,
        config_json: None::<Map<String, Value>>,
        is_active: true,
        created_at: Timestamp::default(),
        updated_at: None,
    }
}
