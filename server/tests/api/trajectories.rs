//! What went through the gateway: listed, read and exported.

use crate::support::App;
use axum::{body::Body, http::Request};
use serde_json::{Value, json};

/// Question, call, tool, answer: as a client of chat completions does it, in this rollout.
async fn converse(app: &App, rollout: &str) {
    let parameters =
        json!({"type": "object", "properties": {"expression": {"type": "string"}}, "required": ["expression"]});
    let tools = json!([{
        "type": "function",
        "function": {"name": "calculate", "description": "Evaluates an arithmetic expression.", "parameters": parameters},
    }]);
    let mut messages = vec![json!({"role": "user", "content": "What is 15 * 23?"})];
    let path = format!("/g/{rollout}/0/v1/chat/completions");
    let ask = async |messages: &[Value]| {
        app.post(&path, json!({"model": "local/builtin", "messages": messages, "tools": tools})).await.expect(200)
    };
    let mut message = ask(&messages).await["choices"][0]["message"].clone();
    // A client sends back what it has kept of the message.
    message.as_object_mut().unwrap().remove("refusal");
    let call = message["tool_calls"][0].clone();
    let result = run(app, rollout, &call["function"]).await;
    messages.extend([message, json!({"role": "tool", "tool_call_id": call["id"], "content": result})]);
    ask(&messages).await;
}

/// Calls a tool over MCP, as a model asked for it.
async fn run(app: &App, rollout: &str, function: &Value) -> Value {
    let arguments: Value = serde_json::from_str(function["arguments"].as_str().unwrap()).unwrap();
    let params = json!({"name": function["name"], "arguments": arguments});
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}).to_string();
    let request = Request::post(format!("/g/{rollout}/0/mcp"))
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream");
    let reply = app.send(request.body(Body::from(body)).unwrap()).await.expect(200);
    reply["result"]["content"][0]["text"].clone()
}

#[tokio::test]
async fn calls_of_models_and_tools_are_kept_in_order() {
    let app = App::start().await;
    converse(&app, "run-1").await;
    let calls = app.get("/api/v1/trajectories/run-1/0").await.expect(200);
    let kept: Vec<_> =
        calls.as_array().unwrap().iter().map(|c| (c["seq"].clone(), c["kind"].clone(), c["model"].clone())).collect();
    let expected = [(1, "model", "local/builtin"), (2, "tool", "calculate"), (3, "model", "local/builtin")];
    assert_eq!(kept, expected.map(|(seq, kind, model)| (json!(seq), json!(kind), json!(model))));
    assert_eq!(calls[1]["request_json"], json!({"name": "calculate", "arguments": {"expression": "15 * 23"}}));
    assert_eq!(calls[1]["response_json"], json!({"result": "345", "is_error": false}));
    assert_eq!(calls[2]["response_json"]["choices"][0]["message"]["content"], "The answer is 345.");
    assert_eq!(app.get("/api/v1/trajectories/run-1/0?after=2").await.expect(200).as_array().unwrap().len(), 1);
    app.get("/api/v1/trajectories/run-2/0").await.problem(404);
    let path = format!("/api/v1/gateway-calls/{}", calls[1]["id"].as_str().unwrap());
    assert_eq!(app.get(&path).await.expect(200), calls[1]);
}

#[tokio::test]
async fn a_list_is_filtered_and_counted_and_has_no_bodies() {
    let app = App::start().await;
    converse(&app, "run-1").await;
    let refused = json!({"model": "local/nothing", "messages": [{"role": "user", "content": "Hello"}]});
    app.post("/v1/chat/completions", refused).await.expect(404);
    let count = async |query: &str| {
        let reply = app.get(&format!("/api/v1/trajectories{query}")).await;
        let listed = reply.expect(200);
        assert!(listed[0].get("request_json").is_none(), "{listed}");
        (listed.as_array().unwrap().len(), reply.header("x-total-count").to_owned())
    };
    assert_eq!(count("?limit=2").await, (2, "4".into()));
    assert_eq!(count("?rollout=run-1").await.0, 3);
    assert_eq!(count("?kind=tool").await.0, 1);
    assert_eq!(count("?model=local/builtin&kind=model").await.0, 2);
    assert_eq!(count("?since=2999-01-01T00:00:00Z").await.0, 0);
    let newest = app.get("/api/v1/trajectories?limit=1").await.expect(200)[0].clone();
    assert_eq!((&newest["rollout"], &newest["status"]), (&Value::Null, &json!(404)));
    assert!(newest["error"].as_str().unwrap().contains("nothing"), "{newest}");
}

#[tokio::test]
async fn an_export_joins_calls_that_continue_each_other() {
    let app = App::start().await;
    converse(&app, "run-1").await;
    converse(&app, "run-2").await;
    let lines = async |query: &str| -> Vec<Value> {
        let reply = app.get(&format!("/api/v1/trajectories/export?{query}")).await;
        assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "application/jsonl"));
        reply.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let conversations = lines("format=sft").await;
    assert_eq!(conversations.len(), 2);
    let roles: Vec<_> = conversations[0]["messages"].as_array().unwrap().iter().map(|m| m["role"].clone()).collect();
    assert_eq!(roles, ["user", "assistant", "tool", "assistant"]);
    let function = json!({"name": "calculate", "arguments": {"expression": "15 * 23"}});
    assert_eq!(conversations[0]["messages"][1]["tool_calls"], json!([{"type": "function", "function": function}]));
    assert_eq!(conversations[0]["messages"][2], json!({"role": "tool", "name": "calculate", "content": "345"}));
    assert_eq!(conversations[0]["tools"][0]["function"]["name"], "calculate");
    assert_eq!(lines("format=sft&rollout=run-2").await.len(), 1);
    assert_eq!(lines("format=raw").await.len(), 6);
    assert_eq!(lines("format=raw&rollout=run-3").await.len(), 0);
    app.get("/api/v1/trajectories/export?format=xml").await.problem(422);
}

#[tokio::test]
async fn the_page_lists_calls_and_opens_one() {
    let app = App::start().await;
    let visit = async |path: &str| {
        let reply = app.send(Request::get(path).header("accept", "text/html").body(Body::empty()).unwrap()).await;
        assert_eq!(reply.status, 200, "{path}");
        reply.text
    };
    assert!(visit("/trajectories").await.contains("No calls"));
    converse(&app, "run-1").await;
    let page = visit("/trajectories?rollout=run-1").await;
    assert!(page.contains("local/builtin") && page.contains("run-1/0"), "{page}");
    assert!(visit("/trajectories?rollout=run-2").await.contains("No calls"));
    let id = app.get("/api/v1/trajectories?limit=1").await.expect(200)[0]["id"].as_str().unwrap().to_owned();
    assert!(visit(&format!("/trajectories?call={id}")).await.contains("The answer is 345."));
}

#[tokio::test]
async fn only_so_many_calls_are_kept() {
    let app = App::with(&[("GATEWAY_CALLS_KEPT", "3")]).await;
    for _ in 0..3 {
        converse(&app, "run-1").await;
    }
    let total: u64 = app.get("/api/v1/trajectories").await.header("x-total-count").parse().unwrap();
    assert!(total <= 3, "{total}");
    let none = App::with(&[("GATEWAY_CALLS_KEPT", "0")]).await;
    converse(&none, "run-1").await;
    assert_eq!(none.get("/api/v1/trajectories").await.header("x-total-count"), "0");
}
