//! `shout`: says what was said, louder; with a number in it, calculates first.

use agents::{Agent, AgentEvent, Dependencies, EventSink, Framework, Turn};
use async_trait::async_trait;
use serde_json::{Map, json};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tools::ToolRegistry;
use types::{
    Agent as AgentRecord, CallRecord, Ending, Error, ExtensionSpec, ParameterKind, ParameterSpec, ToolCallId,
    Transcript, Usage,
};

/// The framework.
pub struct Shout;

impl Framework for Shout {
    fn spec(&self) -> ExtensionSpec {
        ExtensionSpec {
            name: "shout".into(),
            label: "Shout".into(),
            description: "Says what was said, louder. It calculates when it is given a sum.".into(),
            parameters: vec![marks()],
        }
    }

    fn can_train(&self) -> bool {
        false
    }

    fn create(&self, record: &AgentRecord, dependencies: &Dependencies) -> Result<Arc<dyn Agent>, Error> {
        let given = record.config_json.as_ref().and_then(|settings| settings.get("marks")).cloned();
        let value = given.unwrap_or_else(|| marks().default);
        marks().check(&value).map_err(|what| Error::field("config_json.marks", what))?;
        let marks = value.as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or_default();
        Ok(Arc::new(Shouting { marks, tools: dependencies.tools.clone() }))
    }
}

/// Forms, checks and documentation are derived from this.
fn marks() -> ParameterSpec {
    ParameterSpec {
        name: "marks".into(),
        label: "Exclamation marks".into(),
        description: "How many end the reply.".into(),
        kind: ParameterKind::Integer { min: 0, max: 3 },
        default: json!(1),
    }
}

struct Shouting {
    marks: usize,
    tools: ToolRegistry,
}

#[async_trait]
impl Agent for Shouting {
    async fn respond(&self, turn: Turn, events: &EventSink, cancel: &CancellationToken) -> Transcript {
        let mut calls = Vec::new();
        let said = if turn.user_input.contains(|c: char| c.is_ascii_digit()) {
            let call = self.calculate(&turn, events, cancel).await;
            calls.push(call.clone());
            call.result
        } else {
            turn.user_input.to_uppercase()
        };
        let reply = said + &"!".repeat(self.marks);
        // Nobody has to listen.
        let _ = events.send(AgentEvent::Token(reply.clone()));
        let ending = if cancel.is_cancelled() { Ending::Cancelled } else { Ending::Replied };
        let (user_input, steps, usage, latency_ms, notes) = (turn.user_input, 1, Usage::default(), 0, Vec::new());
        Transcript { user_input, calls, reply, ending, steps, usage, latency_ms, notes }
    }
}

impl Shouting {
    /// Calls a tool of the registry, tells it, and records it.
    async fn calculate(&self, turn: &Turn, events: &EventSink, cancel: &CancellationToken) -> CallRecord {
        let arguments = Map::from_iter([("expression".to_owned(), json!(turn.user_input))]);
        let (id, tool_name) = (ToolCallId(uuid::Uuid::from_u64_pair(turn.seed, 1)), "calculate".to_owned());
        let shown = Some(arguments.clone());
        let _ = events.send(AgentEvent::ToolCall { id, tool_name: tool_name.clone(), arguments: shown.clone() });
        let answer = self.tools.call(&tool_name, &arguments, cancel).await;
        let (is_error, duration_ms) = (answer.is_err(), 0);
        let result = answer.unwrap_or_else(|error| error.to_string());
        let told = (tool_name.clone(), result.clone());
        let _ = events.send(AgentEvent::ToolResult { id, tool_name: told.0, result: told.1, duration_ms, is_error });
        CallRecord { tool_name, arguments: shown, result, is_error, duration_ms }
    }
}
