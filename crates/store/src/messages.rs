//! Table `messages`.

use crate::{
    Store,
    column::{from_word, parsed, text, word},
    failure::failed,
    tool_calls,
};
use types::{ConversationId, Error, Message, MessageId, Role, Timestamp, ToolCall};

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
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    role: String,
    content: String,
    sequence_num: i64,
    created_at: i64,
}

impl Store {
    /// Appends a message with its calls in one transaction and answers it with its place, which has no gaps.
    ///
    /// # Errors
    /// `NotFound` when there is no such conversation, `Conflict` when an id is taken.
    pub async fn message_append(&self, new: &NewMessage) -> Result<Message, Error> {
        // The parent row is the counter: its lock orders the writers.
        const NEXT: &str =
            "UPDATE conversations SET message_count = message_count + 1 WHERE id = $1 RETURNING message_count";
        const SQL: &str = "INSERT INTO messages (id, conversation_id, role, content, sequence_num, created_at) \
                           VALUES ($1, $2, $3, $4, $5, $6)";
        let content = text(&new.content);
        let calls: Vec<_> = new.tool_calls.iter().map(tool_calls::stored).collect();
        let mut transaction = self.begin().await?;
        let next: Option<i64> = sqlx::query_scalar(NEXT)
            .bind(new.conversation_id.to_string())
            .fetch_optional(&mut *transaction)
            .await
            .map_err(failed)?;
        let sequence_num = next.ok_or_else(|| Error::not_found("conversation", new.conversation_id))?;
        sqlx::query(SQL)
            .bind(new.id.to_string())
            .bind(new.conversation_id.to_string())
            .bind(word("role", &new.role)?)
            .bind(content.clone())
            .bind(sequence_num)
            .bind(new.created_at.as_millis())
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        tool_calls::insert(&mut transaction, new.id, &calls).await?;
        transaction.commit().await.map_err(failed)?;
        Ok(Message {
            id: new.id,
            conversation_id: new.conversation_id,
            role: new.role,
            content,
            sequence_num,
            created_at: new.created_at,
            tool_calls: calls,
        })
    }

    /// The messages of a conversation in order, with their calls.
    ///
    /// # Errors
    /// The database fails.
    pub async fn message_list(&self, conversation: ConversationId) -> Result<Vec<Message>, Error> {
        const SQL: &str = "SELECT id, role, content, sequence_num, created_at FROM messages \
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
                })
            })
            .collect()
    }
}
