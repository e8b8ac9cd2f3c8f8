//! Several agents at once: pools of equals, and one act on many.

use crate::{AgentCreate, AgentId, FieldError};
use serde::{Deserialize, Serialize};

/// Most agents made or acted on at once.
pub const AGENTS_AT_ONCE_MAX: usize = 100;

/// Equal agents to create.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgentPoolCreate {
    /// How many, 1 to 100.
    pub count: usize,
    /// What each of them is. Its name is numbered: "Solver 1", "Solver 2", …
    pub agent: AgentCreate,
}

impl AgentPoolCreate {
    /// Every field that would be refused; empty = valid.
    pub fn validate(&self) -> Vec<FieldError> {
        let mut errors = self.agent.validate();
        errors.extend(check_count("count", self.count));
        errors
    }

    /// The drafts of its agents, their names numbered from 1.
    pub fn drafts(&self) -> impl Iterator<Item = AgentCreate> + '_ {
        let named = |number: usize| {
            let name = self.agent.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
            AgentCreate { name: name.map(|name| format!("{name} {number}")), ..self.agent.clone() }
        };
        (1..=self.count).map(named)
    }
}

/// What is done with many agents.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AgentAction {
    /// Ends their open conversations.
    Reset,
    /// Deletes them softly.
    Delete,
    /// Brings deleted ones back.
    Restore,
}

/// One act on many agents: on all of them or, when one is unknown, on none.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgentBatch {
    /// Which, at most 100.
    pub agent_ids: Vec<AgentId>,
    /// What is done.
    pub action: AgentAction,
}

impl AgentBatch {
    /// Every field that would be refused; empty = valid.
    pub fn validate(&self) -> Vec<FieldError> {
        check_count("agent_ids", self.agent_ids.len()).into_iter().collect()
    }
}

fn check_count(field: &str, count: usize) -> Option<FieldError> {
    let refused = !(1..=AGENTS_AT_ONCE_MAX).contains(&count);
    refused.then(|| FieldError::new(field, format!("counts {count}, expected 1 to {AGENTS_AT_ONCE_MAX}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_agents_of_a_pool_are_numbered_unless_they_have_no_name() {
        let pool = |name: Option<&str>| AgentPoolCreate {
            count: 2,
            agent: AgentCreate { name: name.map(Into::into), ..AgentCreate::default() },
        };
        let names = |pool: AgentPoolCreate| pool.drafts().map(|draft| draft.name).collect::<Vec<_>>();
        assert_eq!(names(pool(Some("Solver "))), [Some("Solver 1".into()), Some("Solver 2".into())]);
        assert_eq!(names(pool(None)), [None, None]);
    }

    #[test]
    fn none_and_too_many_are_refused() {
        let batch =
            |count| AgentBatch { agent_ids: vec![AgentId(uuid::Uuid::nil()); count], action: AgentAction::Reset };
        assert_eq!(batch(0).validate(), [FieldError::new("agent_ids", "counts 0, expected 1 to 100")]);
        assert_eq!(batch(AGENTS_AT_ONCE_MAX).validate(), []);
        let pool = AgentPoolCreate { count: 101, agent: AgentCreate::default() };
        assert_eq!(pool.validate(), [FieldError::new("count", "counts 101, expected 1 to 100")]);
    }
}
