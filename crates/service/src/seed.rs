//! The very first start: two local agents to compare, and cases to compare them on.

use crate::{Result, Service, new_id};
use types::{Activity, Agent, AgentId, CaseQuery, Page, Timestamp};

impl Service {
    /// Fills a database that never had an agent; later starts change nothing, whatever was deleted since.
    pub(crate) async fn seed(&self) -> Result<()> {
        let one = Page { skip: 0, limit: 1 };
        if self.store().agent_list(Activity::All, one).await?.total > 0 {
            return Ok(());
        }
        let query = CaseQuery { page: one, activity: Activity::All, ..CaseQuery::default() };
        if self.store().case_list(&query).await?.total == 0 {
            self.case_import_samples().await?;
        }
        let now = self.now();
        let later = Timestamp::from_millis(now.as_millis() + 1);
        // The twin first: a crash between the two must not leave the trained agent alone.
        self.store().agent_insert(&local("Local agent (untrained)", "untrained", later)).await?;
        self.store().agent_insert(&local("Local agent (trained)", "builtin", now)).await
    }
}

fn local(name: &str, model: &str, created_at: Timestamp) -> Agent {
    Agent {
        id: AgentId(new_id()),
        name: Some(name.into()),
        agent_type: "local".into(),
        model: model.into(),
        temperature: 0.0,
        system_prompt: None,
        config_json: None,
        is_active: true,
        created_at,
        updated_at: None,
    }
}
