//! `/api/v1/votes`.

use crate::support::App;
use serde_json::json;

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
