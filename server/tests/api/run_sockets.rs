//! The sockets of runs: progress of the contract, and events.

use crate::support::{App, Socket};
use serde_json::{Value, json};

const UNKNOWN: &str = "00000000-0000-0000-0000-000000000000";

async fn evaluation(app: &App) -> String {
    let agent = app.local_agent().await;
    let mut cases = Vec::new();
    for n in 1..=3 {
        cases.push(
            app.case(
                &format!("What is {n} + 1?"),
                json!({ "expected_output": (n + 1).to_string(), "task_type": "numeric" }),
            )
            .await,
        );
    }
    let run = app.post("/api/v1/evaluations", json!({ "agent_id": agent, "test_case_ids": cases })).await.expect(200);
    run["id"].as_str().unwrap().to_owned()
}

async fn training(app: &App, episodes: u32) -> String {
    let agent = app.agent("local", "untrained").await;
    let case =
        app.case("What is 2 + 2?", json!({ "expected_output": "4", "task_type": "numeric", "split": "train" })).await;
    let body = json!({ "agent_id": agent, "num_episodes": episodes, "test_case_ids": [case] });
    app.post("/api/v1/training", body).await.expect(200)["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_evaluation_is_followed_to_its_end() {
    let app = App::start().await;
    let id = evaluation(&app).await;
    let (frames, code) = app.socket(&format!("/api/v1/evaluations/ws/{id}")).await.all().await;
    assert_eq!(code, 1000);
    for frame in &frames {
        assert_eq!((&frame["run_id"], &frame["total_test_cases"]), (&json!(id), &json!(3)), "{frame}");
        assert!(frame["progress_percent"].is_i64() && frame["current_test_case"].is_i64());
    }
    let last = frames.last().unwrap();
    assert_eq!(
        (&last["status"], &last["current_test_case"], &last["progress_percent"]),
        (&json!("completed"), &json!(3), &json!(100))
    );
}

#[tokio::test]
async fn whoever_comes_after_the_end_gets_the_end() {
    let app = App::start().await;
    let address = app.listen().await;
    let id = evaluation(&app).await;
    let path = format!("/api/v1/evaluations/ws/{id}/");
    Socket::open(address, &path, &[]).await.unwrap().all().await;
    let (frames, code) = Socket::open(address, &path, &[]).await.unwrap().all().await;
    assert_eq!((frames.len(), code), (1, 1000));
    assert_eq!(frames[0]["status"], "completed");
}

#[tokio::test]
async fn a_training_run_is_followed_to_its_end() {
    let app = App::start().await;
    let id = training(&app, 2).await;
    let (frames, code) = app.socket(&format!("/api/v1/training/ws/{id}")).await.all().await;
    assert_eq!(code, 1000);
    let last = frames.last().unwrap();
    assert_eq!((&last["run_id"], &last["status"]), (&json!(id), &json!("completed")));
    assert_eq!(
        (&last["current_episode"], &last["total_episodes"], &last["progress_percent"]),
        (&json!(2), &json!(2), &json!(100))
    );
    assert!(last["current_avg_reward"].is_number());
}

#[tokio::test]
async fn an_unknown_run_closes_with_4404() {
    let app = App::start().await;
    let address = app.listen().await;
    let evaluation = evaluation(&app).await;
    for path in [
        format!("/api/v1/evaluations/ws/{UNKNOWN}"),
        format!("/api/v1/training/ws/{UNKNOWN}"),
        format!("/api/v1/training/ws/{evaluation}"),
        "/api/v1/training/ws/not-a-uuid".to_owned(),
        format!("/api/v1/runs/{UNKNOWN}/events"),
    ] {
        let (frames, code) = Socket::open(address, &path, &[]).await.unwrap().all().await;
        assert_eq!((frames.len(), code), (0, 4404), "{path}");
    }
}

#[tokio::test]
async fn events_come_without_gaps_from_wherever_one_left_off() {
    let app = App::start().await;
    let address = app.listen().await;
    let id = evaluation(&app).await;
    let (events, code) = Socket::open(address, &format!("/api/v1/runs/{id}/events"), &[]).await.unwrap().all().await;
    assert_eq!(code, 1000);
    let sequence: Vec<i64> = events.iter().map(|event| event["seq"].as_i64().unwrap()).collect();
    assert_eq!(sequence, (1..=i64::try_from(events.len()).unwrap()).collect::<Vec<_>>());
    assert_eq!((&events[0]["kind"], &events.last().unwrap()["kind"]), (&json!("started"), &json!("finished")));
    let samples = events.iter().filter(|event| event["kind"] == "sample_finished").count();
    assert_eq!(samples, 3);
    let path = format!("/api/v1/runs/{id}/events?after=2");
    let (rest, _) = Socket::open(address, &path, &[]).await.unwrap().all().await;
    assert_eq!(rest, events[2..].to_vec());
}

#[tokio::test]
async fn an_ended_run_has_nothing_more_to_say() {
    let app = App::start().await;
    let address = app.listen().await;
    let id = evaluation(&app).await;
    let (events, _) = Socket::open(address, &format!("/api/v1/runs/{id}/events"), &[]).await.unwrap().all().await;
    for after in [events.len(), events.len() + 7] {
        let path = format!("/api/v1/runs/{id}/events?after={after}");
        let (rest, code) = Socket::open(address, &path, &[]).await.unwrap().all().await;
        assert_eq!((rest, code), (Vec::<Value>::new(), 1000));
    }
}

#[tokio::test]
async fn sockets_close_when_the_process_drains() {
    let app = App::start().await;
    let id = training(&app, 10_000).await;
    let mut socket = app.socket(&format!("/api/v1/training/ws/{id}")).await;
    socket.next().await.unwrap();
    app.draining.cancel();
    assert_eq!(socket.all().await.1, 1001);
    app.service.shutdown().await.unwrap();
}
