//! Limits, examples, structured replies and costs, over both APIs.

use super::{APIS, Api, CHAT, dependencies, endpoint, play_turn, record, turn};
use crate::{AgentEvent, frameworks::framework, testing::Reply};
use serde_json::{Value, json};
use types::Ending;

fn calls() -> Reply {
    Reply::calls([
        ("call_1", "calculate", r#"{"expression":"1+1"}"#),
        ("call_2", "calculate", r#"{"expression":"2+2"}"#),
    ])
}

/// The texts of the conversation that a request carries, in order.
fn said(api: Api, body: &Value) -> Vec<String> {
    let list = if api.framework == "openai" { &body["input"] } else { &body["messages"] };
    list.as_array().unwrap().iter().filter_map(|item| Some(item["content"].as_str()?.to_owned())).collect()
}

#[tokio::test]
async fn calls_beyond_the_limit_are_answered_with_an_error_and_the_model_may_still_answer() {
    for api in APIS {
        let played =
            play_turn(api, vec![calls(), Reply::text("2.")], json!({ "max_tool_calls": 1 }), turn("Both?")).await;
        let results: Vec<_> =
            played.transcript.calls.iter().map(|call| (call.result.as_str(), call.is_error)).collect();
        let refused = "not run: this turn may call at most 1 tools; answer with what you have";
        assert_eq!(results, [("2", false), (refused, true)], "{api:?}");
        assert_eq!(played.transcript.reply, "2.");
    }
}

#[tokio::test]
async fn a_turn_that_used_up_its_tokens_or_money_ends_between_two_steps() {
    // Each step reads 11 tokens and writes 7, which cost 25 millionths of a dollar.
    for (limit, words) in [
        (
            json!({ "max_tokens_total": 36 }),
            "the agent used 36 tokens without an answer; its limit `max_tokens_total` is 36",
        ),
        (
            json!({ "max_cost_usd": 0.00005 }),
            "the agent used 0.0001 US dollars without an answer; its limit `max_cost_usd` is 0.00005",
        ),
    ] {
        for api in APIS {
            let played = play_turn(api, vec![calls()], limit.clone(), turn("Go on.")).await;
            assert_eq!(played.transcript.ending, Ending::LimitReached { message: words.into() }, "{api:?}");
            assert_eq!(played.transcript.steps, 2);
        }
    }
}

#[test]
fn a_limit_on_money_needs_a_price() {
    let mut record = record(CHAT, json!({ "max_cost_usd": 0.5 }));
    record.model = "llama3.2".into();
    let framework = framework("openai_chat").unwrap();
    let error = framework.create(&record, &dependencies(endpoint("http://localhost/v1", None))).err().unwrap();
    assert!(error.to_string().contains("needs a price for the model `llama3.2`"), "{error}");
}

#[tokio::test]
async fn what_a_turn_costs_is_told_after_each_step() {
    for api in APIS {
        let played = play_turn(api, vec![calls(), Reply::text("2 and 4.")], json!({}), turn("Both?")).await;
        let told: Vec<_> = played
            .events
            .iter()
            .filter_map(|event| {
                if let AgentEvent::Usage(usage) = event {
                    Some((usage.input_tokens, usage.output_tokens))
                } else {
                    None
                }
            })
            .collect();
        assert_eq!(told, [(11, 7), (22, 14)], "{api:?}");
        assert!((played.transcript.usage.cost_usd.unwrap() - 50e-6).abs() < 1e-12);
    }
}

#[tokio::test]
async fn examples_come_before_every_conversation() {
    for api in APIS {
        let examples = json!({ "examples": [{ "user": "2+2?", "assistant": "4" }] });
        let played = play_turn(api, vec![Reply::text("5")], examples, turn("2+3?")).await;
        let said = said(api, &played.bodies()[0]);
        assert!(said.ends_with(&["2+2?".into(), "4".into(), "2+3?".into()]), "{api:?}: {said:?}");
    }
}

fn answer_schema() -> Value {
    let answer = json!({ "type": "integer" });
    json!({ "response_schema": { "type": "object", "required": ["answer"], "properties": { "answer": answer } } })
}

#[tokio::test]
async fn a_reply_that_does_not_fit_its_schema_is_sent_back_with_what_is_wrong() {
    for api in APIS {
        let script =
            vec![Reply::text("It is 345."), Reply::text(r#"{"answer":"345"}"#), Reply::text(r#"{"answer":345}"#)];
        let played = play_turn(api, script, answer_schema(), turn("15 * 23?")).await;
        assert_eq!(
            (played.transcript.reply.as_str(), &played.transcript.ending),
            (r#"{"answer":345}"#, &Ending::Replied),
            "{api:?}"
        );
        assert_eq!(played.transcript.notes.len(), 2);
        let bodies = played.bodies();
        let said = said(api, &bodies[2]);
        assert!(said.iter().any(|text| text.contains("it is not JSON")), "{said:?}");
        assert!(said.last().unwrap().contains("`answer` is a string, expected a whole number"), "{said:?}");
        let native =
            if api.framework == "openai" { &bodies[0]["text"]["format"] } else { &bodies[0]["response_format"] };
        assert_eq!(native["type"], "json_schema", "{api:?}");
    }
}

#[tokio::test]
async fn a_model_that_never_fits_the_schema_ends_the_turn() {
    for api in APIS {
        let played = play_turn(api, vec![Reply::text("No.")], answer_schema(), turn("15 * 23?")).await;
        assert!(
            played.error().starts_with("the model's reply does not fit `response_schema` after 2 corrections"),
            "{api:?}"
        );
        assert_eq!(played.provider.requests().len(), 3);
    }
}
