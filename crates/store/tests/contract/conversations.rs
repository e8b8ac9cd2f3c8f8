//! Conversations.

use super::{
    engines::each_store,
    samples::{at, message, object, page, stored_agent, stored_conversation, uuid},
};
use store::NewConversation;
use types::{AgentId, ConversationId, ConversationListItem, Error, ToolCall, ToolCallId};

#[tokio::test]
async fn a_conversation_survives_with_its_metadata() {
    each_store(async |store| {
        let agent_id = stored_agent(&store, 1).await;
        let id = ConversationId(uuid(8));
        let metadata_json = Some(object(r#"{"client": "v1"}"#));
        let new = NewConversation { id, agent_id, started_at: at(2), metadata_json: metadata_json.clone() };
        store.conversation_insert(&new).await.unwrap();
        let stored = store.conversation_get(id).await.unwrap().unwrap();
        assert_eq!((stored.agent_id, stored.started_at, stored.ended_at), (agent_id, at(2), None));
        assert_eq!((stored.metadata_json, stored.messages), (metadata_json, vec![]));
        assert_eq!(store.conversation_get(ConversationId(uuid(9))).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_conversation_needs_an_agent_that_exists() {
    each_store(async |store| {
        let new = NewConversation {
            id: ConversationId(uuid(8)),
            agent_id: AgentId(uuid(1)),
            started_at: at(2),
            metadata_json: None,
        };
        let refused = store.conversation_insert(&new).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn conversations_are_listed_newest_first_with_count_and_title() {
    each_store(async |store| {
        let (ada, bob) = (stored_agent(&store, 1).await, stored_agent(&store, 2).await);
        let (first, second, third) = (
            stored_conversation(&store, ada, 10).await,
            stored_conversation(&store, bob, 11).await,
            stored_conversation(&store, ada, 12).await,
        );
        // 79 letters and a two-byte one make the 80 characters of a title.
        let long = format!("{}é and more", "x".repeat(79));
        store.message_append(&message(first, 1, &long)).await.unwrap();
        store.message_append(&message(first, 2, "second")).await.unwrap();
        let all = store.conversation_list(None, None, page(0, 100)).await.unwrap();
        assert_eq!(all.total, 3);
        assert_eq!(all.items.iter().map(|item| item.id).collect::<Vec<_>>(), [third, second, first]);
        let expected = ConversationListItem {
            id: first,
            agent_id: ada,
            started_at: at(10),
            ended_at: None,
            metadata_json: None,
            message_count: 2,
            title: Some(format!("{}é", "x".repeat(79))),
        };
        assert_eq!(all.items[2], expected);
        assert_eq!((all.items[0].message_count, all.items[0].title.clone()), (0, None));
        let of_ada = store.conversation_list(Some(ada), None, page(1, 5)).await.unwrap();
        assert_eq!((of_ada.total, of_ada.items), (2, vec![expected]));
    })
    .await;
}

#[tokio::test]
async fn conversations_are_found_by_words_of_their_title_and_messages() {
    each_store(async |store| {
        let agent = stored_agent(&store, 1).await;
        let (oslo, sum) = (stored_conversation(&store, agent, 8).await, stored_conversation(&store, agent, 9).await);
        store.message_append(&message(oslo, 1, "Weather in Oslo?")).await.unwrap();
        store.message_append(&message(sum, 2, "20% of 50")).await.unwrap();
        assert!(store.conversation_rename(sum, Some("Percent_ages")).await.unwrap());
        assert!(!store.conversation_rename(ConversationId(uuid(99)), Some("x")).await.unwrap());
        let found = async |words| {
            let page = store.conversation_list(None, Some(words), page(0, 10)).await.unwrap();
            (page.total, page.items.into_iter().map(|item| item.id).collect::<Vec<_>>())
        };
        assert_eq!(found("oSLO").await, (1, vec![oslo]));
        assert_eq!(found("percent_").await, (1, vec![sum]));
        assert_eq!(found("0%").await, (1, vec![sum]));
        assert_eq!(found("%i").await, (0, vec![]));
        assert_eq!(found("o").await, (2, vec![sum, oslo]));
        let stored = store.conversation_get(sum).await.unwrap().unwrap();
        assert_eq!(stored.title.as_deref(), Some("Percent_ages"));
        store.conversation_rename(sum, None).await.unwrap();
        assert_eq!(store.conversation_get(sum).await.unwrap().unwrap().title.as_deref(), Some("20% of 50"));
    })
    .await;
}

#[tokio::test]
async fn deleting_a_conversation_takes_its_messages_and_calls_along() {
    each_store(async |store| {
        let agent = stored_agent(&store, 1).await;
        let (gone, kept) = (stored_conversation(&store, agent, 8).await, stored_conversation(&store, agent, 9).await);
        let with_call = |conversation, number| {
            let mut new = message(conversation, number, "15 * 23?");
            new.tool_calls = vec![ToolCall {
                id: ToolCallId(uuid(number)),
                tool_name: "calculate".into(),
                arguments_json: None,
                result: None,
                duration_ms: None,
                is_error: false,
                created_at: at(6),
            }];
            new
        };
        store.message_append(&with_call(gone, 1)).await.unwrap();
        store.message_append(&with_call(kept, 2)).await.unwrap();
        assert!(store.conversation_delete(gone).await.unwrap());
        assert!(!store.conversation_delete(gone).await.unwrap());
        assert_eq!(store.conversation_get(gone).await.unwrap(), None);
        assert_eq!(store.conversation_get(kept).await.unwrap().unwrap().messages[0].tool_calls.len(), 1);
        // The ids of its message and its call are free again.
        store.message_append(&with_call(kept, 1)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_conversation_ends_once() {
    each_store(async |store| {
        let agent = stored_agent(&store, 1).await;
        let id = stored_conversation(&store, agent, 8).await;
        assert!(store.conversation_end(id, at(100)).await.unwrap());
        assert!(store.conversation_end(id, at(200)).await.unwrap());
        assert_eq!(store.conversation_get(id).await.unwrap().unwrap().ended_at, Some(at(100)));
        assert!(!store.conversation_end(ConversationId(uuid(9)), at(100)).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_reset_ends_the_open_conversations_of_one_agent() {
    each_store(async |store| {
        let (ada, bob) = (stored_agent(&store, 1).await, stored_agent(&store, 2).await);
        let ended = stored_conversation(&store, ada, 10).await;
        let open = stored_conversation(&store, ada, 11).await;
        let other = stored_conversation(&store, bob, 12).await;
        store.conversation_end(ended, at(50)).await.unwrap();
        assert_eq!(store.conversations_end(ada, at(90)).await.unwrap(), 1);
        let ended_at = async |id| store.conversation_get(id).await.unwrap().unwrap().ended_at;
        assert_eq!(ended_at(ended).await, Some(at(50)));
        assert_eq!(ended_at(open).await, Some(at(90)));
        assert_eq!(ended_at(other).await, None);
    })
    .await;
}
