//! Several agents at once: pools of equals, and one act on many.

use crate::{Result, Service, agent::refuse_if_any};
use types::{AGENTS_AT_ONCE_MAX, Agent, AgentAction, AgentBatch, AgentId, AgentPoolCreate, Error};

impl Service {
    /// Equal agents, all or none, in the order of their numbers.
    ///
    /// # Errors
    /// Refused fields, as of one agent; a count beyond 100.
    pub async fn agent_pool_create(&self, pool: AgentPoolCreate) -> Result<Vec<Agent>> {
        refuse_if_any(pool.validate())?;
        let mut agents = Vec::with_capacity(pool.count);
        for draft in pool.drafts() {
            agents.push(self.agent_drafted(draft).await?);
        }
        self.store().agent_insert_all(&agents).await?;
        Ok(agents)
    }

    /// So many copies of each agent, all or none, their names numbered.
    ///
    /// # Errors
    /// Not found; none, or more than 100 in all.
    pub async fn agent_copy(&self, ids: &[AgentId], count: usize) -> Result<Vec<Agent>> {
        let all = count.saturating_mul(ids.len());
        if !(1..=AGENTS_AT_ONCE_MAX).contains(&all) {
            return Err(Error::field(
                "count",
                format!("makes {all} agents in all, expected 1 to {AGENTS_AT_ONCE_MAX}"),
            ));
        }
        let mut agents = Vec::with_capacity(all);
        for agent in self.agents_get(ids).await? {
            for draft in (AgentPoolCreate { count, agent: agent.into() }).drafts() {
                agents.push(self.agent_drafted(draft).await?);
            }
        }
        self.store().agent_insert_all(&agents).await?;
        Ok(agents)
    }

    /// Does the same with many agents, and answers them as they are then, in the order asked for.
    ///
    /// # Errors
    /// Not found, naming the first unknown id: then nothing was done. None or more than 100 ids.
    pub async fn agent_batch(&self, batch: AgentBatch) -> Result<Vec<Agent>> {
        refuse_if_any(batch.validate())?;
        self.agents_get(&batch.agent_ids).await?;
        match batch.action {
            AgentAction::Reset => {
                for id in &batch.agent_ids {
                    self.store().conversations_end(*id, self.now()).await?;
                }
            }
            AgentAction::Delete => self.store().agent_activate_all(&batch.agent_ids, false, self.now()).await?,
            AgentAction::Restore => self.store().agent_activate_all(&batch.agent_ids, true, self.now()).await?,
        }
        self.agents_get(&batch.agent_ids).await
    }

    async fn agents_get(&self, ids: &[AgentId]) -> Result<Vec<Agent>> {
        let mut agents = Vec::with_capacity(ids.len());
        for id in ids {
            agents.push(self.agent_get(*id).await?);
        }
        Ok(agents)
    }
}
