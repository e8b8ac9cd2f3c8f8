//! Table `messages`.

use crate::{
    Store,
    column::{from_json_opt, from_word, json_opt, parsed, text, word},
    failure::failed,
    tool_calls,
    writer::Write,
};
use types::{ConversationId, Error, Message, MessageId, Role, Timestamp, ToolCall, Usage};

/// A message to append: its place is given by the store.
#[derive(Clone, PartialEq, Debug)]
pub struct NewMessage {
    /// Its id.
    pub id: MessageId,
    /// The conversation it belongs to.
    pub conversation_id: ConversationId,
    /// Who says it.
    pub role: Role,
    /// The text.
    pub content: String,
    /// When it is said.
    pub created_at: Timestamp,
    /// Calls made while answering, in order.
    pub tool_calls: Vec<ToolCall>,
    /// The message it follows; `None` at the beginning.
    pub parent_id: Option<MessageId>,
    /// What it cost.
    pub usage: Option<Usage>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    role: String,
    content: String,
    sequence_num: i64,
    created_at: i64,
    parent_id: Option<String>,
    usage_json: Option<String>,
}

impl Store {
    /// Appends a message with its calls in one transaction and answers it with its place, which has no gaps. Its branch
    /// is the one that is shown from now on.
    ///
    /// # Errors
    /// `NotFound` when there is no such conversation, `Conflict` when an id is taken.
    pub async fn message_append(&self, new: &NewMessage) -> Result<Message, Error> {
        // The parent row is the counter: its lock orders the writers.
        const NEXT: &str =
            "UPDATE conversations SET message_count = message_count + 1, active_leaf_id = $2 WHERE id = $1";
        let mut write = Write::default();
        write.add(NEXT, vec![new.conversation_id.to_string().into(), new.id.to_string().into()]);
        self.message_write(write, new).await
    }

    /// The rest of a message's transaction, which knows its place once the conversation was counted up.
    pub(crate) async fn message_write(&self, mut write: Write, new: &NewMessage) -> Result<Message, Error> {
        const SQL: &str = "INSERT INTO messages \
                           (id, conversation_id, role, content, sequence_num, created_at, parent_id, usage_json) \
                           SELECT $1, id, $3, $4, message_count, $5, $6, $7 FROM conversations WHERE id = $2 \
                           RETURNING id, sequence_num";
        let content = text(&new.content);
        let calls: Vec<_> = new.tool_calls.iter().map(tool_calls::stored).collect();
        let values = vec![
            new.id.to_string().into(),
            new.conversation_id.to_string().into(),
            word("role", &new.role)?.into(),
            content.clone().into(),
            new.created_at.as_millis().into(),
            new.parent_id.map(|parent| parent.to_string()).into(),
            json_opt("messages.usage_json", new.usage.as_ref())?.into(),
        ];
        write.add(SQL, values);
        tool_calls::add(&mut write, new.id, &calls)?;
        let place = self.write_at_once(write, new.id.to_string()).await?;
        let sequence_num = place.ok_or_else(|| Error::not_found("conversation", new.conversation_id))?;
        Ok(Message { content, sequence_num, tool_calls: calls, ..unplaced(new) })
    }

    /// All messages of a conversation in order, whatever their branch, with their calls.
    ///
    /// # Errors
    /// The database fails.
    pub async fn message_list(&self, conversation: ConversationId) -> Result<Vec<Message>, Error> {
        const SQL: &str = "SELECT id, role, content, sequence_num, created_at, parent_id, usage_json FROM messages \
                           WHERE conversation_id = $1 ORDER BY sequence_num";
        let rows = sqlx::query_as::<_, Row>(SQL).bind(conversation.to_string()).fetch_all(&self.read).await;
        let rows = rows.map_err(failed)?;
        let mut calls = tool_calls::by_message(&self.read, conversation).await?;
        rows.into_iter()
            .map(|row| {
                let id: MessageId = parsed("messages.id", &row.id)?;
                Ok(Message {
                    id,
                    conversation_id: conversation,
                    role: from_word("messages.role", &row.role)?,
                    content: row.content,
                    sequence_num: row.sequence_num,
                    created_at: Timestamp::from_millis(row.created_at),
                    tool_calls: calls.remove(&id).unwrap_or_default(),
                    parent_id: row.parent_id.map(|parent| parsed("messages.parent_id", &parent)).transpose()?,
                    siblings: Vec::new(),
                    usage: from_json_opt("messages.usage_json", row.usage_json.as_deref())?,
                })
            })
            .collect()
    }

    /// The conversation that a message belongs to.
    ///
    /// # Errors
    /// The database fails.
    pub async fn message_conversation(&self, id: MessageId) -> Result<Option<ConversationId>, Error> {
        let found: Option<String> = sqlx::query_scalar("SELECT conversation_id FROM messages WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(&self.read)
            .await
            .map_err(failed)?;
        found.map(|id| parsed("messages.conversation_id", &id)).transpose()
    }
}

/// The message before it has a place.
fn unplaced(new: &NewMessage) -> Message {
    Message {
        id: new.id,
        conversation_id: new.conversation_id,
        role: new.role,
        content: String::new(),
        sequence_num: 0,
        created_at: new.created_at,
        tool_calls: Vec::new(),
        parent_id: new.parent_id,
        siblings: Vec::new(),
        usage: new.usage,
    }
}
