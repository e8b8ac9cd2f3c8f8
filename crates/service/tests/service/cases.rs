//! Agents, cases and documents: what a first start makes, what is refused, what stays.

use crate::world::{World, local, openai};
use types::{
    Activity, AgentCreate, AgentUpdate, CaseQuery, DocumentCreate, Error, Page, TestCaseCreate, TestCaseUpdate,
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
