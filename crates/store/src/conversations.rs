//! Table `conversations`.

use crate::{
    Store,
    column::{from_json_opt, json_opt, parsed, time_opt},
    failure::failed,
    listing::paged,
};
use serde_json::{Map, Value};
use types::{AgentId, Conversation, ConversationId, ConversationListItem, Error, Page, Paged, Timestamp};

/// A conversation to begin.
#[derive(Clone, PartialEq, Debug)]
pub struct NewConversation {
    /// Its id.
    pub id: ConversationId,
    /// With which agent.
    pub agent_id: AgentId,
    /// When it begins.
    pub started_at: Timestamp,
    /// Free data of clients.
    pub metadata_json: Option<Map<String, Value>>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    agent_id: String,
    started_at: i64,
    ended_at: Option<i64>,
    metadata_json: Option<String>,
    message_count: i64,
    title: Option<String>,
}

macro_rules! columns {
    () => {
        "id, agent_id, started_at, ended_at, metadata_json, message_count, \
         (SELECT SUBSTR(content, 1, 80) FROM messages WHERE conversation_id = conversations.id AND sequence_num = 1) \
         AS title"
    };
}

impl Store {
    /// Begins a conversation.
    ///
    /// # Errors
    /// `Conflict` when its id is taken or its agent does not exist.
    pub async fn conversation_insert(&self, new: &NewConversation) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO conversations (id, agent_id, started_at, metadata_json, message_count) \
                           VALUES ($1, $2, $3, $4, 0)";
        sqlx::query(SQL)
            .bind(new.id.to_string())
            .bind(new.agent_id.to_string())
            .bind(new.started_at.as_millis())
            .bind(json_opt("metadata_json", new.metadata_json.as_ref())?)
            .execute(&self.write)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// The conversation with its messages in order and their calls.
    ///
    /// # Errors
    /// The database fails.
    pub async fn conversation_get(&self, id: ConversationId) -> Result<Option<Conversation>, Error> {
        const SQL: &str = concat!("SELECT ", columns!(), " FROM conversations WHERE id = $1");
        let row =
            sqlx::query_as::<_, Row>(SQL).bind(id.to_string()).fetch_optional(&self.read).await.map_err(failed)?;
        let Some(row) = row else { return Ok(None) };
        let item = ConversationListItem::try_from(row)?;
        Ok(Some(Conversation {
            id: item.id,
            agent_id: item.agent_id,
            started_at: item.started_at,
            ended_at: item.ended_at,
            metadata_json: item.metadata_json,
            messages: self.message_list(id).await?,
        }))
    }

    /// Conversations (of one agent, or all), newest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn conversation_list(
        &self,
        agent: Option<AgentId>,
        page: Page,
    ) -> Result<Paged<ConversationListItem>, Error> {
        const ALL: &str =
            concat!("SELECT ", columns!(), " FROM conversations ORDER BY started_at DESC, id DESC LIMIT $1 OFFSET $2");
        const OF_AGENT: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM conversations WHERE agent_id = $1 ORDER BY started_at DESC, id DESC LIMIT $2 OFFSET $3"
        );
        const COUNT_ALL: &str = "SELECT COUNT(*) FROM conversations";
        const COUNT_OF_AGENT: &str = "SELECT COUNT(*) FROM conversations WHERE agent_id = $1";
        let (rows, total) = match agent {
            None => (sqlx::query_as::<_, Row>(ALL), sqlx::query_scalar(COUNT_ALL)),
            Some(agent) => (
                sqlx::query_as(OF_AGENT).bind(agent.to_string()),
                sqlx::query_scalar(COUNT_OF_AGENT).bind(agent.to_string()),
            ),
        };
        paged(&self.read, rows, total, page).await
    }

    /// Deletes the conversation with its messages and calls; false when there is none.
    ///
    /// # Errors
    /// The database fails.
    pub async fn conversation_delete(&self, id: ConversationId) -> Result<bool, Error> {
        let done = sqlx::query("DELETE FROM conversations WHERE id = $1").bind(id.to_string()).execute(&self.write);
        Ok(done.await.map_err(failed)?.rows_affected() > 0)
    }

    /// Ends the conversation (again: the later time stays out); false when there is none.
    ///
    /// # Errors
    /// The database fails.
    pub async fn conversation_end(&self, id: ConversationId, at: Timestamp) -> Result<bool, Error> {
        let done = sqlx::query("UPDATE conversations SET ended_at = COALESCE(ended_at, $2) WHERE id = $1")
            .bind(id.to_string())
            .bind(at.as_millis())
            .execute(&self.write)
            .await
            .map_err(failed)?;
        Ok(done.rows_affected() > 0)
    }

    /// Ends every open conversation of an agent and answers how many there were.
    ///
    /// # Errors
    /// The database fails.
    pub async fn conversations_end(&self, agent: AgentId, at: Timestamp) -> Result<u64, Error> {
        let done = sqlx::query("UPDATE conversations SET ended_at = $2 WHERE agent_id = $1 AND ended_at IS NULL")
            .bind(agent.to_string())
            .bind(at.as_millis())
            .execute(&self.write)
            .await
            .map_err(failed)?;
        Ok(done.rows_affected())
    }
}

impl TryFrom<Row> for ConversationListItem {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: parsed("conversations.id", &row.id)?,
            agent_id: parsed("conversations.agent_id", &row.agent_id)?,
            started_at: Timestamp::from_millis(row.started_at),
            ended_at: time_opt(row.ended_at),
            metadata_json: from_json_opt("conversations.metadata_json", row.metadata_json.as_deref())?,
            message_count: row.message_count,
            title: row.title,
        })
    }
}
