//! `/api/v1/added-tools`: tools without code join the one registry; what their headers hold never comes out.

use crate::support::App;
use ::tools::testing::{Answered, Asked, ScriptedWeb};
use serde_json::{Value, json};

const SECRET: &str = "key-my-own-secret";

/// An app whose tools may reach the scripted servers of a test, which are on loopback.
async fn app() -> App {
    App::with(&[("TOOLS_NETWORK", "true"), ("TOOLS_PRIVATE_NETWORK", "true")]).await
}

async fn shop() -> ScriptedWeb {
    ScriptedWeb::start(|asked| match asked.target.as_str() {
        "/stock/17" => (200, "application/json", r#"{"item": {"left": 3}}"#.into()),
        _ => (401, "text/plain", format!("no: {}", asked.header("authorization").unwrap_or_default())),
    })
    .await
    .unwrap()
}

fn stock(web: &ScriptedWeb) -> Value {
    json!({
        "name": "stock_level", "description": "How many of an item are left.",
        "url": format!("{}/stock/{{id}}", web.url), "response_path": "/item/left",
        "headers": { "Authorization": format!("Bearer {SECRET}") },
        "parameters": {
            "type": "object", "properties": { "id": { "type": "string", "description": "The item." } },
            "required": ["id"], "additionalProperties": false
        },
    })
}

fn path(tool: &Value) -> String {
    format!("/api/v1/added-tools/{}", tool["id"].as_str().unwrap())
}

async fn names(app: &App) -> Vec<String> {
    let tools = app.get("/api/v1/tools").await.expect(200);
    tools.as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap().to_owned()).collect()
}

async fn call(app: &App, name: &str, arguments: Value) -> Value {
    app.post(&format!("/api/v1/tools/{name}/call"), json!({ "arguments": arguments })).await.expect(200)
}

#[tokio::test]
async fn a_request_becomes_a_tool_without_a_restart_and_its_secret_is_never_told() {
    let (app, web) = (app().await, shop().await);
    let added = app.post("/api/v1/added-tools", stock(&web)).await;
    assert!(!added.text.contains(SECRET));
    let added = added.expect(201);
    assert_eq!((&added["header_names"], &added["method"]), (&json!(["Authorization"]), &json!("GET")));
    assert!(names(&app).await.contains(&"stock_level".to_owned()));
    let answer = call(&app, "stock_level", json!({ "id": "17" })).await;
    assert_eq!((&answer["result"], &answer["is_error"]), (&json!("3"), &json!(false)));
    assert_eq!(web.asked()[0].header("authorization"), Some(format!("Bearer {SECRET}").as_str()));
    let failed = call(&app, "stock_level", json!({ "id": "18" })).await;
    assert_eq!((&failed["is_error"], &failed["result"]), (&json!(true), &json!("status 401: no: Bearer …")));
    let refused = call(&app, "stock_level", json!({ "id": 7 })).await;
    assert_eq!(refused["result"], "`id` is a number, expected a string");
    // Over MCP it is one more tool.
    let rpc = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
        "name": "stock_level", "arguments": { "id": "17" } }});
    let request = axum::http::Request::post("/mcp")
        .header("content-type", "application/json")
        .header("content-length", rpc.to_string().len())
        .header("accept", "application/json, text/event-stream")
        .header("mcp-protocol-version", "2025-11-25");
    let called = app.send(request.body(rpc.to_string().into()).unwrap()).await.expect(200);
    assert_eq!(called["result"]["content"][0]["text"], "3", "{called}");

    assert!(!app.get("/api/v1/added-tools").await.text.contains(SECRET));
    assert!(!app.get("/tools").await.text.contains(SECRET));
    app.patch(&path(&added), json!({ "is_active": false })).await.expect(200);
    assert!(!names(&app).await.contains(&"stock_level".to_owned()));
    app.patch(&path(&added), json!({ "is_active": true })).await.expect(200);
    assert_eq!(call(&app, "stock_level", json!({ "id": "17" })).await["result"], "3");
    assert_eq!(app.delete(&path(&added)).await.status, 204);
    app.delete(&path(&added)).await.problem(404);
    assert!(!names(&app).await.contains(&"stock_level".to_owned()));
}

#[tokio::test]
async fn a_secret_does_not_follow_to_another_address() {
    let (app, web) = (app().await, shop().await);
    let added = app.post("/api/v1/added-tools", stock(&web)).await.expect(201);
    let elsewhere = "https://evil.example/{id}";
    let refused = app.patch(&path(&added), json!({ "url": elsewhere })).await.problem(422);
    assert!(refused.contains("given again"), "{refused}");
    let without = json!({ "url": elsewhere, "headers": { "Authorization": null } });
    assert_eq!(app.patch(&path(&added), without).await.expect(200)["header_names"], json!([]));
}

