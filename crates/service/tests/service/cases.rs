//! Agents, cases and documents: what a first start makes, what is refused, what stays.

use crate::world::{World, local, openai};
use service::TrialState;
use types::{
    Activity, AgentCreate, AgentUpdate, CaseEdit, CaseMatching, CaseQuery, CaseSelection, DocumentCreate, Error,
    Outcome, Page, Split, TestCaseCreate, TestCaseUpdate,
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
async fn an_optional_text_that_is_empty_says_nothing_wherever_it_enters() {
    let world = World::new();
    let service = world.start().await;
    let blank = || Some(String::new());
    let draft = TestCaseCreate {
        user_input: "Hi".into(),
        name: blank(),
        expected_output: blank(),
        suite: blank(),
        external_id: blank(),
        task_type: "numeric".into(),
        ..TestCaseCreate::default()
    };
    let said = |draft: &TestCaseCreate| {
        [&draft.name, &draft.expected_output, &draft.suite, &draft.external_id].iter().filter(|t| t.is_some()).count()
    };
    let case = service.case_create(draft.clone()).await.unwrap();
    assert_eq!(said(&case.draft), 0);
    assert_eq!(said(&service.case_create_all(vec![draft]).await.unwrap()[0].draft), 0);
    let update = TestCaseUpdate { name: Some(blank()), suite: Some(Some("s".into())), ..TestCaseUpdate::default() };
    assert_eq!(said(&service.case_update(case.id, update).await.unwrap().draft), 1);
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

#[tokio::test]
async fn many_cases_are_changed_and_changed_back_but_not_those_that_changed_since() {
    let world = World::new();
    let service = world.start().await;
    let draft = |n: usize| TestCaseCreate {
        user_input: format!("Question {n}"),
        suite: Some("old".into()),
        tags: vec!["a".into()],
        ..TestCaseCreate::default()
    };
    let cases = service.case_create_all((0..3).map(draft).collect()).await.unwrap();
    let old = CaseSelection {
        ids: Vec::new(),
        matching: Some(CaseMatching { suite: Some("old".into()), ..CaseMatching::default() }),
    };
    let edit = CaseEdit {
        suite: Some(Some("new".into())),
        split: Some(Some(Split::Dev)),
        add_tags: vec!["b".into()],
        is_active: Some(false),
        ..CaseEdit::default()
    };
    let done = service.case_edit_many(old.clone(), edit.clone()).await.unwrap();
    assert_eq!((done.changed, done.unchanged), (3, 0));
    let now = service.case_get(cases[0].id).await.unwrap();
    assert_eq!((now.draft.suite.as_deref(), now.draft.is_active, now.version), (Some("new"), false, 2));
    assert_eq!(service.case_edit_many(old, edit).await.unwrap().changed, 0);
    let touched = TestCaseUpdate { suite: Some(Some("mine".into())), ..TestCaseUpdate::default() };
    service.case_update(cases[2].id, touched).await.unwrap();
    let undone = service.case_edit_undo(done.undo.as_deref().unwrap()).await.unwrap();
    assert_eq!(undone.changed, 2);
    let back = service.case_get(cases[0].id).await.unwrap();
    assert_eq!((back.draft, back.version), (cases[0].draft.clone(), 3));
    assert_eq!(service.case_get(cases[2].id).await.unwrap().draft.suite.as_deref(), Some("mine"));
    assert_eq!(service.case_edit_undo(done.undo.as_deref().unwrap()).await.unwrap_err().status(), 404);
    let bad = CaseEdit { weight: Some(-1.0), ..CaseEdit::default() };
    let chosen = CaseSelection { ids: vec![cases[0].id], matching: None };
    assert_eq!(service.case_edit_many(chosen.clone(), bad).await.unwrap_err().status(), 422);
    assert_eq!(service.case_edit_many(chosen, CaseEdit::default()).await.unwrap_err().status(), 422);
}

#[tokio::test]
async fn facets_count_what_there_is_and_choose_it() {
    let world = World::new();
    let service = world.start().await;
    let draft = |tag: &str| TestCaseCreate {
        user_input: "x".into(),
        suite: Some("mine".into()),
        tags: vec![tag.into(), "both".into()],
        ..TestCaseCreate::default()
    };
    service.case_create_all(vec![draft("a"), draft("A"), draft("a\"b")]).await.unwrap();
    let facets = service.case_facets(&CaseQuery::default()).await.unwrap();
    let of =
        |list: &[(String, u64)], name: &str| list.iter().find(|(known, _)| known == name).map(|(_, number)| *number);
    assert_eq!(
        (of(&facets.suites, "mine"), of(&facets.tags, "both"), of(&facets.tags, "a")),
        (Some(3), Some(3), Some(1))
    );
    let listed = async |tag: &str| {
        let query = CaseQuery { tag: Some(tag.into()), suite: Some("mine".into()), ..CaseQuery::default() };
        service.case_list(query).await.unwrap().total
    };
    assert_eq!((listed("a").await, listed("a\"b").await, listed("both").await, listed("bot").await), (1, 1, 3, 0));
}

#[tokio::test]
async fn a_case_is_tried_without_being_stored() {
    let world = World::new();
    let service = world.start().await;
    let agent = local(&service, "builtin").await;
    let before = service.case_list(CaseQuery::default()).await.unwrap().total;
    let draft = TestCaseCreate {
        user_input: "What is 15 * 23?".into(),
        expected_output: Some("345".into()),
        task_type: "numeric".into(),
        expected_tools_json: Some(vec!["calculate".into()]),
        ..TestCaseCreate::default()
    };
    let tried = service.case_try(draft.clone(), agent.id).await.unwrap();
    assert_eq!(tried.outcome, Outcome::Pass, "{tried:?}");
    let wrong = TestCaseCreate { expected_output: Some("346".into()), ..draft.clone() };
    assert_eq!(service.case_try(wrong, agent.id).await.unwrap().outcome, Outcome::Fail);
    let refused = TestCaseCreate { user_input: " ".into(), ..draft.clone() };
    assert_eq!(service.case_try(refused, agent.id).await.unwrap_err().status(), 422);
    let key = service.case_try_start(draft, agent.id);
    let ended = loop {
        match service.case_try_state(key) {
            Some(TrialState::Ended(result)) => break result.unwrap(),
            Some(TrialState::Running(_)) => tokio::task::yield_now().await,
            None => panic!("forgotten"),
        }
    };
    assert_eq!(ended.outcome, Outcome::Pass);
    assert!(service.case_try_state(key).is_none());
    assert_eq!(service.case_list(CaseQuery::default()).await.unwrap().total, before);
}

#[tokio::test]
async fn a_case_is_replaced_as_a_whole_unless_it_changed_meanwhile() {
    let world = World::new();
    let service = world.start().await;
    let draft = TestCaseCreate { user_input: "one".into(), suite: Some("s".into()), ..TestCaseCreate::default() };
    let case = service.case_create(draft).await.unwrap();
    service.case_delete(case.id).await.unwrap();
    let other = TestCaseCreate { user_input: "two".into(), ..TestCaseCreate::default() };
    let now = service.case_replace(case.id, other.clone(), Some(1)).await.unwrap();
    assert_eq!(
        (now.draft.user_input.as_str(), now.draft.suite, now.draft.is_active, now.version),
        ("two", None, false, 2)
    );
    assert_eq!(service.case_replace(case.id, other, Some(1)).await.unwrap_err().status(), 409);
    let versions: Vec<u32> = service.case_versions(case.id).await.unwrap().iter().map(|case| case.version).collect();
    assert_eq!(versions, [2, 1]);
}
