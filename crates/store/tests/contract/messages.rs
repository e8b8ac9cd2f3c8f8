//! Messages and their tool calls.

use super::{
    engines::{each_database, each_store},
    samples::{at, message, object, stored_agent, stored_conversation, uuid},
};
use store::{NewConversation, NewMessage, Store};
use types::{AgentId, ConversationId, Error, Message, MessageId, Role, ToolCall, ToolCallId, Usage};

fn call(number: u128) -> ToolCall {
    ToolCall {
        id: ToolCallId(uuid(number)),
        tool_name: "calculate".into(),
        arguments_json: Some(object(r#"{"expression": "15 * 23"}"#)),
        result: Some("345".into()),
        duration_ms: Some(3),
        is_error: false,
        created_at: at(6),
    }
}

#[tokio::test]
async fn messages_survive_in_order_with_their_calls_in_order() {
    each_store(async |store| {
        let agent = stored_agent(&store, 1).await;
        let conversation = stored_conversation(&store, agent, 8).await;
        let malformed = ToolCall { arguments_json: None, result: None, duration_ms: None, is_error: true, ..call(90) };
        let answer = NewMessage {
            usage: Some(Usage { input_tokens: 11, output_tokens: 2, cost_usd: Some(0.25), ..Usage::default() }),
            role: Role::Assistant,
            // Ids against the order of the calls.
            tool_calls: vec![malformed, call(50), call(70)],
            parent_id: Some(MessageId(uuid(3))),
            ..message(conversation, 2, "345 — 🤖")
        };
        let first = store.message_append(&message(conversation, 3, "What is 15 * 23?")).await.unwrap();
        let second = store.message_append(&answer).await.unwrap();
        let note = NewMessage { role: Role::System, parent_id: Some(answer.id), ..message(conversation, 1, "") };
        let third = store.message_append(&note).await.unwrap();
        let expected = Message {
            id: answer.id,
            conversation_id: conversation,
            role: Role::Assistant,
            content: answer.content,
            sequence_num: 2,
            created_at: answer.created_at,
            tool_calls: answer.tool_calls,
            parent_id: Some(first.id),
            siblings: Vec::new(),
            usage: answer.usage,
        };
        assert_eq!(second, expected);
        assert_eq!((first.sequence_num, third.sequence_num), (1, 3));
        let stored = vec![first, second, third];
        assert_eq!(store.message_list(conversation).await.unwrap(), stored);
        assert_eq!(store.conversation_get(conversation).await.unwrap().unwrap().messages, stored);
    })
    .await;
}

#[tokio::test]
async fn the_branch_of_the_last_message_is_shown_until_another_is_chosen() {
    each_store(async |store| {
        let agent = stored_agent(&store, 1).await;
        let conversation = stored_conversation(&store, agent, 8).await;
        for (number, parent) in [(1, None), (2, Some(1)), (3, Some(1))] {
            let parent_id = parent.map(|parent| MessageId(uuid(parent)));
            store.message_append(&NewMessage { parent_id, ..message(conversation, number, "Hi") }).await.unwrap();
        }
        let shown = async || {
            let messages = store.conversation_get(conversation).await.unwrap().unwrap().messages;
            messages.into_iter().map(|message| (message.id.0.as_u128(), message.siblings.len())).collect::<Vec<_>>()
        };
        assert_eq!(shown().await, [(1, 0), (3, 2)]);
        assert!(store.conversation_show(conversation, MessageId(uuid(2))).await.unwrap());
        assert_eq!(shown().await, [(1, 0), (2, 2)]);
        assert_eq!(store.message_conversation(MessageId(uuid(2))).await.unwrap(), Some(conversation));
        assert_eq!(store.message_conversation(MessageId(uuid(9))).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_message_needs_a_conversation_that_exists() {
    each_store(async |store| {
        let refused = store.message_append(&message(ConversationId(uuid(8)), 1, "Hi")).await;
        assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn a_failed_append_leaves_nothing_and_no_gap() {
    each_store(async |store| {
        let agent = stored_agent(&store, 1).await;
        let conversation = stored_conversation(&store, agent, 8).await;
        let twice = NewMessage { tool_calls: vec![call(50), call(50)], ..message(conversation, 1, "twice") };
        let refused = store.message_append(&twice).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
        assert_eq!(store.message_list(conversation).await.unwrap(), []);
        let next = store.message_append(&message(conversation, 1, "once")).await.unwrap();
        assert_eq!(next.sequence_num, 1);
    })
    .await;
}

#[tokio::test]
async fn the_answer_of_an_append_is_what_is_stored() {
    each_store(async |store| {
        let agent = stored_agent(&store, 1).await;
        let conversation = stored_conversation(&store, agent, 8).await;
        let mut new = message(conversation, 1, "a\0b");
        new.tool_calls = vec![ToolCall { tool_name: "c\0".into(), result: Some("\0".into()), ..call(50) }];
        let appended = store.message_append(&new).await.unwrap();
        assert_eq!(appended.content, "a\u{FFFD}b");
        assert_eq!(store.message_list(conversation).await.unwrap(), [appended]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_appends_leave_no_gap_even_from_two_processes() {
    each_database(async |database| {
        // A second handle has its own connections, as another process would.
        let stores = [Store::open(&database.url).await.unwrap(), Store::open(&database.url).await.unwrap()];
        let agent = stored_agent(&stores[0], 1).await;
        let conversation = stored_conversation(&stores[0], agent, 8).await;
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..60 {
            let store = stores[number % 2].clone();
            tasks.spawn(async move {
                let id = MessageId(uuid(number as u128));
                store.message_append(&NewMessage { id, ..message(conversation, 0, "Hi") }).await.unwrap().sequence_num
            });
        }
        let mut given = tasks.join_all().await;
        given.sort_unstable();
        assert_eq!(given, (1..=60).collect::<Vec<i64>>());
        let stored: Vec<_> =
            stores[0].message_list(conversation).await.unwrap().iter().map(|message| message.sequence_num).collect();
        assert_eq!(stored, given);
        for store in stores {
            store.close().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_conversation_begins_with_its_first_message_or_not_at_all() {
    each_store(async |store| {
        let agent_id = stored_agent(&store, 1).await;
        let begin = |agent_id| NewConversation {
            id: ConversationId(uuid(8)),
            agent_id,
            started_at: at(2),
            metadata_json: Some(object(r#"{"client": "v1"}"#)),
        };
        let first = message(ConversationId(uuid(8)), 1, "Hi");
        let refused = store.conversation_begin(&begin(AgentId(uuid(9))), &first).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
        assert_eq!(store.conversation_get(first.conversation_id).await.unwrap(), None);
        let stored = store.conversation_begin(&begin(agent_id), &first).await.unwrap();
        assert_eq!(stored.sequence_num, 1);
        let read = store.conversation_get(first.conversation_id).await.unwrap().unwrap();
        assert_eq!(
            (read.agent_id, read.started_at, read.metadata_json),
            (agent_id, at(2), begin(agent_id).metadata_json)
        );
        assert_eq!(read.messages, [stored]);
        assert_eq!(store.message_append(&message(first.conversation_id, 2, "Again")).await.unwrap().sequence_num, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_written_with_a_write_that_fails_is_stored_all_the_same() {
    each_store(async |store| {
        let agent = stored_agent(&store, 1).await;
        let conversation = stored_conversation(&store, agent, 8).await;
        store.message_append(&message(conversation, 999, "taken")).await.unwrap();
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..40_u128 {
            let store = store.clone();
            // Every fourth has an id that is taken.
            let id = MessageId(uuid(if number % 4 == 0 { 999 } else { number }));
            tasks
                .spawn(async move { store.message_append(&NewMessage { id, ..message(conversation, 0, "Hi") }).await });
        }
        let (stored, refused): (Vec<_>, Vec<_>) = tasks.join_all().await.into_iter().partition(Result::is_ok);
        assert!(refused.iter().all(|refused| matches!(refused, Err(Error::Conflict(_)))), "{refused:?}");
        assert_eq!((stored.len(), refused.len()), (30, 10));
        let places: Vec<_> =
            store.message_list(conversation).await.unwrap().iter().map(|message| message.sequence_num).collect();
        assert_eq!(places, (1..=31).collect::<Vec<i64>>());
    })
    .await;
}
