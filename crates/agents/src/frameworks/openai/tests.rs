//! Against a scripted Responses API server.

use super::*;
use crate::{
    AgentEvent, Checkpoints, PastMessage, ProviderEndpoint, Turn, http_client,
    testing::{Reply, ScriptedProvider},
};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use types::{AgentId, CallRecord, Role, Timestamp, Transcript, TurnLimits, Usage};

const KEY: &str = "sk-very-secret-0123456789";

struct NoWeights;

impl Checkpoints for NoWeights {
    fn policy(&self, _agent: &AgentRecord) -> Result<Arc<policy::ActionPolicy>, String> {
        Err("no weights here".into())
    }
}

fn record(config: Value) -> AgentRecord {
    AgentRecord {
        id: AgentId(uuid::Uuid::nil()),
        name: None,
        agent_type: "openai".into(),
        model: "gpt-test".into(),
        temperature: 0.5,
        system_prompt: Some("Be brief.".into()),
        config_json: config.as_object().cloned(),
        is_active: true,
        created_at: Timestamp::from_millis(0),
        updated_at: None,
    }
}

fn endpoint(base_url: &str, key: Option<&str>) -> ProviderEndpoint {
    ProviderEndpoint { base_url: base_url.into(), api_key: key.map(String::from), ..ProviderEndpoint::openai() }
}

fn agent(base_url: &str, key: Option<&str>, config: Value) -> Arc<dyn Agent> {
    let dependencies = Dependencies {
        tools: tools::built_in(tools::SearchIndex::empty().unwrap()),
        http: http_client().unwrap(),
        providers: Arc::new(vec![endpoint(base_url, key)]),
        checkpoints: Arc::new(NoWeights),
        bridge: Arc::new(crate::bridge::NoBridge),
    };
    OpenAi.create(&record(config), &dependencies).unwrap()
}

fn turn(user_input: &str) -> Turn {
    Turn { history: Vec::new(), user_input: user_input.into(), limits: TurnLimits::default(), seed: 0 }
}

struct Played {
    provider: ScriptedProvider,
    transcript: Transcript,
    events: Vec<AgentEvent>,
}

impl Played {
    fn bodies(&self) -> Vec<Value> {
        self.provider.requests().into_iter().map(|request| request.body).collect()
    }

    fn error(&self) -> &str {
        match &self.transcript.ending {
            Ending::ProviderError { message } => message,
            other => panic!("ended with {other:?}"),
        }
    }
}

async fn play_turn(script: Vec<Reply>, config: Value, turn: Turn) -> Played {
    let provider = ScriptedProvider::start(script).await.unwrap();
    let agent = agent(provider.base_url(), Some(KEY), config);
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let transcript = agent.respond(turn, &sender, &CancellationToken::new()).await;
    drop(sender);
    let mut events = Vec::new();
    while let Some(event) = receiver.recv().await {
        events.push(event);
    }
    Played { provider, transcript, events }
}

async fn play(script: Vec<Reply>) -> Played {
    play_turn(script, json!({}), turn("What is 15 * 23, and the weather in Oslo?")).await
}

fn tokens(events: &[AgentEvent]) -> String {
    events
        .iter()
        .filter_map(|event| if let AgentEvent::Token(text) = event { Some(text.as_str()) } else { None })
        .collect()
}

