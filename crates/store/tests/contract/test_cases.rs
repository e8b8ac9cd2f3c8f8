//! Test cases.

use super::{
    engines::each_store,
    samples::{case, object, page, uuid},
};
use store::{CaseChange, Store};
use types::{
    Activity, CaseQuery, CaseSort, CaseTool, CaseTurn, Error, ExpectedCall, Split, TestCase, TestCaseCreate, TestCaseId,
};

fn full(number: u32) -> TestCase {
    let draft = TestCaseCreate {
        name: Some("Power".into()),
        user_input: "2 to the power of 8? — «é»\n'; DROP TABLE test_cases; --".into(),
        expected_output: Some("256".into()),
        expected_tools_json: Some(vec!["calculate".into(), "calculate".into()]),
        task_type: "numeric".into(),
        is_active: false,
        expected_calls: Some(vec![ExpectedCall {
            name: "calculate".into(),
            arguments: object(r#"{"expression": {"one_of": ["2^8", "2**8"]}, "n": [1, -2.5, true, null]}"#),
            ignored: vec!["n".into()],
            ..ExpectedCall::default()
        }]),
        external_id: Some("row-7".into()),
        suite: Some("arithmetic".into()),
        tags: vec!["power".into(), "Größe".into()],
        weight: 0.1 + 0.2,
        split: Some(Split::Test),
        tolerance: Some(1e-300),
        call_mode: Some("superset".into()),
        turns: vec![CaseTurn { user: "\0 first".into(), ..CaseTurn::default() }],
        tool_defs: vec![CaseTool {
            name: "f".into(),
            parameters: object(r#"{"type": "object"}"#),
            ..CaseTool::default()
        }],
        repeats: 3,
        cluster: Some("family".into()),
        ..TestCaseCreate::default()
    };
    TestCase { draft, ..case(number, "") }
}

/// Every variation of each field, one at a time, and all splits.
fn variations() -> Vec<TestCase> {
    let vary = |change: fn(&mut TestCaseCreate)| {
        let mut case = full(0);
        change(&mut case.draft);
        case
    };
    let mut cases = vec![
        full(0),
        case(0, "bare"),
        vary(|draft| draft.name = None),
        vary(|draft| draft.user_input = "x".repeat(32_000)),
        vary(|draft| draft.expected_output = Some(String::new())),
        vary(|draft| draft.expected_tools_json = None),
        vary(|draft| draft.expected_tools_json = Some(vec![])),
        vary(|draft| draft.is_active = true),
        vary(|draft| draft.expected_calls = None),
        vary(|draft| draft.expected_calls = Some(vec![])),
        vary(|draft| draft.external_id = None),
        vary(|draft| draft.suite = None),
        vary(|draft| draft.tags = vec![]),
        vary(|draft| draft.weight = f64::MAX),
        vary(|draft| draft.weight = f64::MIN_POSITIVE),
        vary(|draft| draft.split = None),
        vary(|draft| draft.split = Some(Split::Train)),
        vary(|draft| draft.split = Some(Split::Dev)),
        vary(|draft| draft.tolerance = None),
        vary(|draft| draft.tolerance = Some(0.0)),
    ];
    for (number, case) in (1..).zip(&mut cases) {
        case.id = TestCaseId(uuid(number));
    }
    cases
}

async fn listed(store: &Store, query: CaseQuery) -> (Vec<u128>, u64) {
    let list = store.case_list(&query).await.unwrap();
    (list.items.iter().map(|case| case.id.0.as_u128()).collect(), list.total)
}

#[tokio::test]
async fn a_case_survives_with_every_field() {
    each_store(async |store| {
        let cases = variations();
        store.case_insert_all(&cases).await.unwrap();
        for case in cases {
            assert_eq!(store.case_get(case.id).await.unwrap(), Some(case));
        }
        assert_eq!(store.case_get(TestCaseId(uuid(999))).await.unwrap(), None);
    })
    .await;
}

fn changed(case: TestCase) -> CaseChange {
    CaseChange { case, says_otherwise: true }
}

#[tokio::test]
async fn what_a_case_said_before_is_kept_as_its_versions() {
    each_store(async |store| {
        let id = TestCaseId(uuid(1));
        store.case_insert_all(&[full(1)]).await.unwrap();
        store.case_update(&changed(case(1, "second"))).await.unwrap();
        store.case_update(&CaseChange { case: case(1, "second"), says_otherwise: false }).await.unwrap();
        store.case_update(&changed(case(1, "third"))).await.unwrap();
        let now = store.case_get(id).await.unwrap().unwrap();
        assert_eq!((now.version, now.draft.user_input.as_str()), (3, "third"));
        let before = store.case_versions(id).await.unwrap();
        assert_eq!(before.iter().map(|case| case.version).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(before[1], full(1));
        let at = store.case_get_at(&[(id, 1), (id, 3), (id, 9), (TestCaseId(uuid(2)), 1)]).await.unwrap();
        assert_eq!(at, [full(1), now]);
    })
    .await;
}

#[tokio::test]
async fn an_update_writes_every_field() {
    each_store(async |store| {
        store.case_insert_all(&[case(1, "before")]).await.unwrap();
        for variation in variations() {
            let change = changed(TestCase { id: TestCaseId(uuid(1)), ..variation });
            assert!(store.case_update(&change).await.unwrap());
            let stored = store.case_get(change.case.id).await.unwrap().unwrap();
            assert_eq!(stored, TestCase { version: stored.version, ..change.case });
        }
        assert!(!store.case_update(&changed(case(2, "nowhere"))).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn all_cases_are_inserted_or_none() {
    each_store(async |store| {
        let refused = store.case_insert_all(&[case(1, "a"), case(2, "b"), case(1, "c")]).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
        assert_eq!(store.case_list_active().await.unwrap(), []);
        store.case_insert_all(&[]).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn cases_are_listed_in_the_order_asked_for_by_page() {
    each_store(async |store| {
        let mut deleted = case(4, "d");
        deleted.draft.is_active = false;
        let mut numeric = case(2, "B");
        numeric.draft.task_type = "numeric".into();
        store.case_insert_all(&[case(1, "c"), numeric, case(3, "a"), deleted]).await.unwrap();
        let by = |sort| CaseQuery { sort, ..CaseQuery::default() };
        assert_eq!(listed(&store, by(CaseSort::Newest)).await, (vec![3, 2, 1], 3));
        assert_eq!(listed(&store, by(CaseSort::Oldest)).await, (vec![1, 2, 3], 3));
        assert_eq!(listed(&store, by(CaseSort::Question)).await, (vec![3, 2, 1], 3));
        assert_eq!(listed(&store, by(CaseSort::TaskType)).await, (vec![3, 1, 2], 3));
        let all = CaseQuery { activity: Activity::All, page: page(1, 2), ..CaseQuery::default() };
        assert_eq!(listed(&store, all).await, (vec![3, 2], 4));
        let active = store.case_list_active().await.unwrap();
        assert_eq!(active.iter().map(|case| case.id.0.as_u128()).collect::<Vec<_>>(), [1, 2, 3]);
    })
    .await;
}

#[tokio::test]
async fn a_search_finds_text_in_any_case_and_takes_wildcards_as_they_are() {
    each_store(async |store| {
        let mut named = case(3, "x");
        named.draft.name = Some("Wetter in KÖLN".into());
        named.draft.expected_output = Some("Sunny".into());
        named.draft.suite = Some("weather".into());
        store
            .case_insert_all(&[case(1, "100% of 50"), case(2, "ÉTÉ a_b \\ 1000"), named, case(4, "100 of 50")])
            .await
            .unwrap();
        let found = async |search: &str| {
            listed(&store, CaseQuery { search: Some(search.into()), ..CaseQuery::default() }).await.0
        };
        assert_eq!(found("100%").await, [1]);
        assert_eq!(found("été").await, [2]);
        assert_eq!(found("A_B").await, [2]);
        assert_eq!(found("a%b").await, [0_u128; 0]);
        assert_eq!(found("\\").await, [2]);
        assert_eq!(found("köln").await, [3]);
        assert_eq!(found("sunny").await, [3]);
        assert_eq!(found("WEATHER").await, [3]);
        assert_eq!(found("  ").await, [4, 3, 2, 1]);
        assert_eq!(found("a\0b").await, [0_u128; 0]);
        let second = CaseQuery { search: Some("50".into()), page: page(1, 1), ..CaseQuery::default() };
        assert_eq!(listed(&store, second).await, (vec![1], 2));
    })
    .await;
}

#[tokio::test]
async fn a_search_looks_through_the_text_as_updated() {
    each_store(async |store| {
        store.case_insert_all(&[case(1, "before")]).await.unwrap();
        store.case_update(&changed(case(1, "after"))).await.unwrap();
        let found = async |search: &str| {
            listed(&store, CaseQuery { search: Some(search.into()), ..CaseQuery::default() }).await.1
        };
        assert_eq!((found("before").await, found("after").await), (0, 1));
    })
    .await;
}

#[tokio::test]
async fn many_cases_come_back_in_the_order_of_their_ids() {
    each_store(async |store| {
        // More than two statements' worth of ids.
        let cases: Vec<_> = (1..=250).map(|number| case(number, "x")).collect();
        store.case_insert_all(&cases).await.unwrap();
        let mut ids: Vec<_> = cases.iter().rev().map(|case| case.id).collect();
        ids.insert(3, TestCaseId(uuid(9_999)));
        let found: Vec<_> = store.case_get_many(&ids).await.unwrap().into_iter().map(|case| case.id).collect();
        ids.remove(3);
        assert_eq!(found, ids);
        assert_eq!(store.case_get_many(&[]).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn active_cases_are_counted_by_suite_and_split() {
    each_store(async |store| {
        let of = |number: u32, suite: Option<&str>, split, is_active| {
            let draft = TestCaseCreate { suite: suite.map(str::to_owned), split, is_active, ..case(number, "x").draft };
            TestCase { draft, ..case(number, "x") }
        };
        let cases = [
            of(1, Some("a"), Some(Split::Test), true),
            of(2, Some("a"), Some(Split::Test), true),
            of(3, Some("a"), None, true),
            of(4, Some("b"), Some(Split::Test), false),
        ];
        store.case_insert_all(&cases).await.unwrap();
        let mut groups = store.case_groups().await.unwrap();
        groups.sort_by_key(|group| group.count);
        let found: Vec<_> = groups.into_iter().map(|group| (group.suite, group.split, group.count)).collect();
        assert_eq!(found, [(Some("a".into()), None, 1), (Some("a".into()), Some(Split::Test), 2)]);
    })
    .await;
}
