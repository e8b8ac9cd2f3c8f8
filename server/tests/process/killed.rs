//! Process death in the middle of runs: nothing acknowledged is missing, and both kinds go on.

use crate::program::{Place, Server};
use agents::testing::{Reply, ScriptedProvider};
use serde_json::{Value, json};
use std::{collections::BTreeSet, iter::repeat_n};

/// Starts a training run that does not end by itself in the time of a test; its id.
pub async fn training(server: &Server) -> String {
    let draft = json!({ "agent_type": "local", "model": "untrained", "temperature": 0.0 });
    let agent = server.post("/api/v1/agents", draft).await;
    let mut ids = Vec::new();
    for (question, answer, split) in
        [("What is 2 + 3?", "5", "train"), ("What is 4 * 5?", "20", "train"), ("What is 6 + 7?", "13", "test")]
    {
        let case = json!({ "user_input": question, "expected_output": answer, "task_type": "numeric", "split": split });
        ids.push(server.post("/api/v1/test-cases", case).await["id"].clone());
    }
    let body = json!({ "agent_id": agent["id"], "num_episodes": 10_000, "test_case_ids": ids, "seed": 3 });
    server.post("/api/v1/training", body).await["id"].as_str().unwrap().to_owned()
}

fn count(events: &[Value], kind: &str) -> usize {
    events.iter().filter(|event| event["kind"] == kind).count()
}

#[tokio::test]
async fn a_killed_training_run_goes_on_where_it_was() {
    let place = Place::new();
    let server = place.serve(&[]);
    let run = training(&server).await;
    let seen = server.events(&run, 0, |events| count(events, "episode_finished") >= 3).await;
    server.kill();

    let server = place.serve(&[]);
    let path = format!("/api/v1/training/{run}");
    let found = server.get(&path).await;
    assert_eq!((&found["status"], &found["state"]), (&json!("failed"), &json!("interrupted")));
    let episodes = found["episodes"].as_array().unwrap();
    for event in seen.iter().filter(|event| event["kind"] == "episode_finished") {
        let kept = episodes
            .iter()
            .find(|episode| episode["episode_num"] == event["episode_num"])
            .expect("an episode is missing");
        assert_eq!(kept["avg_reward"], event["avg_reward"]);
    }
    let replayed = server.events(&run, 0, |events| events.len() >= seen.len()).await;
    assert_eq!(replayed, seen, "the events that were told");

    let before = found["current_episode"].as_u64().unwrap();
    let all = server.events(&run, 0, |_| false).await;
    server.post(&format!("{path}/resume"), json!({})).await;
    let more = server.events(&run, all.len(), |events| count(events, "episode_finished") >= 2).await;
    let resumed: Vec<u64> = more.iter().filter_map(|event| event["episode_num"].as_u64()).collect();
    assert_eq!(resumed[..2], [before, before + 1], "it goes on after the last acknowledged episode");
    server.post(&format!("{path}/stop"), json!({})).await;
}

#[tokio::test]
async fn a_killed_evaluation_goes_on_with_the_cases_that_have_no_result() {
    // The provider answers three cases and then says nothing, so the run is surely in the middle.
    let silent = ScriptedProvider::start([Reply::text("ok"), Reply::text("ok"), Reply::text("ok"), Reply::hang("")])
        .await
        .unwrap();
    let place = Place::new().set("OPENAI_API_KEY", "sk-test");
    let place = place.set("OPENAI_BASE_URL", silent.base_url());
    let server = place.serve(&[]);
    let agent = server.post("/api/v1/agents", json!({ "agent_type": "openai" })).await;
    let mut cases = Vec::new();
    for n in 0..8 {
        let case = json!({ "user_input": format!("Say ok, {n}"), "expected_output": "ok", "task_type": "contains" });
        cases.push(server.post("/api/v1/test-cases", case).await["id"].clone());
    }
    let run = server.post("/api/v1/evaluations", json!({ "agent_id": agent["id"], "test_case_ids": cases })).await;
    let run = run["id"].as_str().unwrap().to_owned();
    let seen = server.events(&run, 0, |events| count(events, "sample_finished") >= 3).await;
    server.kill();

    let talkative = ScriptedProvider::start([Reply::text("ok")]).await.unwrap();
    let place = place.set("OPENAI_BASE_URL", talkative.base_url());
    let server = place.serve(&[]);
    let path = format!("/api/v1/evaluations/{run}");
    let found = server.get(&path).await;
    assert_eq!((&found["status"], &found["state"]), (&json!("failed"), &json!("interrupted")));
    let kept = found["results"].as_array().unwrap().clone();
    for event in seen.iter().filter(|event| event["kind"] == "sample_finished") {
        assert!(kept.iter().any(|result| result["id"] == event["result_id"]), "a result is missing: {event}");
    }

    let all = server.events(&run, 0, |_| false).await;
    server.post(&format!("{path}/resume"), json!({})).await;
    server.events(&run, all.len(), |events| count(events, "finished") > 0).await;
    let done = server.get(&path).await;
    assert_eq!((&done["status"], done["results"].as_array().unwrap().len()), (&json!("completed"), 8));
    for result in &kept {
        assert!(done["results"].as_array().unwrap().contains(result), "a result was judged again: {result}");
    }
    assert_eq!(talkative.requests().len(), 8 - kept.len(), "only the rest was asked");
}

