//! `/api/v1/test-cases`.

use crate::support::App;
use serde_json::{Value, json};

async fn total(app: &App) -> u64 {
    app.get("/api/v1/test-cases").await.header("x-total-count").parse().unwrap()
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|case| case["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_case_is_created_with_the_contracts_defaults() {
    let app = App::start().await;
    let case = app.post("/api/v1/test-cases/", json!({ "user_input": "Hi" })).await.expect(201);
    assert_eq!((&case["task_type"], &case["is_active"]), (&json!("exact_match"), &json!(true)));
    assert!(case["expected_tools_json"].is_null() && case["expected_output"].is_null() && case["name"].is_null());
    assert!(case["created_at"].is_string());
    let read = app.get(&format!("/api/v1/test-cases/{}", case["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(read, case);
}

#[tokio::test]
async fn no_tool_and_unspecified_tools_are_different() {
    let app = App::start().await;
    let none =
        app.post("/api/v1/test-cases", json!({ "user_input": "Hi", "expected_tools_json": [] })).await.expect(201);
    assert_eq!(none["expected_tools_json"], json!([]));
}

#[tokio::test]
async fn a_refused_case_says_what_would_be_right() {
    let app = App::start().await;
    assert!(app.post("/api/v1/test-cases", json!({})).await.problem(422).contains("user_input"));
    assert!(app.post("/api/v1/test-cases", json!({ "user_input": " " })).await.problem(422).contains("user_input"));
    let wrong = json!({ "user_input": "x", "task_type": "vibes" });
    let reply = app.post("/api/v1/test-cases", wrong).await;
    let detail = reply.problem(422);
    assert!(detail.contains("task_type") && detail.contains("exact_match"), "{detail}");
}

#[tokio::test]
async fn cases_are_listed_newest_first() {
    let app = App::start().await;
    let (one, two) = (app.case("one", json!({})).await, app.case("two", json!({})).await);
    let reply = app.get("/api/v1/test-cases?limit=2").await;
    let total: usize = reply.header("x-total-count").parse().unwrap();
    assert!(total >= 2);
    let list = reply.expect(200);
    assert_eq!(ids(&list), [two.as_str(), one.as_str()]);
    assert_eq!(ids(&app.get("/api/v1/test-cases/?skip=1&limit=1").await.expect(200)), [one.as_str()]);
}

#[tokio::test]
async fn lists_can_be_searched_and_sorted() {
    let app = App::start().await;
    let zebra = app.case("What does the zebrafinch sing?", json!({})).await;
    assert_eq!(ids(&app.get("/api/v1/test-cases?search=ZEBRAFINCH").await.expect(200)), [zebra.as_str()]);
    let total: usize = app.get("/api/v1/test-cases?limit=1").await.header("x-total-count").parse().unwrap();
    let newest = app.get(&format!("/api/v1/test-cases?sort=oldest&skip={}", total - 1)).await.expect(200);
    assert_eq!(ids(&newest), [zebra.as_str()]);
    assert!(app.get("/api/v1/test-cases?sort=random").await.problem(422).contains("sort"));
}

#[tokio::test]
async fn a_change_touches_only_what_it_names() {
    let app = App::start().await;
    let id = app.case("Hi", json!({ "expected_output": "Hello", "name": "greeting" })).await;
    let path = format!("/api/v1/test-cases/{id}");
    let changed = app.patch(&path, json!({ "name": null, "task_type": "contains" })).await.expect(200);
    assert_eq!((&changed["expected_output"], &changed["task_type"]), (&json!("Hello"), &json!("contains")));
    assert!(changed["name"].is_null());
    app.patch(&path, json!({ "user_input": null })).await.problem(422);
}

#[tokio::test]
async fn deleting_is_soft() {
    let app = App::start().await;
    let id = app.case("Hi", json!({})).await;
    let path = format!("/api/v1/test-cases/{id}");
    assert_eq!(app.delete(&path).await.status, 204);
    assert_eq!(app.get(&path).await.expect(200)["is_active"], false);
    assert!(!ids(&app.get("/api/v1/test-cases?limit=1000").await.expect(200)).contains(&id.as_str()));
    let all = app.get("/api/v1/test-cases?limit=1000&active_only=false").await.expect(200);
    assert!(ids(&all).contains(&id.as_str()));
}

#[tokio::test]
async fn many_are_created_all_or_none() {
    let app = App::start().await;
    let total = app.get("/api/v1/test-cases").await.header("x-total-count").to_owned();
    let wrong = json!({ "test_cases": [{ "user_input": "a" }, { "user_input": "" }] });
    let detail = app.post("/api/v1/test-cases/bulk", wrong).await.problem(422);
    assert!(detail.contains("test_cases[1].user_input"), "{detail}");
    assert_eq!(app.get("/api/v1/test-cases").await.header("x-total-count"), total);
    let right =
        json!({ "test_cases": [{ "user_input": "a" }, { "user_input": "b", "expected_tools": ["calculate"] }] });
    let created = app.post("/api/v1/test-cases/bulk/", right).await.expect(201);
    assert_eq!((created[0]["user_input"].as_str(), created[1]["user_input"].as_str()), (Some("a"), Some("b")));
    assert_eq!(created[1]["expected_tools_json"], json!(["calculate"]));
}

#[tokio::test]
async fn an_import_is_previewed_committed_and_harmless_twice() {
    let app = App::start().await;
    let before = total(&app).await;
    let file = json!([{ "user_input": "What is 6 * 7?", "expected_output": "42", "task_type": "numeric", "expected_tools": ["calculate"] }]);
    let preview = app.post("/api/v1/test-cases/import?dry_run=true", file.clone()).await.expect(200);
    assert_eq!((&preview["created"], total(&app).await), (&json!(1), before));
    assert_eq!(app.post("/api/v1/test-cases/import", file.clone()).await.expect(200)["created"], 1);
    let again = app.post("/api/v1/test-cases/import/", file).await.expect(200);
    assert_eq!((&again["created"], &again["unchanged"]), (&json!(0), &json!(1)));
    assert_eq!(total(&app).await, before + 1);
}

#[tokio::test]
async fn a_wrong_row_refuses_the_file_and_is_named() {
    let app = App::start().await;
    let file = json!([{ "user_input": "fine" }, { "user_input": "" }]);
    let report = app.post("/api/v1/test-cases/import?dry_run=true", file.clone()).await.expect(200);
    assert_eq!((&report["errors"][0]["row"], &report["errors"][0]["field"]), (&json!(2), &json!("user_input")));
    let total = app.get("/api/v1/test-cases").await.header("x-total-count").to_owned();
    assert!(app.post("/api/v1/test-cases/import", file).await.problem(422).contains("row 2: user_input"));
    assert_eq!(app.get("/api/v1/test-cases").await.header("x-total-count"), total);
    let object = app.post("/api/v1/test-cases/import", json!({ "not": "a list" })).await;
    object.problem(object.status.as_u16());
    assert!((400..500).contains(&object.status.as_u16()));
}

#[tokio::test]
async fn what_is_exported_can_be_imported_and_changes_nothing() {
    let app = App::start().await;
    app.case("What is 15% of 200?", json!({ "expected_output": "30", "task_type": "numeric" })).await;
    let file = app.get("/api/v1/test-cases/export").await.expect(200);
    let rows = file.as_array().unwrap().len();
    let report = app.post("/api/v1/test-cases/import", file).await.expect(200);
    assert_eq!((&report["created"], &report["unchanged"]), (&json!(0), &json!(rows)));
}

#[tokio::test]
async fn a_table_is_previewed_mapped_corrected_and_imported_by_its_token() {
    const FILE: &[u8] = b"Question,weight\nWhat is 2 + 2?,1\nWhat is 3 + 3?,heavy\n";
    let app = App::start().await;
    let before = total(&app).await;
    let unmapped = app.post_file("/api/v1/test-cases/import?dry_run=true", "text/csv", FILE).await.expect(200);
    assert_eq!((&unmapped["format"], &unmapped["refused"]), (&json!("csv"), &json!(2)));
    assert_eq!(unmapped["columns"][0], json!({ "name": "Question", "field": null, "suggestion": "user_input" }));
    let path = "/api/v1/test-cases/import?dry_run=true&columns=%7B%22Question%22:%22user_input%22%7D";
    let report = app.post_file(path, "text/csv", FILE).await.expect(200);
    assert_eq!((&report["created"], &report["errors"][0]["line"]), (&json!(1), &json!(3)));
    let kept = format!("/api/v1/test-cases/import/{}", report["token"].as_str().unwrap());
    let corrections = app.get(&format!("{kept}/corrections")).await;
    assert!(
        corrections.text.starts_with("Question,weight,import_errors\nWhat is 3 + 3?,heavy,"),
        "{}",
        corrections.text
    );
    assert!(app.post(&kept, json!({})).await.problem(422).contains("row 2: weight"));
    assert_eq!(total(&app).await, before);
    assert_eq!(app.post(&kept, json!({ "rows": "valid" })).await.expect(200)["created"], 1);
    assert!(app.post(&kept, json!({})).await.problem(404).contains("preview it again"));
}

#[tokio::test]
async fn a_file_is_refused_with_what_would_be_right() {
    let app = App::start().await;
    let import = "/api/v1/test-cases/import";
    let wrong = app.post_file(import, "text/csv", b"name,user_input\nx,caf\xe9\n").await.problem(400);
    assert!(wrong.contains("line 2 of the file is not UTF-8"), "{wrong}");
    assert!(
        app.post_file(&format!("{import}?format=word"), "text/csv", b"a,b\n")
            .await
            .problem(400)
            .contains("there is no format")
    );
    assert!(app.post_file(&format!("{import}?columns=x"), "text/csv", b"a,b\n").await.problem(422).contains("columns"));
    app.post_file(import, "text/plain", b"a,b\n").await.problem(415);
    assert!(app.get("/api/v1/test-cases/export?format=gsm8k").await.problem(400).contains("only read"));
    let table = app.get("/api/v1/test-cases/export?format=csv").await;
    assert!(
        table.header("content-disposition").contains("test-cases.csv") && table.text.starts_with("external_id,name,")
    );
}

#[tokio::test]
async fn cases_are_checked_tried_changed_together_and_changed_back() {
    let app = App::start().await;
    let checked =
        app.post("/api/v1/test-cases/check", json!({ "user_input": "x", "task_type": "vibes" })).await.expect(200);
    assert_eq!(checked["errors"][0]["field"], "task_type");
    let doubtful =
        json!({ "user_input": "x", "expected_calls": [{ "name": "calculate", "arguments": { "colour": 1 } }] });
    let checked = app.post("/api/v1/test-cases/check", doubtful).await.expect(200);
    assert_eq!(
        (checked["errors"].as_array().unwrap().len(), &checked["warnings"][0]["field"]),
        (0, &json!("expected_calls[0].arguments.colour"))
    );
    let agents = app.get("/api/v1/agents").await.expect(200);
    let builtin = agents.as_array().unwrap().iter().find(|agent| agent["model"] == "builtin").unwrap()["id"].clone();
    let case = json!({ "user_input": "What is 6 * 7?", "expected_output": "42", "task_type": "numeric" });
    let tried = app.post("/api/v1/test-cases/try", json!({ "test_case": case, "agent_id": builtin })).await.expect(200);
    assert_eq!((&tried["outcome"], &tried["task_success"]), (&json!("pass"), &json!(1.0)));
    let id = app.case("mine", json!({ "suite": "one" })).await;
    let edit = json!({ "matching": { "suite": "one" }, "edit": { "add_tags": ["new"], "suite": null } });
    let done = app.post("/api/v1/test-cases/edit", edit).await.expect(200);
    assert_eq!(done["changed"], 1);
    assert_eq!(ids(&app.get("/api/v1/test-cases?tag=new").await.expect(200)), [id.as_str()]);
    let undo = done["undo"].as_str().unwrap();
    app.post(&format!("/api/v1/test-cases/edit/{undo}"), json!({})).await.expect(200);
    assert_eq!(ids(&app.get("/api/v1/test-cases?suite=one").await.expect(200)), [id.as_str()]);
    let versions = app.get(&format!("/api/v1/test-cases/{id}/versions")).await.expect(200);
    assert_eq!(
        versions.as_array().unwrap().iter().map(|case| case["version"].as_u64().unwrap()).collect::<Vec<_>>(),
        [3, 2, 1]
    );
    assert!(app.post("/api/v1/test-cases/edit", json!({ "edit": { "weight": 2 } })).await.problem(422).contains("ids"));
}
