//! Agents, cases and documents: what a first start makes, what is refused, what stays.

use crate::world::{World, local, openai};
use types::{
    Activity, AgentCreate, AgentUpdate, CaseQuery, DocumentCreate, Error, ImportOptions, ImportReport, ImportRows,
    Page, TestCaseCreate, TestCaseUpdate,
};

#[tokio::test]
async fn the_first_start_makes_two_agents_and_the_samples_and_no_later_one_does() {
    let world = World::new();
    let service = world.start().await;
    let agents = service.agent_list(Activity::Active, Page::default()).await.unwrap().items;
    let models: Vec<_> = agents.iter().map(|agent| (agent.agent_type.as_str(), agent.model.as_str())).collect();
    assert_eq!(models, [("local", "builtin"), ("local", "untrained")]);
    let cases = service.case_list(CaseQuery::default()).await.unwrap().total;
    assert!(cases > 20);
    assert_eq!(service.case_import_samples().await.unwrap().created, 0);
    for agent in agents {
        service.agent_delete(agent.id).await.unwrap();
    }
    service.shutdown().await.unwrap();
    drop(service);
    let service = world.start().await;
    assert_eq!(service.agent_list(Activity::Active, Page::default()).await.unwrap().total, 0);
    assert_eq!(service.agent_list(Activity::All, Page::default()).await.unwrap().total, 2);
    assert_eq!(service.case_list(CaseQuery::default()).await.unwrap().total, cases);
}

/// Imports a file as it is recognised, all rows or none.
async fn import(service: &service::Service, file: &str) -> ImportReport {
    service.case_import(file.into(), ImportOptions::default(), ImportRows::All).await.unwrap().report
}

#[tokio::test]
async fn an_export_of_any_format_imported_again_changes_nothing() {
    let world = World::new();
    let service = world.start().await;
    for format in ["json", "jsonl", "yaml", "csv", "tsv"] {
        let export = service.case_export_as(format).await.unwrap();
        let report = import(&service, &export).await;
        let counts = (report.created, report.updated, report.repeated, report.refused);
        assert_eq!((report.format.as_str(), counts), (format, (0, 0, 0, 0)));
        assert!(report.unchanged > 20);
    }
}