#[tokio::test]
async fn what_could_not_work_or_would_shadow_a_tool_of_ours_is_refused_by_its_field() {
    let (app, web) = (app().await, shop().await);
    app.post("/api/v1/added-tools", stock(&web)).await.expect(201);
    for (field, value) in [
        ("name", json!("calculate")),
        ("name", json!("fetch_page")),
        ("name", json!("stock_level")),
        ("name", json!("shop__calculate")),
        ("description", json!("")),
        ("url", json!("https://{id}.example/")),
        ("url", json!("http://169.254.169.254/{id}")),
        ("url", json!("https://h.example/{unknown}")),
        ("method", json!("TRACE")),
        ("parameters", json!({ "type": "object", "magic": true })),
        ("response_path", json!("left")),
        ("headers", json!({ "Host": "evil.example" })),
        ("timeout_ms", json!(1)),
    ] {
        let mut draft = stock(&web);
        draft["name"] = json!("other");
        draft[field] = value.clone();
        let refused = app.post("/api/v1/added-tools", draft).await.problem(422);
        assert!(refused.contains(field), "{field} {value}: {refused}");
    }
}

#[tokio::test]
async fn without_the_operators_leave_nothing_reaches_the_network() {
    let web = shop().await;
    let app = App::start().await;
    let refused = app.post("/api/v1/added-tools", stock(&web)).await.problem(409);
    assert!(refused.contains("TOOLS_NETWORK=true"), "{refused}");
    assert!(!names(&app).await.contains(&"fetch_page".to_owned()));
    let public = App::with(&[("TOOLS_NETWORK", "true")]).await;
    assert!(names(&public).await.contains(&"fetch_page".to_owned()));
    let refused = public.post("/api/v1/added-tools", stock(&web)).await.problem(422);
    assert!(refused.contains("not on the public internet"), "{refused}");
    let page = call(&public, "fetch_page", json!({ "url": web.url })).await;
    assert_eq!(page["is_error"], true);
    assert!(web.asked().is_empty());
}

fn server(asked: &Asked) -> Answered {
    let request: Value = serde_json::from_str(&asked.body).unwrap_or_default();
    let result = match request["method"].as_str() {
        Some("initialize") => json!({
            "protocolVersion": "2025-11-25", "capabilities": { "tools": {} },
            "serverInfo": { "name": "scripted", "version": "1" },
        }),
        Some("tools/list") => json!({ "tools": [
            { "name": "calculate", "description": "Not ours.", "inputSchema": { "type": "object" } },
            { "name": "look.up", "description": "Looks up.", "inputSchema": { "type": "object" } },
        ] }),
        Some("tools/call") => json!({ "content": [{ "type": "text", "text": request["params"]["name"] }] }),
        _ if asked.method == "POST" => return (202, "text/plain", String::new()),
        _ => return (405, "text/plain", String::new()),
    };
    (200, "application/json", json!({ "jsonrpc": "2.0", "id": request["id"], "result": result }).to_string())
}

#[tokio::test]
async fn tools_of_another_server_are_listed_off_and_switched_on_one_by_one() {
    let (app, web) = (app().await, ScriptedWeb::start(server).await.unwrap());
    let draft = json!({ "kind": "mcp", "name": "shop", "url": format!("{}/mcp", web.url) });
    let added = app.post("/api/v1/added-tools", draft).await.expect(201);
    let listed: Vec<_> =
        added["tools"].as_array().unwrap().iter().map(|tool| (&tool["name"], &tool["is_on"])).collect();
    assert_eq!(listed, [(&json!("calculate"), &json!(false)), (&json!("look.up"), &json!(false))]);
    assert!(!names(&app).await.iter().any(|name| name.starts_with("shop")));
    app.patch(&path(&added), json!({ "tools_on": ["look.up"] })).await.expect(200);
    assert!(names(&app).await.contains(&"shop__look_up".to_owned()));
    assert_eq!(call(&app, "shop__look_up", json!({})).await["result"], "look.up");
    assert_eq!(call(&app, "calculate", json!({ "expression": "1+1" })).await["result"], "2");
    let refreshed = app.call("POST", &format!("{}/refresh", path(&added)), None).await.expect(200);
    assert_eq!(refreshed["tools"][1]["is_on"], true);
    let refused = app.patch(&path(&added), json!({ "tools_on": ["fly"] })).await.problem(422);
    assert!(refused.contains("does not offer"), "{refused}");

    let page = ScriptedWeb::start(|_| (200, "text/html", "<html>".into())).await.unwrap();
    let draft = json!({ "kind": "mcp", "name": "page", "url": page.url });
    let refused = app.post("/api/v1/added-tools", draft).await.problem(422);
    assert!(refused.contains("does not answer as an MCP server"), "{refused}");
}

#[tokio::test]
async fn a_tool_can_be_tried_and_one_that_does_not_exist_is_said_so() {
    let app = App::start().await;
    let answer = call(&app, "convert_units", json!({ "value": 5, "from": "mi", "to": "km" })).await;
    assert_eq!((&answer["result"], &answer["is_error"]), (&json!("8.04672 km"), &json!(false)));
    assert!(answer["duration_ms"].is_i64());
    let failed = call(&app, "calculate", json!({ "expression": "1/0" })).await;
    assert_eq!(failed["is_error"], true);
    let unknown = app.post("/api/v1/tools/teleport/call", json!({ "arguments": {} })).await.problem(404);
    assert!(unknown.contains("the tools are calculate"), "{unknown}");
}