/// 2,000 cases, of which every other one passes with the reply `ok`.
async fn two_thousand_cases(server: &Server) -> Vec<Value> {
    let case = |n: usize| {
        let expected = if n.is_multiple_of(2) { "ok" } else { "something else" };
        json!({ "user_input": format!("Say ok, {n}"), "expected_output": expected, "task_type": "contains" })
    };
    let cases: Vec<Value> = (0..2000).map(case).collect();
    let made = server.post("/api/v1/test-cases/bulk", json!({ "test_cases": cases })).await;
    made.as_array().unwrap().iter().map(|case| case["id"].clone()).collect()
}

/// Every value of `field` once, however often it is there.
fn distinct<'a>(rows: impl IntoIterator<Item = &'a Value>, field: &str) -> BTreeSet<String> {
    rows.into_iter().map(|row| row[field].to_string()).collect()
}

#[tokio::test]
async fn a_run_killed_while_it_stores_repeats_no_stored_sample_and_ends_as_if_nothing_had_happened() {
    // After 1,500 answers the provider says nothing, so the run cannot end before it is killed.
    let talks_for_a_while = repeat_n(Reply::text("ok"), 1500).chain([Reply::hang("")]);
    let first = ScriptedProvider::start(talks_for_a_while).await.unwrap();
    let place = Place::new().set("OPENAI_API_KEY", "sk-test").set("OPENAI_BASE_URL", first.base_url());
    let server = place.serve(&[]);
    let agent = server.post("/api/v1/agents", json!({ "agent_type": "openai" })).await;
    let cases = two_thousand_cases(&server).await;
    let start = json!({ "agent_id": agent["id"], "test_case_ids": cases, "concurrency": 32 });
    let run = server.post("/api/v1/evaluations", start.clone()).await["id"].as_str().unwrap().to_owned();
    let told = server.events(&run, 0, |events| count(events, "sample_finished") >= 700).await;
    server.kill();

    let second = ScriptedProvider::start([Reply::text("ok")]).await.unwrap();
    let place = place.set("OPENAI_BASE_URL", second.base_url());
    let server = place.serve(&[]);
    let path = format!("/api/v1/evaluations/{run}");
    let kept = server.get(&path).await["results"].as_array().unwrap().clone();
    let kept_ids = distinct(&kept, "id");
    let told_ids = distinct(told.iter().filter(|event| event["kind"] == "sample_finished"), "result_id");
    assert!(told_ids.len() >= 700 && told_ids.is_subset(&kept_ids), "what was told is stored");
    assert!(kept.len() < 2000, "the run was in the middle");

    server.post(&format!("{path}/resume"), json!({})).await;
    let events = server.events(&run, 0, |_| false).await;
    assert_eq!(second.requests().len(), 2000 - kept.len(), "only the rest was asked");
    let resumed = server.get(&path).await;
    let results = resumed["results"].as_array().unwrap();
    assert_eq!((results.len(), distinct(results, "test_case_id").len()), (2000, 2000));
    assert!(kept.iter().all(|result| results.contains(result)), "a stored result was made again");
    let numbers: Vec<_> = events.iter().filter_map(|event| event["seq"].as_u64()).collect();
    assert_eq!(numbers, (1..=events.len() as u64).collect::<Vec<_>>());
    let finished: Vec<_> = events.iter().filter(|event| event["kind"] == "sample_finished").collect();
    assert_eq!(distinct(finished.iter().copied(), "result_id"), distinct(results, "id"));
    let done: Vec<_> = finished.iter().filter_map(|event| event["done"].as_u64()).collect();
    assert_eq!(done, (1..=2000).collect::<Vec<_>>());

    let whole = server.post("/api/v1/evaluations", start).await["id"].as_str().unwrap().to_owned();
    server.events(&whole, 0, |_| false).await;
    let whole = server.get(&format!("/api/v1/evaluations/{whole}")).await;
    for total in
        ["task_success", "tool_usage_efficiency", "response_quality", "reward", "n", "outcomes", "reward_interval"]
    {
        let of = |run: &Value| run["aggregate_metrics_json"][total].clone();
        assert_eq!(of(&resumed), of(&whole), "{total}");
    }
    assert_eq!(whole["aggregate_metrics_json"]["outcomes"], json!({ "pass": 1000, "fail": 1000 }));
    assert_eq!((&resumed["status"], &resumed["num_completed"]), (&whole["status"], &whole["num_completed"]));
}
