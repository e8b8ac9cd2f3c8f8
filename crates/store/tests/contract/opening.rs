//! Opening, migrating, reopening and closing.

use super::{
    engines::{each_database, each_store},
    samples::{agent, append, case, evaluation_state, message, page, stored_conversation, stored_evaluation, uuid},
};
use store::{Engine, Store};
use types::{AgentId, Error, RunState, TestCaseId};

#[tokio::test]
async fn reopening_keeps_everything_and_migrates_nothing_twice() {
    each_database(async |database| {
        let store = Store::open(&database.url).await.unwrap();
        let run = stored_evaluation(&store).await;
        let conversation = stored_conversation(&store, AgentId(uuid(1)), 8).await;
        store.message_append(&message(conversation, 1, "Hi")).await.unwrap();
        append(&store, run, &[evaluation_state(RunState::Running, None)]).await;
        let before = (
            store.evaluation_get(run).await.unwrap(),
            store.conversation_get(conversation).await.unwrap(),
            store.run_events(run, 0, 10).await.unwrap(),
        );
        store.close().await;
        let store = Store::open(&database.url).await.unwrap();
        let after = (
            store.evaluation_get(run).await.unwrap(),
            store.conversation_get(conversation).await.unwrap(),
            store.run_events(run, 0, 10).await.unwrap(),
        );
        assert_eq!(before, after);
        assert_eq!(after.2.len(), 1);
        assert_eq!(store.message_append(&message(conversation, 2, "Again")).await.unwrap().sequence_num, 2);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_may_open_a_new_database_at_once() {
    each_database(async |database| {
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let url = database.url.clone();
            tasks.spawn(async move { Store::open(&url).await.unwrap() });
        }
        for store in tasks.join_all().await {
            store.ping().await.unwrap();
            store.close().await;
        }
    })
    .await;
}

#[tokio::test]
async fn an_open_store_answers_and_a_closed_one_is_unavailable() {
    each_store(async |store| {
        store.ping().await.unwrap();
        store.close().await;
        store.close().await;
        let closed = store.ping().await;
        assert!(matches!(closed, Err(Error::Unavailable(_))), "{closed:?}");
    })
    .await;
}

#[tokio::test]
async fn each_url_opens_its_engine() {
    each_database(async |database| {
        let store = Store::open(&database.url).await.unwrap();
        let expected = if database.url.starts_with("sqlite") { Engine::Sqlite } else { Engine::Postgres };
        assert_eq!(store.engine(), expected);
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_database_in_memory_lives_as_long_as_its_store() {
    let store = Store::open("sqlite::memory:").await.unwrap();
    store.agent_insert(&agent(1)).await.unwrap();
    store.case_insert_all(&[case(1, "Hi")]).await.unwrap();
    assert!(store.agent_get(AgentId(uuid(1))).await.unwrap().is_some());
    assert_eq!(store.case_get_many(&[TestCaseId(uuid(1))]).await.unwrap().len(), 1);
    let conversation = stored_conversation(&store, AgentId(uuid(1)), 8).await;
    store.message_append(&message(conversation, 1, "Hi")).await.unwrap();
    assert_eq!(store.conversation_list(None, None, page(0, 1)).await.unwrap().total, 1);
    assert_eq!(store.clone().engine(), Engine::Sqlite);
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_unavailable_and_its_password_is_not_shown() {
    // Port 1 of loopback: nothing listens there.
    let refused = Store::open("postgres://ada:hunter2@127.0.0.1:1/rl").await;
    let Err(Error::Unavailable(message)) = refused else { panic!("{refused:?}") };
    assert!(message.contains("PostgreSQL") && !message.contains("hunter2"), "{message}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_unavailable() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("no database {}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("x.db");
    std::fs::write(&file, "This is a text of more than a hundred bytes and surely not a database. ".repeat(4)).unwrap();
    let refused = Store::open(&format!("sqlite:{}", file.display())).await;
    assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn a_store_never_shows_its_address() {
    let store = Store::open("sqlite::memory:").await.unwrap();
    assert_eq!(format!("{store:?}"), "Store { engine: Sqlite, .. }");
}
