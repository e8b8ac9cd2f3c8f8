//! The Responses API on the wire: requests as far as a policy reads them, answers, and answers as a stream.

use super::{
    Answering, GatewayEvent, fresh,
    local::Decided,
    prompt::{Content, Function, Prompt, Said, check_entries, choose, offered, situation},
    refusal::reading,
};
use crate::Result;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use types::Error;

#[derive(Deserialize)]
struct Request {
    input: Input,
    tools: Option<Vec<Tool>>,
    tool_choice: Option<Value>,
    stream: Option<bool>,
    temperature: Option<f64>,
    previous_response_id: Option<String>,
    conversation: Option<Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Input {
    Text(String),
    Items(Vec<Item>),
}

/// Any kind of item: what belongs to another kind is absent.
#[derive(Deserialize)]
struct Item {
    #[serde(rename = "type")]
    kind: Option<String>,
    role: Option<String>,
    content: Option<Content>,
    call_id: Option<String>,
    name: Option<String>,
    output: Option<Content>,
}

#[derive(Deserialize)]
struct Tool {
    #[serde(rename = "type")]
    kind: String,
    #[serde(flatten)]
    function: Function,
}

/// Reads a request.
pub fn read(body: &Map<String, Value>) -> Result<Prompt> {
    let request: Request = reading(body)?;
    let kept = [
        ("previous_response_id", request.previous_response_id.is_some()),
        ("conversation", request.conversation.is_some()),
    ];
    if let Some((field, _)) = kept.iter().find(|(_, given)| *given) {
        return Err(Error::field(*field, "is not kept by local models: send all items of the conversation in `input`"));
    }
    let items = match request.input {
        Input::Text(text) => vec![Said::User(text)],
        Input::Items(items) => {
            check_entries("input", items.len())?;
            items.into_iter().map(said).collect::<Result<_>>()?
        }
    };
    let mut functions = Vec::new();
    for (place, tool) in request.tools.unwrap_or_default().into_iter().enumerate() {
        if tool.kind != "function" {
            let what = format!("is `{}`, expected function: a policy has no other tools", tool.kind);
            return Err(Error::field(format!("tools[{place}].type"), what));
        }
        functions.push(tool.function);
    }
    let mut tools = offered(functions)?;
    let demand = choose(&mut tools, request.tool_choice.as_ref())?;
    Ok(Prompt {
        state: situation("input", items, tools)?,
        demand,
        temperature: request.temperature,
        seed: None,
        stream: request.stream.unwrap_or_default(),
        stream_usage: true,
    })
}

fn said(item: Item) -> Result<Said> {
    let text = |content: Option<Content>| content.map(Content::text).unwrap_or_default();
    let call_id = item.call_id.unwrap_or_default();
    match (item.kind.as_deref().unwrap_or("message"), item.role.as_deref()) {
        ("message", Some("user")) => Ok(Said::User(text(item.content))),
        ("function_call", _) => Ok(Said::Call { call_id, name: item.name.unwrap_or_default() }),
        ("function_call_output", _) => Ok(Said::Result { call_id, text: text(item.output) }),
        ("item_reference", _) => Err(Error::field(
            "input",
            "refers to an item by its id, which local models do not keep: send the item itself",
        )),
        _ => Ok(Said::Other),
    }
}

/// The answer in one piece.
pub fn answer(answering: &Answering<'_>, decided: Decided) -> Value {
    let item = match decided {
        Decided::Reply(text) => json!({
            "type": "message", "id": fresh("msg_"), "role": "assistant", "status": "completed",
            "content": [{"type": "output_text", "text": text, "annotations": [], "logprobs": []}],
        }),
        Decided::Call { name, arguments } => json!({
            "type": "function_call", "id": fresh("fc_"), "call_id": fresh("call_"), "name": name,
            "arguments": arguments.to_string(), "status": "completed",
        }),
    };
    let echo =
        |name: &str, default: Value| answering.body.get(name).filter(|v| !v.is_null()).cloned().unwrap_or(default);
    json!({
        "id": fresh("resp_"),
        "object": "response",
        "created_at": answering.created,
        "status": "completed",
        "error": null,
        "incomplete_details": null,
        "instructions": echo("instructions", Value::Null),
        "max_output_tokens": echo("max_output_tokens", Value::Null),
        "metadata": echo("metadata", json!({})),
        "model": answering.model,
        "output": [item],
        "parallel_tool_calls": echo("parallel_tool_calls", Value::Bool(true)),
        "previous_response_id": null,
        "reasoning": {"effort": null, "summary": null},
        "store": false,
        "temperature": echo("temperature", Value::Null),
        "text": {"format": {"type": "text"}},
        "tool_choice": echo("tool_choice", json!("auto")),
        "tools": echo("tools", json!([])),
        "top_p": echo("top_p", Value::Null),
        "truncation": "disabled",
        // A policy reads and writes no tokens.
        "usage": {
            "input_tokens": 0, "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": 0, "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 0,
        },
    })
}

/// The same answer as a stream, in the API's order.
pub fn events(answer: &Value) -> Vec<GatewayEvent> {
    let mut told = Told(Vec::new());
    let mut begun = answer.clone();
    begun["status"] = json!("in_progress");
    begun["output"] = json!([]);
    begun["usage"] = Value::Null;
    told.tell("response.created", json!({"response": begun}));
    told.tell("response.in_progress", json!({"response": begun}));
    for (index, item) in answer["output"].as_array().into_iter().flatten().enumerate() {
        told.item(index, item);
    }
    told.tell("response.completed", json!({"response": answer}));
    told.0
}

/// What was told so far; each event carries its number.
struct Told(Vec<GatewayEvent>);

impl Told {
    fn tell(&mut self, name: &'static str, mut data: Value) {
        data["type"] = json!(name);
        data["sequence_number"] = json!(self.0.len());
        self.0.push(GatewayEvent { name: Some(name), data: data.to_string() });
    }

