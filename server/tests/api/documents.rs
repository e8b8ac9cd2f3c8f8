//! `/api/v1/documents`.

use crate::support::App;
use serde_json::json;

#[tokio::test]
async fn a_document_is_added_listed_and_deleted() {
    let app = App::start().await;
    let draft = json!({ "title": "Zeppelin rides", "body": "Zeppelins leave from the north field at noon." });
    let document = app.post("/api/v1/documents/", draft).await.expect(201);
    let list = app.get("/api/v1/documents").await;
    assert_eq!(list.header("x-total-count"), "1");
    assert_eq!(list.expect(200)[0], document);
    let path = format!("/api/v1/documents/{}", document["id"].as_str().unwrap());
    assert_eq!(app.delete(&path).await.status, 204);
    app.delete(&path).await.problem(404);
}

#[tokio::test]
async fn a_document_without_text_is_refused() {
    let app = App::start().await;
    assert!(app.post("/api/v1/documents", json!({ "title": "", "body": "x" })).await.problem(422).contains("title"));
    assert!(app.post("/api/v1/documents", json!({ "title": "x" })).await.problem(422).contains("body"));
}
