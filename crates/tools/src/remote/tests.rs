//! Tools of another server, against a scripted one that speaks MCP over plain JSON.

use super::*;
use crate::{
    ToolRegistry,
    outbound::Reach,
    testing::{Answered, Asked, ScriptedWeb},
};

fn server(asked: &Asked) -> Answered {
    if asked.method != "POST" {
        return (405, "text/plain", String::new());
    }
    let request: Value = serde_json::from_str(&asked.body).unwrap();
    let result = match request["method"].as_str().unwrap() {
        "initialize" => json!({
            "protocolVersion": "2025-11-25", "capabilities": { "tools": {} },
            "serverInfo": { "name": "scripted", "version": "1" },
        }),
        "tools/list" if request["params"]["cursor"].is_null() => json!({
            "tools": [{ "name": "Look.Up", "description": "Looks up.", "inputSchema": {
                "type": "object", "properties": { "id": { "type": "string" } }, "required": ["id"] } }],
            "nextCursor": "2",
        }),
        "tools/list" => json!({ "tools": [{ "name": "calculate", "inputSchema": { "type": "object" } }] }),
        "tools/call" => match request["params"]["arguments"]["id"].as_str() {
            Some("bad") => json!({
                "content": [{ "type": "text", "text": "no such id; your key is key-secret" }], "isError": true
            }),
            _ => json!({ "content": [
                { "type": "text", "text": request["params"]["name"] }, { "type": "image", "data": "AA==", "mimeType": "image/png" }
            ] }),
        },
        _ => return (202, "text/plain", String::new()),
    };
    let answer = json!({ "jsonrpc": "2.0", "id": request["id"], "result": result });
    (200, "application/json", answer.to_string())
}

async fn connected() -> (ScriptedWeb, RemoteServer) {
    let web = ScriptedWeb::start(server).await.unwrap();
    let headers = [("Authorization".to_owned(), "Bearer key-secret".to_owned())];
    let outbound = Outbound::new(Reach::Private).unwrap();
    let server = RemoteServer::new(&format!("{}/mcp", web.url), &headers, outbound).unwrap();
    (web, server)
}

#[tokio::test]
async fn all_pages_of_tools_are_listed() {
    let (web, server) = connected().await;
    let tools = server.list().await.unwrap();
    let names: Vec<&str> = tools.iter().map(|tool| tool.name.as_str()).collect();
    assert_eq!(names, ["Look.Up", "calculate"]);
    assert_eq!(tools[0].parameters["required"], json!(["id"]));
    assert!(web.asked().iter().all(|asked| asked.header("authorization") == Some("Bearer key-secret")));
}

#[tokio::test]
async fn a_remote_tool_is_called_by_its_own_name_and_cannot_shadow_ours() {
    let (_web, server) = connected().await;
    let told = server.list().await.unwrap();
    let server = Arc::new(server);
    let tools = told.into_iter().fold(ToolRegistry::default(), |tools, told| {
        tools.with(RemoteTool::new(server.clone(), "shop", told, ToolBounds::default()))
    });
    let names: Vec<String> = tools.specs().iter().map(|spec| spec.name.clone()).collect();
    assert_eq!(names, ["shop__calculate", "shop__look_up"]);
    let call = async |arguments: Value| {
        tools.call("shop__look_up", arguments.as_object().unwrap(), &CancellationToken::new()).await
    };
    assert_eq!(call(json!({ "id": "1" })).await.unwrap(), "Look.Up\n{\"omitted\":\"image\"}");
    assert_eq!(call(json!({ "id": "bad" })).await.unwrap_err().to_string(), "no such id; your key is …");
    assert!(call(json!({})).await.unwrap_err().to_string().contains("`id` is missing"));
}

#[tokio::test]
async fn what_is_no_mcp_server_is_said_so() {
    let web = ScriptedWeb::start(|_| (200, "text/html", "<html>".into())).await.unwrap();
    let outbound = Outbound::new(Reach::Private).unwrap();
    let server = RemoteServer::new(&web.url, &[], outbound.clone()).unwrap();
    let told = server.list().await.unwrap_err();
    assert!(told.contains("does not answer as an MCP server"), "{told}");
    assert_eq!(RemoteServer::new("mcp", &[], outbound).err().unwrap().0, "url");
    let public = Outbound::new(Reach::Public).unwrap();
    assert_eq!(RemoteServer::new(&web.url, &[], public).err().unwrap().0, "url");
}

#[test]
fn a_name_is_made_safe_and_short() {
    assert_eq!(offered_name("shop", "Look up/é"), "shop__look_up__");
    assert_eq!(offered_name("shop", &"x".repeat(200)).len(), NAME_CHARS_MAX);
}
