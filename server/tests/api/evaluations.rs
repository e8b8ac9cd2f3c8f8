//! `/api/v1/evaluations` and the leaderboard.

use crate::support::{App, Socket};
use serde_json::{Value, json};

/// Two cases that a trained local agent can answer; their ids.
async fn cases(app: &App) -> [String; 2] {
    [
        app.case(
            "What is 15 * 23?",
            json!({ "expected_output": "345", "task_type": "numeric", "expected_tools_json": ["calculate"] }),
        )
        .await,
        app.case("What is 2 + 2?", json!({ "expected_output": "5", "task_type": "numeric" })).await,
    ]
}

/// Starts a run and waits for its end; the full run.
async fn evaluated(app: &App, agent: &str, cases: &[String]) -> Value {
    let run = app.post("/api/v1/evaluations", json!({ "agent_id": agent, "test_case_ids": cases })).await.expect(200);
    let id = run["id"].as_str().unwrap();
    let address = app.listen().await;
    Socket::open(address, &format!("/api/v1/evaluations/ws/{id}"), &[]).await.unwrap().all().await;
    app.get(&format!("/api/v1/evaluations/{id}")).await.expect(200)
}

#[tokio::test]
async fn a_run_is_answered_at_once_and_ends_with_its_results_and_means() {
    let app = App::start().await;
    let (agent, cases) = (app.local_agent().await, cases(&app).await);
    let run = evaluated(&app, &agent, &cases).await;
    assert_eq!((&run["status"], &run["state"]), (&json!("completed"), &json!("completed")));
    assert_eq!((&run["agent_id"], &run["num_test_cases"]), (&json!(agent), &json!(2)));
    assert!(run["started_at"].is_string() && run["completed_at"].is_string());
    let results = run["results"].as_array().unwrap();
    let order: Vec<_> = results.iter().map(|result| result["test_case_id"].as_str().unwrap()).collect();
    assert_eq!(order, cases.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!((&results[0]["task_success"], &results[1]["task_success"]), (&json!(1.0), &json!(0.0)));
    assert!(results[0]["response_text"].as_str().unwrap().contains("345"));
    assert_eq!(results[0]["tool_calls_json"][0]["tool_name"], "calculate");
    let means = &run["aggregate_metrics_json"];
    // One of two passed.
    assert_eq!((&means["task_success"], &means["avg_task_success"]), (&json!(0.5), &json!(0.5)));
    assert_eq!(
        (&means["avg_reward"], &means["avg_tool_efficiency"]),
        (&means["reward"], &means["tool_usage_efficiency"])
    );
    assert!(means["response_quality"].is_number());
}

#[tokio::test]
async fn none_null_and_an_empty_list_mean_all_active_cases() {
    let app = App::start().await;
    let agent = app.local_agent().await;
    app.case("Hello", json!({})).await;
    let active: i64 = app.get("/api/v1/test-cases").await.header("x-total-count").parse().unwrap();
    for body in [json!({}), json!({ "test_case_ids": null }), json!({ "test_case_ids": [] })] {
        let mut body = body;
        body["agent_id"] = agent.as_str().into();
        let run = app.post("/api/v1/evaluations/", body).await.expect(200);
        assert_eq!(run["num_test_cases"], active);
        assert!(run.get("results").is_none() && run["aggregate_metrics_json"].is_null());
    }
}

#[tokio::test]
async fn an_unknown_agent_or_case_is_400() {
    let app = App::start().await;
    let nobody = "00000000-0000-0000-0000-000000000000";
    app.case("Hello", json!({})).await;
    assert!(app.post("/api/v1/evaluations", json!({ "agent_id": nobody })).await.problem(400).contains(nobody));
    let agent = app.local_agent().await;
    let body = json!({ "agent_id": agent, "test_case_ids": [nobody] });
    app.post("/api/v1/evaluations", body).await.problem(400);
    assert!(app.post("/api/v1/evaluations", json!({})).await.problem(422).contains("agent_id"));
}

#[tokio::test]
async fn a_concurrency_of_nothing_or_too_much_is_refused_by_name() {
    let app = App::start().await;
    let (agent, cases) = (app.local_agent().await, cases(&app).await);
    for concurrency in [0, 257] {
        let body = json!({ "agent_id": agent, "test_case_ids": cases, "concurrency": concurrency });
        let told = app.post("/api/v1/evaluations", body).await.problem(422);
        assert!(told.contains("concurrency") && told.contains("256"), "{told}");
    }
}

#[tokio::test]
async fn results_are_listed_by_the_page() {
    let app = App::start().await;
    let (agent, cases) = (app.local_agent().await, cases(&app).await);
    let run = evaluated(&app, &agent, &cases).await;
    let path = format!("/api/v1/evaluations/{}/results", run["id"].as_str().unwrap());
    let answer = app.get(&format!("{path}?skip=1&limit=5")).await;
    assert_eq!(answer.header("x-total-count"), "2");
    assert_eq!(answer.expect(200), json!([run["results"][1]]));
    let failures = app.get(&format!("{path}?show=failures&sort=reward")).await;
    assert_eq!(failures.header("x-total-count"), "1");
    assert_eq!(failures.expect(200)[0]["id"], run["results"][1]["id"]);
    app.get(&format!("{path}?sort=luck")).await.problem(422);
    app.get("/api/v1/evaluations/00000000-0000-0000-0000-000000000000/results").await.problem(404);
}

#[tokio::test]
async fn runs_are_listed_newest_first_by_agent() {
    let app = App::start().await;
    let (agent, cases) = (app.local_agent().await, cases(&app).await);
    let first = evaluated(&app, &agent, &cases).await;
    let second = evaluated(&app, &agent, &cases).await;
    let reply = app.get(&format!("/api/v1/evaluations?agent_id={agent}")).await;
    assert_eq!(reply.header("x-total-count"), "2");
    let list = reply.expect(200);
    assert_eq!((&list[0]["id"], &list[1]["id"]), (&second["id"], &first["id"]));
}

#[tokio::test]
async fn an_unknown_or_ended_run_cannot_be_stopped() {
    let app = App::start().await;
    let nothing = "/api/v1/evaluations/00000000-0000-0000-0000-000000000000";
    app.get(nothing).await.problem(404);
    app.call("POST", &format!("{nothing}/stop"), None).await.problem(404);
    app.call("POST", &format!("{nothing}/resume"), None).await.problem(404);
    let (agent, cases) = (app.local_agent().await, cases(&app).await);
    let run = evaluated(&app, &agent, &cases).await;
    let path = format!("/api/v1/evaluations/{}", run["id"].as_str().unwrap());
    app.call("POST", &format!("{path}/stop"), None).await.problem(404);
    app.call("POST", &format!("{path}/resume"), None).await.problem(409);
}

#[tokio::test]
async fn judged_agents_are_on_the_leaderboard() {
    let app = App::start().await;
    let (trained, untrained) = (app.local_agent().await, app.agent("local", "untrained").await);
    let cases = cases(&app).await;
    evaluated(&app, &trained, &cases).await;
    evaluated(&app, &untrained, &cases).await;
    let board = app.get("/api/v1/leaderboard/").await.expect(200);
    let ranked: Vec<_> =
        board["rows"].as_array().unwrap().iter().map(|row| row["agent_id"].as_str().unwrap()).collect();
    assert_eq!(ranked.len(), 2);
    assert_eq!(ranked[0], trained);
    assert_eq!(board["num_test_cases"], 2);
}

#[tokio::test]
async fn a_ranking_is_downloaded_with_the_filters_of_its_address() {
    let app = App::start().await;
    let (trained, untrained) = (app.local_agent().await, app.agent("local", "untrained").await);
    let cases = cases(&app).await;
    evaluated(&app, &trained, &cases).await;
    evaluated(&app, &untrained, &cases).await;
    let path = format!("/api/v1/leaderboard/export?baseline={trained}&sort=latency");
    for (format, kind, name, begins) in [
        ("csv", "text/csv; charset=utf-8", "leaderboard.csv", "agent,agent_type,rank_best"),
        ("json", "application/json", "leaderboard.json", "{"),
        ("markdown", "text/markdown; charset=utf-8", "leaderboard.md", ""),
    ] {
        let file = app.get(&format!("{path}&format={format}")).await;
        assert_eq!((file.status.as_u16(), file.header("content-type")), (200, kind), "{}", file.text);
        assert!(file.header("content-disposition").contains(name));
        assert!(file.text.starts_with(begins) && !file.text.is_empty(), "{}", file.text);
    }
    let json = app.get(&format!("{path}&format=json")).await.expect(200);
    assert_eq!(json, app.get(&format!("/api/v1/leaderboard?baseline={trained}&sort=latency")).await.expect(200));
    assert_eq!(json["baseline"], trained);
    let delta = json["rows"].as_array().unwrap().iter().find(|row| row["agent_id"] == untrained).unwrap();
    assert!(delta["baseline"]["difference"].is_number() && delta["baseline"]["p"].is_number(), "{delta}");
    app.get(&format!("{path}&format=xml")).await.problem(422);
    let told = app.get("/api/v1/leaderboard?sort=luck&baseline=me").await.problem(422);
    assert!(told.contains("`sort`") && told.contains("`baseline`"), "{told}");
}

#[tokio::test]
async fn votes_and_the_history_of_an_agent_are_part_of_the_leaderboard() {
    let app = App::start().await;
    let agent = app.local_agent().await;
    let votes = app.get("/api/v1/leaderboard/votes").await.expect(200);
    assert!(votes["rows"].as_array().unwrap().is_empty() && votes["not_ranked"].is_string());
    let cases = cases(&app).await;
    let run = evaluated(&app, &agent, &cases).await;
    let history = app.get(&format!("/api/v1/leaderboard/agents/{agent}")).await.expect(200);
    assert_eq!((&history["runs"][0]["run_id"], &history["runs"][0]["case_set"]), (&run["id"], &json!(1)));
    app.get("/api/v1/leaderboard/agents/00000000-0000-0000-0000-000000000000").await.problem(404);
}

#[tokio::test]
async fn runs_are_compared_side_by_side() {
    let app = App::start().await;
    let (trained, untrained) = (app.local_agent().await, app.agent("local", "untrained").await);
    let cases = cases(&app).await;
    let (one, other) = (evaluated(&app, &trained, &cases).await, evaluated(&app, &untrained, &cases).await);
    let id = |run: &Value| run["id"].as_str().unwrap().to_owned();
    let path = "/api/v1/evaluations/compare";
    let found = app.get(&format!("{path}?run={}&run={}", id(&one), id(&other))).await.expect(200);
    assert_eq!(found["agent_metrics"][&trained], one["aggregate_metrics_json"]);
    assert_eq!(found["best_overall"], trained);
    assert_eq!(found["rankings"]["reward"], json!([trained, untrained]));
    assert_eq!(found["best_agent"]["reward"], trained);
    assert_eq!(app.get(path).await.expect(200), found);
    assert!(app.get(&format!("{path}?run=x")).await.problem(422).contains("`run`"));
    app.get(&format!("{path}?run=00000000-0000-0000-0000-000000000000")).await.problem(404);
}

#[tokio::test]
async fn a_run_is_read_by_groups_with_verdicts_of_people_and_beside_another() {
    let app = App::start().await;
    let (agent, cases) = (app.local_agent().await, cases(&app).await);
    let (run, other) = (evaluated(&app, &agent, &cases).await, evaluated(&app, &agent, &cases).await);
    let path = format!("/api/v1/evaluations/{}", run["id"].as_str().unwrap());
    let groups = app.get(&format!("{path}/breakdown?by=task_type")).await.expect(200);
    assert_eq!((&groups[0]["value"], &groups[0]["metrics"]["task_success"]), (&json!("numeric"), &json!(0.5)));
    assert!(app.get(&format!("{path}/breakdown?by=colour")).await.problem(422).contains("task_type"));
    let within = async |group: &str| app.get(&format!("{path}/results?within={group}")).await;
    assert_eq!(within("task_type:numeric").await.expect(200).as_array().unwrap().len(), 2);
    assert!(within("task_type").await.problem(422).contains("a colon"));

    let review = format!("{path}/results/{}/review", run["results"][1]["id"].as_str().unwrap());
    let said = json!({ "verdict": "pass", "disputed": true, "comment": "2 + 2 is 4" });
    let stored = app.call("PUT", &review, Some(said)).await.expect(200);
    assert_eq!((&stored["verdict"], &stored["comment"]), (&json!("pass"), &json!("2 + 2 is 4")));
    assert!(app.call("PUT", &review, Some(json!({ "verdict": "maybe" }))).await.problem(422).contains("verdict"));
    let told = app.get(&format!("{path}/reviews")).await.expect(200);
    assert_eq!((&told["overruled"], &told["task_success"]), (&json!(1), &json!(1.0)));
    let disputed = app.get("/api/v1/reviews?disputed=true").await;
    assert_eq!((disputed.header("x-total-count"), &disputed.json()[0]), ("1", &stored));
    assert_eq!(app.delete(&review).await.status, 204);
    assert_eq!(app.get("/api/v1/reviews").await.expect(200), json!([]));

    let ids = [&run, &other].map(|run| run["id"].as_str().unwrap());
    let query = format!("run={}&run={}&show=failures&limit=1", ids[0], ids[1]);
    let diff = app.get(&format!("/api/v1/evaluations/diff?{query}")).await.expect(200);
    assert_eq!(
        (&diff["shared"], &diff["total"], &diff["rows"][0]["cells"][1]["outcome"]),
        (&json!(2), &json!(1), &json!("fail"))
    );
    assert_eq!(diff["runs"][1]["success_against"]["difference"], json!(0.0));
    for wrong in ["run=x", "", "show=red", "limit=-1"] {
        app.get(&format!("/api/v1/evaluations/diff?{wrong}")).await.problem(422);
    }
}

#[tokio::test]
async fn several_agents_are_evaluated_by_one_request() {
    let app = App::start().await;
    let (first, second, cases) = (app.local_agent().await, app.agent("local", "untrained").await, cases(&app).await);
    let request = json!({ "agent_ids": [first, second], "test_case_ids": cases });
    let runs = app.post("/api/v1/evaluations/batch", request).await.expect(200);
    assert_eq!((&runs[0]["agent_id"], &runs[1]["agent_id"]), (&json!(first), &json!(second)));
    app.post("/api/v1/evaluations/batch", json!({ "agent_ids": [] })).await.problem(422);
}

#[tokio::test]
async fn the_models_that_judge_are_set_and_checks_without_one_are_refused() {
    let app = App::start().await;
    let path = "/api/v1/settings/judges";
    assert_eq!(app.get(path).await.expect(200), json!({ "embeddings": null, "judge": null }));
    let case = json!({ "user_input": "Hi", "answer_checks": { "check": "llm_judge", "expected": "Polite." } });
    assert!(app.post("/api/v1/test-cases", case.clone()).await.problem(422).contains("settings"));
    for wrong in [json!({ "judge": { "provider": "nobody", "model": "x" } }), json!({ "judges": null })] {
        app.call("PUT", path, Some(wrong)).await.problem(422);
    }
    let set = json!({ "embeddings": null, "judge": { "provider": "openai", "model": "gpt-4o-mini" } });
    assert_eq!(app.call("PUT", path, Some(set.clone())).await.expect(200), set);
    assert_eq!(app.get(path).await.expect(200), set);
    app.post("/api/v1/test-cases", case).await.expect(201);
}
