//! Server functions of conversations and replies. The chat itself goes over its socket.

use crate::{error::AppError, protocol::Ui};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use types::{
    Agent, AgentId, Conversation, ConversationId, ConversationListItem, Feedback, FeedbackDraft, MessageId, UnderWay,
    VoteDraft,
};

/// What the chat page opens with.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Opening {
    /// The active agents, oldest first.
    pub agents: Vec<Agent>,
    /// Whom the person chats with: the conversation's agent, the one asked for, or the first.
    pub agent: Option<Agent>,
    /// Whether that agent replies in registered forms only.
    pub replies_in_forms: bool,
    /// The conversation, when one is opened.
    pub conversation: Option<Conversation>,
    /// The answer that is being made after its last message.
    pub under_way: Option<UnderWay>,
    /// What people think of its answers.
    pub feedback: Vec<Feedback>,
    /// The agent's messages as sanitised HTML.
    pub html: Vec<(MessageId, String)>,
}

/// Opens a conversation, or a new one with the agent asked for.
#[server(ChatOpenCall, prefix = "/api/ui", endpoint = "chat_open", protocol = Ui)]
pub async fn chat_open(conversation: Option<ConversationId>, agent: Option<AgentId>) -> Result<Opening, AppError> {
    let service = crate::ssr::service();
    let agents = super::lookup::agents_active(&service).await?;
    let (conversation, under_way) = match conversation {
        Some(id) => {
            let (conversation, under_way) = service.conversation_open(id).await?;
            (Some(conversation), under_way)
        }
        None => (None, None),
    };
    let agent = match conversation.as_ref().map(|conversation| conversation.agent_id).or(agent) {
        Some(id) => Some(service.agent_get(id).await?),
        None => agents.first().cloned(),
    };
    let replies_in_forms =
        agent.as_ref().is_some_and(|agent| service.trainable_type_list().contains(&agent.agent_type));
    let html = conversation.as_ref().map(crate::ssr::markdown::replies).unwrap_or_default();
    let feedback = match &conversation {
        Some(conversation) => service.feedback_of(conversation.id).await?,
        None => Vec::new(),
    };
    Ok(Opening { agents, agent, replies_in_forms, conversation, under_way, feedback, html })
}

/// The latest conversations with these words in them, newest first.
#[server(ConversationListCall, prefix = "/api/ui", endpoint = "conversation_list", protocol = Ui)]
pub async fn conversation_list(words: String) -> Result<Vec<ConversationListItem>, AppError> {
    Ok(crate::ssr::service().conversation_list(None, Some(&words), types::Page::default()).await?.items)
}

/// Gives a conversation a title.
#[server(ConversationRenameCall, prefix = "/api/ui", endpoint = "conversation_rename", protocol = Ui)]
pub async fn conversation_rename(id: ConversationId, title: String) -> Result<(), AppError> {
    crate::ssr::service().conversation_rename(id, &title).await?;
    Ok(())
}

/// Shows the latest branch that goes through a message.
#[server(ConversationShowCall, prefix = "/api/ui", endpoint = "conversation_show", protocol = Ui)]
pub async fn conversation_show(id: ConversationId, message: MessageId) -> Result<(), AppError> {
    crate::ssr::service().conversation_show(id, message).await?;
    Ok(())
}

/// Says what one thinks of an answer.
#[server(FeedbackCall, prefix = "/api/ui", endpoint = "feedback_give", protocol = Ui)]
pub async fn feedback_give(id: MessageId, draft: FeedbackDraft) -> Result<(), AppError> {
    crate::ssr::service().feedback_give(id, draft).await?;
    Ok(())
}

/// Says whose answer is best.
#[server(VoteCall, prefix = "/api/ui", endpoint = "vote_cast", protocol = Ui)]
pub async fn vote_cast(draft: VoteDraft) -> Result<(), AppError> {
    crate::ssr::service().vote_cast(draft).await?;
    Ok(())
}

/// Deletes a conversation with its messages.
#[server(ConversationDeleteCall, prefix = "/api/ui", endpoint = "conversation_delete", protocol = Ui)]
pub async fn conversation_delete(id: ConversationId) -> Result<(), AppError> {
    Ok(crate::ssr::service().conversation_delete(id).await?)
}

/// A reply as sanitised HTML.
#[server(MarkdownCall, prefix = "/api/ui", endpoint = "markdown", protocol = Ui)]
pub async fn markdown(text: String) -> Result<String, AppError> {
    Ok(crate::ssr::markdown::to_html(&text))
}
