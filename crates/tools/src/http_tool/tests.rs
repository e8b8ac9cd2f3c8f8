//! Tools without code, against a scripted server.

use super::*;
use crate::{ToolRegistry, outbound::Reach, testing::ScriptedWeb};
use serde_json::json;
use std::time::Duration;

fn settings(url: &str, method: &str) -> HttpToolSettings {
    HttpToolSettings {
        spec: ToolSpec {
            name: "stock".into(),
            description: "Looks up how many are in stock.".into(),
            parameters: json!({
                "type": "object",
                "properties": { "id": { "type": "string" }, "count": { "type": "integer" } },
                "required": ["id"],
                "additionalProperties": false
            }),
        },
        method: method.into(),
        url: url.into(),
        headers: vec![("Authorization".into(), "Bearer key-secret".into())],
        response_path: None,
        bounds: ToolBounds::default(),
    }
}

fn refused(change: impl Fn(&mut HttpToolSettings)) -> (&'static str, String) {
    let mut settings = settings("https://h.example/{id}", "GET");
    change(&mut settings);
    HttpTool::new(settings, Outbound::new(Reach::Public).unwrap()).err().unwrap()
}

async fn call(settings: HttpToolSettings, arguments: Value) -> Result<String, String> {
    let tool = HttpTool::new(settings, Outbound::new(Reach::Private).unwrap()).map_err(|(_, why)| why)?;
    let tools = ToolRegistry::default().with(tool);
    let answer = tools.call("stock", arguments.as_object().unwrap(), &CancellationToken::new()).await;
    answer.map_err(|error| error.to_string())
}

#[tokio::test]
async fn arguments_go_where_the_method_has_room_for_them() {
    let web = ScriptedWeb::start(|_| (200, "application/json", "{\"n\": [{\"left\": 3}]}".into())).await.unwrap();
    let url = format!("{}/items/{{id}}?lang=en", web.url);
    let arguments = json!({ "id": "a b", "count": 2 });
    assert_eq!(call(settings(&url, "GET"), arguments.clone()).await.unwrap(), "{\"n\": [{\"left\": 3}]}");
    call(settings(&url, "POST"), arguments).await.unwrap();
    let [get, post] = web.asked().try_into().unwrap();
    assert_eq!((get.method.as_str(), get.target.as_str()), ("GET", "/items/a%20b?lang=en&count=2"));
    assert_eq!((post.target.as_str(), post.body.as_str()), ("/items/a%20b?lang=en", "{\"count\":2}"));
    assert_eq!(post.header("content-type"), Some("application/json"));
    assert_eq!(get.header("authorization"), Some("Bearer key-secret"));
}

#[tokio::test]
async fn the_response_path_chooses_a_part_of_the_answer() {
    let web = ScriptedWeb::start(|_| (200, "application/json", r#"{"a": [{"b": "x"}, {"b": 2}]}"#.into()));
    let web = web.await.unwrap();
    let url = format!("{}/{{id}}", web.url);
    for (path, expected) in [
        ("/a/0/b", Ok("x")),
        ("$.a[1].b", Ok("2")),
        ("$.a[*].b", Ok(r#"["x",2]"#)),
        ("/none", Err("the answer has nothing at /none")),
    ] {
        let settings = HttpToolSettings { response_path: Some(path.into()), ..settings(&url, "GET") };
        let answer = call(settings, json!({ "id": "1" })).await;
        assert_eq!(answer, expected.map(str::to_owned).map_err(str::to_owned), "{path}");
    }
}

#[tokio::test]
async fn arguments_are_checked_first_and_an_error_that_echoes_the_key_is_redacted() {
    let web = ScriptedWeb::start(|_| (401, "text/plain", "wrong key: key-secret".into())).await.unwrap();
    let url = format!("{}/{{id}}", web.url);
    let told = call(settings(&url, "GET"), json!({ "id": 5 })).await.unwrap_err();
    assert_eq!((told.as_str(), web.asked().len()), ("`id` is a number, expected a string", 0));
    let told = call(settings(&url, "GET"), json!({ "id": "5" })).await.unwrap_err();
    assert_eq!(told, "status 401: wrong key: …");
}

#[tokio::test]
async fn time_and_size_are_the_tools_own() {
    let web = ScriptedWeb::start(|_| (200, "text/plain", "x".repeat(3000))).await.unwrap();
    let bounds = ToolBounds { bytes_max: 1000, cached: Duration::from_secs(60), ..ToolBounds::default() };
    let tool = HttpToolSettings { bounds, ..settings(&format!("{}/{{id}}", web.url), "GET") };
    let tools = ToolRegistry::default().with(HttpTool::new(tool, Outbound::new(Reach::Private).unwrap()).ok().unwrap());
    for id in ["1", "1", "2"] {
        let arguments = json!({ "id": id });
        let answer = tools.call("stock", arguments.as_object().unwrap(), &CancellationToken::new()).await.unwrap();
        assert!(answer.len() < 1100 && answer.ends_with("longer than 1000 bytes]"), "{}", answer.len());
    }
    assert_eq!(web.asked().len(), 2, "the second call with the same arguments is answered from what was kept");
}

#[test]
fn a_wrong_description_is_refused_by_its_field() {
    assert_eq!(refused(|tool| tool.method = "TRACE".into()).0, "method");
    assert_eq!(refused(|tool| tool.url = "https://{id}/".into()).0, "url");
    assert_eq!(refused(|tool| tool.url = "https://h.example/{other}".into()).0, "url");
    assert_eq!(refused(|tool| tool.url = "http://127.0.0.1/{id}".into()).0, "url");
    assert_eq!(refused(|tool| tool.spec.parameters = json!({ "type": "string" })).0, "parameters");
    assert_eq!(refused(|tool| tool.spec.parameters = json!({ "type": "object", "magic": 1 })).0, "parameters");
    assert_eq!(refused(|tool| tool.response_path = Some("items".into())).0, "response_path");
    assert_eq!(refused(|tool| tool.headers[0].0 = "Host".into()).0, "headers");
    let (field, why) = refused(|tool| tool.headers[0].1 = "key\nsecret".into());
    assert!(field == "headers" && !why.contains("secret"));
}
