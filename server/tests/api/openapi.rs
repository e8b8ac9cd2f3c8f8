//! The document names every path of the contract, and the interactive form of it needs no other host.

use crate::support::App;
use serde_json::Value;

/// Method and path of every line of the contract, then what was added to it.
const CONTRACT: &[(&str, &str)] = &[
    ("get", "/api/v1/health"),
    ("post", "/api/v1/agents"),
    ("get", "/api/v1/agents"),
    ("get", "/api/v1/agents/{id}"),
    ("patch", "/api/v1/agents/{id}"),
    ("delete", "/api/v1/agents/{id}"),
    ("post", "/api/v1/agents/{id}/reset"),
    ("post", "/api/v1/chat"),
    ("get", "/api/v1/chat/ws/{agent_id}"),
    ("get", "/api/v1/conversations"),
    ("get", "/api/v1/conversations/{id}"),
    ("delete", "/api/v1/conversations/{id}"),
    ("post", "/api/v1/conversations/{id}/end"),
    ("post", "/api/v1/test-cases"),
    ("get", "/api/v1/test-cases"),
    ("get", "/api/v1/test-cases/{id}"),
    ("patch", "/api/v1/test-cases/{id}"),
    ("delete", "/api/v1/test-cases/{id}"),
    ("post", "/api/v1/test-cases/bulk"),
    ("post", "/api/v1/evaluations"),
    ("get", "/api/v1/evaluations"),
    ("get", "/api/v1/evaluations/{id}"),
    ("get", "/api/v1/evaluations/ws/{run_id}"),
    ("post", "/api/v1/training"),
    ("get", "/api/v1/training"),
    ("get", "/api/v1/training/{id}"),
    ("post", "/api/v1/training/{id}/stop"),
    ("get", "/api/v1/training/ws/{run_id}"),
    ("get", "/api/v1/tools"),
    ("post", "/api/v1/agents/pool"),
    ("post", "/api/v1/agents/batch"),
    ("get", "/api/v1/overview"),
    ("get", "/api/v1/leaderboard"),
    ("get", "/api/v1/leaderboard/export"),
    ("get", "/api/v1/leaderboard/votes"),
    ("get", "/api/v1/leaderboard/agents/{id}"),
    ("get", "/api/v1/evaluations/compare"),
    ("get", "/api/v1/frameworks"),
    ("get", "/api/v1/bridge"),
    ("get", "/api/v1/algorithms"),
    ("get", "/api/v1/reply-forms"),
    ("post", "/api/v1/documents"),
    ("get", "/api/v1/documents"),
    ("delete", "/api/v1/documents/{id}"),
    ("post", "/api/v1/test-cases/import"),
    ("post", "/api/v1/test-cases/import/{token}"),
    ("get", "/api/v1/test-cases/import/{token}/corrections"),
    ("get", "/api/v1/test-cases/export"),
    ("post", "/api/v1/test-cases/check"),
    ("post", "/api/v1/test-cases/try"),
    ("post", "/api/v1/test-cases/edit"),
    ("post", "/api/v1/test-cases/edit/{undo}"),
    ("get", "/api/v1/test-cases/{id}/versions"),
    ("post", "/api/v1/evaluations/batch"),
    ("get", "/api/v1/evaluations/diff"),
    ("get", "/api/v1/evaluations/{id}/breakdown"),
    ("get", "/api/v1/evaluations/{id}/reviews"),
    ("put", "/api/v1/evaluations/{id}/results/{result}/review"),
    ("delete", "/api/v1/evaluations/{id}/results/{result}/review"),
    ("get", "/api/v1/reviews"),
    ("get", "/api/v1/settings/judges"),
    ("put", "/api/v1/settings/judges"),
    ("get", "/api/v1/metrics"),
    ("post", "/api/v1/metrics"),
    ("post", "/api/v1/metrics/preview"),
    ("put", "/api/v1/metrics/{id}"),
    ("delete", "/api/v1/metrics/{id}"),
    ("get", "/api/v1/evaluations/{id}/metrics"),
    ("get", "/api/v1/evaluations/{id}/results"),
    ("post", "/api/v1/evaluations/{id}/stop"),
    ("post", "/api/v1/evaluations/{id}/resume"),
    ("post", "/api/v1/evaluations/{id}/retry"),
    ("post", "/api/v1/evaluations/{id}/rescore"),
    ("post", "/api/v1/training/{id}/resume"),
    ("get", "/api/v1/runs/{id}/events"),
    ("get", "/api/v1/trajectories"),
    ("get", "/api/v1/trajectories/{rollout}/{attempt}"),
    ("get", "/api/v1/trajectories/export"),
    ("get", "/api/v1/gateway-calls/{id}"),
    ("get", "/v1/models"),
    ("get", "/v1/models/{model}"),
    ("get", "/g/{rollout}/{attempt}/v1/models"),
    ("post", "/v1/chat/completions"),
    ("post", "/v1/responses"),
    ("post", "/g/{rollout}/{attempt}/v1/chat/completions"),
    ("post", "/g/{rollout}/{attempt}/v1/responses"),
    ("post", "/api/v1/tools/{name}/call"),
    ("post", "/api/v1/added-tools"),
    ("get", "/api/v1/added-tools"),
    ("patch", "/api/v1/added-tools/{id}"),
    ("delete", "/api/v1/added-tools/{id}"),
    ("post", "/api/v1/added-tools/{id}/refresh"),
    ("post", "/api/v1/providers"),
    ("get", "/api/v1/providers"),
    ("patch", "/api/v1/providers/{id}"),
    ("delete", "/api/v1/providers/{id}"),
    ("post", "/api/v1/providers/{id}/restore"),
    ("post", "/api/v1/providers/{id}/test"),
    ("patch", "/api/v1/conversations/{id}"),
    ("post", "/api/v1/conversations/{id}/branch"),
    ("get", "/api/v1/conversations/{id}/export"),
    ("post", "/api/v1/messages/{id}/feedback"),
    ("get", "/api/v1/messages/{id}/test-case"),
    ("get", "/api/v1/feedback"),
    ("post", "/api/v1/votes"),
    ("get", "/api/v1/votes"),
    ("get", "/api/v1/approvals"),
    ("post", "/api/v1/approvals/{id}"),
];

