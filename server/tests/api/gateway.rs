//! OpenAI's two APIs over the gateway, answered by the built-in policy.

use crate::support::App;
use agents::testing::{Reply, ScriptedProvider};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn calculate() -> Value {
    json!({
        "name": "calculate", "description": "Evaluates an arithmetic expression.",
        "parameters": {
            "type": "object", "required": ["expression"],
            "properties": {"expression": {"type": "string", "description": "The expression, for example `15 * 23`."}},
        },
    })
}

fn question() -> Value {
    json!({"role": "user", "content": "What is 15 * 23?"})
}

fn chat(messages: Value) -> Value {
    json!({"model": "local/builtin", "messages": messages, "tools": [{"type": "function", "function": calculate()}]})
}

fn responses(input: Value) -> Value {
    let mut tool = calculate();
    tool["type"] = json!("function");
    json!({"model": "local/builtin", "input": input, "tools": [tool]})
}

/// The error of a refusal in OpenAI's shape.
fn refused(reply: &crate::support::Reply, status: u16) -> Value {
    let body = reply.expect(status);
    let keys: BTreeSet<&str> = body["error"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, BTreeSet::from(["message", "type", "param", "code"]), "{body}");
    assert_eq!(reply.header("content-type"), "application/json");
    body["error"].clone()
}

/// Names and data of the events of a stream.
fn events(text: &str) -> Vec<(String, Value)> {
    let parse = |event: &str| {
        let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim();
        let data = field("data:");
        (field("event:").to_owned(), serde_json::from_str(data).unwrap_or_else(|_| json!(data)))
    };
    text.split("\n\n").filter(|event| !event.is_empty()).map(parse).collect()
}

