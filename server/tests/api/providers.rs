//! `/api/v1/providers`: keys go in and never come out.

use crate::support::App;
use agents::testing::{Reply, ScriptedProvider};
use serde_json::{Value, json};

const KEY: &str = "sk-my-own-secret";

async fn added(app: &App, name: &str, base_url: &str) -> Value {
    let draft = json!({ "name": name, "base_url": base_url, "api_key": KEY });
    app.post("/api/v1/providers", draft).await.expect(201)
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
}

fn path(provider: &Value) -> String {
    format!("/api/v1/providers/{}", provider["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_provider_is_added_changed_deleted_and_brought_back_and_its_key_is_never_told() {
    let app = App::start().await;
    let added = added(&app, "mine", "http://localhost:1/v1").await;
    assert_eq!((&added["has_key"], &added["source"]), (&json!(true), &json!("stored")));
    let list = app.get("/api/v1/providers").await;
    assert!(!list.text.contains(KEY));
    assert_eq!(names(&list.json()), ["mine", "openai"]);
    let changed = app.patch(&path(&added), json!({ "name": "yours" })).await.expect(200);
    assert_eq!((&changed["name"], &changed["has_key"]), (&json!("yours"), &json!(true)));
    assert_eq!(app.delete(&path(&added)).await.status, 204);
    assert_eq!(names(&app.get("/api/v1/providers").await.json()), ["openai"]);
    app.delete(&path(&added)).await.problem(404);
    let back = app.call("POST", &format!("{}/restore", path(&added)), None).await.expect(200);
    assert_eq!((&back["name"], &back["has_key"]), (&json!("yours"), &json!(true)));
}

#[tokio::test]
async fn the_settings_page_and_the_form_of_agents_offer_the_providers_without_their_keys() {
    let app = App::start().await;
    added(&app, "mine", "http://localhost:1/v1").await;
    let page = app.get("/settings").await;
    assert!(page.text.contains("http://localhost:1/v1") && page.text.contains("Test connection"), "{}", page.text);
    assert!(!page.text.contains(KEY));
    let frameworks = app.get("/api/v1/frameworks").await.json();
    let chat = frameworks.as_array().unwrap().iter().find(|one| one["name"] == "openai_chat").unwrap().clone();
    let provider = chat["parameters"].as_array().unwrap().iter().find(|one| one["name"] == "provider").unwrap();
    assert_eq!(provider["kind"]["options"], json!(["mine", "openai"]));
}

#[tokio::test]
async fn a_key_does_not_follow_to_another_address() {
    let app = App::start().await;
    let added = added(&app, "mine", "http://localhost:1/v1").await;
    let elsewhere = json!({ "base_url": "http://localhost:2/v1" });
    assert!(app.patch(&path(&added), elsewhere).await.problem(422).contains("given again"));
    let without = json!({ "base_url": "http://localhost:2/v1", "api_key": null });
    assert_eq!(app.patch(&path(&added), without).await.expect(200)["has_key"], false);
}

#[tokio::test]
async fn names_addresses_and_what_the_environment_says_are_guarded() {
    let app = App::start().await;
    added(&app, "mine", "http://localhost:1/v1").await;
    for (name, base_url, field) in [
        ("mine", "http://localhost:1/v1", "name"),
        ("My Own", "http://localhost:1/v1", "name"),
        ("local", "http://localhost:1/v1", "name"),
        ("other", "localhost", "base_url"),
        ("other", "http://169.254.169.254/v1", "base_url"),
    ] {
        let refused = app.post("/api/v1/providers", json!({ "name": name, "base_url": base_url })).await.problem(422);
        assert!(refused.starts_with(&format!("`{field}`")), "{refused}");
    }
    let list = app.get("/api/v1/providers").await.json();
    let openai = list.as_array().unwrap().iter().find(|one| one["name"] == "openai").unwrap().clone();
    assert_eq!((&openai["source"], &openai["has_key"]), (&json!("environment"), &json!(false)));
    assert!(app.patch(&path(&openai), json!({ "api_key": "x" })).await.problem(409).contains("environment"));
    app.delete(&path(&openai)).await.problem(409);
}

#[tokio::test]
async fn a_test_lists_the_models_or_says_what_is_wrong_without_the_key() {
    let provider = ScriptedProvider::start([Reply::text("Hi")]).await.unwrap();
    let app = App::start().await;
    let good = added(&app, "good", provider.base_url()).await;
    let models = app.call("POST", &format!("{}/test", path(&good)), None).await.expect(200);
    assert_eq!(models["models"], json!(["scripted-large", "scripted-small"]));
    let asked = provider.requests().pop().unwrap();
    assert_eq!((asked.path.as_str(), asked.authorization), ("/v1/models", Some(format!("Bearer {KEY}"))));

    let refusing = ScriptedProvider::refusing_models(401, &format!("Incorrect API key provided: {KEY}")).await.unwrap();
    let bad = added(&app, "bad", refusing.base_url()).await;
    let reply = app.call("POST", &format!("{}/test", path(&bad)), None).await;
    let detail = reply.problem(502);
    assert!(detail.contains("the provider refused the key (401)") && detail.contains("`bad`"), "{detail}");
    assert!(!reply.text.contains(KEY), "{}", reply.text);
}

#[tokio::test]
async fn a_stored_provider_of_the_same_name_takes_the_place_of_the_environments() {
    let provider = ScriptedProvider::start([Reply::text("From the settings.")]).await.unwrap();
    let app = App::start().await;
    let agent = app.agent("openai", "gpt-4o").await;
    let question = json!({ "agent_id": agent, "message": "Who are you?" });
    assert!(app.post("/api/v1/chat", question.clone()).await.problem(400).contains("OPENAI_API_KEY"));
    let added = added(&app, "openai", provider.base_url()).await;
    let answer = app.post("/api/v1/chat", question.clone()).await.expect(200);
    assert_eq!(answer["response"], "From the settings.");
    app.delete(&path(&added)).await.expect(204);
    assert!(app.post("/api/v1/chat", question).await.problem(400).contains("OPENAI_API_KEY"));
}
