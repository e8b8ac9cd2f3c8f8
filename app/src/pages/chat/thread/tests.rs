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
    thread.apply(ChatFrame::Ack { status: "processing".into(), conversation_id: conversation(), message_id: None });
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
    assert_eq!(thread.entries[0].revision, 1);
}

#[test]
fn an_answer_under_way_is_shown_as_far_as_it_got_and_goes_on() {
    let mut thread = Thread::default();
    thread.ask("Count".into());
    thread.entries.pop();
    let under_way = format!(
        r#"{{"seq":9,"question_id":"33333333-3333-3333-3333-333333333333","frames":[{CALL},{RESULT},
        {{"type":"token","text":"One two"}}]}}"#
    );
    thread.resume(serde_json::from_str(&under_way).unwrap());
    assert_eq!((thread.entries[1].text.as_str(), thread.entries[1].calls.len(), thread.seq), ("One two", 1, 9));
    assert!(thread.is_busy());
    thread.apply(frame(RESPONSE));
    assert_eq!((thread.entries.len(), thread.entries[1].text.as_str()), (2, "The answer is 345."));
}

#[test]
fn what_is_asked_or_answered_again_takes_the_place_of_what_was_there() {
    let mut thread = acknowledged();
    thread.apply(frame(RESPONSE));
    thread.ask("And 16 * 23?".into());
    thread.apply(frame(RESPONSE));
    let mut edited = thread.clone();
    edited.ask_again(2, "And 17 * 23?".into());
    let said = |thread: &Thread| thread.entries.iter().map(|entry| entry.text.clone()).collect::<Vec<_>>();
    assert_eq!(said(&edited), ["What is 15 * 23?", "The answer is 345.", "And 17 * 23?", ""]);
    thread.ask_again(3, String::new());
    assert_eq!(said(&thread), ["What is 15 * 23?", "The answer is 345.", "And 16 * 23?", ""]);
    assert!(!thread.entries[3].finished && thread.is_busy());
}

#[test]
fn a_call_that_waits_for_a_person_knows_its_question_until_it_is_answered() {
    let mut thread = acknowledged();
    thread.apply(frame(CALL));
    thread.apply(frame(
        r#"{"type":"approval_request","id":"44444444-4444-4444-4444-444444444444","tool_name":"calculate","arguments":{"expression":"15 * 23"},"expires_at":"2026-01-01T00:00:00Z"}"#,
    ));
    assert!(thread.entries[1].calls[0].approval.is_some());
    thread.apply(frame(r#"{"type":"approval_answered","id":"44444444-4444-4444-4444-444444444444","approved":true}"#));
    assert_eq!(thread.entries[1].calls[0].approval, None);
}
