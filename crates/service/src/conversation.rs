//! Conversations: list, read, rename, choose a branch, export, end, delete.

mod markdown;

use crate::{Result, Service};
use types::{
    AgentId, Conversation, ConversationId, ConversationListItem, Error, MessageId, Page, Paged, TITLE_CHARS_MAX,
    latest_leaf,
};

impl Service {
    /// Conversations, newest first; of one agent or of all, and with these words in title or messages or all.
    ///
    /// # Errors
    /// The database fails.
    pub async fn conversation_list(
        &self,
        agent: Option<AgentId>,
        words: Option<&str>,
        page: Page,
    ) -> Result<Paged<ConversationListItem>> {
        let words = words.map(str::trim).filter(|words| !words.is_empty());
        self.store().conversation_list(agent, words, page).await
    }

    /// A conversation with the messages of the branch that is shown, in order.
    ///
    /// # Errors
    /// Not found.
    pub async fn conversation_get(&self, id: ConversationId) -> Result<Conversation> {
        self.store().conversation_get(id).await?.ok_or_else(|| not_found(id))
    }

    /// A conversation with the messages of all its branches, by age.
    ///
    /// # Errors
    /// Not found.
    pub async fn conversation_export(&self, id: ConversationId) -> Result<Conversation> {
        let messages = self.store().message_list(id).await?;
        Ok(Conversation { messages, ..self.conversation_get(id).await? })
    }

    /// The branch that is shown, as Markdown.
    ///
    /// # Errors
    /// Not found.
    pub async fn conversation_markdown(&self, id: ConversationId) -> Result<String> {
        let conversation = self.conversation_get(id).await?;
        let agent = self.agent_get(conversation.agent_id).await?;
        Ok(markdown::of(&conversation, &agent.title()))
    }

    /// Gives a conversation a title; an empty one takes it away again.
    ///
    /// # Errors
    /// Not found, a title that is too long.
    pub async fn conversation_rename(&self, id: ConversationId, title: &str) -> Result<Conversation> {
        let title = title.trim();
        let count = title.chars().count();
        if count > TITLE_CHARS_MAX {
            return Err(Error::field("title", format!("has {count} characters, expected at most {TITLE_CHARS_MAX}")));
        }
        let given = Some(title).filter(|title| !title.is_empty());
        if self.store().conversation_rename(id, given).await? {
            self.conversation_get(id).await
        } else {
            Err(not_found(id))
        }
    }

    /// Shows the latest branch that goes through a message.
    ///
    /// # Errors
    /// Not found.
    pub async fn conversation_show(&self, id: ConversationId, message: MessageId) -> Result<Conversation> {
        let messages = self.store().message_list(id).await?;
        if !messages.iter().any(|known| known.id == message) {
            return Err(Error::not_found("message", message));
        }
        self.store().conversation_show(id, latest_leaf(&messages, message)).await?;
        self.conversation_get(id).await
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
