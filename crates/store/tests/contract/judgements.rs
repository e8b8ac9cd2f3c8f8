//! Feedback on answers and votes between agents.

use super::{
    engines::each_store,
    samples::{at, message, page, stored_agent, stored_conversation, uuid},
};
use types::{Candidate, Error, Feedback, MessageId, Rating, Verdict, Vote, VoteDraft, VoteId};

fn opinion(number: u128, rating: Rating, comment: Option<&str>) -> Feedback {
    Feedback {
        message_id: MessageId(uuid(number)),
        rating,
        comment: comment.map(str::to_owned),
        corrected: None,
        created_at: at(7),
    }
}

#[tokio::test]
async fn an_opinion_is_replaced_by_a_later_one_and_goes_with_its_conversation() {
    each_store(async |store| {
        let agent = stored_agent(&store, 1).await;
        let conversation = stored_conversation(&store, agent, 8).await;
        store.message_append(&message(conversation, 1, "Hi")).await.unwrap();
        store.feedback_put(&opinion(1, Rating::Up, None)).await.unwrap();
        let later = opinion(1, Rating::Down, Some("too short"));
        store.feedback_put(&later).await.unwrap();
        assert_eq!(store.feedback_of(conversation).await.unwrap(), std::slice::from_ref(&later));
        assert_eq!(store.feedback_list(page(0, 10)).await.unwrap().items, [later]);
        let refused = store.feedback_put(&opinion(9, Rating::Up, None)).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
        store.conversation_delete(conversation).await.unwrap();
        assert_eq!(store.feedback_list(page(0, 10)).await.unwrap().total, 0);
    })
    .await;
}

#[tokio::test]
async fn votes_survive_newest_first() {
    each_store(async |store| {
        let agent_id = stored_agent(&store, 1).await;
        let conversation_id = stored_conversation(&store, agent_id, 8).await;
        let vote = |number: u128, verdict, winner| Vote {
            id: VoteId(uuid(number)),
            draft: VoteDraft {
                question: "Who?".into(),
                candidates: vec![Candidate { agent_id, conversation_id }],
                verdict,
                winner,
            },
            created_at: at(i64::try_from(number).unwrap()),
        };
        let (won, tie) = (vote(1, Verdict::Winner, Some(agent_id)), vote(2, Verdict::Tie, None));
        store.vote_insert(&won).await.unwrap();
        store.vote_insert(&tie).await.unwrap();
        let list = store.vote_list(page(0, 10)).await.unwrap();
        assert_eq!((list.total, list.items), (2, vec![tie, won]));
    })
    .await;
}
