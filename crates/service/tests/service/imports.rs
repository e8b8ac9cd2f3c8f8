//! Importing cases from files: what is written, what is there already, what is refused.

use crate::world::World;
use service::{ImportWatch, Service};
use types::{CaseQuery, Error, ExpectedCall, ImportOptions, ImportReport, ImportRows, TestCaseCreate, TestCaseUpdate};

/// Imports a file as it is recognised, all rows or none.
async fn import(service: &Service, file: &str) -> ImportReport {
    service
        .case_import(file.into(), ImportOptions::default(), ImportRows::All, &ImportWatch::default())
        .await
        .unwrap()
        .report
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
    let report =
        service.case_import_preview(file.into(), ImportOptions::default(), &ImportWatch::default()).await.unwrap();
    assert_eq!((report.created, report.refused), (2, 2));
    assert_eq!(report.errors.iter().map(|error| error.line).collect::<Vec<_>>(), [3, 4]);
    assert_eq!(service.case_list(CaseQuery::default()).await.unwrap().total, before);
    let token = report.token.unwrap();
    let corrections = service.case_import_corrections(&token).await.unwrap();
    assert_eq!(corrections.lines().nth(1), Some("b,two,heavy,\"weight is `heavy`, expected a number\""));
    let none = service.case_import_commit(&token, ImportRows::All, &ImportWatch::default()).await.unwrap();
    assert_eq!((none.created, none.refused), (0, 2));
    assert_eq!(
        service.case_import_commit(&token, ImportRows::Valid, &ImportWatch::default()).await.unwrap().created,
        2
    );
    assert_eq!(service.case_list(CaseQuery::default()).await.unwrap().total, before + 2);
    let gone = service.case_import_commit(&token, ImportRows::Valid, &ImportWatch::default()).await.unwrap_err();
    assert!(matches!(gone, Error::NotFound(_)), "{gone:?}");
}

#[tokio::test]
async fn a_row_with_the_id_of_a_case_replaces_it_and_keeps_its_place() {
    let world = World::new();
    let service = world.start().await;
    let first = "external_id,user_input\na,one\nb,two\n";
    let imported = service
        .case_import(first.into(), ImportOptions::default(), ImportRows::All, &ImportWatch::default())
        .await
        .unwrap();
    let second = "external_id,user_input\nb,two\na,changed\nb2,two\nb2x,two\n";
    let again = service
        .case_import(second.into(), ImportOptions::default(), ImportRows::All, &ImportWatch::default())
        .await
        .unwrap();
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
    let rows = service
        .case_import(file.into(), ImportOptions::default(), ImportRows::Valid, &ImportWatch::default())
        .await
        .unwrap();
    assert_eq!((rows.report.created, rows.cases.len()), (49_999, 49_999));
}

#[tokio::test]
async fn a_token_imports_once_and_a_file_adds_its_cases_once_however_many_ask_at_a_time() {
    let world = World::new();
    let service = world.start().await;
    let total = async || service.case_list(CaseQuery::default()).await.unwrap().total;
    let before = total().await;
    let file: String = (0..200).map(|n| format!("{{\"user_input\": \"number {n}\"}}\n")).collect();
    let report =
        service.case_import_preview(file.into(), ImportOptions::default(), &ImportWatch::default()).await.unwrap();
    let token = report.token.unwrap();
    let watch = ImportWatch::default();
    let commit = || service.case_import_commit(&token, ImportRows::All, &watch);
    let (one, two, three) = tokio::join!(commit(), commit(), commit());
    assert_eq!([one, two, three].iter().filter(|done| done.is_ok()).count(), 1);
    assert_eq!(total().await, before + 200);
    let file = "user_input,name\nat once,a\nat once,b\n";
    let (one, two) = tokio::join!(import(&service, file), import(&service, file));
    assert_eq!((one.created + two.created, one.unchanged + two.unchanged), (2, 2));
    assert_eq!(total().await, before + 202);
}

