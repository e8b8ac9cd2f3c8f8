//! The client against scripted endpoints on loopback.

use super::*;
use crate::{
    AgentEvent, PastMessage, http_client,
    testing::{Reply, ScriptedProvider},
};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    sync::mpsc::unbounded_channel,
};
use types::{Role, TurnLimits};

fn endpoint(url: &str) -> Endpoint {
    Endpoint {
        http: http_client().unwrap(),
        url: Url::parse(url).unwrap(),
        headers: HeaderMap::new(),
        name: "the endpoint",
        secrets: vec!["top-secret".into()],
    }
}

fn turn() -> Turn {
    let said = |role, content: &str| PastMessage { role, content: content.into() };
    Turn {
        history: vec![said(Role::User, "I am Ada."), said(Role::Assistant, "Hello Ada.")],
        user_input: "15 * 23?".into(),
        limits: TurnLimits::default(),
        seed: 1,
        tools: None,
    }
}

/// A run of these events: the transcript, and what was told.
async fn run_of(events: &[Value]) -> (Transcript, Vec<AgentEvent>) {
    let body: String = events.iter().map(|event| format!("data: {event}\n\n")).collect();
    asked(Reply::raw(body), turn()).await
}

async fn asked(reply: Reply, turn: Turn) -> (Transcript, Vec<AgentEvent>) {
    let provider = ScriptedProvider::start([reply]).await.unwrap();
    let endpoint = endpoint(provider.base_url());
    let (events, mut told) = unbounded_channel();
    let asked = Asked { endpoint: &endpoint, forwarded_props: json!({"model": "m"}), rollout: Uuid::nil() };
    let record = Record::new(&turn, 3, &events);
    let transcript = respond(asked, &turn, record, &CancellationToken::new()).await;
    drop(events);
    let mut heard = Vec::new();
    while let Some(event) = told.recv().await {
        heard.push(event);
    }
    (transcript, heard)
}

fn calculated() -> Vec<Value> {
    vec![
        json!({"type": "RUN_STARTED", "threadId": "t", "runId": "r"}),
        json!({"type": "TOOL_CALL_START", "toolCallId": "c", "toolCallName": "calculate", "parentMessageId": "m1"}),
        json!({"type": "TOOL_CALL_ARGS", "toolCallId": "c", "delta": "{\"expression\":"}),
        json!({"type": "TOOL_CALL_ARGS", "toolCallId": "c", "delta": "\"15*23\"}"}),
        json!({"type": "TOOL_CALL_END", "toolCallId": "c"}),
        json!({"type": "TOOL_CALL_RESULT", "messageId": "m2", "toolCallId": "c", "content": "345", "metadata": {"durationMs": 12}}),
        json!({"type": "STATE_SNAPSHOT", "snapshot": {"anything": []}}),
        json!({"type": "TEXT_MESSAGE_START", "messageId": "m3", "role": "assistant"}),
        json!({"type": "TEXT_MESSAGE_CONTENT", "messageId": "m3", "delta": "It is "}),
        json!({"type": "TEXT_MESSAGE_CONTENT", "messageId": "m3", "delta": "345."}),
        json!({"type": "TEXT_MESSAGE_END", "messageId": "m3"}),
        json!({"type": "RUN_FINISHED", "threadId": "t", "runId": "r", "outcome": {"type": "success"},
               "usage": [{"model": "a", "inputTokens": 20, "outputTokens": 4}, {"model": "b", "inputTokens": 1}]}),
    ]
}

