//! `/api/v1/metrics`.

use crate::support::{App, Socket};
use serde_json::{Value, json};

/// A run of two cases, ended: one whose answer is right, one whose answer is wrong.
async fn run(app: &App) -> String {
    let numeric = |expected: &str| json!({ "expected_output": expected, "task_type": "numeric" });
    let cases = [app.case("What is 15 * 23?", numeric("345")).await, app.case("What is 2 + 2?", numeric("5")).await];
    let body = json!({ "agent_id": app.local_agent().await, "test_case_ids": cases });
    let run = app.post("/api/v1/evaluations", body).await.expect(200);
    let id = run["id"].as_str().unwrap().to_owned();
    let address = app.listen().await;
    Socket::open(address, &format!("/api/v1/evaluations/ws/{id}"), &[]).await.unwrap().all().await;
    id
}

#[tokio::test]
async fn a_metric_is_tried_on_past_samples_kept_and_shown_beside_the_results_of_a_run() {
    let app = App::start().await;
    let right = json!({ "name": "right", "expression": "outcome == 'pass'", "kind": "flag" });
    assert_eq!(app.post("/api/v1/metrics/preview", right.clone()).await.expect(200)["n"], 0);
    let id = run(&app).await;
    let tried = app.post("/api/v1/metrics/preview", right.clone()).await.expect(200);
    assert_eq!((&tried["n"], &tried["mean"], &tried["missing"]), (&json!(2), &json!(0.5), &json!(0)));
    assert_eq!((&tried["histogram"][0]["count"], &tried["histogram"][1]["count"]), (&json!(1), &json!(1)));
    assert_eq!(app.get("/api/v1/metrics").await.expect(200), json!([]));

    let kept = app.post("/api/v1/metrics", right.clone()).await.expect(201);
    assert!(app.post("/api/v1/metrics", right).await.problem(422).contains("another metric"));
    let silent = json!({ "name": "tools", "expression": "tool_usage_efficiency" });
    app.post("/api/v1/metrics", silent).await.expect(201);
    let of_run = app.get(&format!("/api/v1/evaluations/{id}/metrics")).await.expect(200);
    assert_eq!((&of_run[0]["name"], &of_run[0]["mean"]), (&json!("right"), &json!(0.5)));
    assert_eq!((&of_run[1]["missing"], &of_run[1]["mean"]), (&json!(2), &Value::Null));
    assert!(of_run[1]["samples"][0]["reason"].as_str().unwrap().contains("gives none"));
    let results = app.get(&format!("/api/v1/evaluations/{id}/results")).await.expect(200);
    assert_eq!((&results[0]["metrics"]["right"], &results[1]["metrics"]["right"]), (&json!(1.0), &json!(0.0)));
    assert!(results[0]["metrics"].get("tools").is_none());

    let path = format!("/api/v1/metrics/{}", kept["id"].as_str().unwrap());
    let wrong = json!({ "name": "right", "expression": "outcome != 'pass'", "kind": "flag" });
    assert!(app.put(&path, wrong).await.expect(200)["updated_at"].is_string());
    let results = app.get(&format!("/api/v1/evaluations/{id}/results")).await.expect(200);
    assert_eq!(results[0]["metrics"]["right"], 0.0);
    assert_eq!(app.delete(&path).await.status, 204);
    app.delete(&path).await.problem(404);
}

#[tokio::test]
async fn a_bad_metric_is_refused_with_the_place() {
    let app = App::start().await;
    for (name, expression, why) in [
        ("Mine", "reward", "name"),
        ("call_exactness", "reward", "the program itself"),
        ("mine", "", "expression"),
        ("mine", "reward +", "at character"),
        ("mine", "1 + rewardd", "at character 5: there is no `rewardd`"),
    ] {
        let draft = json!({ "name": name, "expression": expression });
        for path in ["/api/v1/metrics", "/api/v1/metrics/preview"] {
            let told = app.post(path, draft.clone()).await.problem(422);
            assert!(told.contains(why), "{expression}: {told}");
        }
    }
    app.get("/api/v1/evaluations/00000000-0000-0000-0000-000000000000/metrics").await.problem(404);
}
