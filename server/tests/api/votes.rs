//! `/api/v1/votes`.

use crate::support::App;
use agents::testing::{Reply, ScriptedProvider};
use serde_json::{Value, json};

#[tokio::test]
async fn a_vote_names_its_candidates_and_one_of_them_as_the_winner() {
    let app = App::start().await;
    let (ada, bob) = (app.local_agent().await, app.local_agent().await);
    let nil = "00000000-0000-0000-0000-000000000000";
    let candidate = |agent: &str| json!({ "agent_id": agent, "conversation_id": nil });
    let vote = |winner: Option<&str>, verdict: &str| {
        json!({
            "question": "What is 15 * 23?", "candidates": [candidate(&ada), candidate(&bob)],
            "verdict": verdict, "winner": winner
        })
    };
    let cast = app.post("/api/v1/votes", vote(Some(&bob), "winner")).await.expect(201);
    assert_eq!((&cast["winner"], &cast["verdict"]), (&json!(bob), &json!("winner")));
    let tie = app.post("/api/v1/votes", vote(None, "tie")).await.expect(201);
    let list = app.get("/api/v1/votes").await;
    assert_eq!(list.header("x-total-count"), "2");
    assert_eq!(list.expect(200), json!([tie, cast]));
    assert!(app.post("/api/v1/votes", vote(None, "winner")).await.problem(422).contains("winner"));
    let unknown = json!({
        "question": "Who?", "candidates": [candidate(&ada), candidate(nil)], "verdict": "both_bad"
    });
    app.post("/api/v1/votes", unknown).await.problem(404);
}

#[tokio::test]
async fn votes_and_corrected_answers_are_exported_as_pairs() {
    let replies = ["The better one.", "The worse one.", "Bergen."].map(Reply::text);
    let provider = ScriptedProvider::start(replies).await.unwrap();
    let app = App::with(&[("OPENAI_API_KEY", "sk-x"), ("OPENAI_BASE_URL", provider.base_url())]).await;
    let (ada, bob) = (app.agent("openai", "m").await, app.agent("openai", "m").await);
    let say = async |agent: &str, message: &str| {
        app.post("/api/v1/chat", json!({ "agent_id": agent, "message": message })).await.expect(200)
    };
    let (better, worse) = (say(&ada, "Who are you?").await, say(&bob, "Who are you?").await);
    let candidate =
        |answer: &Value| json!({ "agent_id": answer["agent_id"], "conversation_id": answer["conversation_id"] });
    let vote = json!({
        "question": "Who are you?", "candidates": [candidate(&worse), candidate(&better)],
        "verdict": "winner", "winner": ada
    });
    app.post("/api/v1/votes", vote).await.expect(201);
    let wrong = say(&ada, "Capital of Norway?").await;
    let path = format!("/api/v1/messages/{}/feedback", wrong["message_id"].as_str().unwrap());
    app.post(&path, json!({ "rating": "down", "corrected": "Oslo." })).await;
    let pairs = app.get("/api/v1/trajectories/export?format=dpo").await.text;
    let pairs: Vec<Value> = pairs.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let pair = |question: &str, chosen: &str, rejected: &str| {
        let said = |role: &str, text: &str| json!([{ "role": role, "content": text }]);
        json!({
            "prompt": said("user", question), "chosen": said("assistant", chosen), "rejected": said("assistant", rejected)
        })
    };
    let expected =
        [pair("Capital of Norway?", "Oslo.", "Bergen."), pair("Who are you?", "The better one.", "The worse one.")];
    assert_eq!(pairs, expected);
    assert_eq!(app.get("/api/v1/trajectories/export?format=dpo&rollout=x").await.text, "");
}
