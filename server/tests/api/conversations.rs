//! `/api/v1/conversations`.

use crate::support::App;
use serde_json::{Value, json};

const NOTHING: &str = "/api/v1/conversations/00000000-0000-0000-0000-000000000000";

async fn say(app: &App, agent: &str, message: &str, conversation: Option<&Value>) -> Value {
    let body = json!({ "agent_id": agent, "message": message, "conversation_id": conversation });
    app.post("/api/v1/chat", body).await.expect(200)
}

#[tokio::test]
async fn conversations_are_listed_newest_first_with_their_message_count() {
    let app = App::start().await;
    let agent = app.local_agent().await;
    let first = say(&app, &agent, "What is 1 + 1?", None).await;
    let second = say(&app, &agent, "Hello", None).await;
    say(&app, &agent, "What is 2 + 2?", Some(&second["conversation_id"])).await;
    let reply = app.get(&format!("/api/v1/conversations/?agent_id={agent}")).await;
    assert_eq!(reply.header("x-total-count"), "2");
    let list = reply.expect(200);
    assert_eq!(list[0]["id"], second["conversation_id"]);
    assert_eq!((&list[0]["message_count"], &list[1]["message_count"]), (&json!(4), &json!(2)));
    assert_eq!((&list[1]["id"], &list[1]["agent_id"]), (&first["conversation_id"], &json!(agent)));
    assert!(list[0].get("messages").is_none() && list[0]["ended_at"].is_null());
    let other = app.local_agent().await;
    assert_eq!(app.get(&format!("/api/v1/conversations?agent_id={other}")).await.expect(200), json!([]));
}

#[tokio::test]
async fn a_conversation_has_its_messages_in_order() {
    let app = App::start().await;
    let agent = app.local_agent().await;
    let said = say(&app, &agent, "What is 15 * 23?", None).await;
    let path = format!("/api/v1/conversations/{}", said["conversation_id"].as_str().unwrap());
    let conversation = app.get(&path).await.expect(200);
    let messages = conversation["messages"].as_array().unwrap();
    let roles: Vec<_> =
        messages.iter().map(|message| (message["role"].clone(), message["sequence_num"].clone())).collect();
    assert_eq!(roles, [(json!("user"), json!(1)), (json!("assistant"), json!(2))]);
    assert_eq!(messages[1]["id"], said["message_id"]);
    let call = &messages[1]["tool_calls"][0];
    assert_eq!(call["tool_name"], "calculate");
    assert!(call["arguments_json"].is_object() && call["result"].is_string() && call["duration_ms"].is_i64(), "{call}");
    assert!(call["created_at"].is_string());
}

#[tokio::test]
async fn ending_answers_its_id() {
    let app = App::start().await;
    let agent = app.local_agent().await;
    let said = say(&app, &agent, "Hello", None).await;
    let id = said["conversation_id"].as_str().unwrap();
    let ended = app.call("POST", &format!("/api/v1/conversations/{id}/end"), None).await.expect(200);
    assert_eq!(ended, json!({ "status": "ended", "conversation_id": id }));
    assert!(app.get(&format!("/api/v1/conversations/{id}")).await.expect(200)["ended_at"].is_string());
}

#[tokio::test]
async fn deleting_takes_the_messages_too() {
    let app = App::start().await;
    let agent = app.local_agent().await;
    let said = say(&app, &agent, "Hello", None).await;
    let path = format!("/api/v1/conversations/{}", said["conversation_id"].as_str().unwrap());
    assert_eq!(app.delete(&path).await.status, 204);
    app.get(&path).await.problem(404);
    app.delete(&path).await.problem(404);
}

#[tokio::test]
async fn an_unknown_conversation_is_not_found() {
    let app = App::start().await;
    app.get(NOTHING).await.problem(404);
    app.call("POST", &format!("{NOTHING}/end"), None).await.problem(404);
}

#[tokio::test]
async fn a_conversation_is_renamed_found_and_named_again_by_its_first_words() {
    let app = App::start().await;
    let agent = app.local_agent().await;
    let said = say(&app, &agent, "What is 15 * 23?", None).await;
    say(&app, &agent, "Hello", None).await;
    let path = format!("/api/v1/conversations/{}", said["conversation_id"].as_str().unwrap());
    assert_eq!(app.patch(&path, json!({ "title": " A sum " })).await.expect(200)["title"], "A sum");
    let found = app.get("/api/v1/conversations?search=a%20SUM").await;
    assert_eq!(found.header("x-total-count"), "1");
    assert_eq!(found.expect(200)[0]["title"], "A sum");
    assert_eq!(app.get("/api/v1/conversations?search=15%20*").await.header("x-total-count"), "1");
    assert_eq!(app.get("/api/v1/conversations?search=nothing%20like%20it").await.expect(200), json!([]));
    assert_eq!(app.patch(&path, json!({ "title": "" })).await.expect(200)["title"], "What is 15 * 23?");
    let long = app.patch(&path, json!({ "title": "x".repeat(201) })).await.problem(422);
    assert_eq!(long, "`title` has 201 characters, expected at most 200");
    app.patch(NOTHING, json!({ "title": "x" })).await.problem(404);
}

#[tokio::test]
async fn an_answer_is_given_again_and_either_branch_can_be_shown() {
    let app = App::start().await;
    let agent = app.local_agent().await;
    let first = say(&app, &agent, "What is 15 * 23?", None).await;
    let id = first["conversation_id"].as_str().unwrap();
    let again = json!({
        "agent_id": agent, "message": "", "conversation_id": id, "replaces": first["message_id"]
    });
    let second = app.post("/api/v1/chat", again).await.expect(200);
    assert_eq!(second["sequence_num"], 3);
    let path = format!("/api/v1/conversations/{id}");
    let messages = app.get(&path).await.expect(200)["messages"].clone();
    assert_eq!(messages.as_array().unwrap().len(), 2);
    assert_eq!(messages[1]["siblings"], json!([first["message_id"], second["message_id"]]));
    assert_eq!(messages[1]["parent_id"], messages[0]["id"]);
    let branch = format!("{path}/branch");
    let shown = app.post(&branch, json!({ "message_id": first["message_id"] })).await.expect(200);
    assert_eq!(shown["messages"][1]["id"], first["message_id"]);
    assert_eq!(app.get(&path).await.expect(200), shown);
    app.post(&branch, json!({ "message_id": "00000000-0000-0000-0000-000000000000" })).await.problem(404);
}

#[tokio::test]
async fn a_conversation_is_exported_as_markdown_and_as_json() {
    let app = App::start().await;
    let agent = app.local_agent().await;
    let said = say(&app, &agent, "What is 15 * 23?", None).await;
    let path = format!("/api/v1/conversations/{}/export", said["conversation_id"].as_str().unwrap());
    let markdown = app.get(&path).await;
    assert_eq!(markdown.header("content-type"), "text/markdown; charset=utf-8");
    assert!(markdown.header("content-disposition").starts_with("attachment; filename=\"conversation-"));
    assert!(markdown.text.contains("## You\n\nWhat is 15 * 23?") && markdown.text.contains("345"), "{}", markdown.text);
    let json = app.get(&format!("{path}?format=json")).await;
    assert_eq!(json.header("content-type"), "application/json");
    assert_eq!(json.expect(200)["messages"][1]["content"], said["response"]);
    app.get(&format!("{path}?format=pdf")).await.problem(422);
    app.get(&format!("{NOTHING}/export")).await.problem(404);
}