#[tokio::test]
async fn a_chat_completion_calls_and_then_answers() {
    let app = App::start().await;
    let first = app.post("/v1/chat/completions", chat(json!([question()]))).await.expect(200);
    assert_eq!((&first["object"], &first["model"]), (&json!("chat.completion"), &json!("local/builtin")));
    let choice = &first["choices"][0];
    assert_eq!((&choice["finish_reason"], &choice["message"]["content"]), (&json!("tool_calls"), &Value::Null));
    let call = &choice["message"]["tool_calls"][0];
    assert_eq!(call["function"], json!({"name": "calculate", "arguments": r#"{"expression":"15 * 23"}"#}));
    let result = json!({"role": "tool", "tool_call_id": call["id"], "content": [{"type": "text", "text": "345"}]});
    let second =
        app.post("/v1/chat/completions", chat(json!([question(), choice["message"], result]))).await.expect(200);
    let choice = &second["choices"][0];
    assert_eq!(
        (&choice["finish_reason"], &choice["message"]["content"]),
        (&json!("stop"), &json!("The answer is 345."))
    );
    assert!(choice["message"].get("tool_calls").is_none());
    assert_ne!(first["id"], second["id"]);
}

#[tokio::test]
async fn a_response_calls_and_then_answers() {
    let app = App::start().await;
    let first = app.post("/v1/responses", responses(json!("What is 15 * 23?"))).await.expect(200);
    let call = &first["output"][0];
    assert_eq!(
        (&first["status"], &call["type"], &call["name"]),
        (&json!("completed"), &json!("function_call"), &json!("calculate"))
    );
    for key in ["id", "created_at", "model", "object", "output", "parallel_tool_calls", "tool_choice", "tools"] {
        assert!(!first[key].is_null(), "{key}");
    }
    let result = json!({"type": "function_call_output", "call_id": call["call_id"], "output": "345"});
    let second = app.post("/g/run-1/0/v1/responses", responses(json!([question(), call, result]))).await.expect(200);
    let message = &second["output"][0];
    assert_eq!((&message["type"], &message["content"][0]["text"]), (&json!("message"), &json!("The answer is 345.")));
}

#[tokio::test]
async fn streamed_chunks_amount_to_the_completion() {
    let app = App::start().await;
    let mut body = chat(json!([question()]));
    body["stream"] = json!(true);
    body["stream_options"] = json!({"include_usage": true});
    let reply = app.post("/v1/chat/completions", body).await;
    assert_eq!(reply.header("content-type"), "text/event-stream");
    let events = events(&reply.text);
    assert!(events.iter().all(|(name, _)| name.is_empty()), "{events:?}");
    let chunks: Vec<&Value> = events.iter().map(|(_, data)| data).collect();
    let deltas: Vec<&Value> = chunks.iter().map(|chunk| &chunk["choices"][0]["delta"]).collect();
    assert_eq!(deltas[0]["role"], "assistant");
    let id = &deltas[1]["tool_calls"][0]["id"];
    assert!(id.as_str().unwrap().starts_with("call_"));
    let named = json!({"name": "calculate", "arguments": ""});
    assert_eq!(deltas[1]["tool_calls"], json!([{"index": 0, "id": id, "type": "function", "function": named}]));
    let arguments = json!({"arguments": r#"{"expression":"15 * 23"}"#});
    assert_eq!(deltas[2]["tool_calls"], json!([{"index": 0, "function": arguments}]));
    assert_eq!(chunks[3]["choices"][0]["finish_reason"], "tool_calls");
    assert_eq!((&chunks[4]["choices"], chunks[4]["usage"]["total_tokens"].is_u64()), (&json!([]), true));
    assert_eq!((chunks.len(), chunks[5]), (6, &json!("[DONE]")));
}

#[tokio::test]
async fn a_streamed_response_keeps_the_apis_order() {
    let app = App::start().await;
    let told = async |input: Value| {
        let mut body = responses(input);
        body["stream"] = json!(true);
        events(&app.post("/v1/responses", body).await.text)
    };
    let call = told(json!("What is 15 * 23?")).await;
    let names: Vec<&str> = call.iter().map(|(name, _)| name.trim_start_matches("response.")).collect();
    let expected = [
        "created",
        "in_progress",
        "output_item.added",
        "function_call_arguments.delta",
        "function_call_arguments.done",
        "output_item.done",
        "completed",
    ];
    assert_eq!(names, expected);
    for (place, (name, data)) in call.iter().enumerate() {
        assert_eq!((&data["type"], &data["sequence_number"]), (&json!(name), &json!(place)));
    }
    let item = &call.last().unwrap().1["response"]["output"][0];
    let result = json!({"type": "function_call_output", "call_id": item["call_id"], "output": "345"});
    let reply = told(json!([question(), item, result])).await;
    let names: Vec<&str> = reply.iter().map(|(name, _)| name.trim_start_matches("response.")).collect();
    let mut expected = vec!["created", "in_progress", "output_item.added", "content_part.added"];
    expected.extend(["output_text.delta"; 4]);
    expected.extend(["output_text.done", "content_part.done", "output_item.done", "completed"]);
    assert_eq!(names, expected);
    let text: String = reply.iter().filter_map(|(_, data)| data["delta"].as_str()).collect();
    assert_eq!(text, "The answer is 345.");
}

#[tokio::test]
async fn what_is_wrong_is_said_in_openais_words() {
    let app = App::start().await;
    let chat_error = async |body: Value, status| refused(&app.post("/v1/chat/completions", body).await, status);
    assert_eq!(chat_error(json!({"messages": []}), 400).await["param"], "model");
    let unknown = chat_error(json!({"model": "gpt-4o", "messages": [question()]}), 404).await;
    assert_eq!((&unknown["param"], &unknown["code"]), (&json!("model"), &json!("model_not_found")));
    let run = "local/run:0192f0c1-2345-7890-abcd-ef0123456789";
    assert_eq!(chat_error(json!({"model": run, "messages": [question()]}), 404).await["param"], "model");
    assert_eq!(chat_error(chat(json!([])), 400).await["param"], "messages");
    assert_eq!(chat_error(chat(json!([{"role": "user", "content": 7}])), 400).await["param"], "messages[0].content");
    assert_eq!(chat_error(chat(json!([{"role": "system", "content": "x"}])), 400).await["param"], "messages");
    let mut hot = chat(json!([question()]));
    hot["temperature"] = json!(3);
    assert_eq!(chat_error(hot, 400).await["param"], "temperature");
    let mut kept = responses(json!("Hello"));
    kept["previous_response_id"] = json!("resp_1");
    let error = refused(&app.post("/v1/responses", kept).await, 400);
    assert!(error["message"].as_str().unwrap().contains("send all items"), "{error}");
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let deep: Value = json!({"model": "local/builtin", "messages": deep, "metadata": nested(40)});
    refused(&app.post("/v1/chat/completions", deep).await, 400);
    refused(&app.get("/v1/chat/completions").await, 405);
    refused(&app.get("/v1/models/nonsense").await, 404);
    refused(&app.post("/g/a b/0/v1/responses".replace(' ', "%20").as_str(), responses(json!("Hello"))).await, 400);
    refused(&app.post("/g/a/-1/v1/responses", responses(json!("Hello"))).await, 400);
    let large = "x".repeat(3 * 1024 * 1024);
    refused(&app.post("/v1/responses", responses(json!(large))).await, 413);
}

fn nested(levels: usize) -> Value {
    (0..levels).fold(json!(1), |inner, _| json!([inner]))
}

#[tokio::test]
async fn a_choice_of_tools_is_obeyed() {
    let app = App::start().await;
    let asked = async |choice: Value, content: &str| {
        let mut body = chat(json!([{"role": "user", "content": content}]));
        body["tool_choice"] = choice;
        app.post("/v1/chat/completions", body).await
    };
    let reason = |reply: crate::support::Reply| reply.expect(200)["choices"][0]["finish_reason"].clone();
    assert_eq!(reason(asked(json!("none"), "What is 15 * 23?").await), "stop");
    assert_eq!(reason(asked(json!("required"), "Hello!").await), "tool_calls");
    refused(&asked(json!({"type": "function", "function": {"name": "fly"}}), "Hello!").await, 400);
}

#[tokio::test]
async fn models_are_those_that_can_be_asked() {
    let provider = ScriptedProvider::start([Reply::text("Hi")]).await.unwrap();
    let settings = [("OPENAI_API_KEY", "sk-x"), ("OPENAI_MODEL", "gpt-x"), ("OPENAI_BASE_URL", provider.base_url())];
    let app = App::with(&settings).await;
    let silent = json!({"name": "silent", "base_url": "http://127.0.0.1:9/v1"});
    app.post("/api/v1/providers", silent).await.expect(201);
    let agent = app.agent("local", "builtin").await;
    let models = app.get("/v1/models").await.expect(200);
    let names: Vec<&str> = models["data"].as_array().unwrap().iter().map(|m| m["id"].as_str().unwrap()).collect();
    let of_agent = format!("local/agent:{agent}");
    for name in ["local/builtin", "local/untrained", "openai/gpt-x", "openai/scripted-small", &of_agent] {
        assert!(names.contains(&name), "{name} is not in {names:?}");
    }
    for name in ["local/builtin", "local%2Fbuiltin", "openai/scripted-large"] {
        let found = app.get(&format!("/v1/models/{name}")).await.expect(200)["id"].clone();
        assert_eq!(found, name.replace("%2F", "/"));
    }
    refused(&app.get("/v1/models/openai/none").await, 404);
    // Asked once: what a provider said is known for a while.
    assert_eq!(provider.requests().iter().filter(|request| request.path == "/v1/models").count(), 1);
    let body = json!({"model": of_agent, "messages": [question()]});
    assert_eq!(app.post("/g/x/0/v1/chat/completions", body).await.expect(200)["model"], *of_agent);
}

#[tokio::test]
async fn the_servers_token_is_the_clients_key() {
    let app = App::with(&[("API_TOKEN", "secret-token")]).await;
    let error = refused(&app.get("/v1/models").await, 401);
    assert_eq!(error["code"], "invalid_api_key");
    let request = axum::http::Request::builder().uri("/v1/models").header("authorization", "Bearer secret-token");
    assert_eq!(app.send(request.body(axum::body::Body::empty()).unwrap()).await.status, 200);
}

#[tokio::test]
async fn a_policy_decides_among_the_tools_it_was_taught_when_all_are_offered() {
    let app = App::start().await;
    let all = app.get("/api/v1/tools").await.expect(200);
    let all: Vec<Value> = all.as_array().unwrap().iter().map(|f| json!({"type": "function", "function": f})).collect();
    let taught = ["calculate", "get_weather", "search"];
    let is_taught = |tool: &&Value| taught.contains(&tool["function"]["name"].as_str().unwrap());
    let few: Vec<Value> = all.iter().filter(is_taught).cloned().collect();
    assert!(all.len() > few.len() && few.len() == 3);
    for question in ["What is 20% of 50?", "Weather in Oslo", "How many miles are 5 km?", "What is the date today?"] {
        let mut decided = Vec::new();
        for tools in [&all, &few] {
            let mut body = chat(json!([{"role": "user", "content": question}]));
            body["tools"] = json!(tools);
            let answer = app.post("/v1/chat/completions", body).await.expect(200);
            let message = &answer["choices"][0]["message"];
            decided.push((message["content"].clone(), message["tool_calls"][0]["function"].clone()));
        }
        assert_eq!(decided[0], decided[1], "{question}");
    }
    let mut body = chat(json!([{"role": "user", "content": "Convert 5 miles to km"}]));
    body["tools"] = json!([all.iter().find(|tool| tool["function"]["name"] == "convert_units").unwrap()]);
    app.post("/v1/chat/completions", body).await.expect(200);
}
