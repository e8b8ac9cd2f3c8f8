//! Starting, refusing to start, and going down.

use crate::program::{Place, text};
use serde_json::json;

#[test]
fn beyond_loopback_without_a_token_it_does_not_start() {
    for host in ["0.0.0.0", "::", "192.0.2.1"] {
        let output = Place::new().set("HOST", host).run(&["serve"]);
        assert_eq!(output.status.code(), Some(1), "{host}");
        let said = text(&output.stderr);
        assert!(said.contains("API_TOKEN") && said.contains("--unsafe-no-auth") && said.contains(host), "{said}");
    }
}

#[tokio::test]
async fn with_a_token_it_starts_there_and_asks_for_it() {
    let place = Place::new().set("HOST", "0.0.0.0").set("API_TOKEN", "a long secret");
    let server = place.serve(&["serve"]);
    assert_eq!(server.status("/api/v1/health").await, 401);
    assert_eq!(server.status("/docs").await, 401);
}

#[tokio::test]
async fn who_insists_may_listen_without_a_token() {
    let server = Place::new().set("HOST", "0.0.0.0").serve(&["serve", "--unsafe-no-auth"]);
    assert_eq!(server.get("/api/v1/health").await["status"], "healthy");
}

#[tokio::test]
async fn it_serves_without_being_told_to_and_goes_down_in_order() {
    let place = Place::new();
    let server = place.serve(&[]);
    assert_eq!(server.get("/api/v1/health").await["status"], "healthy");
    assert_eq!(server.terminate().code(), Some(0));
    assert!(place.path("data/rl_chatbot.db").exists(), "the default database");
}

#[tokio::test]
async fn going_down_puts_down_a_run_that_can_be_resumed() {
    let place = Place::new();
    let server = place.serve(&[]);
    let run = crate::killed::training(&server).await;
    server.events(&run, 0, |events| events.iter().any(|event| event["kind"] == "episode_finished")).await;
    assert_eq!(server.terminate().code(), Some(0));
    let server = place.serve(&[]);
    let state = server.get(&format!("/api/v1/training/{run}")).await;
    assert_eq!((&state["status"], &state["state"]), (&json!("failed"), &json!("interrupted")));
    server.post(&format!("/api/v1/training/{run}/resume"), json!({})).await;
}

#[test]
fn a_port_in_use_is_said_so() {
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = Place::new().run(&["serve", "--port", &port]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains(&port) && said.contains("in use"), "{said}");
}

#[test]
fn a_wrong_setting_is_named() {
    let output = Place::new().set("DEBUG", "perhaps").run(&["serve"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("DEBUG is `perhaps`, expected true or false"));
}

#[test]
fn the_file_env_is_read_and_the_environment_wins() {
    let place = Place::new().set("DATABASE_URL", "sqlite://from-environment.db");
    std::fs::write(place.path(".env"), "DATABASE_URL=sqlite://from-file.db\nHOST=0.0.0.0\n").unwrap();
    assert!(text(&place.run(&["serve"]).stderr).contains("API_TOKEN"), "HOST comes from the file");
    assert!(place.run(&["migrate"]).status.success());
    assert!(place.path("from-environment.db").exists() && !place.path("from-file.db").exists());
}
