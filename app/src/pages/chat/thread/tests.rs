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
    assert_eq!(thread.entries[1].calls[0].answer, None);
    thread.apply(frame(RESULT));
    assert_eq!(thread.entries[1].calls[0].answer.as_ref().unwrap().result, "345");
    thread.apply(frame(r#"{"type":"token","text":"The ans"}"#));
    thread.apply(frame(RESPONSE));
    let answer = &thread.entries[1];
    assert_eq!((answer.text.as_str(), answer.finished), ("The answer is 345.", true));
    assert_eq!(thread.phase, Phase::Idle);
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
    assert!(thread.entries[1].finished);
    assert!(matches!(&thread.phase, Phase::Failed { stored: true, text, .. } if text == "What is 15 * 23?"));
}

#[test]
fn an_answer_that_never_began_leaves_no_empty_message() {
    let mut thread = acknowledged();
    thread.apply(frame(r#"{"type":"error","error":"set OPENAI_API_KEY"}"#));
    assert_eq!(thread.entries.len(), 1);
}

#[test]
fn a_lost_connection_between_turns_is_no_failure() {
    let mut thread = acknowledged();
    thread.apply(frame(RESPONSE));
    thread.fail("closed".into());
    assert_eq!(thread.phase, Phase::Idle);
}

#[test]
fn every_change_of_a_message_is_counted() {
    let mut thread = acknowledged();
    for text in ["The ", "answer"] {
        thread.apply(ChatFrame::Token { text: text.into() });
    }
    thread.apply(frame(RESPONSE));
    thread.render(1, "<p>The answer is 345.</p>".into());
    assert_eq!(thread.entries[1].revision, 4);
    assert_eq!(thread.entries[0].revision, 0);
}
