//! What `docs/ADDING_AN_AGENT_FRAMEWORK.md` says is true: the framework it shows is this very file, and it works.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "adding/shout.rs"]
mod shout;

use agents::{
    AgentEvent, Checkpoints, Dependencies, Framework, LentTools, Turn, bridge::NoBridge, http_client,
    provider::ProviderEndpoint,
};
use serde_json::{Value, json};
use shout::Shout;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use types::{Agent as AgentRecord, AgentId, Ending, Timestamp, Transcript, TurnLimits};

struct NoWeights;

impl Checkpoints for NoWeights {
    fn policy(&self, _agent: &AgentRecord) -> Result<Arc<policy::ActionPolicy>, String> {
        Err("there are none".into())
    }
}

fn record(settings: &Value) -> AgentRecord {
    AgentRecord {
        id: AgentId(uuid::Uuid::nil()),
        name: None,
        agent_type: "shout".into(),
        model: "none".into(),
        temperature: 0.0,
        system_prompt: None,
        config_json: settings.as_object().cloned(),
        is_active: true,
        created_at: Timestamp::from_millis(0),
        updated_at: None,
    }
}

fn dependencies() -> Dependencies {
    Dependencies {
        tools: tools::built_in(tools::SearchIndex::empty().unwrap()),
        http: http_client().unwrap(),
        providers: Arc::new(vec![ProviderEndpoint::openai()]),
        prices: Arc::new(agents::PriceTable::built_in()),
        checkpoints: Arc::new(NoWeights),
        bridge: Arc::new(NoBridge),
        lent: LentTools::default(),
    }
}

async fn answer(settings: Value, user_input: &str) -> (Transcript, usize) {
    let agent = Shout.create(&record(&settings), &dependencies()).unwrap();
    let (events, mut told) = tokio::sync::mpsc::unbounded_channel();
    let turn = Turn {
        history: Vec::new(),
        user_input: user_input.into(),
        limits: TurnLimits::default(),
        seed: 7,
        tools: None,
    };
    let transcript = agent.respond(turn, &events, &CancellationToken::new()).await;
    drop(events);
    let mut calls = 0;
    while let Some(event) = told.recv().await {
        calls += usize::from(matches!(event, AgentEvent::ToolCall { .. }));
    }
    (transcript, calls)
}

#[tokio::test]
async fn the_framework_of_the_guide_answers_and_calls_tools() {
    let (transcript, calls) = answer(json!({}), "hello").await;
    assert_eq!((transcript.reply.as_str(), transcript.ending, calls), ("HELLO!", Ending::Replied, 0));
    let (transcript, calls) = answer(json!({ "marks": 2 }), "15 * 23").await;
    assert_eq!((transcript.reply.as_str(), transcript.calls[0].result.as_str(), calls), ("345!!", "345", 1));
    let error = Shout.create(&record(&json!({ "marks": 9 })), &dependencies()).err().unwrap();
    assert_eq!(error.to_string(), "`config_json.marks` is 9, expected a whole number from 0 to 3");
}

#[test]
fn the_guide_shows_this_very_framework() {
    let guide =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/ADDING_AN_AGENT_FRAMEWORK.md"));
    let guide = guide.unwrap();
    let source = include_str!("adding/shout.rs").replace("use agents::{", "use crate::{");
    let shown = guide.split("```rust\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(shown, source, "docs/ADDING_AN_AGENT_FRAMEWORK.md shows another framework");
}