#[tokio::test]
async fn a_run_is_recorded_as_the_tool_loop_records_one() {
    let (transcript, told) = run_of(&calculated()).await;
    assert_eq!((transcript.ending, transcript.reply.as_str(), transcript.steps), (Ending::Replied, "It is 345.", 2));
    assert_eq!((transcript.usage.input_tokens, transcript.usage.output_tokens), (21, 4));
    let [call] = &transcript.calls[..] else { panic!("{:?}", transcript.calls) };
    assert_eq!((call.tool_name.as_str(), call.result.as_str()), ("calculate", "345"));
    assert_eq!((call.duration_ms, call.is_error), (12, false));
    assert_eq!(call.arguments, json!({"expression": "15*23"}).as_object().cloned());
    let kinds: Vec<_> = told
        .iter()
        .map(|event| match event {
            AgentEvent::ToolCall { .. } => "call",
            AgentEvent::ToolResult { .. } => "result",
            AgentEvent::Token(text) => text,
            _ => "other",
        })
        .collect();
    assert_eq!(kinds, ["call", "result", "It is ", "345."]);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_ids() {
    let ids = |told: Vec<AgentEvent>| {
        told.into_iter().filter_map(|event| match event {
            AgentEvent::ToolCall { id, .. } | AgentEvent::ToolResult { id, .. } => Some(id),
            _ => None,
        })
    };
    let first: Vec<_> = ids(run_of(&calculated()).await.1).collect();
    let second: Vec<_> = ids(run_of(&calculated()).await.1).collect();
    assert_eq!(first, second);
    assert_eq!(first[0], first[1]);
}

#[tokio::test]
async fn the_conversation_is_sent_in_order() {
    let provider = ScriptedProvider::start([Reply::raw("data: {\"type\":\"RUN_FINISHED\"}\n\n")]).await.unwrap();
    let (endpoint, turn) = (endpoint(provider.base_url()), turn());
    let (events, _told) = unbounded_channel();
    let asked = Asked { endpoint: &endpoint, forwarded_props: json!({"model": "m"}), rollout: Uuid::nil() };
    respond(asked, &turn, Record::new(&turn, 3, &events), &CancellationToken::new()).await;
    let body = provider.requests().remove(0).body;
    let said: Vec<_> = body["messages"].as_array().unwrap().iter().map(|m| (&m["role"], &m["content"])).collect();
    assert_eq!(said[0], (&json!("user"), &json!("I am Ada.")));
    assert_eq!(said[1], (&json!("assistant"), &json!("Hello Ada.")));
    assert_eq!(said[2], (&json!("user"), &json!("15 * 23?")));
    assert_eq!((&body["forwardedProps"], &body["tools"]), (&json!({"model": "m"}), &json!([])));
    assert!(body["threadId"].is_string() && body["runId"].is_string() && body["state"].is_object(), "{body}");
}

#[tokio::test]
async fn a_conversation_too_long_loses_its_oldest_part_and_says_so() {
    let mut long = turn();
    long.history[0].content = "x".repeat(200_001);
    let (transcript, _) = asked(Reply::raw("data: {\"type\":\"RUN_FINISHED\"}\n\n"), long).await;
    assert_eq!(transcript.notes.len(), 1, "{:?}", transcript.notes);
}

#[tokio::test]
async fn chunks_without_a_beginning_are_understood() {
    let (transcript, told) = run_of(&[
        json!({"type": "TOOL_CALL_CHUNK", "toolCallId": "c", "toolCallName": "calculate", "delta": "{\"a\":"}),
        json!({"type": "TOOL_CALL_CHUNK", "delta": "1}"}),
        json!({"type": "TOOL_CALL_RESULT", "toolCallId": "c", "content": [{"type": "text", "text": "2"}]}),
        json!({"type": "TEXT_MESSAGE_CHUNK", "messageId": "m", "delta": "Tw"}),
        json!({"type": "TEXT_MESSAGE_CHUNK", "delta": "o."}),
        json!({"type": "RUN_FINISHED"}),
    ])
    .await;
    assert_eq!((transcript.reply.as_str(), transcript.calls[0].result.as_str()), ("Two.", "2"));
    assert_eq!(transcript.calls[0].arguments, json!({"a": 1}).as_object().cloned());
    assert_eq!(told.len(), 4);
}

#[tokio::test]
async fn a_reply_that_was_not_streamed_is_taken_from_the_snapshot() {
    let snapshot = json!([
        {"id": "1", "role": "assistant", "content": "An older answer."},
        {"id": "2", "role": "user", "content": "15 * 23?"},
        {"id": "3", "role": "assistant", "content": "345."},
    ]);
    let events = [json!({"type": "MESSAGES_SNAPSHOT", "messages": snapshot}), json!({"type": "RUN_FINISHED"})];
    let (transcript, told) = run_of(&events).await;
    assert_eq!(transcript.reply, "345.");
    assert_eq!(told, [AgentEvent::Token("345.".into())]);
}

#[tokio::test]
async fn what_goes_wrong_is_the_ending_in_words() {
    let ended = |events: Vec<Value>| async move { run_of(&events).await.0.ending };
    let error = |message: &str| Ending::ProviderError { message: message.into() };
    let failed = |code: Value| json!({"type": "RUN_ERROR", "message": "no top-secret here", "code": code});
    assert_eq!(ended(vec![failed(Value::Null)]).await, error("the agent failed: no [redacted] here"));
    assert_eq!(ended(vec![failed(json!("max_steps"))]).await, Ending::MaxSteps);
    let unset = Ending::NotConfigured { message: "no [redacted] here".into() };
    assert_eq!(ended(vec![failed(json!("not_configured"))]).await, unset);
    assert_eq!(ended(vec![]).await, error("the endpoint ended its answer before it was complete"));
    let waits =
        json!({"type": "RUN_FINISHED", "outcome": {"type": "interrupt", "interrupts": [{"message": "Delete?"}]}});
    let decision = "the agent waits for a decision that cannot be given here: Delete?";
    assert_eq!(ended(vec![waits]).await, error(decision));
    let message = |n: u32| json!({"type": "TEXT_MESSAGE_START", "messageId": n.to_string()});
    assert_eq!(ended((0..4).map(message).collect()).await, Ending::MaxSteps);
    let Ending::ProviderError { message } = ended(vec![json!({"type": 7})]).await else { panic!() };
    assert!(message.starts_with("the endpoint sent something that is not AG-UI"), "{message}");
}

#[tokio::test]
async fn calls_without_end_and_text_without_end_are_stopped() {
    let call = |n: usize| {
        let id = n.to_string();
        json!({"type": "TOOL_CALL_START", "toolCallId": id, "toolCallName": "t", "parentMessageId": "m"})
    };
    let (transcript, _) = run_of(&(0..300).map(call).collect::<Vec<_>>()).await;
    assert_eq!(transcript.calls.len(), 256);
    assert!(transcript.calls.iter().all(|call| call.is_error));
    let text = json!({"type": "TEXT_MESSAGE_CONTENT", "messageId": "m", "delta": "x".repeat(300_000)});
    let (transcript, _) = run_of(&vec![text; 4]).await;
    assert_eq!(transcript.reply.len(), 900_000);
    assert!(matches!(transcript.ending, Ending::ProviderError { message } if message.contains("1 MiB of text")));
}

#[tokio::test]
async fn a_refusal_is_told_with_its_status_and_without_secrets() {
    let (transcript, _) = asked(Reply::error(503, "busy", "top-secret"), turn()).await;
    let Ending::ProviderError { message } = transcript.ending else { panic!("{:?}", transcript.ending) };
    assert!(message.starts_with("the endpoint answered 503") && !message.contains("top-secret"), "{message}");
}

#[tokio::test]
async fn a_stop_closes_the_connection_and_records_the_open_call() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        // An answer before its question would be none.
        assert!(stream.read(&mut [0; 1024]).await.unwrap() > 0);
        let begun: String = calculated()[..5].iter().map(|event| format!("data: {event}\n\n")).collect();
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
        stream.write_all(format!("{head}{begun}").as_bytes()).await.unwrap();
        let mut rest = Vec::new();
        // Ends when the client closes.
        let _ = stream.read_to_end(&mut rest).await;
    });
    let (endpoint, turn, cancel) = (endpoint(&url), turn(), CancellationToken::new());
    let (events, mut told) = unbounded_channel();
    let asked = Asked { endpoint: &endpoint, forwarded_props: Value::Null, rollout: Uuid::nil() };
    let work = respond(asked, &turn, Record::new(&turn, 3, &events), &cancel);
    let stop = async {
        assert!(matches!(told.recv().await, Some(AgentEvent::ToolCall { .. })));
        cancel.cancel();
    };
    let (transcript, ()) = tokio::join!(work, stop);
    assert_eq!((transcript.ending, transcript.calls[0].is_error), (Ending::Cancelled, true));
    serving.await.unwrap();
}
