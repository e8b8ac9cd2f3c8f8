//! Conversations, messages, tool calls, and what travels over the chat socket.

use crate::{AgentId, ConversationId, MessageId, Timestamp, ToolCallId, Usage};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Who said it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The person.
    User,
    /// The agent.
    Assistant,
    /// Instructions and notes.
    System,
}

/// A recorded tool call: `result` and `duration_ms` are filled once it has run.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ToolCall {
    /// Its id.
    pub id: ToolCallId,
    /// Registered name of the tool.
    pub tool_name: String,
    /// The arguments; null when the model's text was not JSON.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub arguments_json: Option<Map<String, Value>>,
    /// What the tool answered, or the error it gave the model.
    pub result: Option<String>,
    /// How long it took.
    pub duration_ms: Option<i64>,
    /// Added: the tool refused or failed, and `result` says why.
    #[serde(default)]
    pub is_error: bool,
    /// When it was called.
    pub created_at: Timestamp,
}

/// A message with the tool calls that led to it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// The conversation it belongs to.
    pub conversation_id: ConversationId,
    /// Who said it.
    pub role: Role,
    /// The text.
    pub content: String,
    /// Place in the conversation, from 1.
    pub sequence_num: i64,
    /// When it was said.
    pub created_at: Timestamp,
    /// Calls made while answering; empty for a person's message.
    pub tool_calls: Vec<ToolCall>,
}

/// A conversation with its messages in order.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// With which agent.
    pub agent_id: AgentId,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
    /// Free data of clients.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub metadata_json: Option<Map<String, Value>>,
    /// The messages by `sequence_num`.
    pub messages: Vec<Message>,
}

/// A conversation in a list.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConversationListItem {
    /// Its id.
    pub id: ConversationId,
    /// With which agent.
    pub agent_id: AgentId,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
    /// Free data of clients.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub metadata_json: Option<Map<String, Value>>,
    /// How many messages it has.
    pub message_count: i64,
    /// Added: the beginning of its first message, at most 80 characters.
    pub title: Option<String>,
}

/// A message to an agent.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChatRequest {
    /// To which agent.
    pub agent_id: AgentId,
    /// The text, 1 to 32,000 characters.
    pub message: String,
    /// The conversation to go on with; absent or unknown starts a new one.
    #[serde(default)]
    pub conversation_id: Option<ConversationId>,
}

/// Longest message a person can send, in characters.
pub const MESSAGE_CHARS_MAX: usize = 32_000;

/// The agent's answer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChatResponse {
    /// The conversation it belongs to.
    pub conversation_id: ConversationId,
    /// Who answered.
    pub agent_id: AgentId,
    /// Id of the stored answer.
    pub message_id: MessageId,
    /// The answer.
    pub response: String,
    /// The calls made on the way.
    pub tool_calls: Vec<ToolCall>,
    /// Place of the answer in the conversation.
    pub sequence_num: i64,
    /// Added: what the turn cost, as the provider reported it.
    #[serde(default)]
    pub usage: Usage,
}

/// One frame of the chat socket. Each turn is `ack`, then any of the streamed kinds, then one `response` or `error`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ChatFrame {
    /// The message was stored and is being answered.
    Ack {
        /// Always `processing`.
        status: String,
        /// Added: where it was stored.
        conversation_id: ConversationId,
    },
    /// A piece of the answer.
    Token {
        /// Append this.
        text: String,
    },
    /// A tool is being called.
    ToolCall {
        /// Joins the call with its result.
        id: ToolCallId,
        /// Registered name.
        tool_name: String,
        /// The arguments, or null when malformed.
        arguments: Option<Map<String, Value>>,
    },
    /// A tool answered.
    ToolResult {
        /// Of which call.
        id: ToolCallId,
        /// Registered name.
        tool_name: String,
        /// What it answered.
        result: String,
        /// How long it took.
        duration_ms: i64,
        /// Whether it refused or failed.
        is_error: bool,
    },
    /// Something the person should know, such as a parameter that the model refused.
    Note {
        /// The note.
        text: String,
    },
    /// The stored answer; ends the turn.
    Response {
        /// The conversation.
        conversation_id: ConversationId,
        /// Id of the answer.
        message_id: MessageId,
        /// The whole answer.
        response: String,
        /// The calls.
        tool_calls: Vec<FrameToolCall>,
        /// Place of the answer.
        sequence_num: i64,
        /// Added: what the turn cost, as the provider reported it.
        #[serde(default)]
        usage: Usage,
    },
    /// The turn failed; ends the turn.
    Error {
        /// Why, as a sentence.
        error: String,
    },
}

/// A call inside [`ChatFrame::Response`]: the contract names `arguments` here, `arguments_json` elsewhere.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FrameToolCall {
    /// Its id.
    pub id: ToolCallId,
    /// Registered name.
    pub tool_name: String,
    /// The arguments.
    pub arguments: Option<Map<String, Value>>,
    /// The result.
    pub result: Option<String>,
    /// Added: how long it took.
    pub duration_ms: Option<i64>,
    /// Added: whether it failed.
    #[serde(default)]
    pub is_error: bool,
}

impl From<ToolCall> for FrameToolCall {
    fn from(call: ToolCall) -> Self {
        Self {
            id: call.id,
            tool_name: call.tool_name,
            arguments: call.arguments_json,
            result: call.result,
            duration_ms: call.duration_ms,
            is_error: call.is_error,
        }
    }
}
