//! Chat Completions on the wire: what we send, and the part of the answers that we read.

use super::stream::Reader;
use crate::{
    provider_client::{ApiError, ApiRequest},
    tool_loop::Item,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use types::{Role, ToolSpec};

/// `POST /chat/completions`.
#[derive(Clone, Serialize, Debug)]
pub struct Request<'a> {
    /// Model name.
    pub model: &'a str,
    /// System prompt, then the conversation.
    pub messages: Vec<Value>,
    /// Tools on offer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<Tool<'a>>,
    /// Whether the answer comes piece by piece.
    pub stream: bool,
    /// Asks for the tokens at the end of a stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_options: Option<StreamOptions>,
    /// Sampling temperature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// Most tokens of the answer, thoughts included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_completion_tokens: Option<u32>,
    /// The older name of the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u32>,
    /// Whether several calls at once are allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parallel_tool_calls: Option<bool>,
    /// For reasoning models.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning_effort: Option<&'a str>,
    /// What the reply must fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_format: Option<ResponseFormat<'a>>,
}

impl ApiRequest for Request<'_> {
    const PATH: &'static str = "chat/completions";
    type Reader = Reader;

    fn model(&self) -> &str {
        self.model
    }

    fn reader(&self) -> Reader {
        Reader::new(self.messages.len())
    }

    fn leave_out(&mut self, parameter: &str) -> bool {
        match parameter {
            "temperature" => self.temperature.take().is_some(),
            "max_completion_tokens" => self.max_completion_tokens.take().is_some(),
            "max_tokens" => self.max_tokens.take().is_some(),
            "parallel_tool_calls" => self.parallel_tool_calls.take().is_some(),
            "reasoning_effort" => self.reasoning_effort.take().is_some(),
            "response_format" => self.response_format.take().is_some(),
            "stream_options" => self.stream_options.take().is_some(),
            _ => false,
        }
    }
}

/// What a stream ends with.
#[derive(Clone, Serialize, Debug)]
pub struct StreamOptions {
    /// Always true.
    pub include_usage: bool,
}

/// How the reply is to be written.
#[derive(Clone, Serialize, Debug)]
pub struct ResponseFormat<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    json_schema: NamedSchema<'a>,
}

#[derive(Clone, Serialize, Debug)]
struct NamedSchema<'a> {
    name: &'static str,
    schema: &'a Value,
    strict: bool,
}

impl<'a> ResponseFormat<'a> {
    /// A JSON value that fits `schema`. Not `strict`, which few schemas of people are: every reply is checked anyway.
    pub const fn of(schema: &'a Value) -> Self {
        Self { kind: "json_schema", json_schema: NamedSchema { name: "reply", schema, strict: false } }
    }
}

/// A tool as this API wants it: nested.
#[derive(Clone, Serialize, Debug)]
pub struct Tool<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    function: Function<'a>,
}

#[derive(Clone, Serialize, Debug)]
struct Function<'a> {
    name: &'a str,
    description: &'a str,
    parameters: &'a Value,
}

impl<'a> From<&'a ToolSpec> for Tool<'a> {
    fn from(spec: &'a ToolSpec) -> Self {
        let function = Function { name: &spec.name, description: &spec.description, parameters: &spec.parameters };
        Self { kind: "function", function }
    }
}

/// The system prompt as a message.
pub fn system(text: &str) -> Value {
    json!({ "role": "system", "content": text })
}

/// An entry of the conversation as a message.
pub fn message(item: &Item) -> Value {
    match item {
        Item::Message { role, text } => {
            let role = match role {
                Role::User => "user",
                Role::Assistant => "assistant",
                Role::System => "system",
            };
            json!({ "role": role, "content": text })
        }
        Item::Output(output) => output.clone(),
        Item::CallResult { call_id, output } => json!({ "role": "tool", "tool_call_id": call_id, "content": output }),
    }
}

/// An answer in one piece, or one chunk of a stream.
#[derive(Deserialize, Debug)]
pub struct Completion {
    /// One choice is asked for; the last chunk has none.
    #[serde(default)]
    pub choices: Vec<Choice>,
    /// Tokens.
    #[serde(default)]
    pub usage: Option<UsageWire>,
    /// Why it failed; some servers answer so in the middle of a stream.
    #[serde(default)]
    pub error: Option<ApiError>,
}

/// What the model says.
#[derive(Deserialize, Debug, Default)]
pub struct Choice {
    /// In one piece.
    #[serde(default)]
    pub message: Option<Delta>,
    /// Piece by piece.
    #[serde(default)]
    pub delta: Option<Delta>,
    /// How it ended; in the last chunk.
    #[serde(default)]
    pub finish_reason: Option<String>,
}

/// A message, or a piece of one.
#[derive(Deserialize, Debug, Default)]
pub struct Delta {
    /// Text.
    #[serde(default)]
    pub content: Option<String>,
    /// Why it does not answer, which people read as text.
    #[serde(default)]
    pub refusal: Option<String>,
    /// Calls.
    #[serde(default)]
    pub tool_calls: Option<Vec<ToolCallDelta>>,
}

/// A call, or a piece of one.
#[derive(Deserialize, Debug)]
pub struct ToolCallDelta {
    /// Which call of the message; some servers leave it out of whole messages.
    #[serde(default)]
    pub index: Option<usize>,
    /// Joins call and result; in the first piece only.
    #[serde(default)]
    pub id: Option<String>,
    /// The rest.
    #[serde(default)]
    pub function: Option<FunctionDelta>,
}

/// Name and arguments of a call, or a piece of them.
#[derive(Deserialize, Debug)]
pub struct FunctionDelta {
    /// Tool name; in the first piece only.
    #[serde(default)]
    pub name: Option<String>,
    /// JSON text, to be joined. Some servers send an object instead.
    #[serde(default)]
    pub arguments: Option<Value>,
}

/// Tokens.
#[derive(Deserialize, Debug, Default, Clone, Copy)]
pub struct UsageWire {
    /// Read.
    #[serde(default)]
    pub prompt_tokens: u64,
    /// Written.
    #[serde(default)]
    pub completion_tokens: u64,
    /// Of what kind the tokens read were.
    #[serde(default)]
    pub prompt_tokens_details: Option<PromptDetails>,
}

/// Of what kind the tokens read were.
#[derive(Deserialize, Debug, Default, Clone, Copy)]
pub struct PromptDetails {
    /// Read before.
    #[serde(default)]
    pub cached_tokens: Option<u64>,
}
