//! Process death in the middle of runs: nothing acknowledged is missing, and both kinds go on.

use crate::program::{Place, Server};
use agents::testing::{Reply, ScriptedProvider};
use serde_json::{Value, json};

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
