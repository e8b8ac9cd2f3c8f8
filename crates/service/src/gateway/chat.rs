//! The Chat Completions API on the wire: requests as far as a policy reads them, answers, and answers as a stream.

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
    messages: Vec<Message>,
    tools: Option<Vec<Tool>>,
    tool_choice: Option<Value>,
    stream: Option<bool>,
    stream_options: Option<StreamOptions>,
    temperature: Option<f64>,
    seed: Option<i64>,
    n: Option<i64>,
}

#[derive(Deserialize)]
struct StreamOptions {
    include_usage: Option<bool>,
}

#[derive(Deserialize)]
struct Message {
    role: String,
    content: Option<Content>,
    tool_calls: Option<Vec<Call>>,
    tool_call_id: Option<String>,
}

#[derive(Deserialize)]
struct Call {
    id: String,
    function: Called,
}

#[derive(Deserialize)]
struct Called {
    name: String,
}

#[derive(Deserialize)]
struct Tool {
    function: Function,
}

/// Reads a request.
pub fn read(body: &Map<String, Value>) -> Result<Prompt> {
    let request: Request = reading(body)?;
    if let Some(n) = request.n.filter(|n| *n != 1) {
        return Err(Error::field("n", format!("is {n}, expected 1: a policy makes one decision")));
    }
    check_entries("messages", request.messages.len())?;
    let mut tools = offered(request.tools.unwrap_or_default().into_iter().map(|tool| tool.function).collect())?;
    let demand = choose(&mut tools, request.tool_choice.as_ref())?;
    Ok(Prompt {
        state: situation("messages", request.messages.into_iter().flat_map(said).collect(), tools)?,
        demand,
        temperature: request.temperature,
        seed: request.seed.map(i64::cast_unsigned),
        stream: request.stream.unwrap_or_default(),
        stream_usage: request.stream_options.and_then(|options| options.include_usage).unwrap_or_default(),
    })
}

fn said(message: Message) -> Vec<Said> {
    let text = |content: Option<Content>| content.map(Content::text).unwrap_or_default();
    match message.role.as_str() {
        "user" => vec![Said::User(text(message.content))],
        "tool" => {
            vec![Said::Result { call_id: message.tool_call_id.unwrap_or_default(), text: text(message.content) }]
        }
        _ => {
            let calls = message.tool_calls.unwrap_or_default().into_iter();
            calls.map(|call| Said::Call { call_id: call.id, name: call.function.name }).collect()
        }
    }
}

/// The answer in one piece.
pub fn answer(answering: &Answering<'_>, decided: Decided) -> Value {
    let (content, calls, reason) = match decided {
        Decided::Reply(text) => (Value::String(text), None, "stop"),
        Decided::Call { name, arguments } => {
            let function = json!({"name": name, "arguments": arguments.to_string()});
            (Value::Null, Some(json!([{"id": fresh("call_"), "type": "function", "function": function}])), "tool_calls")
        }
    };
    let mut message = json!({"role": "assistant", "content": content, "refusal": null});
    if let Some(calls) = calls {
        message["tool_calls"] = calls;
    }
    json!({
        "id": fresh("chatcmpl-"),
        "object": "chat.completion",
        "created": answering.created,
        "model": answering.model,
        "choices": [{"index": 0, "message": message, "logprobs": null, "finish_reason": reason}],
        // A policy reads and writes no tokens.
        "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
    })
}

/// The same answer as a stream: who speaks, what is said or called, why it ends, the usage when wanted, the end.
pub fn events(answer: &Value, tells_usage: bool) -> Vec<GatewayEvent> {
    let choice = &answer["choices"][0];
    let message = &choice["message"];
    let mut deltas = vec![json!({"role": "assistant", "content": message["content"].as_str().map(|_| "")})];
    let text = message["content"].as_str().unwrap_or_default();
    deltas.extend(text.split_inclusive(' ').map(|piece| json!({"content": piece})));
    for (index, call) in message["tool_calls"].as_array().into_iter().flatten().enumerate() {
        let function = &call["function"];
        let named = json!({"name": function["name"], "arguments": ""});
        deltas.push(json!({"tool_calls": [{"index": index, "id": call["id"], "type": "function", "function": named}]}));
        let arguments = json!({"arguments": function["arguments"]});
        deltas.push(json!({"tool_calls": [{"index": index, "function": arguments}]}));
    }
    let chunk = |choices: Value| {
        json!({
            "id": answer["id"], "object": "chat.completion.chunk", "created": answer["created"],
            "model": answer["model"], "choices": choices,
        })
    };
    let mut chunks: Vec<Value> = deltas
        .into_iter()
        .map(|delta| chunk(json!([{"index": 0, "delta": delta, "logprobs": null, "finish_reason": null}])))
        .collect();
    let last = json!([{"index": 0, "delta": {}, "logprobs": null, "finish_reason": choice["finish_reason"]}]);
    chunks.push(chunk(last));
    if tells_usage {
        chunks.iter_mut().for_each(|chunk| chunk["usage"] = Value::Null);
        let mut usage = chunk(json!([]));
        usage["usage"] = answer["usage"].clone();
        chunks.push(usage);
    }
    let data = chunks.into_iter().map(|chunk| chunk.to_string()).chain(["[DONE]".to_owned()]);
    data.map(|data| GatewayEvent { name: None, data }).collect()
}
