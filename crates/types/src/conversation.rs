//! Conversations, messages, tool calls, and what travels over the chat socket.

use crate::{AgentId, ApprovalId, ConversationId, MessageId, Timestamp, ToolCallId, Usage};
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
    /// Added: the message it follows; null at the beginning.
    #[serde(default)]
    pub parent_id: Option<MessageId>,
    /// Added: all messages in this one's place, itself among them, oldest first; empty when it is the only one.
    #[serde(default)]
    pub siblings: Vec<MessageId>,
    /// Added: what it cost, when the provider counted.
    #[serde(default)]
    pub usage: Option<Usage>,
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
    /// Added: what people call it; by default the beginning of its first message.
    #[serde(default)]
    pub title: Option<String>,
    /// The messages of the branch that is shown, by `sequence_num`.
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
    /// How many messages it has, on all its branches.
    pub message_count: i64,
    /// Added: what people call it; by default the beginning of its first message, at most 80 characters.
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
    /// Added: a message of that conversation to be replaced by another beside it. A question is asked anew as `message`;
    /// an answer is given again, and `message` is not read.
    #[serde(default)]
    pub replaces: Option<MessageId>,
}

impl ChatRequest {
    /// A message that goes on with a conversation, or begins one.
    pub const fn new(agent_id: AgentId, message: String, conversation_id: Option<ConversationId>) -> Self {
        Self { agent_id, message, conversation_id, replaces: None }
    }
}

/// Longest title of a conversation, in characters.
pub const TITLE_CHARS_MAX: usize = 200;

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
        /// Added: the question that is being answered.
        #[serde(default)]
        message_id: Option<MessageId>,
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
    /// A call waits for a person to agree: answer `{"type": "approve", "id": "…"}` or `{"type": "refuse", "id": "…"}`.
    ApprovalRequest {
        /// Names the question.
        id: ApprovalId,
        /// Registered name of the tool.
        tool_name: String,
        /// The arguments it would be called with.
        arguments: Map<String, Value>,
        /// When it is taken as refused.
        expires_at: Timestamp,
    },
    /// The question was answered, or nobody answered in time.
    ApprovalAnswered {
        /// Which question.
        id: ApprovalId,
        /// Whether the call runs.
        approved: bool,
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
    /// To a client that came back with `after`: no answer is being made, the stored messages are all there is.
    Idle {
        /// In which conversation.
        conversation_id: ConversationId,
    },
}

/// A frame with its number: later frames of a conversation have larger numbers, over all its turns.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct NumberedFrame {
    /// The number.
    pub seq: i64,
    /// The frame.
    #[serde(flatten)]
    pub frame: ChatFrame,
}

/// An answer that is being made, as far as it got.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct UnderWay {
    /// Number of the last of `frames`.
    pub seq: i64,
    /// Which question it answers.
    pub question_id: MessageId,
    /// What was told so far; pieces of text that follow each other are one.
    pub frames: Vec<ChatFrame>,
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

/// A call that waits for a person to agree.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Approval {
    /// Names the question.
    pub id: ApprovalId,
    /// Where it was asked.
    pub conversation_id: ConversationId,
    /// Registered name of the tool.
    pub tool_name: String,
    /// The arguments it would be called with.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub arguments: Map<String, Value>,
    /// When it is taken as refused.
    pub expires_at: Timestamp,
}

/// What a person says to a call.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApprovalAnswer {
    /// Whether the call runs.
    pub approve: bool,
    /// Why not; the model is told.
    #[serde(default)]
    pub reason: Option<String>,
}
