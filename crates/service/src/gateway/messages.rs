//! One conversation of either API in one form: that of TRL's trainers, with the ids that join calls and results.

use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Question and answer of a call as `{"messages", "tools"}`; `None` when they are of neither API.
pub fn conversation(request: &Value, answer: &Value) -> Option<Value> {
    let (mut messages, tools) = if request.get("messages").is_some() {
        let mut messages: Vec<Value> = request["messages"].as_array()?.iter().map(message).collect();
        messages.push(message(answer["choices"].get(0)?.get("message")?));
        (messages, functions(&request["tools"], |tool| tool["function"].clone()))
    } else {
        let mut messages = match &request["input"] {
            Value::String(text) => vec![json!({"role": "user", "content": text})],
            input => items(input.as_array()?),
        };
        if let Some(instructions) = request["instructions"].as_str() {
            messages.insert(0, json!({"role": "system", "content": instructions}));
        }
        messages.extend(items(answer["output"].as_array()?));
        (joined(messages), functions(&request["tools"], Value::clone))
    };
    name_results(&mut messages);
    Some(json!({"messages": messages, "tools": tools}))
}

/// A message of Chat Completions, without what is no part of the conversation.
fn message(message: &Value) -> Value {
    let mut kept = Map::new();
    kept.insert("role".into(), role(message["role"].as_str().unwrap_or_default()).into());
    kept.insert("content".into(), text(&message["content"]).into());
    if let Some(calls) = message["tool_calls"].as_array().filter(|calls| !calls.is_empty()) {
        let calls = calls.iter().map(|made| call(&made["id"], &made["function"])).collect();
        kept.insert("tool_calls".into(), Value::Array(calls));
    }
    if message["role"] == "tool" {
        kept.insert("tool_call_id".into(), message["tool_call_id"].clone());
    }
    Value::Object(kept)
}

/// Items of Responses as messages; thoughts and references are no part of the conversation.
fn items(items: &[Value]) -> Vec<Value> {
    let of = |item: &Value| match item["type"].as_str().unwrap_or("message") {
        "message" => {
            let said = text(&item["content"]);
            Some(json!({"role": role(item["role"].as_str().unwrap_or_default()), "content": said}))
        }
        "function_call" => {
            Some(json!({"role": "assistant", "content": "", "tool_calls": [call(&item["call_id"], item)]}))
        }
        "function_call_output" => {
            Some(json!({"role": "tool", "content": text(&item["output"]), "tool_call_id": item["call_id"]}))
        }
        _ => None,
    };
    items.iter().filter_map(of).collect()
}

/// Items that the assistant wrote in a row are one message: what it said, and all it called.
fn joined(messages: Vec<Value>) -> Vec<Value> {
    let mut kept: Vec<Value> = Vec::new();
    for message in messages {
        match kept.last_mut() {
            Some(last) if last["role"] == "assistant" && message.get("tool_calls").is_some() => {
                let calls = message["tool_calls"].as_array().cloned().unwrap_or_default();
                match last.get_mut("tool_calls").and_then(Value::as_array_mut) {
                    Some(before) => before.extend(calls),
                    None => last["tool_calls"] = Value::Array(calls),
                }
            }
            _ => kept.push(message),
        }
    }
    kept
}

fn call(id: &Value, function: &Value) -> Value {
    let arguments = function["arguments"].as_str().unwrap_or_default();
    // Arguments that are no JSON stay the text they are.
    let arguments = serde_json::from_str(arguments).unwrap_or_else(|_| json!(arguments));
    json!({"id": id, "type": "function", "function": {"name": function["name"], "arguments": arguments}})
}

fn role(role: &str) -> &str {
    if role == "developer" { "system" } else { role }
}

fn text(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().filter_map(|part| part["text"].as_str()).collect::<Vec<_>>().join("\n"),
        _ => String::new(),
    }
}

fn functions(tools: &Value, function: impl Fn(&Value) -> Value) -> Vec<Value> {
    let tools = tools.as_array().into_iter().flatten().filter(|tool| tool["type"] == "function");
    let described = tools.map(function).map(|function| {
        json!({
            "type": "function",
            "function": {
                "name": function["name"], "description": function["description"], "parameters": function["parameters"],
            },
        })
    });
    described.collect()
}

/// Results carry the name of their tool.
fn name_results(messages: &mut [Value]) {
    let mut names = HashMap::new();
    for message in messages {
        for call in message["tool_calls"].as_array().into_iter().flatten() {
            names.insert(call["id"].to_string(), call["function"]["name"].clone());
        }
        if message["role"] == "tool" {
            message["name"] = names.get(&message["tool_call_id"].to_string()).cloned().unwrap_or_default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_apis_come_to_the_same_conversation() {
        let function = json!({"name": "calculate", "description": "Sums.", "parameters": {"type": "object"}});
        let made = json!({"name": "calculate", "arguments": "{\"expression\":\"2+2\"}"});
        let chat = conversation(
            &json!({
                "tools": [{"type": "function", "function": function}],
                "messages": [
                    {"role": "system", "content": "Be brief."},
                    {"role": "user", "content": [{"type": "text", "text": "2+2?"}]},
                    {"role": "assistant", "content": null, "tool_calls": [{"id": "c", "type": "function", "function": made}]},
                    {"role": "tool", "tool_call_id": "c", "content": "4"},
                ],
            }),
            &json!({"choices": [{"message": {"role": "assistant", "content": "4.", "refusal": null}}]}),
        );
        let mut flat = function;
        flat["type"] = json!("function");
        let responses = conversation(
            &json!({
                "tools": [flat], "instructions": "Be brief.",
                "input": [
                    {"role": "user", "content": "2+2?"},
                    {"type": "reasoning", "summary": []},
                    {"type": "function_call", "call_id": "c", "name": "calculate", "arguments": "{\"expression\":\"2+2\"}"},
                    {"type": "function_call_output", "call_id": "c", "output": "4"},
                ],
            }),
            &json!({"output": [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "4."}]}]}),
        );
        assert_eq!(chat, responses);
        let messages = &chat.unwrap()["messages"];
        assert_eq!(messages[2]["tool_calls"][0]["function"]["arguments"], json!({"expression": "2+2"}));
        assert_eq!((&messages[3]["name"], &messages[4]["content"]), (&json!("calculate"), &json!("4.")));
        assert_eq!(conversation(&json!({"name": "calculate"}), &json!({})), None);
    }
}
