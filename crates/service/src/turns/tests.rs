//! The log of a turn, and who may watch it.

use super::*;
use uuid::Uuid;

fn conversation() -> ConversationId {
    ConversationId(Uuid::from_u128(1))
}

fn token(text: &str) -> ChatFrame {
    ChatFrame::Token { text: text.into() }
}

fn failed() -> ChatFrame {
    ChatFrame::Error { error: "over".into() }
}

/// A turn that answers the third message and has told these pieces.
fn turn(pieces: &[&str]) -> Arc<LiveTurn> {
    let turn = LiveTurn::new(CancellationToken::new());
    turn.answers(MessageId(Uuid::from_u128(7)), 3);
    pieces.iter().for_each(|piece| turn.tell(token(piece)));
    turn
}

async fn rest(turn: &Arc<LiveTurn>, after: i64) -> Vec<(i64, ChatFrame)> {
    rest_of(turn, after).await
}

fn rest_of(turn: &Arc<LiveTurn>, after: i64) -> impl Future<Output = Vec<(i64, ChatFrame)>> + use<> {
    let mut watch = Arc::clone(turn).watch(after);
    async move {
        let mut frames = Vec::new();
        while let Some(next) = watch.next().await {
            frames.push((next.seq, next.frame));
        }
        frames
    }
}

#[tokio::test]
async fn who_comes_back_gets_what_was_missed_and_nothing_twice() {
    let turn = turn(&["a", "b"]);
    turn.tell(failed());
    // 3 · 2^20 + 1 is the first number of the third message's turn.
    let first = 3_145_729;
    assert_eq!(rest(&turn, 0).await, [(first, token("a")), (first + 1, token("b")), (first + 2, failed())]);
    assert_eq!(rest(&turn, first).await, [(first + 1, token("b")), (first + 2, failed())]);
    assert_eq!(rest(&turn, first + 2).await, []);
}

#[tokio::test]
async fn who_comes_back_before_the_question_is_stored_misses_nothing() {
    // What was seen last is of the turn before, which answered the first message.
    let turn = LiveTurn::new(CancellationToken::new());
    let following = tokio::spawn(rest_of(&turn, (1 << FRAME_BITS) + 3));
    tokio::task::yield_now().await;
    turn.answers(MessageId(Uuid::from_u128(7)), 3);
    turn.tell(token("a"));
    turn.tell(failed());
    assert_eq!(following.await.unwrap(), [(3_145_729, token("a")), (3_145_730, failed())]);
}

#[tokio::test]
async fn an_answer_tried_again_goes_on_counting() {
    let hub = Arc::new(TurnHub::default());
    let (first, second) = (LiveTurn::new(CancellationToken::new()), LiveTurn::new(CancellationToken::new()));
    let _kept = hub.enter(conversation(), &first).await;
    first.answers(MessageId(Uuid::from_u128(7)), 3);
    first.tell(failed());
    let _seat = hub.enter(conversation(), &second).await;
    second.answers(MessageId(Uuid::from_u128(7)), 3);
    second.tell(failed());
    assert_eq!(rest(&first, 0).await, [(3_145_729, failed())]);
    assert_eq!(rest(&second, 3_145_729).await, [(3_145_730, failed())]);
}

#[tokio::test]
async fn a_watcher_follows_while_the_turn_goes_on() {
    let turn = turn(&["a"]);
    let following = tokio::spawn({
        let turn = Arc::clone(&turn);
        async move { rest(&turn, 0).await.len() }
    });
    tokio::task::yield_now().await;
    turn.tell(token("b"));
    tokio::task::yield_now().await;
    turn.tell(failed());
    assert_eq!(following.await.unwrap(), 3);
}

#[test]
fn a_turn_so_far_joins_its_pieces_and_an_ended_one_is_not_under_way() {
    let turn = turn(&["Hel", "lo"]);
    let so_far = turn.so_far().unwrap();
    assert_eq!((so_far.seq, so_far.frames), (3_145_730, vec![token("Hello")]));
    turn.tell(failed());
    assert_eq!(turn.so_far(), None);
}

#[tokio::test]
async fn the_log_is_bounded_and_still_tells_the_end() {
    let turn = turn(&vec!["x"; FRAMES_MAX + 10]);
    turn.tell(failed());
    let frames = rest(&turn, 0).await;
    assert_eq!(frames.len(), FRAMES_MAX + 1);
    assert_eq!(frames.last().unwrap().1, failed());
    let long = self::turn(&["ab", &"x".repeat(TEXT_BYTES_MAX)]);
    assert_eq!(long.so_far().unwrap().frames, [token("ab")]);
}

#[tokio::test]
async fn a_conversation_has_one_turn_at_a_time() {
    let hub = Arc::new(TurnHub::default());
    let (first, second) = (turn(&[]), turn(&[]));
    let seat = hub.enter(conversation(), &first).await;
    let waiting = tokio::spawn({
        let (hub, second) = (Arc::clone(&hub), Arc::clone(&second));
        async move { hub.enter(conversation(), &second).await }
    });
    tokio::task::yield_now().await;
    assert!(Arc::ptr_eq(&hub.get(conversation()).unwrap(), &first));
    first.tell(failed());
    let next = waiting.await.unwrap();
    // A seat that is given up late takes no later turn with it.
    drop(seat);
    assert!(Arc::ptr_eq(&hub.get(conversation()).unwrap(), &second));
    drop(next);
    assert!(hub.get(conversation()).is_none());
    assert!(matches!(rest(&second, 0).await.as_slice(), [(_, ChatFrame::Error { .. })]));
}

#[tokio::test(start_paused = true)]
async fn an_ended_turn_is_kept_for_a_while_and_only_so_many() {
    let hub = Arc::new(TurnHub::default());
    let id = |number: usize| ConversationId(Uuid::from_u128(number as u128));
    for number in 0..=KEPT_MAX {
        let turn = turn(&[]);
        let seat = hub.enter(id(number), &turn).await;
        turn.tell(failed());
        tokio::spawn(seat.linger());
        tokio::task::yield_now().await;
    }
    assert!(hub.get(id(0)).is_none() && hub.get(id(1)).is_some());
    tokio::time::advance(KEPT).await;
    tokio::task::yield_now().await;
    assert!(hub.get(id(1)).is_none());
}
