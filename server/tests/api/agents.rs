//! `/api/v1/agents`.

use crate::support::App;
use serde_json::json;

const NOBODY: &str = "/api/v1/agents/00000000-0000-0000-0000-000000000000";

#[tokio::test]
async fn an_agent_is_created_with_the_contracts_defaults() {
    let app = App::start().await;
    for path in ["/api/v1/agents", "/api/v1/agents/"] {
        let agent = app.post(path, json!({})).await.expect(201);
        assert_eq!((&agent["agent_type"], &agent["model"]), (&json!("openai"), &json!("gpt-4o")));
        assert_eq!((&agent["temperature"], &agent["is_active"]), (&json!(1.0), &json!(true)));
        for empty in ["name", "system_prompt", "config_json", "updated_at"] {
            assert!(agent[empty].is_null(), "{empty}: {agent}");
        }
        let created = agent["created_at"].as_str().unwrap();
        assert!(created.ends_with('Z') && created.len() == "2026-11-22T13:20:07.319184Z".len(), "{created}");
        assert_eq!(agent["id"].as_str().unwrap().len(), 36);
    }
}

#[tokio::test]
async fn the_originals_curl_example_works_word_for_word() {
    let app = App::start().await;
    let body = json!({ "name": "My Agent", "agent_type": "openai", "model": "gpt-4o", "temperature": 0.7 });
    let agent = app.post("/api/v1/agents/", body).await.expect(201);
    assert_eq!((&agent["name"], &agent["temperature"]), (&json!("My Agent"), &json!(0.7)));
    let read = app.get(&format!("/api/v1/agents/{}/", agent["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(read, agent);
}

#[tokio::test]
async fn a_refused_agent_names_every_field() {
    let app = App::start().await;
    let body = json!({ "temperature": 3.5, "model": " ", "name": "x".repeat(201) });
    let reply = app.post("/api/v1/agents", body).await;
    let detail = reply.problem(422);
    assert!(detail.contains("`temperature` is 3.5, expected 0 to 2"), "{detail}");
    assert_eq!(reply.json()["errors"].as_array().unwrap().len(), 3, "{detail}");
}

#[tokio::test]
async fn a_type_that_is_not_registered_says_which_are() {
    let app = App::start().await;
    let reply = app.post("/api/v1/agents", json!({ "agent_type": "oracle" })).await;
    assert!((400..500).contains(&reply.status.as_u16()));
    let detail = reply.problem(reply.status.as_u16());
    assert!(detail.contains("oracle") && detail.contains("local") && detail.contains("openai"), "{detail}");
}

#[tokio::test]
async fn absent_is_unchanged_and_null_clears() {
    let app = App::start().await;
    let agent = app.post("/api/v1/agents", json!({ "name": "A", "system_prompt": "Be brief." })).await.expect(201);
    let path = format!("/api/v1/agents/{}", agent["id"].as_str().unwrap());
    let changed = app.patch(&path, json!({ "temperature": 0.25, "system_prompt": null })).await.expect(200);
    assert_eq!((&changed["name"], &changed["temperature"]), (&json!("A"), &json!(0.25)));
    assert!(changed["system_prompt"].is_null() && changed["updated_at"].is_string());
    assert!(app.patch(&path, json!({ "temperature": null })).await.problem(422).contains("temperature"));
    assert!(app.patch(&path, json!({ "is_active": null })).await.problem(422).contains("is_active"));
    assert!(app.patch(&path, json!({ "temperature": 9 })).await.problem(422).contains("expected 0 to 2"));
}

#[tokio::test]
async fn deleting_is_soft_and_can_be_undone() {
    let app = App::start().await;
    let id = app.agent("openai", "gpt-4o").await;
    let path = format!("/api/v1/agents/{id}");
    let reply = app.delete(&path).await;
    assert_eq!((reply.status.as_u16(), reply.text.as_str()), (204, ""));
    assert_eq!(app.get(&path).await.expect(200)["is_active"], false);
    let listed = |list: serde_json::Value| list.as_array().unwrap().iter().any(|agent| agent["id"] == id.as_str());
    assert!(!listed(app.get("/api/v1/agents").await.expect(200)));
    assert!(listed(app.get("/api/v1/agents/?active_only=false").await.expect(200)));
    assert_eq!(app.patch(&path, json!({ "is_active": true })).await.expect(200)["is_active"], true);
    assert!(listed(app.get("/api/v1/agents?active_only=true").await.expect(200)));
}

#[tokio::test]
async fn lists_are_bare_arrays_with_their_total_in_a_header() {
    let app = App::start().await;
    let before: usize = app.get("/api/v1/agents").await.header("x-total-count").parse().unwrap();
    for _ in 0..3 {
        app.agent("openai", "gpt-4o").await;
    }
    let page = app.get("/api/v1/agents?skip=1&limit=1").await;
    assert_eq!(page.header("x-total-count"), (before + 3).to_string());
    assert_eq!(page.expect(200).as_array().unwrap().len(), 1);
    assert_eq!(app.get("/api/v1/agents?limit=0").await.expect(200), json!([]));
    assert_eq!(app.get("/api/v1/agents?limit=4000000000").await.status, 200, "more than a page holds answers a page");
}

#[tokio::test]
async fn an_unknown_agent_is_not_found_whatever_is_asked_of_it() {
    let app = App::start().await;
    assert!(app.get(NOBODY).await.problem(404).contains("00000000"));
    app.patch(NOBODY, json!({ "name": "x" })).await.problem(404);
    app.delete(NOBODY).await.problem(404);
    app.call("POST", &format!("{NOBODY}/reset"), None).await.problem(404);
}

#[tokio::test]
async fn a_reset_answers_the_agent_and_ends_its_conversations() {
    let app = App::start().await;
    let id = app.local_agent().await;
    let said = app.post("/api/v1/chat", json!({ "agent_id": id, "message": "Hello" })).await.expect(200);
    let agent = app.call("POST", &format!("/api/v1/agents/{id}/reset/"), None).await.expect(200);
    assert_eq!(agent["id"], id.as_str());
    let conversation = format!("/api/v1/conversations/{}", said["conversation_id"].as_str().unwrap());
    assert!(app.get(&conversation).await.expect(200)["ended_at"].is_string());
}

#[tokio::test]
async fn a_pool_is_made_listed_by_type_reset_deleted_and_restored_at_once() {
    let app = App::start().await;
    let pool = json!({ "count": 3, "agent": { "name": "Solver", "agent_type": "local", "model": "builtin", "temperature": 0 } });
    let made = app.post("/api/v1/agents/pool", pool).await.expect(201);
    let names: Vec<_> = made.as_array().unwrap().iter().map(|agent| agent["name"].clone()).collect();
    assert_eq!(names, ["Solver 1", "Solver 2", "Solver 3"]);
    app.post("/api/v1/agents", json!({ "name": "Other" })).await.expect(201);
    let ids: Vec<_> = made.as_array().unwrap().iter().map(|agent| agent["id"].clone()).collect();
    let listed = async || {
        let local = app.get("/api/v1/agents?agent_type=local").await.expect(200);
        local.as_array().unwrap().iter().filter(|agent| ids.contains(&agent["id"])).count()
    };
    assert_eq!(listed().await, 3);
    let others = app.get("/api/v1/agents?agent_type=openai").await.expect(200);
    assert_eq!(others.as_array().unwrap().len(), 1);

    let chat = app.post("/api/v1/chat", json!({ "agent_id": ids[1], "message": "Hello" })).await.expect(200);
    app.post("/api/v1/agents/batch", json!({ "agent_ids": ids, "action": "reset" })).await.expect(200);
    let path = format!("/api/v1/conversations/{}", chat["conversation_id"].as_str().unwrap());
    assert!(app.get(&path).await.expect(200)["ended_at"].is_string());

    let deleted = app.post("/api/v1/agents/batch", json!({ "agent_ids": ids, "action": "delete" })).await.expect(200);
    assert!(deleted.as_array().unwrap().iter().all(|agent| agent["is_active"] == false));
    assert_eq!(listed().await, 0);
    app.post("/api/v1/agents/batch", json!({ "agent_ids": ids, "action": "restore" })).await.expect(200);
    assert_eq!(listed().await, 3);
}

#[tokio::test]
async fn a_batch_with_an_unknown_agent_does_nothing_and_a_wrong_pool_says_why() {
    let app = App::start().await;
    let agent = app.post("/api/v1/agents", json!({})).await.expect(201);
    let ids = [agent["id"].clone(), json!("00000000-0000-0000-0000-000000000000")];
    app.post("/api/v1/agents/batch", json!({ "agent_ids": ids, "action": "delete" })).await.problem(404);
    let path = format!("/api/v1/agents/{}", agent["id"].as_str().unwrap());
    assert_eq!(app.get(&path).await.expect(200)["is_active"], true);
    let reply = app.post("/api/v1/agents/pool", json!({ "count": 0, "agent": { "temperature": 9 } })).await;
    let detail = reply.problem(422);
    assert!(detail.contains("`count` counts 0, expected 1 to 100") && detail.contains("`temperature`"), "{detail}");
}
