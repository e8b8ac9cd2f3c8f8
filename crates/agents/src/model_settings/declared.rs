//! What can be set, declared: forms and checks are derived from it.

use super::EFFORT_DEFAULT;
use serde_json::{Value, json};
use types::{ParameterKind, ParameterSpec};

/// The value of `state` that leaves the conversation at the provider.
pub const STATE_KEPT: &str = "previous_response_id";

/// Every setting that both APIs have.
pub fn parameters() -> Vec<ParameterSpec> {
    let mut parameters = vec![provider()];
    parameters.extend(lengths());
    parameters.extend(limits());
    parameters.extend(calls());
    parameters.extend(shape());
    parameters.push(state());
    parameters
}

fn parameter(name: &str, [label, description]: [&str; 2], kind: ParameterKind, default: Value) -> ParameterSpec {
    ParameterSpec { name: name.into(), label: label.into(), description: description.into(), kind, default }
}

fn provider() -> ParameterSpec {
    let text = ["Provider", "Whom the model is asked of; providers are added in Settings."];
    parameter("provider", text, ParameterKind::Text { multiline: false }, json!(crate::provider::OPENAI))
}

/// Where the conversation is kept: only the Responses API has a choice.
fn state() -> ParameterSpec {
    let options = ["stateless", STATE_KEPT].map(String::from).to_vec();
    parameter(
        "state",
        [
            "Conversation",
            "`stateless` sends the conversation with every request and leaves nothing at the provider; \
             `previous_response_id` lets the provider keep it and sends only what is new.",
        ],
        ParameterKind::Choice { options },
        json!("stateless"),
    )
}

/// What bounds the reply and what the model is shown.
fn lengths() -> [ParameterSpec; 2] {
    [
        parameter(
            "max_output_tokens",
            ["Longest reply", "Most tokens the model may write in one call."],
            ParameterKind::Integer { min: 16, max: 128_000 },
            json!(4096),
        ),
        parameter(
            "max_input_chars",
            [
                "Longest conversation",
                "Most characters of the conversation the model is shown, about four to a token; beyond it the oldest \
                 part is left out.",
            ],
            ParameterKind::Integer { min: 1000, max: 8_000_000 },
            json!(200_000),
        ),
    ]
}

/// What bounds a turn.
fn limits() -> [ParameterSpec; 5] {
    let integer = |min, max| ParameterKind::Integer { min, max };
    [
        parameter(
            "max_steps",
            ["Most steps", "Most model calls in one turn; tools run between them."],
            integer(1, 32),
            json!(8),
        ),
        parameter(
            "max_tool_calls",
            ["Most tool calls", "Most calls of tools in one turn; further ones are answered with an error."],
            integer(0, 512),
            json!(64),
        ),
        parameter(
            "max_tokens_total",
            ["Most tokens", "Most tokens read and written in one turn, over all its model calls; 0 for no limit."],
            integer(0, 50_000_000),
            json!(0),
        ),
        parameter("timeout_s", ["Longest turn", "Most seconds a turn may take."], integer(1, 3600), json!(60)),
        parameter(
            "max_cost_usd",
            ["Most money", "Most US dollars one turn may cost by the price table; 0 for no limit."],
            ParameterKind::Number { min: 0.0, max: 1000.0 },
            json!(0.0),
        ),
    ]
}

/// Tools and thoughts.
fn calls() -> [ParameterSpec; 3] {
    let efforts = [EFFORT_DEFAULT, "none", "minimal", "low", "medium", "high", "xhigh"].map(String::from).to_vec();
    [
        parameter(
            "tools",
            ["Tools", "Names of the tools on offer, separated by commas; empty offers all of them."],
            ParameterKind::Text { multiline: false },
            json!(""),
        ),
        parameter(
            "parallel_tool_calls",
            ["Parallel calls", "Whether the model may ask for several calls at once."],
            ParameterKind::Boolean,
            json!(true),
        ),
        parameter(
            "reasoning_effort",
            ["Reasoning effort", "How much a reasoning model thinks; leave `default` for other models."],
            ParameterKind::Choice { options: efforts },
            json!(EFFORT_DEFAULT),
        ),
    ]
}

/// What replies look like, and how they come.
fn shape() -> [ParameterSpec; 3] {
    [
        parameter(
            "examples",
            [
                "Examples",
                "Exchanges the model is shown before every conversation: a JSON list of {\"user\", \"assistant\"}.",
            ],
            ParameterKind::Json,
            json!(""),
        ),
        parameter(
            "response_schema",
            [
                "Reply schema",
                "A JSON Schema that every reply must fit; a reply that does not is sent back with what is wrong.",
            ],
            ParameterKind::Json,
            json!(""),
        ),
        parameter(
            "stream",
            ["Streaming", "Whether the reply comes piece by piece; some servers cannot."],
            ParameterKind::Boolean,
            json!(true),
        ),
    ]
}