#[tokio::test]
async fn two_tool_calls_are_run_and_their_results_sent_back() {
    let played = play(vec![
        Reply::calls([
            ("call_1", "calculate", r#"{"expression":"15 * 23"}"#),
            ("call_2", "get_weather", r#"{"location":"Oslo"}"#),
        ]),
        Reply::text("It is 345, and mild."),
    ])
    .await;
    let Transcript { calls, reply, ending, steps, usage, notes, .. } = &played.transcript;
    assert_eq!((reply.as_str(), ending, *steps), ("It is 345, and mild.", &Ending::Replied, 2));
    // Two model calls of 11 and 7 tokens each.
    assert_eq!(*usage, Usage { input_tokens: 22, output_tokens: 14 });
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
    let played =
        play_turn(vec![Reply::text("Fine.")], json!({ "tools": "calculate" }), Turn { history, ..turn("And you?") })
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
    let played = play_turn(vec![Reply::text("Fine.")], settings, Turn { history, ..turn("And you?") }).await;
    let sent = played.bodies()[0]["input"].as_array().unwrap().clone();
    let begins: Vec<_> = sent.iter().map(|item| &item["content"].as_str().unwrap()[..1]).collect();
    assert_eq!(begins, ["c", "d", "A"]);
    assert!(played.transcript.notes[0].contains("`max_input_chars` (1000)"), "{:?}", played.transcript.notes);
}

#[tokio::test]
async fn malformed_arguments_and_unknown_tools_are_told_to_the_model_and_recorded() {
    let played = play(vec![
        Reply::calls([
            ("call_1", "calculate", r#"{"expression": "#),
            ("call_2", "calculate", "[1]"),
            ("call_3", "teleport", "{}"),
            ("call_4", "calculate", r#"{"expression":"1 / 0"}"#),
        ]),
        Reply::text("Sorry."),
    ])
    .await;
    let calls = &played.transcript.calls;
    assert!(calls.iter().all(|call| call.is_error));
    let arguments: Vec<_> = calls.iter().map(|call| call.arguments.is_some()).collect();
    assert_eq!(arguments, [false, false, true, true]);
    let starts = |call: &CallRecord, start: &str| assert!(call.result.starts_with(start), "{}", call.result);
    starts(&calls[0], "the arguments are not valid JSON");
    starts(&calls[1], "the arguments are JSON but not an object");
    starts(&calls[2], "there is no tool `teleport`; the tools are calculate, get_weather, search");
    starts(&calls[3], "division by zero");
    assert_eq!(played.bodies()[1]["input"][7]["output"], calls[2].result);
    assert_eq!(played.transcript.ending, Ending::Replied);
}

#[tokio::test]
async fn an_endless_tool_loop_ends_at_the_step_limit() {
    let endless = vec![Reply::calls([("call_1", "calculate", r#"{"expression":"1+1"}"#)])];
    let played = play_turn(endless, json!({ "max_steps": 3 }), turn("Go on.")).await;
    assert_eq!((&played.transcript.ending, played.transcript.steps), (&Ending::MaxSteps, 3));
    assert_eq!(played.provider.requests().len(), 3);
    // The calls of the last step could not be answered, so they are not run.
    assert_eq!(played.transcript.calls.len(), 2);
}

#[tokio::test]
async fn a_missing_key_names_the_variable() {
    for key in [None, Some("  ")] {
        let agent = agent("http://127.0.0.1:9/v1", key, json!({}));
        let (sender, _receiver) = mpsc::unbounded_channel();
        let transcript = agent.respond(turn("Hi"), &sender, &CancellationToken::new()).await;
        let Ending::NotConfigured { message } = &transcript.ending else { panic!("{transcript:?}") };
        assert!(message.contains("OPENAI_API_KEY"), "{message}");
        assert_eq!(transcript.steps, 0);
    }
}

#[tokio::test]
async fn a_refused_key_is_reported_without_the_key() {
    let said = format!("Incorrect API key provided: {KEY}.");
    let played = play(vec![Reply::error(401, "invalid_api_key", &said)]).await;
    assert_eq!(
        played.error(),
        "the provider refused the key (401); check OPENAI_API_KEY: Incorrect API key provided: [redacted]."
    );
    assert_eq!(played.provider.requests().len(), 1);
}

#[tokio::test]
async fn a_busy_provider_is_asked_again() {
    let busy = |status| Reply::error(status, "rate_limit_exceeded", "Slow down").retry_after(0);
    let played = play(vec![busy(429), busy(503), Reply::text("Here.")]).await;
    assert_eq!((played.transcript.reply.as_str(), played.provider.requests().len()), ("Here.", 3));
}

#[tokio::test]
async fn a_provider_that_stays_busy_is_reported_after_a_few_tries() {
    let played = play(vec![Reply::error(429, "rate_limit_exceeded", "Slow down").retry_after(0)]).await;
    assert_eq!(played.error(), "the provider is busy or the quota is used up (429): Slow down");
    assert_eq!(played.provider.requests().len(), 4);
}

#[tokio::test]
async fn what_waiting_cannot_mend_is_not_tried_again() {
    for reply in [
        Reply::error(429, "insufficient_quota", "You exceeded your current quota"),
        Reply::error(429, "rate_limit_exceeded", "Come back tomorrow").retry_after(86_400),
        Reply::error(404, "model_not_found", "The model `gpt-test` does not exist"),
        Reply::error(400, "invalid_request_error", "Unsupported parameter: 'input' is not supported"),
    ] {
        let played = play(vec![reply]).await;
        assert!(!played.error().is_empty());
        assert_eq!(played.provider.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_refused_temperature_is_left_out_remembered_and_told() {
    let sentence = "Unsupported value: 'temperature' does not support 0.5 with this model.";
    let note = "The model does not support `temperature`; the request was sent without it.";
    let refusal = Reply::error_about(400, "unsupported_value", sentence, None);
    let provider = ScriptedProvider::start([
        refusal,
        Reply::calls([("call_1", "calculate", r#"{"expression":"1+1"}"#)]),
        Reply::text("Two."),
    ])
    .await
    .unwrap();
    let agent = agent(provider.base_url(), Some(KEY), json!({}));
    let (sender, _receiver) = mpsc::unbounded_channel();
    let transcript = agent.respond(turn("1+1?"), &sender, &CancellationToken::new()).await;
    assert_eq!((transcript.reply.as_str(), transcript.steps), ("Two.", 2));
    assert_eq!(transcript.notes, [note]);
    let sent: Vec<_> = provider.requests().iter().map(|request| request.body.get("temperature").is_some()).collect();
    assert_eq!(sent, [true, false, false]);
}

#[tokio::test]
async fn a_cut_stream_is_an_error_that_keeps_what_was_said() {
    let played = play(vec![Reply::cut("The answer is")]).await;
    assert_eq!(played.error(), "the connection to the provider broke before the reply was complete");
    assert_eq!(played.transcript.reply, "The answer is");
    // What was shown cannot be taken back, so it is not tried again.
    assert_eq!(played.provider.requests().len(), 1);
}

#[tokio::test]
async fn a_stream_without_its_last_event_is_an_error() {
    let body = "data: {\"type\":\"response.output_text.delta\",\"delta\":\"The\"}\n\n";
    let played = play(vec![Reply::raw(body)]).await;
    assert_eq!(played.error(), "the provider's stream ended before the reply was complete");
}

#[tokio::test]
async fn what_is_not_the_protocol_is_an_error() {
    let played = play(vec![Reply::raw("data: <html>\n\n")]).await;
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
        let played = play(vec![Reply::raw(format!("{body}\n\n"))]).await;
        assert_eq!(played.error(), "the provider failed: Something broke");
    }
}

#[tokio::test]
async fn a_hanging_provider_ends_at_the_time_limit() {
    let provider = ScriptedProvider::start([Reply::hang("One moment")]).await.unwrap();
    let agent = agent(provider.base_url(), Some(KEY), json!({}));
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let cancel = CancellationToken::new();
    let pass_the_limit_after_the_last_token = async {
        while receiver.recv().await != Some(AgentEvent::Token("moment".into())) {}
        tokio::time::pause();
        tokio::time::advance(Duration::from_millis(TurnLimits::default().timeout_ms)).await;
    };
    let respond = agent.respond(turn("Hi"), &sender, &cancel);
    let (transcript, ()) = tokio::join!(respond, pass_the_limit_after_the_last_token);
    assert_eq!((&transcript.ending, transcript.reply.as_str()), (&Ending::Timeout, "One moment"));
    provider.abandoned().await;
}

#[tokio::test]
async fn a_stop_closes_the_connection_to_the_provider() {
    let provider = ScriptedProvider::start([Reply::hang("One moment")]).await.unwrap();
    let agent = agent(provider.base_url(), Some(KEY), json!({}));
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let cancel = CancellationToken::new();
    let stop_after_the_first_token = async {
        assert_eq!(receiver.recv().await, Some(AgentEvent::Token("One ".into())));
        cancel.cancel();
    };
    let (transcript, ()) = tokio::join!(agent.respond(turn("Hi"), &sender, &cancel), stop_after_the_first_token);
    assert_eq!(transcript.ending, Ending::Cancelled);
    provider.abandoned().await;
}

#[tokio::test]
async fn a_reply_of_five_megabytes_is_refused() {
    let large = "x".repeat(5_000_000);
    for reply in [Reply::text(&large), Reply::text(&"word ".repeat(300_000))] {
        let played = play(vec![reply]).await;
        assert!(played.error().starts_with("the provider's reply is too large: more than"), "{}", played.error());
        assert_eq!(played.provider.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_reply_cut_by_its_token_limit_says_so() {
    let played = play(vec![Reply::incomplete("And then", "max_output_tokens")]).await;
    assert_eq!(played.transcript.reply, "And then");
    assert_eq!(played.transcript.notes, ["The reply was cut: it reached `max_output_tokens`."]);
    assert!(played.events.contains(&AgentEvent::Note(played.transcript.notes[0].clone())));
}

#[tokio::test]
async fn thoughts_of_a_reasoning_model_are_sent_back_sealed_or_not_at_all() {
    let call = |sealed| Reply::calls([("call_1", "calculate", r#"{"expression":"1+1"}"#)]).after_reasoning(sealed);
    let played = play(vec![call(None), call(Some("sealed")), Reply::text("Two.")]).await;
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
    let dependencies = Dependencies {
        tools: tools::built_in(tools::SearchIndex::empty().unwrap()),
        http: http_client().unwrap(),
        providers: Arc::new(vec![endpoint("https://api.openai.com/v1", None)]),
        checkpoints: Arc::new(NoWeights),
        bridge: Arc::new(crate::bridge::NoBridge),
    };
    let error = OpenAi.create(&record(json!({ "tools": "fly" })), &dependencies).err().unwrap();
    let expected = "`config_json.tools` there is no tool `fly`; the tools are calculate, get_weather, search";
    assert_eq!(error.to_string(), expected);
    for base_url in
        ["nonsense", "ftp://host/v1", "http://169.254.169.254/v1", "http://[fe80::1]/v1", "http://[::ffff:a9fe:a9fe]"]
    {
        let providers = Arc::new(vec![endpoint(base_url, None)]);
        let error =
            OpenAi.create(&record(json!({})), &Dependencies { providers, ..dependencies.clone() }).err().unwrap();
        assert!(error.to_string().contains("OPENAI_BASE_URL"), "{base_url}");
    }
}
