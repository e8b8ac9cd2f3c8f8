//! The protocol's shapes, as far as they are used (ag-ui-protocol 1.0). Names are camelCase on the wire.

use crate::Turn;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use types::Role;
use uuid::Uuid;

/// Most characters of the earlier conversation that are sent; beyond it the oldest messages are left out.
const HISTORY_CHARS_MAX: usize = 200_000;

/// What a run is asked with.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunAgentInput<'a> {
    thread_id: String,
    run_id: String,
    protocol_version: &'static str,
    state: Empty,
    messages: Vec<Message<'a>>,
    tools: [Empty; 0],
    context: [Empty; 0],
    forwarded_props: &'a Value,
}

#[derive(Serialize)]
struct Empty {}

#[derive(Serialize)]
struct Message<'a> {
    id: String,
    role: &'static str,
    content: &'a str,
}

impl<'a> RunAgentInput<'a> {
    /// The turn's conversation, and whether its oldest part was left out.
    pub fn new(turn: &'a Turn, rollout: Uuid, forwarded_props: &'a Value) -> (Self, bool) {
        let mut room = HISTORY_CHARS_MAX;
        let kept = turn.history.iter().rev().take_while(|past| {
            let left = room.checked_sub(past.content.chars().count());
            room = left.unwrap_or_default();
            left.is_some()
        });
        let first = turn.history.len() - kept.count();
        let past = turn.history.iter().skip(first).map(|past| (role(past.role), past.content.as_str()));
        let said = past.chain([("user", turn.user_input.as_str())]).enumerate();
        let messages =
            said.map(|(place, (role, content))| Message { id: format!("{rollout}-{place}"), role, content }).collect();
        let input = Self {
            thread_id: rollout.to_string(),
            run_id: format!("{rollout}-run"),
            protocol_version: "1.0",
            state: Empty {},
            messages,
            tools: [],
            context: [],
            forwarded_props,
        };
        (input, first > 0)
    }
}

const fn role(role: Role) -> &'static str {
    match role {
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::System => "system",
    }
}

/// What a refusal says, often.
#[derive(Deserialize)]
pub struct Detail {
    /// Why.
    pub detail: Value,
}

/// An event. Those that are of no use here are [`Event::Other`].
#[derive(Deserialize, Debug)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum Event {
    /// A message begins.
    TextMessageStart {
        /// Which.
        message_id: String,
    },
    /// A piece of it.
    TextMessageContent {
        /// Of which message.
        message_id: String,
        /// The piece.
        delta: String,
    },
    /// A piece of a message that has no beginning of its own.
    TextMessageChunk {
        /// Named by the first chunk.
        message_id: Option<String>,
        /// The piece.
        delta: Option<String>,
    },
    /// A tool call begins.
    ToolCallStart {
        /// Which.
        tool_call_id: String,
        /// Of which tool.
        tool_call_name: String,
        /// In which message of the model.
        parent_message_id: Option<String>,
    },
    /// A piece of its arguments.
    ToolCallArgs {
        /// Of which call.
        tool_call_id: String,
        /// The piece.
        delta: String,
    },
    /// Its arguments are complete.
    ToolCallEnd {
        /// Of which call.
        tool_call_id: String,
    },
    /// A piece of a call that has no beginning of its own.
    ToolCallChunk {
        /// Named by the first chunk.
        tool_call_id: Option<String>,
        /// Named by the first chunk.
        tool_call_name: Option<String>,
        /// In which message of the model.
        parent_message_id: Option<String>,
        /// A piece of the arguments.
        delta: Option<String>,
    },
    /// What a call gave.
    ToolCallResult {
        /// Which call.
        tool_call_id: String,
        /// Text, or a list of parts.
        content: Value,
        /// What else the agent says of it.
        #[serde(default)]
        metadata: Option<CallMetadata>,
    },
    /// The conversation as the agent has it.
    MessagesSnapshot {
        /// Its messages.
        messages: Vec<SnapshotMessage>,
    },
    /// The run is over.
    RunFinished {
        /// How it ended, when it says.
        outcome: Option<Outcome>,
        /// What it cost, by model.
        usage: Option<Vec<TokenUsage>>,
    },
    /// The run failed.
    RunError {
        /// Why.
        message: String,
        /// The kind of failure.
        code: Option<String>,
    },
    /// Anything else.
    #[serde(other)]
    Other,
}

/// What the project's own worker says of a call.
#[derive(Deserialize, Debug, Default)]
#[serde(rename_all = "camelCase", default)]
pub struct CallMetadata {
    /// Whether it failed.
    pub is_error: Option<bool>,
    /// How long it took.
    pub duration_ms: Option<u32>,
}

/// A message of a snapshot.
#[derive(Deserialize, Debug)]
pub struct SnapshotMessage {
    /// Whose.
    pub role: String,
    /// Text, or a list of parts.
    #[serde(default)]
    pub content: Value,
}

/// How a run ended.
#[derive(Deserialize, Debug)]
pub struct Outcome {
    /// `success`, `interrupt`, `cancelled`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it waits for.
    #[serde(default)]
    pub interrupts: Vec<Interrupt>,
}

/// Something a run waits for.
#[derive(Deserialize, Debug)]
pub struct Interrupt {
    /// In words.
    pub message: Option<String>,
}

/// What one model cost.
#[derive(Deserialize, Debug, Default)]
#[serde(rename_all = "camelCase", default)]
pub struct TokenUsage {
    /// Tokens read.
    pub input_tokens: Option<u64>,
    /// Tokens written.
    pub output_tokens: Option<u64>,
}

/// Text, or the texts of a list of parts.
pub fn text_of(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().filter_map(|part| part.get("text")?.as_str()).collect(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
