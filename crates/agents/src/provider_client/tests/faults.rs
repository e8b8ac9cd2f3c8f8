//! What must hold under faults, each over both APIs, streaming and not: retried where that helps, bounded, said in plain
//! words, never a panic, never a stuck turn.

use super::{APIS, Api, KEY, agent, play, play_turn, turn};
use crate::{
    AgentEvent,
    testing::{Reply, ScriptedProvider},
};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use types::{CallRecord, Ending, TurnLimits};

/// A script, what the turn ends with, and how often the provider is asked.
struct Fault {
    name: &'static str,
    script: Vec<Reply>,
    ends: Result<&'static str, &'static str>,
    asked: usize,
}

fn fault(name: &'static str, script: Vec<Reply>, ends: Result<&'static str, &'static str>, asked: usize) -> Fault {
    Fault { name, script, ends, asked }
}

/// The table: faults that end a turn, or that trying again mends.
fn faults() -> Vec<Fault> {
    let busy = |status| Reply::error(status, "rate_limit_exceeded", "Slow down").retry_after(0);
    let echo = format!("Incorrect API key provided: {KEY}.");
    let large = "x".repeat(5_000_000);
    vec![
        fault("429 with Retry-After, then 503", vec![busy(429), busy(503), Reply::text("Here.")], Ok("Here."), 3),
        fault("429 for good", vec![busy(429)], Err("the provider is busy or the quota is used up (429): Slow down"), 4),
        fault("500 for good", vec![busy(500)], Err("the provider answered 500: Slow down"), 4),
        fault(
            "429, and the wait is too long",
            vec![Reply::error(429, "rate_limit_exceeded", "Come back tomorrow").retry_after(86_400)],
            Err("the provider is busy or the quota is used up (429): Come back tomorrow"),
            1,
        ),
        fault(
            "429, and the quota is used up",
            vec![Reply::error(429, "insufficient_quota", "You exceeded your current quota")],
            Err("the provider is busy or the quota is used up (429): You exceeded your current quota"),
            1,
        ),
        fault(
            "401, and the key comes back",
            vec![Reply::error(401, "invalid_api_key", &echo)],
            Err("the provider refused the key (401); check OPENAI_API_KEY: Incorrect API key provided: [redacted]."),
            1,
        ),
        fault(
            "404",
            vec![Reply::error(404, "model_not_found", "No such model")],
            Err(
                "the provider does not know the model or the address (404); check the model and OPENAI_BASE_URL: No such model",
            ),
            1,
        ),
        fault(
            "400 about what cannot be left out",
            vec![Reply::error(400, "invalid_request_error", "Unsupported parameter: 'model' is not supported")],
            Err("the provider answered 400: Unsupported parameter: 'model' is not supported"),
            1,
        ),
        fault(
            "a reply of five megabytes",
            vec![Reply::text(&large)],
            Err("the provider's reply is too large: more than"),
            1,
        ),
        fault(
            "five megabytes of arguments",
            vec![Reply::calls([("c", "calculate", &*large)])],
            Err("the provider's reply is too large: more than"),
            1,
        ),
        fault(
            "not the protocol",
            vec![Reply::raw("data: <html>\n\n")],
            Err("the provider sent something that is not the "),
            1,
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_of_the_fault_table_ends_in_plain_words_and_without_the_key() {
    for api in APIS {
        for Fault { name, script, ends, asked } in faults() {
            let shown = format!("{api:?}, {name}");
            let played = play(api, script).await;
            match ends {
                Ok(reply) => assert_eq!(
                    (&played.transcript.ending, played.transcript.reply.as_str()),
                    (&Ending::Replied, reply),
                    "{shown}"
                ),
                Err(why) => assert!(played.error().starts_with(why), "{shown}: {}", played.error()),
            }
            assert_eq!(played.provider.requests().len(), asked, "{shown}");
            assert!(!format!("{:?}", played.transcript).contains(KEY), "{shown}");
        }
    }
}

#[tokio::test]
async fn malformed_arguments_and_unknown_tools_are_told_to_the_model_and_recorded() {
    for api in APIS {
        let calls = [
            ("call_1", "calculate", r#"{"expression": "#),
            ("call_2", "calculate", "[1]"),
            ("call_3", "teleport", "{}"),
            ("call_4", "calculate", r#"{"expression":"1 / 0"}"#),
            ("call_5", "calculate", r#"{"expr":"1 + 1"}"#),
        ];
        let played = play(api, vec![Reply::calls(calls), Reply::text("Sorry.")]).await;
        let calls = &played.transcript.calls;
        assert!(calls.iter().all(|call| call.is_error), "{api:?}");
        let arguments: Vec<_> = calls.iter().map(|call| call.arguments.is_some()).collect();
        assert_eq!(arguments, [false, false, true, true, true]);
        let starts = |call: &CallRecord, start: &str| assert!(call.result.starts_with(start), "{}", call.result);
        starts(&calls[0], "the arguments are not valid JSON");
        starts(&calls[1], "the arguments are JSON but not an object");
        starts(&calls[2], "there is no tool `teleport`; the tools are calculate, ");
        starts(&calls[3], "division by zero");
        starts(&calls[4], "`expression` is missing, expected a string");
        let told = played.bodies()[1].to_string();
        assert!(
            calls.iter().all(|call| told.contains(Value::from(call.result.as_str()).to_string().trim_matches('"')))
        );
        assert_eq!(played.transcript.ending, Ending::Replied);
    }
}

#[tokio::test]
async fn an_endless_tool_loop_ends_at_the_step_limit() {
    for api in APIS {
        let endless = vec![Reply::calls([("call_1", "calculate", r#"{"expression":"1+1"}"#)])];
        let played = play_turn(api, endless, json!({ "max_steps": 3 }), turn("Go on.")).await;
        assert_eq!((&played.transcript.ending, played.transcript.steps), (&Ending::MaxSteps, 3));
        assert_eq!(played.provider.requests().len(), 3);
        // The calls of the last step could not be answered, so they are not run.
        assert_eq!(played.transcript.calls.len(), 2);
    }
}

#[tokio::test]
async fn a_refused_temperature_is_left_out_remembered_and_told() {
    let sentence = "Unsupported value: 'temperature' does not support 0.5 with this model.";
    for api in APIS {
        for param in [None, Some("temperature")] {
            let provider = ScriptedProvider::start([
                Reply::error_about(400, "unsupported_value", sentence, param),
                Reply::calls([("call_1", "calculate", r#"{"expression":"1+1"}"#)]),
                Reply::text("Two."),
            ]);
            let provider = provider.await.unwrap();
            let agent = agent(api, provider.base_url(), Some(KEY), json!({}));
            let (sender, _receiver) = mpsc::unbounded_channel();
            let transcript = agent.respond(turn("1+1?"), &sender, &CancellationToken::new()).await;
            assert_eq!((transcript.reply.as_str(), transcript.steps), ("Two.", 2), "{api:?}");
            let note = "The model does not support `temperature`; the request was sent without it.";
            assert_eq!(transcript.notes, [note], "{api:?}");
            let requests = provider.requests();
            let sent: Vec<_> = requests.iter().map(|request| request.body.get("temperature").is_some()).collect();
            assert_eq!(sent, [true, false, false], "{api:?}");
        }
    }
}

#[tokio::test]
async fn a_cut_stream_is_an_error_that_keeps_what_was_said() {
    for api in APIS.into_iter().filter(|api| api.stream) {
        let played = play(api, vec![Reply::cut("The answer is")]).await;
        assert_eq!(played.error(), "the connection to the provider broke before the reply was complete", "{api:?}");
        assert_eq!(played.transcript.reply, "The answer is");
        // What was shown cannot be taken back, so it is not tried again.
        assert_eq!(played.provider.requests().len(), 1);
    }
}

#[tokio::test]
async fn an_answer_in_one_piece_that_breaks_off_is_asked_for_again() {
    for api in APIS.into_iter().filter(|api| !api.stream) {
        let played = play(api, vec![Reply::cut("The answer is"), Reply::text("The answer is 345.")]).await;
        assert_eq!(played.transcript.reply, "The answer is 345.", "{api:?}");
        assert_eq!(played.provider.requests().len(), 2);
    }
}

#[tokio::test]
async fn a_reply_cut_by_its_token_limit_says_so() {
    for api in APIS {
        let played = play(api, vec![Reply::incomplete("And then", "max_output_tokens")]).await;
        assert_eq!(played.transcript.reply, "And then", "{api:?}");
        assert_eq!(played.transcript.notes, ["The reply was cut: it reached `max_output_tokens`."]);
        assert!(played.events.contains(&AgentEvent::Note(played.transcript.notes[0].clone())));
    }
}

/// Plays a turn that hangs after its first words; `meanwhile` runs once they arrived.
async fn hang(api: Api, meanwhile: impl AsyncFn(&CancellationToken)) -> Ending {
    let provider = ScriptedProvider::start([Reply::hang("One moment")]).await.unwrap();
    let agent = agent(api, provider.base_url(), Some(KEY), json!({}));
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let cancel = CancellationToken::new();
    let after_the_last_token = async {
        if api.stream {
            while receiver.recv().await != Some(AgentEvent::Token("moment".into())) {}
        } else {
            provider.asked(1).await;
        }
        meanwhile(&cancel).await;
    };
    let (transcript, ()) = tokio::join!(agent.respond(turn("Hi"), &sender, &cancel), after_the_last_token);
    assert_eq!(transcript.reply, if api.stream { "One moment" } else { "" });
    provider.abandoned().await;
    transcript.ending
}

#[tokio::test]
async fn a_hanging_provider_ends_at_the_time_limit_and_its_connection_is_closed() {
    for api in APIS {
        let pass_the_limit = async |_: &CancellationToken| {
            tokio::time::pause();
            tokio::time::advance(Duration::from_millis(TurnLimits::default().timeout_ms)).await;
        };
        assert_eq!(hang(api, pass_the_limit).await, Ending::Timeout, "{api:?}");
        tokio::time::resume();
    }
}

#[tokio::test]
async fn a_stop_closes_the_connection_to_the_provider() {
    for api in APIS {
        assert_eq!(hang(api, async |cancel: &CancellationToken| cancel.cancel()).await, Ending::Cancelled, "{api:?}");
    }
}
