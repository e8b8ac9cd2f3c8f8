//! Pages, files and what is neither.

use crate::support::{App, Reply};
use axum::{body::Body, http::Request};

async fn visit(app: &App, path: &str) -> Reply {
    app.send(Request::get(path).header("accept", "text/html").body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn the_front_page_is_rendered_here() {
    let app = App::start().await;
    let page = visit(&app, "/").await;
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").starts_with("text/html") && page.text.contains("<html"), "{}", page.text);
}

#[tokio::test]
async fn a_page_that_does_not_exist_is_a_page_with_404() {
    let app = App::start().await;
    let page = visit(&app, "/nowhere").await;
    assert_eq!(page.status, 404);
    assert!(page.header("content-type").starts_with("text/html"), "{}", page.header("content-type"));
    assert!(app.get("/nowhere.png").await.problem(404).contains("/nowhere.png"));
}

#[tokio::test]
async fn files_are_cached_by_whether_their_name_changes() {
    let app = App::start().await;
    assert_eq!(app.get("/pkg/rl-chatbot.css").await.header("cache-control"), "no-cache");
    assert!(app.get("/pkg/chunk.0123abcd.js").await.header("cache-control").contains("immutable"));
}

#[tokio::test]
async fn files_outside_the_site_stay_there() {
    let app = App::start().await;
    for path in ["/../test.db", "/pkg/../../test.db", "/%2e%2e/test.db", "/pkg/%2e%2e%2f%2e%2e%2ftest.db"] {
        let reply = app.get(path).await;
        assert!(reply.status.as_u16() >= 400, "{path}: {}", reply.status);
        assert!(!reply.text.contains("SQLite"), "{path}");
    }
}
