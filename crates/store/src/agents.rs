//! Table `agents`.

use crate::{
    Store,
    column::{flag, from_json_opt, json_opt, millis_opt, number, parsed, text, text_opt, time_opt},
    failure::failed,
    listing::paged,
};
use types::{Activity, Agent, AgentFilter, AgentId, Error, Page, Paged, Timestamp};

macro_rules! columns {
    () => {
        "id, name, agent_type, model, temperature, system_prompt, config_json, is_active, created_at, updated_at"
    };
}

macro_rules! matching {
    () => {
        " FROM agents WHERE is_active >= $1 AND (agent_type = $2 OR $2 = '')"
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    name: Option<String>,
    agent_type: String,
    model: String,
    temperature: f64,
    system_prompt: Option<String>,
    config_json: Option<String>,
    is_active: i64,
    created_at: i64,
    updated_at: Option<i64>,
}

impl Store {
    /// Adds an agent.
    ///
    /// # Errors
    /// `Conflict` when its id is taken.
    pub async fn agent_insert(&self, agent: &Agent) -> Result<(), Error> {
        self.agent_insert_all(std::slice::from_ref(agent)).await
    }

    /// Adds agents, all or none.
    ///
    /// # Errors
    /// `Conflict` when an id is taken.
    pub async fn agent_insert_all(&self, agents: &[Agent]) -> Result<(), Error> {
        const SQL: &str =
            concat!("INSERT INTO agents (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
        let mut transaction = self.begin().await?;
        for agent in agents {
            sqlx::query(SQL)
                .bind(agent.id.to_string())
                .bind(text_opt(agent.name.as_deref()))
                .bind(text(&agent.agent_type))
                .bind(text(&agent.model))
                .bind(number("temperature", agent.temperature)?)
                .bind(text_opt(agent.system_prompt.as_deref()))
                .bind(json_opt("config_json", agent.config_json.as_ref())?)
                .bind(flag(agent.is_active))
                .bind(agent.created_at.as_millis())
                .bind(millis_opt(agent.updated_at))
                .execute(&mut *transaction)
                .await
                .map_err(failed)?;
        }
        transaction.commit().await.map_err(failed)
    }

    /// The agent, deleted or not.
    ///
    /// # Errors
    /// The database fails.
    pub async fn agent_get(&self, id: AgentId) -> Result<Option<Agent>, Error> {
        const SQL: &str = concat!("SELECT ", columns!(), " FROM agents WHERE id = $1");
        let row = sqlx::query_as::<_, Row>(SQL).bind(id.to_string()).fetch_optional(&self.read).await;
        row.map_err(failed)?.map(Agent::try_from).transpose()
    }

    /// Agents, oldest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn agent_list(&self, filter: impl Into<AgentFilter>, page: Page) -> Result<Paged<Agent>, Error> {
        let AgentFilter { activity, agent_type } = filter.into();
        let least_active = flag(activity == Activity::Active);
        // No type is the empty string: every agent has one.
        let agent_type = text(&agent_type.unwrap_or_default());
        let rows = concat!("SELECT ", columns!(), matching!(), " ORDER BY created_at, id LIMIT $3 OFFSET $4");
        let rows = sqlx::query_as::<_, Row>(rows).bind(least_active).bind(agent_type.clone());
        let total = sqlx::query_scalar(concat!("SELECT COUNT(*)", matching!())).bind(least_active).bind(agent_type);
        paged(&self.read, rows, total, page).await
    }

    /// Deletes or restores agents, all or none.
    ///
    /// # Errors
    /// The database fails.
    pub async fn agent_activate_all(&self, ids: &[AgentId], is_active: bool, at: Timestamp) -> Result<(), Error> {
        let mut transaction = self.begin().await?;
        for id in ids {
            sqlx::query("UPDATE agents SET is_active = $2, updated_at = $3 WHERE id = $1")
                .bind(id.to_string())
                .bind(flag(is_active))
                .bind(at.as_millis())
                .execute(&mut *transaction)
                .await
                .map_err(failed)?;
        }
        transaction.commit().await.map_err(failed)
    }

    /// Replaces everything but id, type and time of creation; false when there is no such agent.
    ///
    /// # Errors
    /// The database fails.
    pub async fn agent_update(&self, agent: &Agent) -> Result<bool, Error> {
        const SQL: &str = "UPDATE agents SET name = $2, model = $3, temperature = $4, system_prompt = $5, \
                           config_json = $6, is_active = $7, updated_at = $8 WHERE id = $1";
        let done = sqlx::query(SQL)
            .bind(agent.id.to_string())
            .bind(text_opt(agent.name.as_deref()))
            .bind(text(&agent.model))
            .bind(number("temperature", agent.temperature)?)
            .bind(text_opt(agent.system_prompt.as_deref()))
            .bind(json_opt("config_json", agent.config_json.as_ref())?)
            .bind(flag(agent.is_active))
            .bind(millis_opt(agent.updated_at))
            .execute(&self.write)
            .await
            .map_err(failed)?;
        Ok(done.rows_affected() > 0)
    }
}

impl TryFrom<Row> for Agent {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: parsed::<AgentId>("agents.id", &row.id)?,
            name: row.name,
            agent_type: row.agent_type,
            model: row.model,
            temperature: row.temperature,
            system_prompt: row.system_prompt,
            config_json: from_json_opt("agents.config_json", row.config_json.as_deref())?,
            is_active: row.is_active != 0,
            created_at: Timestamp::from_millis(row.created_at),
            updated_at: time_opt(row.updated_at),
        })
    }
}
