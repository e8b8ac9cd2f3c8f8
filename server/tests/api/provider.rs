//! Agents of type `openai` against a scripted Responses API server, through REST and the socket.

use crate::support::{App, Socket};
use agents::testing::{Reply, ScriptedProvider};
use serde_json::{Value, json};

/// The application with a key, and the provider that says what the script says.
async fn scripted(script: impl IntoIterator<Item = Reply>) -> (App, ScriptedProvider) {
    let provider = ScriptedProvider::start(script).await.unwrap();
    let app = App::with(&[("OPENAI_API_KEY", "sk-test-secret"), ("OPENAI_BASE_URL", provider.base_url())]).await;
    (app, provider)
}

fn kinds(frames: &[Value]) -> Vec<&str> {
    frames.iter().map(|frame| frame["type"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_streamed_conversation_of_two_turns_and_two_tool_calls_is_stored_whole() {
    let (app, provider) = scripted([
        Reply::calls([("call_1", "calculate", r#"{"expression":"15*23"}"#)]),
        Reply::text("It is 345."),
        Reply::calls([("call_2", "get_weather", r#"{"location":"Paris"}"#)]),
        Reply::text("Mild in Paris."),
    ])
    .await;
    let agent = app.agent("openai", "gpt-4o").await;
    let mut socket = app.socket(&format!("/api/v1/chat/ws/{agent}")).await;

    socket.send(r#"{"message":"What is 15 * 23?"}"#).await;
    let first = socket.turn().await;
    assert_eq!(kinds(&first), ["ack", "tool_call", "tool_result", "token", "token", "token", "response"]);
    let answer = first.last().unwrap();
    assert_eq!((&answer["response"], &answer["tool_calls"][0]["result"]), (&json!("It is 345."), &json!("345")));
    socket.send("And the weather in Paris?").await;
    let second = socket.turn().await;
    assert_eq!(second.last().unwrap()["conversation_id"], answer["conversation_id"]);

    let path = format!("/api/v1/conversations/{}", answer["conversation_id"].as_str().unwrap());
    let stored = app.get(&path).await.expect(200);
    let messages = stored["messages"].as_array().unwrap();
    let said: Vec<_> = messages.iter().map(|message| message["content"].as_str().unwrap()).collect();
    assert_eq!(said, ["What is 15 * 23?", "It is 345.", "And the weather in Paris?", "Mild in Paris."]);
    for (message, tool) in [(&messages[1], "calculate"), (&messages[3], "get_weather")] {
        let call = &message["tool_calls"][0];
        assert_eq!(call["tool_name"], tool);
        assert!(call["result"].as_str().is_some_and(|result| !result.is_empty()), "{call}");
        assert!(call["duration_ms"].is_i64() && call["arguments_json"].is_object(), "{call}");
    }

    let requests = provider.requests();
    assert_eq!(requests.len(), 4);
    assert_eq!(requests[0].authorization.as_deref(), Some("Bearer sk-test-secret"));
    let history = requests[2].body["input"].to_string();
    assert!(history.contains("It is 345.") && history.contains("And the weather in Paris?"), "{history}");
}

#[tokio::test]
async fn the_same_through_rest() {
    let (app, _provider) =
        scripted([Reply::calls([("call_1", "calculate", r#"{"expression":"2+2"}"#)]), Reply::text("Four.")]).await;
    let agent = app.agent("openai", "gpt-4o").await;
    let answer = app.post("/api/v1/chat/", json!({ "agent_id": agent, "message": "2+2?" })).await.expect(200);
    assert_eq!((&answer["response"], &answer["tool_calls"][0]["result"]), (&json!("Four."), &json!("4")));
    assert!(answer["tool_calls"][0]["duration_ms"].is_i64());
}

#[tokio::test]
async fn a_provider_that_refuses_is_502_and_its_echo_of_the_key_is_not_repeated() {
    let (app, _provider) =
        scripted([Reply::error(401, "invalid_api_key", "Incorrect API key provided: sk-test-secret")]).await;
    let agent = app.agent("openai", "gpt-4o").await;
    let reply = app.post("/api/v1/chat", json!({ "agent_id": agent, "message": "Hello" })).await;
    let detail = reply.problem(502);
    assert!(detail.contains("401") || detail.contains("key"), "{detail}");
    assert!(!reply.text.contains("sk-test-secret"), "{}", reply.text);
}

#[tokio::test]
async fn stop_reaches_the_providers_connection_and_ends_the_turn() {
    let (app, provider) = scripted([Reply::hang("Once upon a time")]).await;
    let agent = app.agent("openai", "gpt-4o").await;
    let mut socket = app.socket(&format!("/api/v1/chat/ws/{agent}")).await;
    socket.send("Tell me a story").await;
    while socket.next().await.unwrap()["type"] != "token" {}
    socket.send(r#"{"type":"stop"}"#).await;
    let end = socket.turn().await.pop().unwrap();
    assert!(end["type"] == "response" || end["type"] == "error", "{end}");
    provider.abandoned().await;
    socket.send(r#"{"text":"still open"}"#).await;
    assert_eq!(socket.turn().await.pop().unwrap()["type"], "error");
}

#[tokio::test]
async fn a_client_that_leaves_in_the_middle_does_not_lose_the_answer() {
    let (app, provider) =
        scripted([Reply::calls([("call_1", "calculate", r#"{"expression":"6*7"}"#)]), Reply::text("It is 42.")]).await;
    let agent = app.agent("openai", "gpt-4o").await;
    let mut socket = app.socket(&format!("/api/v1/chat/ws/{agent}")).await;
    socket.send("What is 6 * 7?").await;
    let ack = socket.next().await.unwrap();
    drop(socket);
    provider.asked(2).await;
    let path = format!("/api/v1/conversations/{}", ack["conversation_id"].as_str().unwrap());
    loop {
        let stored = app.get(&path).await.expect(200);
        if let Some(answer) = stored["messages"].get(1) {
            assert_eq!(answer["content"], "It is 42.");
            break;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_socket_that_comes_back_reads_on_and_the_transcript_is_the_same() {
    let (app, provider) = scripted([Reply::hang("One two three four")]).await;
    let agent = app.agent("openai", "gpt-4o").await;
    let address = app.listen().await;
    let path = format!("/api/v1/chat/ws/{agent}");
    let mut socket = Socket::open(address, &path, &[]).await.unwrap();
    socket.send("Count").await;
    let ack = socket.next().await.unwrap();
    let first = socket.next().await.unwrap();
    assert_eq!((&first["type"], &first["text"]), (&json!("token"), &json!("One ")));
    assert!(first["seq"].as_i64() > ack["seq"].as_i64());
    drop(socket);
    let conversation = ack["conversation_id"].as_str().unwrap();
    let back = format!("{path}?conversation_id={conversation}&after={}", first["seq"]);
    let mut again = Socket::open(address, &back, &[]).await.unwrap();
    let mut text = String::from("One ");
    while text != "One two three four" {
        let frame = again.next().await.unwrap();
        assert_eq!(frame["type"], "token", "{frame}");
        text.push_str(frame["text"].as_str().unwrap());
    }
    // Whoever follows can stop it, and everyone who follows is told.
    let mut third = Socket::open(address, &back, &[]).await.unwrap();
    third.send(r#"{"type":"stop"}"#).await;
    provider.abandoned().await;
    assert_eq!(again.turn().await.pop().unwrap()["type"], "error");
    assert_eq!(third.turn().await.pop().unwrap()["type"], "error");
    let stored = app.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200);
    assert_eq!(stored["messages"][1]["content"], text);
}

#[tokio::test]
async fn a_client_that_comes_back_too_late_is_told_that_nothing_is_under_way() {
    let (app, _provider) = scripted([Reply::text("Hi.")]).await;
    let agent = app.agent("openai", "gpt-4o").await;
    let said = app.post("/api/v1/chat", json!({ "agent_id": agent, "message": "Hello" })).await.expect(200);
    let conversation = said["conversation_id"].as_str().unwrap();
    let path = format!("/api/v1/chat/ws/{agent}?conversation_id={conversation}&after=7");
    let mut socket = app.socket(&path).await;
    let idle = socket.next().await.unwrap();
    assert_eq!((&idle["type"], &idle["conversation_id"]), (&json!("idle"), &said["conversation_id"]));
    socket.send("Again").await;
    assert_eq!(socket.turn().await.pop().unwrap()["type"], "response");
}

/// The application with an agent that asks before it calculates, and a socket to it.
async fn asking(script: impl IntoIterator<Item = Reply>) -> (App, ScriptedProvider, Socket) {
    let (app, provider) = scripted(script).await;
    let draft = json!({
        "agent_type": "openai", "model": "gpt-4o", "temperature": 0.0, "config_json": { "ask_before": "calculate" }
    });
    let agent = app.post("/api/v1/agents", draft).await.expect(201)["id"].as_str().unwrap().to_owned();
    let socket = app.socket(&format!("/api/v1/chat/ws/{agent}")).await;
    (app, provider, socket)
}

const SUM: &str = r#"{"expression":"6*7"}"#;

async fn asked(socket: &mut Socket) -> Value {
    loop {
        let frame = socket.next().await.unwrap();
        if frame["type"] == "approval_request" {
            return frame;
        }
    }
}

#[tokio::test]
async fn a_call_that_is_asked_for_waits_and_runs_when_a_person_agrees() {
    let script = [Reply::calls([("call_1", "calculate", SUM)]), Reply::text("It is 42.")];
    let (app, _provider, mut socket) = asking(script).await;
    socket.send("6 * 7?").await;
    let question = asked(&mut socket).await;
    assert_eq!((&question["tool_name"], &question["arguments"]["expression"]), (&json!("calculate"), &json!("6*7")));
    let waiting = app.get("/api/v1/approvals").await.expect(200);
    assert_eq!((&waiting[0]["id"], &waiting[0]["expires_at"]), (&question["id"], &question["expires_at"]));
    let path = format!("/api/v1/approvals/{}", question["id"].as_str().unwrap());
    app.post(&path, json!({ "approve": true })).await.expect(204);
    let rest = socket.turn().await;
    let told = rest.iter().find(|frame| frame["type"] == "approval_answered").unwrap();
    assert_eq!((&told["id"], &told["approved"]), (&question["id"], &json!(true)));
    assert_eq!(rest.last().unwrap()["tool_calls"][0]["result"], "42");
    app.post(&path, json!({ "approve": true })).await.problem(404);
    assert_eq!(app.get("/api/v1/approvals").await.expect(200), json!([]));
}

#[tokio::test]
async fn a_refused_call_does_not_run_and_the_model_is_told_why() {
    let script = [Reply::calls([("call_1", "calculate", SUM)]), Reply::text("Then not.")];
    let (_app, provider, mut socket) = asking(script).await;
    socket.send("6 * 7?").await;
    let id = asked(&mut socket).await["id"].clone();
    socket.send(&json!({ "type": "refuse", "id": id, "reason": "too dear" }).to_string()).await;
    let end = socket.turn().await.pop().unwrap();
    let call = &end["tool_calls"][0];
    assert_eq!(
        (&call["result"], &call["is_error"]),
        (&json!("not run: a person refused this call: too dear"), &json!(true))
    );
    assert!(provider.requests()[1].body["input"].to_string().contains("too dear"));
    socket.send(&json!({ "type": "approve", "id": id }).to_string()).await;
    assert_eq!(socket.next().await.unwrap()["type"], "note");
}

#[tokio::test]
async fn a_waiting_call_goes_with_its_turn_and_an_unknown_tool_is_refused_in_the_form() {
    let (app, _provider, mut socket) = asking([Reply::calls([("call_1", "calculate", SUM)])]).await;
    socket.send("6 * 7?").await;
    asked(&mut socket).await;
    socket.send(r#"{"type":"stop"}"#).await;
    assert_eq!(socket.turn().await.pop().unwrap()["type"], "error");
    assert_eq!(app.get("/api/v1/approvals").await.expect(200), json!([]));
    let draft = json!({ "agent_type": "openai", "model": "gpt-4o", "config_json": { "ask_before": "fly" } });
    let refused = app.post("/api/v1/agents", draft).await.problem(422);
    assert_eq!(refused, "`config_json.ask_before` names `fly`, which is no tool");
}

#[tokio::test]
async fn the_key_is_in_no_answer() {
    let (app, _provider) = scripted([Reply::text("Hi.")]).await;
    for path in ["/api/v1/overview", "/api/v1/agents", "/api/v1/frameworks", "/api/v1/health", "/openapi.json"] {
        assert!(!app.get(path).await.text.contains("sk-test-secret"), "{path}");
    }
}
