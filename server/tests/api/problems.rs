//! Every refusal is a problem whose detail is a sentence.

use crate::support::{App, Reply};
use axum::{body::Body, http::Request};

async fn post_text(app: &App, path: &str, text: &str) -> Reply {
    let request = Request::post(path).header("content-type", "application/json").header("content-length", text.len());
    app.send(request.body(Body::from(text.to_owned())).unwrap()).await
}

#[tokio::test]
async fn broken_json_is_a_problem() {
    let app = App::start().await;
    let detail = post_text(&app, "/api/v1/agents", "{\"name\": ").await.problem(422);
    assert!(detail.contains("`body` is not JSON"), "{detail}");
    let detail = post_text(&app, "/api/v1/agents", "{} trailing").await.problem(422);
    assert!(detail.contains("trailing"), "{detail}");
    assert!(post_text(&app, "/api/v1/agents", "").await.problem(422).contains("missing"));
}

#[tokio::test]
async fn a_wrong_type_names_its_field() {
    let app = App::start().await;
    for (body, field) in [
        (r#"{"temperature":"warm"}"#, "`temperature`"),
        (r#"{"temperature":null}"#, "`temperature`"),
        (r#"{"agent_type":null}"#, "`agent_type`"),
        (r#"{"config_json":[]}"#, "`config_json`"),
    ] {
        let reply = post_text(&app, "/api/v1/agents", body).await;
        let detail = reply.problem(422);
        assert!(detail.contains(field), "{detail}");
        assert!(reply.json()["errors"].as_array().is_some_and(|errors| errors.len() == 1));
    }
    let reply =
        post_text(&app, "/api/v1/test-cases/bulk", r#"{"test_cases":[{"user_input":"a"},{"user_input":7}]}"#).await;
    assert!(reply.problem(422).contains("test_cases[1].user_input"));
}

#[tokio::test]
async fn nesting_is_bounded() {
    let app = App::start().await;
    let deep = format!(r#"{{"config_json":{{"a":{}{}}}}}"#, "[".repeat(40), "]".repeat(40));
    assert!(post_text(&app, "/api/v1/agents", &deep).await.problem(422).contains("deeper than 32"));
    let bottomless = "[".repeat(1_000_000);
    assert!(post_text(&app, "/api/v1/agents", &bottomless).await.problem(422).contains("deeper than 32"));
}

#[tokio::test]
async fn an_id_that_is_no_uuid_is_named() {
    let app = App::start().await;
    for path in ["/api/v1/agents/7", "/api/v1/conversations/x/", "/api/v1/test-cases/abc", "/api/v1/training/1"] {
        let detail = app.get(path).await.problem(422);
        assert!(detail.contains("`id`") && detail.contains("expected a UUID"), "{detail}");
    }
}

#[tokio::test]
async fn a_query_that_makes_no_sense_names_its_parameter() {
    let app = App::start().await;
    for (query, name) in [("skip=-1", "`skip`"), ("limit=ten", "`limit`"), ("active_only=maybe", "`active_only`")] {
        let detail = app.get(&format!("/api/v1/agents?{query}")).await.problem(422);
        assert!(detail.contains(name), "{detail}");
    }
    assert!(app.get("/api/v1/conversations?agent_id=x").await.problem(422).contains("`agent_id`"));
}

#[tokio::test]
async fn a_path_that_does_not_exist_says_where_to_look() {
    let app = App::start().await;
    let detail = app.get("/api/v1/agent").await.problem(404);
    assert!(detail.contains("GET /api/v1/agent") && detail.contains("/docs"), "{detail}");
    assert!(app.get("/api").await.problem(404).contains("/docs"));
}

#[tokio::test]
async fn a_wrong_method_says_which_would_be_right() {
    let app = App::start().await;
    let reply = app.call("PUT", "/api/v1/tools", None).await;
    assert!(reply.problem(405).contains("GET"), "{}", reply.text);
    assert!(reply.header("allow").contains("GET"));
}

#[tokio::test]
async fn a_socket_path_asked_as_a_page_is_a_problem() {
    let app = App::start().await;
    let reply = app.get("/api/v1/training/ws/00000000-0000-0000-0000-000000000000").await;
    assert!(reply.text.contains("WebSocket is expected"), "{}", reply.text);
    assert_eq!(reply.header("content-type"), "application/problem+json");
}
