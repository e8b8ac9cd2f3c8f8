//! `/api/v1/chat` with local agents, and what happens without a key. The provider's side is in `provider.rs`.

use crate::support::App;
use serde_json::{Value, json};

async fn ask(app: &App, agent: &str, message: &str) -> Value {
    app.post("/api/v1/chat", json!({ "agent_id": agent, "message": message })).await.expect(200)
}

#[tokio::test]
async fn a_local_agent_answers_with_a_real_calculation() {
    let app = App::start().await;
    let agent = app.local_agent().await;
    let answer = ask(&app, &agent, "What is 15 * 23?").await;
    assert!(answer["response"].as_str().unwrap().contains("345"), "{answer}");
    assert_eq!((&answer["agent_id"], &answer["sequence_num"]), (&json!(agent), &json!(2)));
    let call = &answer["tool_calls"][0];
    assert_eq!((&call["tool_name"], &call["result"]), (&json!("calculate"), &json!("345")));
    assert!(call["arguments_json"]["expression"].is_string() && call["duration_ms"].is_i64(), "{call}");
}

#[tokio::test]
async fn a_greeting_calls_no_tool() {
    let app = App::start().await;
    let agent = app.local_agent().await;
    assert_eq!(ask(&app, &agent, "Hello, how are you?").await["tool_calls"], json!([]));
}

#[tokio::test]
async fn a_conversation_goes_on_and_an_unknown_one_begins_anew() {
    let app = App::start().await;
    let agent = app.local_agent().await;
    let first = ask(&app, &agent, "Hello").await;
    let body = json!({ "agent_id": agent, "message": "What is 1 + 1?", "conversation_id": first["conversation_id"] });
    let second = app.post("/api/v1/chat/", body).await.expect(200);
    assert_eq!((&second["conversation_id"], &second["sequence_num"]), (&first["conversation_id"], &json!(4)));
    let unknown = "00000000-0000-0000-0000-000000000000";
    let body = json!({ "agent_id": agent, "message": "Hello", "conversation_id": unknown });
    let third = app.post("/api/v1/chat", body).await.expect(200);
    assert!(third["conversation_id"] != unknown && third["conversation_id"] != first["conversation_id"]);
}

#[tokio::test]
async fn an_unknown_agent_is_not_found() {
    let app = App::start().await;
    let body = json!({ "agent_id": "00000000-0000-0000-0000-000000000000", "message": "Hello" });
    app.post("/api/v1/chat", body).await.problem(404);
}

#[tokio::test]
async fn an_empty_message_is_refused() {
    let app = App::start().await;
    let agent = app.local_agent().await;
    let reply = app.post("/api/v1/chat", json!({ "agent_id": agent, "message": "  " })).await;
    assert!(reply.problem(422).contains("message"));
    let long = "x".repeat(32_001);
    let detail = app.post("/api/v1/chat", json!({ "agent_id": agent, "message": long })).await.problem(422);
    assert_eq!(detail, "`message` has 32001 characters, expected at most 32000");
    assert!(app.post("/api/v1/chat", json!({ "agent_id": agent })).await.problem(422).contains("message"));
}

#[tokio::test]
async fn without_a_key_the_answer_says_which_variable_to_set() {
    let app = App::start().await;
    let agent = app.agent("openai", "gpt-4o").await;
    let reply = app.post("/api/v1/chat/", json!({ "agent_id": agent, "message": "What is 15 * 23?" })).await;
    let status = reply.status.as_u16();
    assert!((400..500).contains(&status) || status == 502, "{status}");
    assert!(reply.problem(status).contains("OPENAI_API_KEY"), "{}", reply.text);
}
