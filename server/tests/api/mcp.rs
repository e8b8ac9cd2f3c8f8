//! The tools over MCP, in both versions of the protocol.

use crate::support::{App, Reply};
use axum::{body::Body, http::Request};
use serde_json::{Value, json};

const MODERN: &str = "2026-07-28";

async fn post(app: &App, path: &str, headers: &[(&str, &str)], body: &Value) -> Reply {
    let text = body.to_string();
    let mut request = Request::post(path)
        .header("content-type", "application/json")
        .header("content-length", text.len())
        .header("accept", "application/json, text/event-stream");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send(request.body(Body::from(text)).unwrap()).await
}

fn rpc(method: &str, params: Value) -> Value {
    json!({"jsonrpc": "2.0", "id": 7, "method": method, "params": params})
}

/// A request of 2026-07-28: the version and what the client can stand in `_meta`, and headers mirror the body.
async fn modern(app: &App, method: &str, mut params: Value, version: &str) -> Reply {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": version,
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
    });
    let name = params["name"].as_str().unwrap_or_default().to_owned();
    let mut headers = vec![("mcp-protocol-version", version), ("mcp-method", method)];
    if !name.is_empty() {
        headers.push(("mcp-name", &name));
    }
    post(app, "/mcp", &headers, &rpc(method, params)).await
}

#[tokio::test]
async fn a_client_of_2025_initializes_lists_and_calls() {
    let app = App::start().await;
    let hello = json!({
        "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"},
    });
    let hello = post(&app, "/mcp", &[], &rpc("initialize", hello)).await;
    assert!(hello.header("content-type").starts_with("application/json"), "{hello:?}");
    let result = &hello.expect(200)["result"];
    assert_eq!(
        (&result["protocolVersion"], &result["serverInfo"]["name"]),
        (&json!("2025-11-25"), &json!("rl-chatbot"))
    );
    assert!(result["capabilities"]["tools"].is_object());
    let note = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    let version = [("mcp-protocol-version", "2025-11-25")];
    let noted = post(&app, "/mcp", &version, &note).await;
    assert_eq!((noted.status.as_u16(), noted.text.as_str()), (202, ""));
    let listed = post(&app, "/mcp", &version, &rpc("tools/list", json!({}))).await.expect(200);
    let tools = listed["result"]["tools"].as_array().unwrap().clone();
    let known = app.get("/api/v1/tools").await.expect(200);
    for (tool, spec) in tools.iter().zip(known.as_array().unwrap()) {
        assert_eq!((&tool["name"], &tool["inputSchema"]), (&spec["name"], &spec["parameters"]));
    }
    assert_eq!(tools.len(), known.as_array().unwrap().len());
    let call = rpc("tools/call", json!({"name": "calculate", "arguments": {"expression": "15*23"}}));
    let called = post(&app, "/g/run-1/0/mcp", &version, &call).await.expect(200);
    assert_eq!((&called["id"], &called["result"]["content"]), (&json!(7), &json!([{"type": "text", "text": "345"}])));
    assert_ne!(called["result"]["isError"], json!(true));
}

#[tokio::test]
async fn a_client_of_2026_needs_no_handshake() {
    let app = App::start().await;
    let found = modern(&app, "server/discover", json!({}), MODERN).await.expect(200);
    let versions = found["result"]["supportedVersions"].as_array().unwrap().clone();
    assert!(versions.contains(&json!(MODERN)) && versions.contains(&json!("2025-11-25")), "{versions:?}");
    assert_eq!(found["result"]["resultType"], "complete");
    let listed = modern(&app, "tools/list", json!({}), MODERN).await.expect(200);
    let result = &listed["result"];
    assert_eq!(
        (&result["resultType"], &result["ttlMs"], &result["cacheScope"]),
        (&json!("complete"), &json!(5000), &json!("private"))
    );
    let names: Vec<&str> = result["tools"].as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap()).collect();
    assert!(names.is_sorted() && names.contains(&"calculate"), "{names:?}");
    let call = json!({"name": "calculate", "arguments": {"expression": "15*23"}});
    let called = modern(&app, "tools/call", call.clone(), MODERN).await.expect(200);
    assert_eq!(
        (&called["result"]["content"][0]["text"], &called["result"]["resultType"]),
        (&json!("345"), &json!("complete"))
    );

    let unknown = modern(&app, "tools/fly", json!({}), MODERN).await.expect(404);
    assert_eq!(unknown["error"]["code"], -32601);
    let future = modern(&app, "tools/list", json!({}), "2099-01-01").await.expect(400);
    assert_eq!(future["error"]["code"], -32022);
    assert!(future["error"]["data"]["supported"].as_array().unwrap().contains(&json!(MODERN)), "{future}");
    let mut body = rpc("tools/call", call);
    body["params"]["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": MODERN, "io.modelcontextprotocol/clientCapabilities": {},
    });
    let headers = [("mcp-protocol-version", MODERN), ("mcp-method", "tools/call"), ("mcp-name", "search")];
    let mismatch = post(&app, "/mcp", &headers, &body).await.expect(400);
    assert_eq!(mismatch["error"]["code"], -32020, "{mismatch}");
}

#[tokio::test]
async fn a_tool_that_fails_is_an_answer_and_one_that_does_not_exist_is_an_error() {
    let app = App::start().await;
    let call = |name: &str, arguments: Value| rpc("tools/call", json!({"name": name, "arguments": arguments}));
    let version = [("mcp-protocol-version", "2025-11-25")];
    for arguments in [json!({"expression": "1/0"}), json!({}), json!({"expression": 7})] {
        let failed = post(&app, "/mcp", &version, &call("calculate", arguments)).await.expect(200);
        assert_eq!(failed["result"]["isError"], true, "{failed}");
        let text = failed["result"]["content"][0]["text"].as_str().unwrap();
        assert!(text.starts_with("Error: ") && text.len() > 10, "{text}");
    }
    let unknown = post(&app, "/mcp", &version, &call("teleport", json!({}))).await.expect(200);
    assert_eq!(unknown["error"]["code"], -32602);
    assert!(unknown["error"]["message"].as_str().unwrap().contains("calculate"), "{unknown}");
}

#[tokio::test]
async fn the_endpoint_is_guarded_like_every_other() {
    let app = App::with(&[("API_TOKEN", "secret-token")]).await;
    let list = rpc("tools/list", json!({}));
    assert_eq!(post(&app, "/mcp", &[], &list).await.status, 401);
    let key = ("authorization", "Bearer secret-token");
    assert_eq!(post(&app, "/mcp", &[key], &list).await.status, 200);
    assert_eq!(post(&app, "/mcp", &[key, ("origin", "https://evil.example")], &list).await.status, 403);
    assert_eq!(post(&app, "/mcp", &[key, ("host", "evil.example")], &list).await.status, 421);
    let large = rpc("tools/call", json!({"name": "calculate", "arguments": {"expression": "1".repeat(3 << 20)}}));
    assert_eq!(post(&app, "/mcp", &[key], &large).await.status, 413);
    let open = App::start().await;
    let get = open.get("/g/a/0/mcp").await;
    assert_eq!((get.status.as_u16(), get.header("allow")), (405, "POST"));
}
