//! The health check, and what the front page counts.

use crate::support::App;

#[tokio::test]
async fn the_service_is_healthy() {
    let app = App::start().await;
    for path in ["/api/v1/health", "/api/v1/health/"] {
        let health = app.get(path).await.expect(200);
        assert_eq!((&health["status"], &health["service"]), (&"healthy".into(), &"rl-chatbot-api".into()));
        assert_eq!(health["database"], "sqlite");
    }
}

#[tokio::test]
async fn the_overview_counts() {
    let app = App::start().await;
    let before = app.get("/api/v1/overview").await.expect(200)["agents"].as_u64().unwrap();
    app.local_agent().await;
    assert_eq!(app.get("/api/v1/overview/").await.expect(200)["agents"], before + 1);
}
