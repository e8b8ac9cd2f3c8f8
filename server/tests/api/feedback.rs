//! `/api/v1/feedback`, and test cases made of a turn.

use crate::support::App;
use serde_json::{Value, json};

const NOBODY: &str = "/api/v1/messages/00000000-0000-0000-0000-000000000000";

async fn answered(app: &App) -> Value {
    let agent = app.local_agent().await;
    app.post("/api/v1/chat", json!({ "agent_id": agent, "message": "What is 15 * 23?" })).await.expect(200)
}

fn path(answer: &Value) -> String {
    format!("/api/v1/messages/{}", answer["message_id"].as_str().unwrap())
}

#[tokio::test]
async fn an_opinion_is_stored_and_a_later_one_replaces_it() {
    let app = App::start().await;
    let answer = answered(&app).await;
    let feedback = format!("{}/feedback", path(&answer));
    let first = app.post(&feedback, json!({ "rating": "up" })).await.expect(200);
    assert_eq!((&first["rating"], &first["comment"]), (&json!("up"), &Value::Null));
    let body = json!({ "rating": "down", "comment": "Too short", "corrected": " " });
    let second = app.post(&feedback, body).await.expect(200);
    assert_eq!((&second["comment"], &second["corrected"]), (&json!("Too short"), &Value::Null));
    let list = app.get("/api/v1/feedback").await;
    assert_eq!(list.header("x-total-count"), "1");
    assert_eq!(list.expect(200), json!([second]));
}

#[tokio::test]
async fn only_answers_are_judged() {
    let app = App::start().await;
    let answer = answered(&app).await;
    let conversation = answer["conversation_id"].as_str().unwrap();
    let stored = app.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200);
    let question = stored["messages"][0]["id"].as_str().unwrap();
    app.post(&format!("/api/v1/messages/{question}/feedback"), json!({ "rating": "up" })).await.problem(400);
    app.post(&format!("{NOBODY}/feedback"), json!({ "rating": "up" })).await.problem(404);
    let fields = app.post(&format!("{}/feedback", path(&answer)), json!({ "rating": "sideways" })).await.problem(422);
    assert!(fields.contains("rating"), "{fields}");
}

#[tokio::test]
async fn a_turn_becomes_a_test_case_with_its_calls_and_the_corrected_answer() {
    let app = App::start().await;
    let answer = answered(&app).await;
    let draft = app.get(&format!("{}/test-case", path(&answer))).await.expect(200);
    assert_eq!((&draft["user_input"], &draft["expected_output"]), (&json!("What is 15 * 23?"), &answer["response"]));
    assert_eq!(draft["expected_calls"][0]["name"], "calculate");
    assert_eq!(draft["expected_calls"][0]["arguments"], answer["tool_calls"][0]["arguments_json"]);
    let body = json!({ "rating": "down", "corrected": "345" });
    app.post(&format!("{}/feedback", path(&answer)), body).await.expect(200);
    let corrected = app.get(&format!("{}/test-case", path(&answer))).await.expect(200);
    assert_eq!(corrected["expected_output"], "345");
    app.post("/api/v1/test-cases", corrected).await.expect(201);
    app.get(&format!("{NOBODY}/test-case")).await.problem(404);
}
