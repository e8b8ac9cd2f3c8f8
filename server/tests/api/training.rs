//! `/api/v1/training`.

use crate::support::{App, Socket};
use serde_json::{Value, json};

async fn cases(app: &App) -> Vec<String> {
    let mut ids = Vec::new();
    for (question, answer, split) in
        [("What is 2 + 3?", "5", "train"), ("What is 4 * 5?", "20", "train"), ("What is 6 + 7?", "13", "test")]
    {
        let fields = json!({ "expected_output": answer, "task_type": "numeric", "expected_tools_json": ["calculate"], "split": split });
        ids.push(app.case(question, fields).await);
    }
    ids
}

async fn started(app: &App, agent: &str, episodes: u32) -> Value {
    let body = json!({ "agent_id": agent, "num_episodes": episodes, "test_case_ids": cases(app).await, "seed": 7 });
    app.post("/api/v1/training/", body).await.expect(200)
}

async fn ended(app: &App, run: &Value) -> Value {
    let id = run["id"].as_str().unwrap();
    let address = app.listen().await;
    Socket::open(address, &format!("/api/v1/training/ws/{id}"), &[]).await.unwrap().all().await;
    app.get(&format!("/api/v1/training/{id}")).await.expect(200)
}

#[tokio::test]
async fn a_run_is_answered_at_once_and_ends_with_its_episodes_by_number() {
    let app = App::start().await;
    let agent = app.agent("local", "untrained").await;
    let run = started(&app, &agent, 3).await;
    assert_eq!((&run["num_episodes"], &run["current_episode"]), (&json!(3), &json!(0)));
    assert!(run["final_avg_reward"].is_null() && run.get("episodes").is_none());
    let run = ended(&app, &run).await;
    assert_eq!((&run["status"], &run["current_episode"]), (&json!("completed"), &json!(3)));
    let episodes = run["episodes"].as_array().unwrap();
    let numbers: Vec<_> = episodes.iter().map(|episode| episode["episode_num"].as_i64().unwrap()).collect();
    assert_eq!(numbers, [0, 1, 2]);
    let mean = episodes.iter().map(|episode| episode["avg_reward"].as_f64().unwrap()).sum::<f64>() / 3.0;
    assert!((run["final_avg_reward"].as_f64().unwrap() - mean).abs() < 1e-9, "{run}");
    assert_eq!(run["config_json"]["num_episodes"], 3);
    assert!(episodes[0]["total_reward"].is_number() && episodes[0]["num_test_cases"].is_i64());
    assert!(run["held_out_before"].is_number() && run["held_out_after"].is_number());
}

#[tokio::test]
async fn ten_episodes_unless_said_otherwise() {
    let app = App::start().await;
    let agent = app.agent("local", "untrained").await;
    let run = app
        .post("/api/v1/training", json!({ "agent_id": agent, "test_case_ids": cases(&app).await }))
        .await
        .expect(200);
    assert_eq!(run["num_episodes"], 10);
}

#[tokio::test]
async fn what_cannot_be_trained_says_what_can() {
    let app = App::start().await;
    let agent = app.agent("openai", "gpt-4o").await;
    let body = json!({ "agent_id": agent, "test_case_ids": cases(&app).await });
    assert!(app.post("/api/v1/training", body).await.problem(400).contains("local"));
    let nobody = json!({ "agent_id": "00000000-0000-0000-0000-000000000000" });
    app.post("/api/v1/training", nobody).await.problem(400);
}

#[tokio::test]
async fn a_wrong_setting_is_named() {
    let app = App::start().await;
    let agent = app.agent("local", "untrained").await;
    let refused = |fields: Value| {
        let mut body = fields;
        body["agent_id"] = agent.as_str().into();
        app.post("/api/v1/training", body)
    };
    assert!(refused(json!({ "num_episodes": 0 })).await.problem(422).contains("num_episodes"));
    assert!(refused(json!({ "num_episodes": null })).await.problem(422).contains("num_episodes"));
    assert!(refused(json!({ "algorithm": "magic" })).await.problem(422).contains("reinforce"));
    assert!(refused(json!({ "reward_weights": { "task_success": -1 } })).await.problem(422).contains("reward_weights"));
}

#[tokio::test]
async fn a_run_is_stopped_and_resumed() {
    let app = App::start().await;
    let agent = app.agent("local", "untrained").await;
    let run = started(&app, &agent, 5000).await;
    let path = format!("/api/v1/training/{}", run["id"].as_str().unwrap());
    let stopping = app.call("POST", &format!("{path}/stop"), None).await.expect(200);
    assert_eq!(stopping, json!({ "status": "stopping", "run_id": run["id"] }));
    let stopped = ended(&app, &run).await;
    assert_eq!((&stopped["status"], &stopped["state"]), (&json!("cancelled"), &json!("cancelled")));
    app.call("POST", &format!("{path}/stop"), None).await.problem(404);
    let done = stopped["current_episode"].as_i64().unwrap();
    app.call("POST", &format!("{path}/resume"), None).await.expect(200);
    app.call("POST", &format!("{path}/stop"), None).await.expect(200);
    let resumed = ended(&app, &run).await;
    assert!(resumed["current_episode"].as_i64().unwrap() >= done);
}

#[tokio::test]
async fn an_unknown_run_is_not_found() {
    let app = App::start().await;
    let nothing = "/api/v1/training/00000000-0000-0000-0000-000000000000";
    app.get(nothing).await.problem(404);
    app.call("POST", &format!("{nothing}/stop"), None).await.problem(404);
    app.call("POST", &format!("{nothing}/resume"), None).await.problem(404);
}

#[tokio::test]
async fn runs_are_listed_newest_first_by_agent() {
    let app = App::start().await;
    let agent = app.agent("local", "untrained").await;
    let first = started(&app, &agent, 1).await;
    ended(&app, &first).await;
    let second = started(&app, &agent, 1).await;
    let reply = app.get(&format!("/api/v1/training?agent_id={agent}")).await;
    assert_eq!(reply.header("x-total-count"), "2");
    let list = reply.expect(200);
    assert_eq!((&list[0]["id"], &list[1]["id"]), (&second["id"], &first["id"]));
}
