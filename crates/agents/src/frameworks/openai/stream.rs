//! From the events of the Responses API to a step.

use super::wire::{OutputItem, Response, StreamEvent};
use crate::{
    provider_client::{AnswerReader, ApiError, Read, ReadError, TEXT_BYTES_MAX},
    tool_loop::{RequestedCall, Step, Tokens},
};
use types::Usage;

/// Reads one answer.
#[derive(Default)]
pub struct Reader {
    items: Vec<OutputItem>,
}

impl AnswerReader for Reader {
    fn event(&mut self, data: &str, tokens: &mut Tokens<'_>) -> Result<Option<Read>, ReadError> {
        match parse(data)? {
            StreamEvent::Text { delta } | StreamEvent::Refusal { delta } => tokens.push(&delta),
            StreamEvent::ItemDone { item } => self.items.push(item),
            StreamEvent::Completed { response } | StreamEvent::Incomplete { response } => {
                return finish(response, std::mem::take(&mut self.items), tokens).map(Some);
            }
            StreamEvent::Failed { response } => return Err(ReadError::Failed(response.error.unwrap_or_default())),
            StreamEvent::Error { error, message, code } => {
                return Err(ReadError::Failed(error.unwrap_or(ApiError { message, param: None, code })));
            }
            StreamEvent::Other => {}
        }
        Ok(None)
    }

    fn whole(&mut self, body: &[u8], tokens: &mut Tokens<'_>) -> Result<Read, ReadError> {
        let response: Response = serde_json::from_slice(body).map_err(|error| unreadable(error.to_string()))?;
        if let Some(error) = response.error {
            return Err(ReadError::Failed(error));
        }
        finish(response, Vec::new(), tokens)
    }
}

fn unreadable(why: String) -> ReadError {
    ReadError::Unreadable { api: "Responses", why }
}

fn parse(data: &str) -> Result<StreamEvent, ReadError> {
    if data.trim() == "[DONE]" {
        return Ok(StreamEvent::Other);
    }
    serde_json::from_str(data).map_err(|error| unreadable(format!("event {error}")))
}

fn finish(response: Response, seen: Vec<OutputItem>, tokens: &mut Tokens<'_>) -> Result<Read, ReadError> {
    let items = if response.output.is_empty() { seen } else { response.output };
    let mut step = Step { text: items.iter().map(OutputItem::text).collect(), ..Step::default() };
    if step.text.len() > TEXT_BYTES_MAX {
        return Err(ReadError::TooLarge("1 MiB of text"));
    }
    if tokens.text().is_empty() && !step.text.is_empty() {
        tokens.push(&step.text);
    }
    if step.text.is_empty() {
        tokens.text().clone_into(&mut step.text);
    }
    let usage = response.usage.unwrap_or_default();
    step.usage = Usage {
        input_tokens: usage.input_tokens,
        cached_input_tokens: usage.input_tokens_details.map_or(0, |details| details.cached_tokens),
        output_tokens: usage.output_tokens,
        cost_usd: None,
    };
    step.response_id = response.id;
    if let Some(reason) = response.incomplete_details.and_then(|details| details.reason) {
        step.notes.push(cut_short(&reason));
    }
    step.outputs = items.iter().filter_map(OutputItem::to_input).collect();
    let reasons = items.iter().any(|item| matches!(item, OutputItem::Reasoning { .. }));
    for item in items {
        if let OutputItem::FunctionCall { call_id, name, arguments } = item {
            step.calls.push(RequestedCall { call_id, name, arguments });
        }
    }
    Ok(Read { step, reasons })
}

fn cut_short(reason: &str) -> String {
    match reason {
        "max_output_tokens" => "The reply was cut: it reached `max_output_tokens`.".into(),
        "content_filter" => "The reply was cut by the provider's content filter.".into(),
        _ => "The provider cut the reply short.".into(),
    }
}