#[tokio::test]
async fn an_import_writes_every_row_or_none() {
    let world = World::new();
    let service = world.start().await;
    let total = async || service.case_list(CaseQuery::default()).await.unwrap().total;
    let before = total().await;
    let report = import(&service, r#"[{"user_input": "new one"}, {"user_input": ""}]"#).await;
    assert_eq!((report.created, report.errors[0].row, report.errors[0].field.as_str()), (0, 2, "user_input"));
    assert_eq!(total().await, before);
    let good = r#"[{"user_input": "new one"}, {"user_input": "new two", "expected_tools": []}]"#;
    assert_eq!(import(&service, good).await.created, 2);
    assert_eq!(total().await, before + 2);
}

#[tokio::test]
async fn a_previewed_file_is_imported_by_its_token_and_then_forgotten() {
    let world = World::new();
    let service = world.start().await;
    let before = service.case_list(CaseQuery::default()).await.unwrap().total;
    let file = "external_id,user_input,weight\na,one,1\nb,two,heavy\na,three,1\nc,one more,2\n";
    let report = service.case_import_preview(file.into(), ImportOptions::default()).await.unwrap();
    assert_eq!((report.created, report.refused), (2, 2));
    assert_eq!(report.errors.iter().map(|error| error.line).collect::<Vec<_>>(), [3, 4]);
    assert_eq!(service.case_list(CaseQuery::default()).await.unwrap().total, before);
    let token = report.token.unwrap();
    let corrections = service.case_import_corrections(&token).await.unwrap();
    assert_eq!(corrections.lines().nth(1), Some("b,two,heavy,\"weight is `heavy`, expected a number\""));
    let none = service.case_import_commit(&token, ImportRows::All).await.unwrap();
    assert_eq!((none.created, none.refused), (0, 2));
    assert_eq!(service.case_import_commit(&token, ImportRows::Valid).await.unwrap().created, 2);
    assert_eq!(service.case_list(CaseQuery::default()).await.unwrap().total, before + 2);
    let gone = service.case_import_commit(&token, ImportRows::Valid).await.unwrap_err();
    assert!(matches!(gone, Error::NotFound(_)), "{gone:?}");
}

#[tokio::test]
async fn a_row_with_the_id_of_a_case_replaces_it_and_keeps_its_place() {
    let world = World::new();
    let service = world.start().await;
    let first = "external_id,user_input\na,one\nb,two\n";
    let imported = service.case_import(first.into(), ImportOptions::default(), ImportRows::All).await.unwrap();
    let second = "external_id,user_input\nb,two\na,changed\nb2,two\nb2x,two\n";
    let again = service.case_import(second.into(), ImportOptions::default(), ImportRows::All).await.unwrap();
    let report = &again.report;
    assert_eq!((report.created, report.updated, report.unchanged, report.repeated), (2, 1, 1, 0));
    assert_eq!(again.cases[..2], [imported.cases[1], imported.cases[0]]);
    assert_eq!(service.case_get(imported.cases[0]).await.unwrap().draft.user_input, "changed");
    assert_eq!(import(&service, "user_input\tname\nsame\tx\nsame\tx\n").await.repeated, 1);
}

#[tokio::test]
async fn fifty_thousand_rows_with_one_wrong_in_the_middle_leave_nothing_half_written() {
    let world = World::new();
    let service = world.start().await;
    let before = service.case_list(CaseQuery::default()).await.unwrap().total;
    let row = |n: u32| format!("row-{n},What is {n} + 1?,{}\n", if n == 25_000 { "x" } else { "1" });
    let file: String =
        std::iter::once("external_id,user_input,weight\n".to_owned()).chain((1..=50_000).map(row)).collect();
    let report = import(&service, &file).await;
    assert_eq!((report.created, report.refused, report.errors[0].line), (0, 1, 25_001));
    assert_eq!(service.case_list(CaseQuery::default()).await.unwrap().total, before);
    let rows = service.case_import(file.into(), ImportOptions::default(), ImportRows::Valid).await.unwrap();
    assert_eq!((rows.report.created, rows.cases.len()), (49_999, 49_999));
}

#[tokio::test]
async fn cases_in_bulk_are_all_or_nothing_with_their_places() {
    let world = World::new();
    let service = world.start().await;
    let before = service.case_list(CaseQuery::default()).await.unwrap().total;
    let good = TestCaseCreate { user_input: "fine".into(), ..TestCaseCreate::default() };
    let bad = TestCaseCreate { task_type: "semantic".into(), expected_output: Some("x".into()), ..good.clone() };
    let Err(Error::Fields(fields)) = service.case_create_all(vec![good.clone(), bad]).await else { panic!("accepted") };
    assert_eq!(fields.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["test_cases[1].task_type"]);
    assert_eq!(service.case_list(CaseQuery::default()).await.unwrap().total, before);
    let case = service.case_create(good).await.unwrap();
    let update = TestCaseUpdate { expected_tools_json: Some(Some(vec!["fly".into()])), ..TestCaseUpdate::default() };
    assert_eq!(service.case_update(case.id, update).await.unwrap_err().status(), 422);
    service.case_delete(case.id).await.unwrap();
    assert!(!service.case_get(case.id).await.unwrap().draft.is_active);
}

#[tokio::test]
async fn an_agent_that_could_never_work_is_refused() {
    let world = World::new();
    let service = world.start().await;
    let refused = |draft: AgentCreate| {
        let service = service.clone();
        async move { service.agent_create(draft).await.unwrap_err() }
    };
    let error = refused(AgentCreate { agent_type: "oracle".into(), ..AgentCreate::default() }).await;
    assert!(error.to_string().contains("expected one of"), "{error}");
    let error = refused(AgentCreate { agent_type: "local".into(), ..AgentCreate::default() }).await;
    assert!(error.to_string().contains("builtin"), "{error}");
    let agent = openai(&service).await;
    let change = AgentUpdate { name: Some(None), temperature: Some(0.2), ..AgentUpdate::default() };
    let changed = service.agent_update(agent.id, change).await.unwrap();
    assert_eq!((changed.name, changed.temperature), (None, 0.2));
    assert!(changed.updated_at.is_some());
}

#[tokio::test]
async fn what_a_document_says_is_found_until_it_is_deleted_and_after_a_restart() {
    let world = World::new();
    let service = world.start().await;
    let draft = DocumentCreate { title: "Quokka".into(), body: "The quokka smiles on Rottnest Island.".into() };
    let document = service.document_create(draft).await.unwrap();
    service.shutdown().await.unwrap();
    drop(service);
    let service = world.start().await;
    assert_eq!(service.document_list(Page::default()).await.unwrap().items, std::slice::from_ref(&document));
    let agent = local(&service, "builtin").await;
    assert!(agent.is_active);
    service.document_delete(document.id).await.unwrap();
    assert_eq!(service.document_delete(document.id).await.unwrap_err().status(), 404);
}
