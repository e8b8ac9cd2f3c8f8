//! Table `feedback`: one row for each answer that was judged.

use crate::{
    Store,
    column::{from_word, parsed, text_opt, word},
    failure::failed,
    listing::{items, paged},
};
use types::{ConversationId, Error, Feedback, Page, Paged, Timestamp};

#[derive(sqlx::FromRow)]
struct Row {
    message_id: String,
    rating: String,
    comment: Option<String>,
    corrected: Option<String>,
    created_at: i64,
}

impl Store {
    /// Stores an opinion; an earlier one on the same answer is replaced.
    ///
    /// # Errors
    /// `Conflict` when there is no such message.
    pub async fn feedback_put(&self, feedback: &Feedback) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO feedback (message_id, rating, comment, corrected, created_at) \
                           VALUES ($1, $2, $3, $4, $5) ON CONFLICT (message_id) DO UPDATE SET rating = $2, \
                           comment = $3, corrected = $4, created_at = $5";
        sqlx::query(SQL)
            .bind(feedback.message_id.to_string())
            .bind(word("rating", &feedback.rating)?)
            .bind(text_opt(feedback.comment.as_deref()))
            .bind(text_opt(feedback.corrected.as_deref()))
            .bind(feedback.created_at.as_millis())
            .execute(&self.write)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// The opinions on the answers of a conversation.
    ///
    /// # Errors
    /// The database fails.
    pub async fn feedback_of(&self, conversation: ConversationId) -> Result<Vec<Feedback>, Error> {
        const SQL: &str = "SELECT message_id, rating, comment, corrected, feedback.created_at FROM feedback \
                           JOIN messages ON messages.id = message_id WHERE conversation_id = $1 \
                           ORDER BY sequence_num";
        let rows = sqlx::query_as::<_, Row>(SQL).bind(conversation.to_string()).fetch_all(&self.read).await;
        items(rows.map_err(failed)?)
    }

    /// All opinions, newest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn feedback_list(&self, page: Page) -> Result<Paged<Feedback>, Error> {
        const SQL: &str = "SELECT message_id, rating, comment, corrected, created_at FROM feedback \
                           ORDER BY created_at DESC, message_id DESC LIMIT $1 OFFSET $2";
        let total = sqlx::query_scalar("SELECT COUNT(*) FROM feedback");
        paged(&self.read, sqlx::query_as::<_, Row>(SQL), total, page).await
    }
}

impl TryFrom<Row> for Feedback {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            message_id: parsed("feedback.message_id", &row.message_id)?,
            rating: from_word("feedback.rating", &row.rating)?,
            comment: row.comment,
            corrected: row.corrected,
            created_at: Timestamp::from_millis(row.created_at),
        })
    }
}
