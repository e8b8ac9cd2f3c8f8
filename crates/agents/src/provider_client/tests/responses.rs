//! What the Responses API alone has: its shapes, reasoning items, conversations that the provider keeps.

use super::{RESPONSES, agent, dependencies, endpoint, play, play_turn, record, tokens, turn};
use crate::{
    Dependencies, PastMessage, Turn,
    frameworks::framework,
    testing::{Reply, ScriptedProvider},
};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use types::{Ending, Role, Transcript, Usage};

#[tokio::test]
async fn two_tool_calls_are_run_and_their_results_sent_back() {
    let played = play(
        RESPONSES,
        vec![
            Reply::calls([
                ("call_1", "calculate", r#"{"expression":"15 * 23"}"#),
                ("call_2", "get_weather", r#"{"location":"Oslo"}"#),
            ]),
            Reply::text("It is 345, and mild."),
        ],
    )
    .await;
    let Transcript { calls, reply, ending, steps, usage, notes, .. } = &played.transcript;
    assert_eq!((reply.as_str(), ending, *steps), ("It is 345, and mild.", &Ending::Replied, 2));
    // Two model calls of 11 and 7 tokens each.
    assert_eq!(*usage, Usage { input_tokens: 22, output_tokens: 14, cached_input_tokens: 0, cost_usd: Some(50e-6) });
    assert!(notes.is_empty());
    let names: Vec<_> = calls.iter().map(|call| (call.tool_name.as_str(), call.is_error)).collect();
    assert_eq!(names, [("calculate", false), ("get_weather", false)]);
    assert_eq!(calls[0].result, "345");
    assert_eq!(calls[0].arguments.as_ref().unwrap()["expression"], "15 * 23");
    assert!(calls.iter().all(|call| call.duration_ms >= 0));
    assert_eq!(tokens(&played.events), "It is 345, and mild.");
    let bodies = played.bodies();
    assert_eq!(
        bodies[1]["input"],
        json!([
            { "role": "user", "content": "What is 15 * 23, and the weather in Oslo?" },
            { "type": "function_call", "call_id": "call_1", "name": "calculate", "arguments": r#"{"expression":"15 * 23"}"# },
            { "type": "function_call", "call_id": "call_2", "name": "get_weather", "arguments": r#"{"location":"Oslo"}"# },
            { "type": "function_call_output", "call_id": "call_1", "output": "345" },
            { "type": "function_call_output", "call_id": "call_2", "output": calls[1].result },
        ])
    );
}

#[tokio::test]
async fn the_request_is_stateless_and_carries_the_whole_conversation() {
    let past = |role, content: &str| PastMessage { role, content: content.into() };
    let history = vec![past(Role::User, "Hi"), past(Role::Assistant, "Hello!")];
    let played = play_turn(
        RESPONSES,
        vec![Reply::text("Fine.")],
        json!({ "tools": "calculate" }),
        Turn { history, ..turn("And you?") },
    )
    .await;
    let request = &played.provider.requests()[0];
    assert_eq!(request.path, "/v1/responses");
    assert_eq!(request.authorization.as_deref(), Some("Bearer sk-very-secret-0123456789"));
    let body = &request.body;
    assert_eq!(
        body["input"],
        json!([
            { "role": "user", "content": "Hi" },
            { "role": "assistant", "content": "Hello!" },
            { "role": "user", "content": "And you?" },
        ])
    );
    assert_eq!((&body["store"], &body["stream"], &body["temperature"]), (&json!(false), &json!(true), &json!(0.5)));
    assert_eq!((&body["instructions"], &body["model"]), (&json!("Be brief."), &json!("gpt-test")));
    assert_eq!(body["tools"].as_array().unwrap().len(), 1);
    assert_eq!((&body["tools"][0]["type"], &body["tools"][0]["name"]), (&json!("function"), &json!("calculate")));
    assert_eq!(body.get("previous_response_id"), None);
}

#[tokio::test]
async fn a_conversation_that_is_too_long_is_sent_without_its_oldest_part_and_the_person_is_told() {
    let past = |role, letter: &str| PastMessage { role, content: letter.repeat(400) };
    let history =
        vec![past(Role::User, "a"), past(Role::Assistant, "b"), past(Role::User, "c"), past(Role::Assistant, "d")];
    let settings = json!({ "max_input_chars": 1000 });
    let played = play_turn(RESPONSES, vec![Reply::text("Fine.")], settings, Turn { history, ..turn("And you?") }).await;
    let sent = played.bodies()[0]["input"].as_array().unwrap().clone();
    let begins: Vec<_> = sent.iter().map(|item| &item["content"].as_str().unwrap()[..1]).collect();
    assert_eq!(begins, ["c", "d", "A"]);
    assert!(played.transcript.notes[0].contains("`max_input_chars` (1000)"), "{:?}", played.transcript.notes);
}

#[tokio::test]
async fn a_missing_key_names_the_variable() {
    for key in [None, Some("  ")] {
        let agent = agent(RESPONSES, "http://127.0.0.1:9/v1", key, json!({}));
        let (sender, _receiver) = mpsc::unbounded_channel();
        let transcript = agent.respond(turn("Hi"), &sender, &CancellationToken::new()).await;
        let Ending::NotConfigured { message } = &transcript.ending else { panic!("{transcript:?}") };
        assert!(message.contains("OPENAI_API_KEY"), "{message}");
        assert_eq!(transcript.steps, 0);
    }
}

#[tokio::test]
async fn a_stream_without_its_last_event_is_an_error() {
    let body = "data: {\"type\":\"response.output_text.delta\",\"delta\":\"The\"}\n\n";
    let played = play(RESPONSES, vec![Reply::raw(body)]).await;
    assert_eq!(played.error(), "the provider's stream ended before the reply was complete");
}

#[tokio::test]
async fn what_is_not_the_protocol_is_an_error() {
    let played = play(RESPONSES, vec![Reply::raw("data: <html>\n\n")]).await;
    assert!(
        played.error().starts_with("the provider sent something that is not the Responses API"),
        "{}",
        played.error()
    );
}

#[tokio::test]
async fn a_failure_in_the_stream_is_told_in_the_providers_words() {
    let flat = r#"data: {"type":"error","code":"bad","message":"Something broke","param":null}"#;
    let nested = r#"data: {"type":"response.failed","response":{"error":{"code":"bad","message":"Something broke"}}}"#;
    for body in [flat, nested] {
        let played = play(RESPONSES, vec![Reply::raw(format!("{body}\n\n"))]).await;
        assert_eq!(played.error(), "the provider failed: Something broke");
    }
}

#[tokio::test]
async fn thoughts_of_a_reasoning_model_are_sent_back_sealed_or_not_at_all() {
    let call = |sealed| Reply::calls([("call_1", "calculate", r#"{"expression":"1+1"}"#)]).after_reasoning(sealed);
    let played = play(RESPONSES, vec![call(None), call(Some("sealed")), Reply::text("Two.")]).await;
    let bodies = played.bodies();
    assert_eq!(bodies[0].get("include"), None);
    assert_eq!(bodies[1]["include"], json!(["reasoning.encrypted_content"]));
    let kinds: Vec<_> = bodies[2]["input"].as_array().unwrap().iter().map(|item| item["type"].as_str()).collect();
    let expected = [
        None,
        Some("function_call"),
        Some("function_call_output"),
        Some("reasoning"),
        Some("function_call"),
        Some("function_call_output"),
    ];
    assert_eq!(kinds, expected);
    assert_eq!(bodies[2]["input"][3]["encrypted_content"], "sealed");
}

#[test]
fn a_tool_or_a_provider_that_cannot_be_used_is_refused_at_once() {
    let dependencies = dependencies(endpoint("https://api.openai.com/v1", None));
    let framework = framework("openai").unwrap();
    let error = framework.create(&record(RESPONSES, json!({ "tools": "fly" })), &dependencies).err().unwrap();
    let expected = "`config_json.tools` there is no tool `fly`; the tools are calculate, convert_units, date_time, \
                    get_weather, query_json, search";
    assert_eq!(error.to_string(), expected);
    for base_url in
        ["nonsense", "ftp://host/v1", "http://169.254.169.254/v1", "http://[fe80::1]/v1", "http://[::ffff:a9fe:a9fe]"]
    {
        let providers = Arc::new(vec![endpoint(base_url, None)]);
        let error = framework
            .create(&record(RESPONSES, json!({})), &Dependencies { providers, ..dependencies.clone() })
            .err()
            .unwrap();
        assert!(error.to_string().contains("OPENAI_BASE_URL"), "{base_url}");
    }
}

#[tokio::test]
async fn a_conversation_that_the_provider_keeps_is_gone_on_with_by_the_id_of_its_last_response() {
    let call = Reply::calls([("call_1", "calculate", r#"{"expression":"1+1"}"#)]);
    let script = vec![
        call,
        Reply::text("Two."),
        Reply::text("Four."),
        Reply::error(404, "previous_response_not_found", "gone"),
        Reply::text("Six."),
    ];
    let provider = ScriptedProvider::start(script).await.unwrap();
    let agent = agent(RESPONSES, provider.base_url(), Some("key"), json!({ "state": "previous_response_id" }));
    let (sender, _receiver) = mpsc::unbounded_channel();
    let past = |role, content: &str| PastMessage { role, content: content.into() };
    let mut history = Vec::new();
    for (question, answer) in [("1+1?", "Two."), ("2+2?", "Four."), ("3+3?", "Six.")] {
        let asked = Turn { history: history.clone(), ..turn(question) };
        assert_eq!(agent.respond(asked, &sender, &CancellationToken::new()).await.reply, answer);
        history.extend([past(Role::User, question), past(Role::Assistant, answer)]);
    }
    let sent: Vec<(Value, usize)> = provider
        .requests()
        .into_iter()
        .map(|request| (request.body["previous_response_id"].clone(), request.body["input"].as_array().unwrap().len()))
        .collect();
    // What the provider no longer has is sent whole: two exchanges and the question.
    let id = |number: usize| json!(format!("resp_{number}"));
    assert_eq!(sent, [(Value::Null, 1), (id(1), 1), (id(2), 1), (id(3), 1), (Value::Null, 5)]);
    assert!(provider.requests().iter().all(|request| request.body["store"] == true));
}
