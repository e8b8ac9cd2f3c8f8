//! The Responses API on the wire: what we send, and the part of the answers that we read.

use super::stream::Reader;
use crate::{
    provider_client::{ApiError, ApiRequest, Known},
    tool_loop::Item,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use types::{Role, ToolSpec};

/// `POST /responses`.
#[derive(Clone, Serialize, Debug)]
pub struct Request<'a> {
    /// Model name.
    pub model: &'a str,
    /// The conversation, or what is new of it.
    pub input: Vec<Value>,
    /// What it goes on from, when the provider keeps the conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_response_id: Option<String>,
    /// System prompt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instructions: Option<&'a str>,
    /// Tools on offer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<FunctionTool<'a>>,
    /// Whether the answer comes piece by piece.
    pub stream: bool,
    /// Whether the provider keeps the response.
    pub store: bool,
    /// Sampling temperature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// Most tokens of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<u32>,
    /// Whether several calls at once are allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parallel_tool_calls: Option<bool>,
    /// For reasoning models.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<Reasoning<'a>>,
    /// What the reply must fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Text<'a>>,
    /// Further content to return.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include: Option<[&'static str; 1]>,
}

/// Asked of reasoning models, so that a later step can go on from their thoughts without anything being stored.
const ENCRYPTED_REASONING: &str = "reasoning.encrypted_content";

impl ApiRequest for Request<'_> {
    const PATH: &'static str = "responses";
    type Reader = Reader;

    fn model(&self) -> &str {
        self.model
    }

    fn reader(&self) -> Reader {
        Reader::default()
    }

    fn recall(&mut self, known: &Known) {
        if known.reasons && !self.store {
            self.include = Some([ENCRYPTED_REASONING]);
        }
    }

    fn leave_out(&mut self, parameter: &str) -> bool {
        match parameter.split(['.', '[']).next().unwrap_or_default() {
            "temperature" => self.temperature.take().is_some(),
            "max_output_tokens" => self.max_output_tokens.take().is_some(),
            "parallel_tool_calls" => self.parallel_tool_calls.take().is_some(),
            "text" | "response_format" => self.text.take().is_some(),
            "reasoning" => self.reasoning.take().is_some(),
            "include" => self.include.take().is_some(),
            _ => false,
        }
    }
}

/// How much a reasoning model thinks.
#[derive(Clone, Serialize, Debug)]
pub struct Reasoning<'a> {
    /// `low`, `medium`, `high`, …
    pub effort: &'a str,
}

/// How the reply is to be written.
#[derive(Clone, Serialize, Debug)]
pub struct Text<'a> {
    format: Format<'a>,
}

#[derive(Clone, Serialize, Debug)]
struct Format<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    name: &'static str,
    schema: &'a Value,
    strict: bool,
}

impl<'a> Text<'a> {
    /// A JSON value that fits `schema`. Not `strict`, which few schemas of people are: every reply is checked anyway.
    pub const fn of(schema: &'a Value) -> Self {
        Self { format: Format { kind: "json_schema", name: "reply", schema, strict: false } }
    }
}

/// A tool as this API wants it: flat.
#[derive(Clone, Serialize, Debug)]
pub struct FunctionTool<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    name: &'a str,
    description: &'a str,
    parameters: &'a Value,
    strict: bool,
}

impl<'a> From<&'a ToolSpec> for FunctionTool<'a> {
    fn from(spec: &'a ToolSpec) -> Self {
        Self {
            kind: "function",
            name: &spec.name,
            description: &spec.description,
            parameters: &spec.parameters,
            strict: false,
        }
    }
}

/// An entry of the conversation as an input item.
pub fn input(item: &Item) -> Value {
    match item {
        Item::Message { role, text } => json!({ "role": role_name(*role), "content": text }),
        Item::Output(output) => output.clone(),
        Item::CallResult { call_id, output } => {
            json!({ "type": "function_call_output", "call_id": call_id, "output": output })
        }
    }
}

/// The word of a role, the same in both APIs.
pub const fn role_name(role: Role) -> &'static str {
    match role {
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::System => "system",
    }
}

