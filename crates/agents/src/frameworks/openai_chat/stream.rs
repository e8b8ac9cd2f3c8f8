//! From the chunks of Chat Completions to a step.

use super::wire::{Choice, Completion, Delta, ToolCallDelta, UsageWire};
use crate::{
    provider_client::{AnswerReader, Read, ReadError, TEXT_BYTES_MAX},
    tool_loop::{RequestedCall, Step, Tokens},
};
use serde_json::{Value, json};
use types::Usage;

/// Most calls of one message that are read; the loop runs fewer still.
const CALLS_MAX: usize = 128;

/// Reads one answer.
pub struct Reader {
    /// How many messages were sent: keeps made-up ids apart over the steps of a turn.
    sent: usize,
    calls: Vec<RequestedCall>,
    arguments_bytes: usize,
    finish_reason: Option<String>,
    usage: UsageWire,
}

impl Reader {
    /// Of an answer to so many messages.
    pub fn new(sent: usize) -> Self {
        let (calls, usage) = (Vec::new(), UsageWire::default());
        Self { sent, calls, arguments_bytes: 0, finish_reason: None, usage }
    }

    fn read(&mut self, completion: Completion, tokens: &mut Tokens<'_>) -> Result<(), ReadError> {
        if let Some(error) = completion.error {
            return Err(ReadError::Failed(error));
        }
        self.usage = completion.usage.unwrap_or(self.usage);
        let Some(Choice { message, delta, finish_reason }) = completion.choices.into_iter().next() else {
            return Ok(());
        };
        if finish_reason.is_some() {
            self.finish_reason = finish_reason;
        }
        let Delta { content, refusal, tool_calls } = message.or(delta).unwrap_or_default();
        for text in [content, refusal].into_iter().flatten().filter(|text| !text.is_empty()) {
            tokens.push(&text);
        }
        for (place, call) in tool_calls.into_iter().flatten().enumerate() {
            self.add(place, call)?;
        }
        Ok(())
    }

    /// Adds a piece of a call. A piece without an index begins a call of its own when it has an id, and otherwise goes on
    /// with the last.
    fn add(&mut self, place: usize, piece: ToolCallDelta) -> Result<(), ReadError> {
        let next = if piece.id.is_some() || place > 0 { self.calls.len() } else { self.calls.len().saturating_sub(1) };
        let index = piece.index.unwrap_or(next);
        if index >= CALLS_MAX {
            return Err(ReadError::TooLarge("128 calls in one message"));
        }
        while self.calls.len() <= index {
            let call_id = format!("call_{}_{}", self.sent, self.calls.len());
            self.calls.push(RequestedCall { call_id, name: String::new(), arguments: String::new() });
        }
        let Some(call) = self.calls.get_mut(index) else { return Ok(()) };
        if let Some(id) = piece.id.filter(|id| !id.is_empty()) {
            call.call_id = id;
        }
        let Some(function) = piece.function else { return Ok(()) };
        if let Some(name) = function.name.filter(|name| !name.is_empty()) {
            call.name = name;
        }
        let arguments = match function.arguments {
            Some(Value::String(text)) => text,
            Some(Value::Null) | None => String::new(),
            Some(other) => other.to_string(),
        };
        self.arguments_bytes += arguments.len() + call.name.len();
        if self.arguments_bytes > TEXT_BYTES_MAX {
            return Err(ReadError::TooLarge("1 MiB of arguments"));
        }
        call.arguments.push_str(&arguments);
        Ok(())
    }

    fn finish(&mut self, tokens: &Tokens<'_>) -> Result<Read, ReadError> {
        let text = tokens.text().to_owned();
        if text.len() > TEXT_BYTES_MAX {
            return Err(ReadError::TooLarge("1 MiB of text"));
        }
        let calls = std::mem::take(&mut self.calls);
        let outputs = if calls.is_empty() { Vec::new() } else { vec![as_message(&text, &calls)] };
        let usage = Usage {
            input_tokens: self.usage.prompt_tokens,
            cached_input_tokens: self.usage.prompt_tokens_details.and_then(|d| d.cached_tokens).unwrap_or_default(),
            output_tokens: self.usage.completion_tokens,
            cost_usd: None,
        };
        let notes = self.finish_reason.as_deref().and_then(cut_short).into_iter().collect();
        Ok(Read { step: Step { outputs, text, calls, usage, response_id: None, notes }, reasons: false })
    }
}

impl AnswerReader for Reader {
    fn event(&mut self, data: &str, tokens: &mut Tokens<'_>) -> Result<Option<Read>, ReadError> {
        if data.trim() == "[DONE]" {
            return self.end(tokens).map(Some);
        }
        let chunk = serde_json::from_str(data).map_err(|error| unreadable(format!("chunk {error}")))?;
        self.read(chunk, tokens)?;
        Ok(None)
    }

    /// Some servers forget the last line; the reason for the end says that it is one.
    fn end(&mut self, tokens: &mut Tokens<'_>) -> Result<Read, ReadError> {
        if self.finish_reason.is_some() { self.finish(tokens) } else { Err(ReadError::Cut) }
    }

    fn whole(&mut self, body: &[u8], tokens: &mut Tokens<'_>) -> Result<Read, ReadError> {
        let completion: Completion = serde_json::from_slice(body).map_err(|error| unreadable(error.to_string()))?;
        if completion.error.is_none() && completion.choices.is_empty() {
            return Err(unreadable("there is no choice in it".into()));
        }
        self.read(completion, tokens)?;
        self.finish(tokens)
    }
}

/// The message as it is sent back.
fn as_message(text: &str, calls: &[RequestedCall]) -> Value {
    let call = |call: &RequestedCall| {
        let function = json!({ "name": call.name, "arguments": call.arguments });
        json!({ "id": call.call_id, "type": "function", "function": function })
    };
    let content = if text.is_empty() { Value::Null } else { text.into() };
    json!({ "role": "assistant", "content": content, "tool_calls": calls.iter().map(call).collect::<Vec<_>>() })
}

fn unreadable(why: String) -> ReadError {
    ReadError::Unreadable { api: "Chat Completions", why }
}

fn cut_short(reason: &str) -> Option<String> {
    match reason {
        "length" => Some("The reply was cut: it reached `max_output_tokens`.".into()),
        "content_filter" => Some("The reply was cut by the provider's content filter.".into()),
        _ => None,
    }
}