#[tokio::test]
async fn every_path_is_documented_with_a_summary_and_its_problems() {
    let app = App::start().await;
    let document = app.get("/openapi.json").await.expect(200);
    for (method, path) in CONTRACT {
        let operation = &document["paths"][path][method];
        assert!(operation["summary"].is_string(), "{method} {path} is not documented");
        assert!(operation["responses"]["default"].is_object(), "{method} {path}");
    }
    let count: usize =
        document["paths"].as_object().unwrap().values().map(|item| item.as_object().unwrap().len()).sum();
    assert_eq!(count, CONTRACT.len(), "a path is documented that this table does not know");
}

#[tokio::test]
async fn every_reference_in_the_document_leads_somewhere() {
    let app = App::start().await;
    let document = app.get("/openapi.json").await.expect(200);
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(references.len() > 20);
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            found.extend(object.get("$ref").and_then(Value::as_str).map(str::to_owned));
            object.values().for_each(|value| collect(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, found)),
        _ => {}
    }
}

#[tokio::test]
async fn the_interactive_form_is_served_whole_from_here() {
    let app = App::start().await;
    for path in ["/docs", "/docs/"] {
        let page = app.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.text.contains("https://") && !page.text.contains("\"./"), "{}", page.text);
        assert!(!page.header("content-security-policy").contains("http"));
        for link in page.text.split(['"']).filter(|part| part.starts_with("/docs/")) {
            assert_eq!(app.get(link).await.status, 200, "{link}");
        }
    }
    let settings = app.get("/docs/swagger-initializer.js").await;
    assert!(settings.text.contains("/openapi.json") && !settings.text.contains("petstore"), "{}", settings.text);
    assert_eq!(app.get("/docs/nowhere.js").await.status, 404);
}
