//! Models of providers over the gateway, against a scripted provider.

use crate::support::App;
use agents::testing::{Reply, ScriptedProvider};
use axum::{body::Body, http::Request};
use futures::StreamExt;
use serde_json::{Value, json};
use tower::ServiceExt;

async fn scripted(script: impl IntoIterator<Item = Reply>) -> (App, ScriptedProvider) {
    let provider = ScriptedProvider::start(script).await.unwrap();
    let app = App::with(&[("OPENAI_API_KEY", "sk-test-secret"), ("OPENAI_BASE_URL", provider.base_url())]).await;
    (app, provider)
}

fn chat(stream: bool) -> Value {
    json!({
        "model": "openai/gpt-pass", "stream": stream, "temperature": 0.5, "user": "someone",
        "messages": [{"role": "user", "content": "Hello"}],
    })
}

async fn recorded(app: &App, rollout: &str) -> Value {
    app.get(&format!("/api/v1/trajectories/{rollout}/0")).await.expect(200)
}

#[tokio::test]
async fn an_answer_is_passed_back_whole_or_streamed_and_recorded_alike() {
    let (app, provider) = scripted([Reply::text("It is 345."), Reply::text("It is 345.")]).await;
    let whole = app.post("/g/whole/0/v1/chat/completions", chat(false)).await.expect(200);
    assert_eq!(whole["choices"][0]["message"]["content"], "It is 345.");
    let streamed = app.post("/g/streamed/0/v1/chat/completions", chat(true)).await;
    assert_eq!(streamed.header("content-type"), "text/event-stream");
    assert!(streamed.text.trim_end().ends_with("data: [DONE]"), "{}", streamed.text);
    for (rollout, of) in [("whole", &whole), ("streamed", &whole)] {
        let calls = recorded(&app, rollout).await;
        let call = &calls[0];
        assert_eq!(
            (&call["model"], &call["status"], &call["error"]),
            (&json!("openai/gpt-pass"), &json!(200), &Value::Null)
        );
        assert_eq!(call["response_json"]["choices"][0]["message"]["content"], of["choices"][0]["message"]["content"]);
        assert!(!calls.to_string().contains("sk-test-secret"));
    }
    let asked = provider.requests();
    assert_eq!(
        (asked[0].path.as_str(), asked[0].authorization.as_deref()),
        ("/v1/chat/completions", Some("Bearer sk-test-secret"))
    );
    assert_eq!((&asked[0].body["model"], &asked[0].body["user"]), (&json!("gpt-pass"), &json!("someone")));
}

#[tokio::test]
async fn responses_are_passed_on_too() {
    let (app, provider) = scripted([Reply::calls([("call_1", "calculate", "{}")])]).await;
    let body = json!({"model": "openai/gpt-pass", "input": "Hello", "stream": true, "previous_response_id": "resp_9"});
    let reply = app.post("/g/a/0/v1/responses", body).await;
    assert!(reply.text.contains("response.completed"), "{}", reply.text);
    assert_eq!(provider.requests()[0].body["previous_response_id"], "resp_9");
    assert_eq!(recorded(&app, "a").await[0]["response_json"]["output"][0]["call_id"], "call_1");
}

#[tokio::test]
async fn a_parameter_that_the_model_refuses_is_left_out_once_and_remembered() {
    let refusal = "Unsupported parameter: 'temperature' is not supported with this model.";
    let refused = || Reply::error_about(400, "unsupported_parameter", refusal, Some("temperature"));
    let (app, provider) = scripted([refused(), Reply::text("Hi."), Reply::text("Hi again.")]).await;
    app.post("/v1/chat/completions", chat(false)).await.expect(200);
    app.post("/v1/chat/completions", chat(false)).await.expect(200);
    let temperatures: Vec<bool> = provider.requests().iter().map(|r| r.body.get("temperature").is_some()).collect();
    assert_eq!(temperatures, [true, false, false]);
}

#[tokio::test]
async fn a_providers_refusal_keeps_its_status_and_tells_no_key() {
    let busy = Reply::error(429, "rate_limit_exceeded", "Slow down, sk-test-secret").retry_after(3);
    let (app, _provider) = scripted([busy]).await;
    let reply = app.post("/g/a/0/v1/chat/completions", chat(false)).await;
    let error = &reply.expect(429)["error"];
    assert_eq!((&error["type"], error.as_object().unwrap().len()), (&json!("rate_limit_error"), 4));
    assert_eq!(reply.header("retry-after"), "3");
    let call = &recorded(&app, "a").await[0];
    assert_eq!((&call["status"], &call["response_json"]), (&json!(429), &Value::Null));
    assert!(!reply.text.contains("sk-test-secret") && !call.to_string().contains("sk-test-secret"));
}

#[tokio::test]
async fn without_a_key_or_a_provider_the_answer_says_what_to_set() {
    let app = App::start().await;
    let keyless = app.post("/v1/chat/completions", chat(false)).await.expect(400);
    assert!(keyless["error"]["message"].as_str().unwrap().contains("OPENAI_API_KEY"), "{keyless}");
    let unknown = app.post("/v1/responses", json!({"model": "nobody/x", "input": "Hi"})).await.expect(404);
    assert!(unknown["error"]["message"].as_str().unwrap().contains("`nobody`"), "{unknown}");
}

#[tokio::test]
async fn a_client_that_leaves_closes_the_providers_connection() {
    let (app, provider) = scripted([Reply::hang("Once upon a time")]).await;
    let request = Request::post("/g/left/0/v1/chat/completions")
        .header("host", "localhost:8000")
        .header("content-type", "application/json")
        .body(Body::from(chat(true).to_string()));
    let response = app.router.clone().oneshot(request.unwrap()).await.unwrap();
    let mut body = response.into_body().into_data_stream();
    body.next().await.unwrap().unwrap();
    drop(body);
    provider.abandoned().await;
    let call = loop {
        if let Some(call) = app.get("/api/v1/trajectories/left/0").await.json().get(0) {
            break call.clone();
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(call["error"], "the client left");
}

#[tokio::test]
async fn a_stream_that_is_cut_is_not_taken_for_the_whole() {
    let (app, _provider) = scripted([Reply::cut("Half of")]).await;
    let request = Request::post("/g/cut/0/v1/responses")
        .header("host", "localhost:8000")
        .header("content-type", "application/json")
        .body(Body::from(json!({"model": "openai/gpt-pass", "input": "Hi", "stream": true}).to_string()));
    let response = app.router.clone().oneshot(request.unwrap()).await.unwrap();
    let pieces: Vec<_> = response.into_body().into_data_stream().collect().await;
    assert!(pieces.last().unwrap().is_err(), "the stream ended as if it were complete");
    assert!(recorded(&app, "cut").await[0]["error"].is_string());
}