/// One event of the stream; the many others are of no use here.
#[derive(Deserialize, Debug)]
#[serde(tag = "type")]
pub enum StreamEvent {
    /// A piece of text.
    #[serde(rename = "response.output_text.delta")]
    Text {
        /// The piece.
        delta: String,
    },
    /// A piece of a refusal, which people read as text.
    #[serde(rename = "response.refusal.delta")]
    Refusal {
        /// The piece.
        delta: String,
    },
    /// An item is complete.
    #[serde(rename = "response.output_item.done")]
    ItemDone {
        /// The item.
        item: OutputItem,
    },
    /// The end, as hoped.
    #[serde(rename = "response.completed")]
    Completed {
        /// Everything once more, with usage.
        response: Response,
    },
    /// The end, cut short.
    #[serde(rename = "response.incomplete")]
    Incomplete {
        /// What there is.
        response: Response,
    },
    /// The end, failed.
    #[serde(rename = "response.failed")]
    Failed {
        /// With `error`.
        response: Response,
    },
    /// The end, failed early. Some servers nest the error, some do not.
    #[serde(rename = "error")]
    Error {
        /// Nested.
        #[serde(default)]
        error: Option<ApiError>,
        /// Flat.
        #[serde(default)]
        message: Option<String>,
        /// Flat.
        #[serde(default)]
        code: Option<Value>,
    },
    /// Something else.
    #[serde(other)]
    Other,
}

/// A response, as far as it is read.
#[derive(Deserialize, Debug, Default)]
pub struct Response {
    /// The items.
    #[serde(default)]
    pub output: Vec<OutputItem>,
    /// What a later request may go on from.
    #[serde(default)]
    pub id: Option<String>,
    /// Tokens.
    #[serde(default)]
    pub usage: Option<UsageWire>,
    /// Why it failed.
    #[serde(default)]
    pub error: Option<ApiError>,
    /// Why it was cut short.
    #[serde(default)]
    pub incomplete_details: Option<IncompleteDetails>,
}

/// Tokens.
#[derive(Deserialize, Debug, Default, Clone, Copy)]
pub struct UsageWire {
    /// Read.
    #[serde(default)]
    pub input_tokens: u64,
    /// Of what kind these were.
    #[serde(default)]
    pub input_tokens_details: Option<InputDetails>,
    /// Written.
    #[serde(default)]
    pub output_tokens: u64,
}

/// Of what kind the tokens read were.
#[derive(Deserialize, Debug, Default, Clone, Copy)]
pub struct InputDetails {
    /// Read before.
    #[serde(default)]
    pub cached_tokens: u64,
}

/// Why a response was cut short.
#[derive(Deserialize, Debug)]
pub struct IncompleteDetails {
    /// `max_output_tokens` or `content_filter`.
    #[serde(default)]
    pub reason: Option<String>,
}

/// One output item.
#[derive(Deserialize, Debug, Clone)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum OutputItem {
    /// Text.
    Message {
        /// Its parts.
        #[serde(default)]
        content: Vec<ContentPart>,
    },
    /// A call.
    FunctionCall {
        /// Joins call and result.
        call_id: String,
        /// Tool name.
        name: String,
        /// JSON text.
        #[serde(default)]
        arguments: String,
    },
    /// Thoughts, for reasoning models only.
    Reasoning {
        /// Its id.
        #[serde(default)]
        id: Option<String>,
        /// Summary parts.
        #[serde(default)]
        summary: Value,
        /// What lets a later request go on from it without anything being stored.
        #[serde(default)]
        encrypted_content: Option<String>,
    },
    /// Something else.
    #[serde(other)]
    Other,
}

impl OutputItem {
    /// As an input item of the next request. Ids are left out: they would refer to what is not stored.
    pub fn to_input(&self) -> Option<Value> {
        match self {
            Self::Message { .. } => {
                Some(json!({ "role": "assistant", "content": self.text() })).filter(|_| !self.text().is_empty())
            }
            Self::FunctionCall { call_id, name, arguments } => {
                Some(json!({ "type": "function_call", "call_id": call_id, "name": name, "arguments": arguments }))
            }
            Self::Reasoning { id, summary, encrypted_content: Some(content) } => {
                let summary = if summary.is_array() { summary.clone() } else { json!([]) };
                Some(json!({ "type": "reasoning", "id": id, "summary": summary, "encrypted_content": content }))
            }
            Self::Reasoning { .. } | Self::Other => None,
        }
    }

    /// Its text; empty for other items.
    pub fn text(&self) -> String {
        let Self::Message { content } = self else { return String::new() };
        content
            .iter()
            .map(|part| match part {
                ContentPart::OutputText { text } => text.as_str(),
                ContentPart::Refusal { refusal } => refusal.as_str(),
                ContentPart::Other => "",
            })
            .collect()
    }
}

/// A part of a message.
#[derive(Deserialize, Debug, Clone)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ContentPart {
    /// Text.
    OutputText {
        /// The text.
        text: String,
    },
    /// A refusal.
    Refusal {
        /// Its text.
        refusal: String,
    },
    /// Something else.
    #[serde(other)]
    Other,
}
