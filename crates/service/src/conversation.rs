//! Conversations: list, read, end, delete.

use crate::{Result, Service, soon};
use types::{AgentId, Conversation, ConversationId, ConversationListItem, Page, Paged};

impl Service {
    /// Conversations, newest first; of one agent or of all.
    ///
    /// # Errors
    /// The database fails.
    pub async fn conversation_list(
        &self,
        _agent: Option<AgentId>,
        _page: Page,
    ) -> Result<Paged<ConversationListItem>> {
        Err(soon())
    }

    /// A conversation with its messages in order.
    ///
    /// # Errors
    /// Not found.
    pub async fn conversation_get(&self, _id: ConversationId) -> Result<Conversation> {
        Err(soon())
    }

    /// Deletes a conversation and its messages.
    ///
    /// # Errors
    /// Not found.
    pub async fn conversation_delete(&self, _id: ConversationId) -> Result<()> {
        Err(soon())
    }

    /// Marks a conversation as ended.
    ///
    /// # Errors
    /// Not found.
    pub async fn conversation_end(&self, _id: ConversationId) -> Result<()> {
        Err(soon())
    }
}