/// Cases of every kind that a database may hold: deleted, twice the same, deleted and there again, of odd texts.
async fn odd_cases(service: &Service) -> Vec<TestCaseCreate> {
    let case = |user_input: &str| TestCaseCreate { user_input: user_input.into(), ..TestCaseCreate::default() };
    let call = ExpectedCall { name: "calculate".into(), ..ExpectedCall::default() };
    let mut drafts = vec![
        case("twice"),
        case("twice"),
        case("deleted"),
        TestCaseCreate { is_active: false, ..case("made deleted") },
        TestCaseCreate { is_active: false, external_id: Some("a".into()), ..case("deleted, with an id") },
        TestCaseCreate { external_id: Some("a".into()), suite: Some("s".into()), ..case("the same id") },
        case("deleted and there"),
        TestCaseCreate { is_active: false, ..case("deleted and there") },
        TestCaseCreate { name: Some(String::new()), expected_output: Some(String::new()), ..case("empty") },
        case("a NUL \0 and a line\r\nend"),
        TestCaseCreate { expected_tools_json: Some(vec![]), tags: vec!["a|b".into(), "=1".into()], ..case("=1") },
        TestCaseCreate { expected_calls: Some(vec![call]), weight: 0.1, tolerance: Some(1e-9), ..case(" tools ") },
    ];
    drafts[9].expected_output = Some("\0".into());
    let made = service.case_create_all(drafts).await.unwrap();
    service.case_delete(made[2].id).await.unwrap();
    let all = CaseQuery { activity: types::Activity::All, ..CaseQuery::default() };
    let listed = service.case_list(CaseQuery { page: types::Page { limit: 200, skip: 0 }, ..all }).await.unwrap();
    assert_eq!(listed.items.iter().filter(|case| !case.draft.is_active).count(), 4);
    listed.items.into_iter().map(|case| case.draft).collect()
}

#[tokio::test]
async fn a_file_of_all_cases_deleted_ones_too_changes_nothing() {
    let world = World::new();
    let service = world.start().await;
    let cases = odd_cases(&service).await;
    let rows = u32::try_from(cases.len()).unwrap();
    for format in ["json", "jsonl", "yaml", "csv", "tsv"] {
        let file = formats::write(format, &cases).unwrap();
        let report = import(&service, &file).await;
        let counts = (report.created, report.updated, report.repeated, report.refused);
        assert_eq!((format, report.unchanged, counts), (format, rows, (0, 0, 0, 0)), "{:?}", report.errors);
    }
}

#[tokio::test]
async fn a_deleted_case_that_is_imported_is_there_again_and_a_row_may_delete_one() {
    let world = World::new();
    let service = world.start().await;
    let file = "user_input,external_id\nplain,\nnamed,x\n";
    let imported = service
        .case_import(file.into(), ImportOptions::default(), ImportRows::All, &ImportWatch::default())
        .await
        .unwrap();
    let active = async |place: usize| service.case_get(imported.cases[place]).await.unwrap().draft.is_active;
    for id in &imported.cases {
        service.case_delete(*id).await.unwrap();
    }
    let again = import(&service, "user_input,external_id\nplain,\nnamed otherwise,x\n").await;
    assert_eq!((again.created, again.updated), (0, 2));
    assert!(active(0).await && active(1).await);
    let deleting = "{\"user_input\": \"plain\", \"is_active\": false}\n{\"user_input\": \"plain\"}\n";
    for (updated, unchanged) in [(1, 0), (0, 1)] {
        let report = import(&service, deleting).await;
        assert_eq!((report.updated, report.unchanged, report.repeated), (updated, unchanged, 1));
        assert!(!active(0).await && active(1).await);
    }
    let update = TestCaseUpdate { is_active: Some(true), ..TestCaseUpdate::default() };
    service.case_update(imported.cases[0], update).await.unwrap();
    assert_eq!(import(&service, "user_input\tname\nplain\t\n").await.unchanged, 1);
}

#[tokio::test]
async fn fifty_thousand_wrong_rows_are_counted_and_the_first_thousand_errors_told() {
    let world = World::new();
    let service = world.start().await;
    let row = format!("{{\"user_input\": \"a\", \"split\": \"{}\"}}\n", "x".repeat(400));
    let watch = service.case_import_watch("mine");
    assert_eq!(watch.rows(), 0);
    let report = service.case_import_preview(row.repeat(50_000).into(), ImportOptions::default(), &watch);
    let report = report.await.unwrap();
    // Whoever knows the key sees how far it is.
    assert_eq!(service.case_import_watch("mine").rows(), 50_000);
    assert_eq!(service.case_import_watch("another").rows(), 0);
    assert_eq!((report.refused, report.errors.len()), (50_000, 1_001));
    assert!(report.errors[0].message.chars().count() <= 301, "{}", report.errors[0].message);
    let last = report.errors.last().unwrap();
    let told = "from this row on 49000 more errors are not told; the corrections of a dry run tell all";
    assert_eq!((last.row, last.line, last.message.as_str()), (1_001, 1_001, told));
    let corrections = service.case_import_corrections(&report.token.unwrap()).await.unwrap();
    assert_eq!(
        corrections.lines().filter(|line| line.contains("import_errors\":\"split unknown variant")).count(),
        50_000
    );
}