    fn item(&mut self, index: usize, item: &Value) {
        let mut begun = item.clone();
        begun["status"] = json!("in_progress");
        let is_call = item["type"] == "function_call";
        begun[if is_call { "arguments" } else { "content" }] = if is_call { json!("") } else { json!([]) };
        self.tell("response.output_item.added", json!({"output_index": index, "item": begun}));
        if is_call {
            self.call(index, item);
        } else {
            self.text(index, item);
        }
        self.tell("response.output_item.done", json!({"output_index": index, "item": item}));
    }

    fn call(&mut self, index: usize, item: &Value) {
        let at = json!({"item_id": item["id"], "output_index": index});
        self.tell("response.function_call_arguments.delta", with(&at, json!({"delta": item["arguments"]})));
        let done = json!({"name": item["name"], "arguments": item["arguments"]});
        self.tell("response.function_call_arguments.done", with(&at, done));
    }

    fn text(&mut self, index: usize, item: &Value) {
        let at = json!({"item_id": item["id"], "output_index": index, "content_index": 0});
        let part = &item["content"][0];
        let text = part["text"].as_str().unwrap_or_default();
        let mut empty = part.clone();
        empty["text"] = json!("");
        self.tell("response.content_part.added", with(&at, json!({"part": empty})));
        for piece in text.split_inclusive(' ') {
            self.tell("response.output_text.delta", with(&at, json!({"delta": piece, "logprobs": []})));
        }
        self.tell("response.output_text.done", with(&at, json!({"text": text, "logprobs": []})));
        self.tell("response.content_part.done", with(&at, json!({"part": part})));
    }
}

fn with(at: &Value, more: Value) -> Value {
    let mut whole = at.clone();
    for (name, value) in more.as_object().into_iter().flatten() {
        whole[name] = value.clone();
    }
    whole
}
