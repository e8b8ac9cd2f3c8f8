//! Table `conversations`.

use crate::{
    NewMessage, Store,
    column::{from_json_opt, json_opt, parsed, text_opt, time_opt},
    failure::failed,
    listing::paged,
    writer::Write,
};
use serde_json::{Map, Value};
use types::{
    AgentId, Conversation, ConversationId, ConversationListItem, Error, Message, MessageId, Page, Paged, Timestamp,
};

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
    active_leaf_id: Option<String>,
}

macro_rules! columns {
    () => {
        "id, agent_id, started_at, ended_at, metadata_json, message_count, active_leaf_id, COALESCE(title, \
         (SELECT SUBSTR(content, 1, 80) FROM messages WHERE conversation_id = conversations.id AND sequence_num = 1)) \
         AS title"
    };
}

/// Of agent `$1`, or of any; with `$2` somewhere in its title or messages, or all.
macro_rules! wanted {
    () => {
        " FROM conversations WHERE ($1 = '' OR agent_id = $1) AND ($2 = '' OR LOWER(title) LIKE $2 ESCAPE '\\' \
         OR id IN (SELECT conversation_id FROM messages WHERE LOWER(content) LIKE $2 ESCAPE '\\'))"
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

    /// Begins a conversation with its first message, in one transaction.
    ///
    /// # Errors
    /// `Conflict` when an id is taken or the agent does not exist.
    pub async fn conversation_begin(&self, begun: &NewConversation, first: &NewMessage) -> Result<Message, Error> {
        const BEGIN: &str = "INSERT INTO conversations (id, agent_id, started_at, metadata_json, active_leaf_id, \
                             message_count) VALUES ($1, $2, $3, $4, $5, 1)";
        let mut write = Write::default();
        let values = vec![
            begun.id.to_string().into(),
            begun.agent_id.to_string().into(),
            begun.started_at.as_millis().into(),
            json_opt("metadata_json", begun.metadata_json.as_ref())?.into(),
            first.id.to_string().into(),
        ];
        write.add(BEGIN, values);
        self.message_write(write, first).await
    }

    /// The conversation with the messages of the branch that is shown, in order and with their calls.
    ///
    /// # Errors
    /// The database fails.
    pub async fn conversation_get(&self, id: ConversationId) -> Result<Option<Conversation>, Error> {
        const SQL: &str = concat!("SELECT ", columns!(), " FROM conversations WHERE id = $1");
        let row =
            sqlx::query_as::<_, Row>(SQL).bind(id.to_string()).fetch_optional(&self.read).await.map_err(failed)?;
        let Some(row) = row else { return Ok(None) };
        let leaf =
            row.active_leaf_id.as_deref().map(|leaf| parsed("conversations.active_leaf_id", leaf)).transpose()?;
        let item = ConversationListItem::try_from(row)?;
        Ok(Some(Conversation {
            id: item.id,
            agent_id: item.agent_id,
            started_at: item.started_at,
            ended_at: item.ended_at,
            metadata_json: item.metadata_json,
            title: item.title,
            messages: types::branch(self.message_list(id).await?, leaf),
        }))
    }

    /// Whether the conversation exists, is this agent's, and was not ended.
    ///
    /// # Errors
    /// The database fails.
    pub async fn conversation_is_open(&self, id: ConversationId, agent: AgentId) -> Result<bool, Error> {
        const SQL: &str = "SELECT COUNT(*) FROM conversations WHERE id = $1 AND agent_id = $2 AND ended_at IS NULL";
        let count: i64 = sqlx::query_scalar(SQL)
            .bind(id.to_string())
            .bind(agent.to_string())
            .fetch_one(&self.read)
            .await
            .map_err(failed)?;
        Ok(count > 0)
    }

    /// Conversations (of one agent, or all; with these words in title or messages, or all), newest first. Capital and
    /// small letters are the same; on SQLite those of ASCII only.
    ///
    /// # Errors
    /// The database fails.
    pub async fn conversation_list(
        &self,
        agent: Option<AgentId>,
        words: Option<&str>,
        page: Page,
    ) -> Result<Paged<ConversationListItem>, Error> {
        const SQL: &str =
            concat!("SELECT ", columns!(), wanted!(), " ORDER BY started_at DESC, id DESC LIMIT $3 OFFSET $4");
        const COUNT: &str = concat!("SELECT COUNT(*)", wanted!());
        let agent = agent.map(|agent| agent.to_string()).unwrap_or_default();
        let words = words.map(pattern).unwrap_or_default();
        let rows = sqlx::query_as::<_, Row>(SQL).bind(agent.clone()).bind(words.clone());
        let total = sqlx::query_scalar(COUNT).bind(agent).bind(words);
        paged(&self.read, rows, total, page).await
    }

    /// Gives the conversation a title, or takes it away; false when there is no such conversation.
    ///
    /// # Errors
    /// The database fails.
    pub async fn conversation_rename(&self, id: ConversationId, title: Option<&str>) -> Result<bool, Error> {
        let done = sqlx::query("UPDATE conversations SET title = $2 WHERE id = $1")
            .bind(id.to_string())
            .bind(text_opt(title))
            .execute(&self.write)
            .await
            .map_err(failed)?;
        Ok(done.rows_affected() > 0)
    }

    /// Shows the branch that ends with `leaf`; false when there is no such conversation.
    ///
    /// # Errors
    /// The database fails.
    pub async fn conversation_show(&self, id: ConversationId, leaf: MessageId) -> Result<bool, Error> {
        let done = sqlx::query("UPDATE conversations SET active_leaf_id = $2 WHERE id = $1")
            .bind(id.to_string())
            .bind(leaf.to_string())
            .execute(&self.write)
            .await
            .map_err(failed)?;
        Ok(done.rows_affected() > 0)
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

/// `%words%` in small letters, with what LIKE would read as a pattern taken literally.
fn pattern(words: &str) -> String {
    let mut pattern = String::from("%");
    for letter in words.to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
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