/// The public data that is there for tests; it is no part of the project.
fn public_data(name: &str) -> Option<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("PUBLIC_DATA").map_or(folder, Into::into);
    std::fs::read_to_string(folder.join(name)).ok()
}

#[tokio::test]
async fn data_sets_are_imported_whole_and_their_export_changes_nothing() {
    let world = World::new();
    let service = world.start().await;
    let mut rows = 0;
    for (questions, answers, cases) in [
        ("bfcl/BFCL_v4_irrelevance.json", None, 240),
        ("bfcl/BFCL_v4_live_simple.json", Some("bfcl/possible_answer/BFCL_v4_live_simple.json"), 258),
        ("bfcl/BFCL_v4_multiple.json", Some("bfcl/possible_answer/BFCL_v4_multiple.json"), 200),
        ("bfcl/BFCL_v4_simple_python.json", Some("bfcl/possible_answer/BFCL_v4_simple_python.json"), 200),
        ("gsm8k/train_500.jsonl", None, 500),
    ] {
        let (Some(file), answers) = (public_data(questions), answers.map(|name| public_data(name).unwrap())) else {
            eprintln!("not run: the public data is not here (PUBLIC_DATA names another folder)");
            return;
        };
        let file = [file, answers.unwrap_or_default()].join("\n");
        let report = import(&service, &file).await;
        assert_eq!((report.created, report.refused), (cases, 0), "{questions}: {:?}", report.errors.first());
        assert_eq!(import(&service, &file).await.unchanged, cases, "{questions}");
        rows += cases;
    }
    for format in ["json", "jsonl", "yaml", "csv", "tsv"] {
        let report = import(&service, &service.case_export_as(format).await.unwrap()).await;
        let counts = (report.created, report.updated, report.repeated, report.refused);
        assert_eq!(counts, (0, 0, 0, 0), "{format}: {:?}", report.errors.first());
        assert!(report.unchanged >= rows, "{format}");
    }
}

#[tokio::test]
async fn a_row_that_is_probably_not_meant_is_imported_and_told_of() {
    let world = World::new();
    let service = world.start().await;
    let first = r#"{"user_input": "2 + 3?", "expected_output": "5", "external_id": "a"}"#;
    assert_eq!(import(&service, first).await.warned, 0);
    let rows = [
        r#"{"user_input": "2 + 3?", "expected_output": "5", "external_id": "b"}"#,
        r#"{"user_input": "Go", "expected_calls": [{"name": "calculate", "arguments": {"expresion": "1"}}]}"#,
        r#"{"user_input": "Go", "expected_tools_json": [], "min_calls": 2}"#,
        r#"{"user_input": "Go", "expected_tools_json": [], "min_calls": 2, "name": "again"}"#,
        r#"{"user_input": "Fine", "expected_output": "x"}"#,
    ];
    let report = import(&service, &rows.join("\n")).await;
    assert_eq!((report.created, report.refused, report.warned), (5, 0, 4), "{report:?}");
    let told: Vec<(u32, &str)> = report.warnings.iter().map(|one| (one.row, one.field.as_str())).collect();
    let arguments = "expected_calls[0].arguments";
    assert_eq!(
        told,
        [
            (1, ""),
            (2, "expected_calls[0].arguments.expresion"),
            (2, arguments),
            (3, "min_calls"),
            (4, "min_calls"),
            (4, "")
        ]
    );
    assert!(report.warnings[0].message.contains("there already"), "{report:?}");
    assert!(report.warnings[1].hint.contains("`expression`"), "{report:?}");
    assert!(report.warnings[5].message.ends_with("row 3"), "{report:?}");
    // What is there already, word for word, says nothing new of itself.
    assert_eq!(import(&service, first).await.warned, 0);
}
