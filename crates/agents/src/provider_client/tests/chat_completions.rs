//! What Chat Completions alone has: its shapes, and servers that keep to them loosely.

use super::{CHAT, agent, dependencies, endpoint, play, play_turn, record, turn};
use crate::{
    PastMessage, Turn,
    frameworks::framework,
    testing::{Reply, ScriptedProvider},
};
use serde_json::json;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use types::{Ending, Role, Usage};

#[tokio::test]
async fn two_tool_calls_are_run_and_their_results_sent_back() {
    let calls =
        [("call_1", "calculate", r#"{"expression":"15 * 23"}"#), ("call_2", "get_weather", r#"{"location":"Oslo"}"#)];
    let played = play(CHAT, vec![Reply::calls(calls), Reply::text("It is 345, and mild.")]).await;
    let transcript = &played.transcript;
    assert_eq!((transcript.reply.as_str(), &transcript.ending), ("It is 345, and mild.", &Ending::Replied));
    // Two model calls of 11 and 7 tokens each, at 1 and 2 dollars a million.
    let usage = Usage { input_tokens: 22, output_tokens: 14, cached_input_tokens: 0, cost_usd: Some(50e-6) };
    assert_eq!(transcript.usage, usage);
    let requests = played.provider.requests();
    assert_eq!(requests[0].path, "/v1/chat/completions");
    let function = |name: &str, arguments: &str| json!({ "name": name, "arguments": arguments });
    assert_eq!(
        requests[1].body["messages"],
        json!([
            { "role": "system", "content": "Be brief." },
            { "role": "user", "content": "What is 15 * 23, and the weather in Oslo?" },
            { "role": "assistant", "content": null, "tool_calls": [
                { "id": "call_1", "type": "function", "function": function("calculate", r#"{"expression":"15 * 23"}"#) },
                { "id": "call_2", "type": "function", "function": function("get_weather", r#"{"location":"Oslo"}"#) },
            ] },
            { "role": "tool", "tool_call_id": "call_1", "content": "345" },
            { "role": "tool", "tool_call_id": "call_2", "content": transcript.calls[1].result },
        ])
    );
}

#[tokio::test]
async fn the_request_carries_conversation_tools_and_settings() {
    let past = |role, content: &str| PastMessage { role, content: content.into() };
    let history = vec![past(Role::User, "Hi"), past(Role::Assistant, "Hello!")];
    let settings = json!({ "tools": "calculate", "reasoning_effort": "low", "parallel_tool_calls": false });
    let played = play_turn(CHAT, vec![Reply::text("Fine.")], settings, Turn { history, ..turn("And you?") }).await;
    let body = &played.bodies()[0];
    let said: Vec<_> = body["messages"].as_array().unwrap().iter().map(|m| m["content"].as_str().unwrap()).collect();
    assert_eq!(said, ["Be brief.", "Hi", "Hello!", "And you?"]);
    assert_eq!((&body["stream"], &body["stream_options"]), (&json!(true), &json!({ "include_usage": true })));
    assert_eq!((&body["temperature"], &body["max_tokens"]), (&json!(0.5), &json!(4096)));
    assert_eq!((&body["reasoning_effort"], &body["parallel_tool_calls"]), (&json!("low"), &json!(false)));
    assert_eq!(
        (&body["tools"][0]["type"], &body["tools"][0]["function"]["name"]),
        (&json!("function"), &json!("calculate"))
    );
}

#[tokio::test]
async fn a_server_of_ones_own_needs_no_key_and_openais_does() {
    let provider = ScriptedProvider::start([Reply::text("Hi.")]).await.unwrap();
    let ask = async |base_url: &str| {
        let (sender, _receiver) = mpsc::unbounded_channel();
        agent(CHAT, base_url, None, json!({})).respond(turn("Hi"), &sender, &CancellationToken::new()).await
    };
    assert_eq!(ask(provider.base_url()).await.reply, "Hi.");
    assert_eq!(provider.requests()[0].authorization, None);
    let Ending::NotConfigured { message } = ask("https://api.openai.com/v1").await.ending else { panic!() };
    assert!(message.contains("OPENAI_API_KEY"), "{message}");
}

#[test]
fn a_provider_that_does_not_exist_is_named_with_those_that_do() {
    let framework = framework("openai_chat").unwrap();
    let dependencies = dependencies(endpoint("http://localhost/v1", None));
    let error = framework.create(&record(CHAT, json!({ "provider": "ollama" })), &dependencies).err().unwrap();
    let expected = "`config_json.provider` there is no provider `ollama`; the providers are openai";
    assert_eq!(error.to_string(), expected);
}

/// A stream of these chunks, as a server might send it.
fn chunks(chunks: &[&str]) -> Reply {
    Reply::raw(chunks.iter().map(|chunk| format!("data: {chunk}\n\n")).collect::<String>())
}

#[tokio::test]
async fn calls_without_ids_or_indices_and_with_objects_for_arguments_are_understood() {
    let loose = chunks(&[
        r#"{"choices":[{"delta":{"role":"assistant","tool_calls":[{"function":{"name":"calculate","arguments":{"expression":"1+1"}}},{"function":{"name":"calculate","arguments":"{\"expression\":\"2+2\"}"}}]}}]}"#,
        r#"{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}"#,
    ]);
    let played = play(CHAT, vec![loose, Reply::text("2 and 4.")]).await;
    let results: Vec<_> = played.transcript.calls.iter().map(|call| call.result.as_str()).collect();
    assert_eq!(results, ["2", "4"]);
    let messages = played.bodies()[1]["messages"].clone();
    assert_eq!((&messages[3]["tool_call_id"], &messages[4]["tool_call_id"]), (&json!("call_2_0"), &json!("call_2_1")));
}

#[tokio::test]
async fn a_stream_ends_at_its_reason_even_without_its_last_line_and_not_without_both() {
    let said = r#"{"choices":[{"index":0,"delta":{"content":"Hi."}}]}"#;
    let ended = r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}"#;
    assert_eq!(play(CHAT, vec![chunks(&[said, ended])]).await.transcript.reply, "Hi.");
    let cut = play(CHAT, vec![chunks(&[said])]).await;
    assert_eq!(cut.error(), "the provider's stream ended before the reply was complete");
    let failed = play(CHAT, vec![chunks(&[r#"{"error":{"message":"out of memory","code":500}}"#])]).await;
    assert_eq!(failed.error(), "the provider failed: out of memory");
}

#[tokio::test]
async fn a_call_at_an_absurd_index_is_refused() {
    let absurd = r#"{"choices":[{"delta":{"tool_calls":[{"index":4000000000,"id":"x"}]}}]}"#;
    assert_eq!(
        play(CHAT, vec![chunks(&[absurd])]).await.error(),
        "the provider's reply is too large: more than 128 calls in one message"
    );
}
