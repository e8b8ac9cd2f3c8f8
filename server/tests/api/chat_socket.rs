//! The chat socket with local agents: every turn is `ack`, streamed frames, then one `response` or `error`.

use crate::support::{App, Socket};
use serde_json::{Value, json};

fn kinds(frames: &[Value]) -> Vec<&str> {
    frames.iter().map(|frame| frame["type"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_turn_is_acknowledged_streamed_and_answered() {
    let app = App::start().await;
    let agent = app.local_agent().await;
    let mut socket = app.socket(&format!("/api/v1/chat/ws/{agent}")).await;
    socket.send(r#"{"message":"What is 15 * 23?"}"#).await;
    let frames = socket.turn().await;
    assert_eq!((&frames[0]["type"], &frames[0]["status"]), (&json!("ack"), &json!("processing")));
    let kinds = kinds(&frames);
    assert!(kinds.contains(&"tool_call") && kinds.contains(&"tool_result"), "{kinds:?}");
    assert_eq!(kinds.iter().filter(|kind| **kind == "response").count(), 1);
    let answer = frames.last().unwrap();
    assert!(answer["response"].as_str().unwrap().contains("345"), "{answer}");
    let call = &answer["tool_calls"][0];
    assert_eq!((&call["tool_name"], &call["result"]), (&json!("calculate"), &json!("345")));
    assert!(call["arguments"]["expression"].is_string() && call["id"].is_string(), "{call}");
    assert!(answer["message_id"].is_string() && answer["sequence_num"] == 2);
}

#[tokio::test]
async fn plain_text_is_a_message_and_the_conversation_goes_on() {
    let app = App::start().await;
    let agent = app.local_agent().await;
    let mut socket = app.socket(&format!("/api/v1/chat/ws/{agent}/")).await;
    socket.send("Hello").await;
    let first = socket.turn().await.pop().unwrap();
    socket.send("What is 1 + 1?").await;
    let second = socket.turn().await.pop().unwrap();
    assert_eq!((&second["conversation_id"], &second["sequence_num"]), (&first["conversation_id"], &json!(4)));
}

#[tokio::test]
async fn messages_sent_together_are_answered_in_turn() {
    let app = App::start().await;
    let agent = app.local_agent().await;
    let mut socket = app.socket(&format!("/api/v1/chat/ws/{agent}")).await;
    socket.send("What is 1 + 1?").await;
    socket.send("What is 2 + 2?").await;
    assert!(socket.turn().await.pop().unwrap()["response"].as_str().unwrap().contains('2'));
    let second = socket.turn().await;
    assert_eq!(second[0]["type"], "ack");
    assert!(second.last().unwrap()["response"].as_str().unwrap().contains('4'));
}

#[tokio::test]
async fn a_named_conversation_goes_on() {
    let app = App::start().await;
    let agent = app.local_agent().await;
    let said = app.post("/api/v1/chat", json!({ "agent_id": agent, "message": "Hello" })).await.expect(200);
    let id = said["conversation_id"].as_str().unwrap();
    let mut socket = app.socket(&format!("/api/v1/chat/ws/{agent}?conversation_id={id}")).await;
    socket.send("Hello again").await;
    let answer = socket.turn().await.pop().unwrap();
    assert_eq!((&answer["conversation_id"], &answer["sequence_num"]), (&json!(id), &json!(4)));
}

#[tokio::test]
async fn an_empty_conversation_begins_anew_and_nonsense_is_refused() {
    let app = App::start().await;
    let agent = app.local_agent().await;
    let address = app.listen().await;
    let open = |query: &str| {
        let path = format!("/api/v1/chat/ws/{agent}?conversation_id={query}");
        async move { Socket::open(address, &path, &[]).await }
    };
    assert!(open("").await.is_ok());
    assert_eq!(open("nonsense").await.err(), Some(422));
}

#[tokio::test]
async fn what_is_no_message_is_an_error_and_the_socket_stays_open() {
    let app = App::start().await;
    let agent = app.local_agent().await;
    let mut socket = app.socket(&format!("/api/v1/chat/ws/{agent}")).await;
    socket.send(r#"{"text":"Hello"}"#).await;
    assert!(socket.turn().await.pop().unwrap()["error"].as_str().unwrap().contains("message"));
    socket.send(r#"{"message":""}"#).await;
    assert_eq!(socket.turn().await.pop().unwrap()["type"], "error");
    socket.send("Hello").await;
    assert_eq!(socket.turn().await.pop().unwrap()["type"], "response");
}

#[tokio::test]
async fn an_unknown_agent_is_told_and_closed_with_4404() {
    let app = App::start().await;
    let address = app.listen().await;
    for agent in ["00000000-0000-0000-0000-000000000000", "nonsense"] {
        let (frames, code) = Socket::open(address, &format!("/api/v1/chat/ws/{agent}"), &[]).await.unwrap().all().await;
        assert_eq!((kinds(&frames), code), (vec!["error"], 4404), "{agent}");
    }
}

#[tokio::test]
async fn a_message_larger_than_its_bound_closes_the_socket() {
    let app = App::start().await;
    let agent = app.local_agent().await;
    let mut socket = app.socket(&format!("/api/v1/chat/ws/{agent}")).await;
    socket.send(&"x".repeat(300 * 1024)).await;
    let (frames, code) = socket.all().await;
    assert!(frames.is_empty());
    assert!(code == 1009 || code == 1006, "{code}");
}
