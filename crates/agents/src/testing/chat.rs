//! Scripted replies as Chat Completions: the same script, the other API.

use super::reply::{End, Piece};
use serde_json::{Value, json};

/// What a reply says, in this API's words.
struct Said {
    text: String,
    calls: Vec<Value>,
    finish_reason: &'static str,
}

impl Said {
    fn of(output: &[Value], end: End) -> Self {
        let text = output.iter().filter_map(|item| item.pointer("/content/0/text")?.as_str()).collect();
        let function_calls = output.iter().filter(|item| item["type"] == "function_call");
        let calls: Vec<Value> = function_calls
            .enumerate()
            .map(|(index, call)| {
                let function = json!({ "name": call["name"], "arguments": call["arguments"] });
                json!({ "index": index, "id": call["call_id"], "type": "function", "function": function })
            })
            .collect();
        let finish_reason = match end {
            End::Incomplete("max_output_tokens") => "length",
            End::Incomplete(_) => "content_filter",
            _ if calls.is_empty() => "stop",
            _ => "tool_calls",
        };
        Self { text, calls, finish_reason }
    }
}

fn usage() -> Value {
    json!({ "prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18 })
}

/// A reply in one piece.
pub fn whole(output: &[Value], end: End, number: usize) -> Value {
    let said = Said::of(output, end);
    let mut message = json!({ "role": "assistant", "content": said.text });
    if !said.calls.is_empty() {
        message["content"] = Value::Null;
        message["tool_calls"] = said.calls.into();
    }
    json!({
        "id": format!("chatcmpl-{number}"), "object": "chat.completion", "created": 0, "model": "scripted",
        "choices": [{ "index": 0, "message": message, "finish_reason": said.finish_reason }], "usage": usage()
    })
}

/// A reply as a stream: text word by word, the arguments of calls in two pieces.
pub fn streamed(output: &[Value], end: End, number: usize) -> Vec<Piece> {
    let said = Said::of(output, end);
    let mut pieces = Vec::new();
    let mut send = |choices: Value, usage: Value| {
        let chunk = json!({
            "id": format!("chatcmpl-{number}"), "object": "chat.completion.chunk", "created": 0, "model": "scripted",
            "choices": choices, "usage": usage
        });
        pieces.push(Piece::Send(format!("data: {chunk}\n\n")));
    };
    let delta = |delta: Value| json!([{ "index": 0, "delta": delta, "finish_reason": null }]);
    send(delta(json!({ "role": "assistant", "content": "" })), Value::Null);
    for word in said.text.split_inclusive(' ') {
        send(delta(json!({ "content": word })), Value::Null);
    }
    for call in said.calls {
        let arguments = call.pointer("/function/arguments").and_then(Value::as_str).unwrap_or_default().to_owned();
        let (start, rest) = arguments.split_at(arguments.floor_char_boundary(arguments.len() / 2));
        let mut first = call.clone();
        first["function"]["arguments"] = start.into();
        send(delta(json!({ "tool_calls": [first] })), Value::Null);
        let further = json!({ "index": call["index"], "function": { "arguments": rest } });
        send(delta(json!({ "tool_calls": [further] })), Value::Null);
    }
    match end {
        End::Cut => pieces.push(Piece::Break),
        End::Hang => pieces.push(Piece::Wait),
        End::Completed | End::Incomplete(_) => {
            send(json!([{ "index": 0, "delta": {}, "finish_reason": said.finish_reason }]), Value::Null);
            send(json!([]), usage());
            pieces.push(Piece::Send("data: [DONE]\n\n".into()));
        }
    }
    pieces
}
