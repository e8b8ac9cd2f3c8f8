//! What each frame does to a thread.

use super::*;

fn conversation() -> ConversationId {
    "11111111-1111-1111-1111-111111111111".parse().unwrap()
}

fn frame(json: &str) -> ChatFrame {
    serde_json::from_str(json).unwrap()
}

fn asked() -> Thread {
    let mut thread = Thread::default();
    thread.ask("What is 15 * 23?".into());
    thread
}

fn acknowledged() -> Thread {
    let mut thread = asked();
    thread.apply(ChatFrame::Ack { status: "processing".into(), conversation_id: conversation() });
    thread
}

const CALL: &str = r#"{"type":"tool_call","id":"22222222-2222-2222-2222-222222222222","tool_name":"calculate","arguments":{"expression":"15 * 23"}}"#;
const RESULT: &str = r#"{"type":"tool_result","id":"22222222-2222-2222-2222-222222222222","tool_name":"calculate","result":"345","duration_ms":2,"is_error":false}"#;
const RESPONSE: &str = r#"{"type":"response","conversation_id":"11111111-1111-1111-1111-111111111111","message_id":"33333333-3333-3333-3333-333333333333","response":"The answer is 345.","tool_calls":[],"sequence_num":2}"#;

#[test]
fn a_turn_ends_with_the_stored_answer() {
    let mut thread = acknowledged();
    thread.apply(frame(CALL));
    assert_eq!(thread.pending.as_ref().unwrap().calls[0].answer, None);
    thread.apply(frame(RESULT));
    assert_eq!(thread.pending.as_ref().unwrap().calls[0].answer.as_ref().unwrap().result, "345");
    thread.apply(frame(r#"{"type":"token","text":"The ans"}"#));
    thread.apply(frame(RESPONSE));
    assert_eq!(thread.entries[1].text, "The answer is 345.");
    assert_eq!((thread.pending, thread.phase), (None, Phase::Idle));
}

#[test]
fn what_was_typed_comes_back_when_nobody_stored_it() {
    let mut thread = asked();
    thread.fail("the connection was lost".into());
    assert!(thread.entries.is_empty());
    let text = "What is 15 * 23?".to_owned();
    assert_eq!(thread.phase, Phase::Failed { reason: "the connection was lost".into(), text, stored: false });
}

#[test]
fn a_stored_message_and_a_half_answer_stay_after_a_failure() {
    let mut thread = acknowledged();
    thread.apply(frame(r#"{"type":"token","text":"The ans"}"#));
    thread.apply(frame(r#"{"type":"error","error":"set OPENAI_API_KEY"}"#));
    assert_eq!(thread.entries.len(), 2);
    assert!(matches!(thread.phase, Phase::Failed { stored: true, .. }));
}

#[test]
fn a_lost_connection_between_turns_is_no_failure() {
    let mut thread = acknowledged();
    thread.apply(frame(RESPONSE));
    thread.fail("closed".into());
    assert_eq!(thread.phase, Phase::Idle);
}

#[test]
fn keys_are_unique_over_turns() {
    let mut thread = acknowledged();
    thread.apply(frame(RESPONSE));
    thread.ask("again".into());
    let keys: std::collections::BTreeSet<_> = thread.entries.iter().map(|entry| &entry.key).collect();
    assert_eq!(keys.len(), 3);
}
