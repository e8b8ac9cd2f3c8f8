//! Conversations: list, read, end, delete.

use crate::{Result, Service};
use types::{AgentId, Conversation, ConversationId, ConversationListItem, Error, Page, Paged};

impl Service {
    /// Conversations, newest first; of one agent or of all.
    ///
    /// # Errors
    /// The database fails.
    pub async fn conversation_list(&self, agent: Option<AgentId>, page: Page) -> Result<Paged<ConversationListItem>> {
        self.store().conversation_list(agent, page).await
    }

    /// A conversation with its messages in order.
    ///
    /// # Errors
    /// Not found.
    pub async fn conversation_get(&self, id: ConversationId) -> Result<Conversation> {
        self.store().conversation_get(id).await?.ok_or_else(|| not_found(id))
    }

    /// Deletes a conversation and its messages.
    ///
    /// # Errors
    /// Not found.
    pub async fn conversation_delete(&self, id: ConversationId) -> Result<()> {
        if self.store().conversation_delete(id).await? { Ok(()) } else { Err(not_found(id)) }
    }

    /// Marks a conversation as ended.
    ///
    /// # Errors
    /// Not found.
    pub async fn conversation_end(&self, id: ConversationId) -> Result<()> {
        if self.store().conversation_end(id, self.now()).await? { Ok(()) } else { Err(not_found(id)) }
    }
}

fn not_found(id: ConversationId) -> Error {
    Error::not_found("conversation", id)
}
