//! The loop with a scripted model: limits, malformed calls, cancellation.

use super::*;
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};
use tokio::sync::{Barrier, mpsc};
use tools::{Arguments, Tool, ToolError};
use types::TurnLimits;

/// A model that asks for the scripted calls once, and then replies.
struct Scripted {
    calls: Vec<(&'static str, &'static str)>,
    steps: AtomicUsize,
    seen: Mutex<Vec<Item>>,
}

impl Scripted {
    fn calling(calls: &[(&'static str, &'static str)]) -> Self {
        Self { calls: calls.to_vec(), steps: AtomicUsize::new(0), seen: Mutex::default() }
    }
}

#[async_trait]
impl Model for Scripted {
    async fn step(&self, items: &[Item], _: &[ToolSpec], tokens: &mut Tokens<'_>) -> Result<Step, Ending> {
        *self.seen.lock().unwrap() = items.to_vec();
        let note = vec!["told once".to_owned()];
        if self.steps.fetch_add(1, Ordering::SeqCst) > 0 {
            tokens.push("Done.");
            return Ok(Step { text: "Done.".into(), notes: note, ..Step::default() });
        }
        let calls = self.calls.iter().enumerate().map(|(place, (name, arguments))| RequestedCall {
            call_id: format!("call_{place}"),
            name: (*name).into(),
            arguments: (*arguments).into(),
        });
        Ok(Step { text: "Let me see.".into(), calls: calls.collect(), notes: note, ..Step::default() })
    }
}

/// Answers once as many calls as it waits for are under way.
struct Meeting(Arc<Barrier>);

#[async_trait]
impl Tool for Meeting {
    fn spec(&self) -> ToolSpec {
        ToolSpec { name: "meet".into(), description: String::new(), parameters: Value::Null }
    }

    async fn call(&self, arguments: &Arguments, _: &CancellationToken) -> Result<String, ToolError> {
        self.0.wait().await;
        Ok(format!("met {}", arguments["who"]))
    }
}

/// Never answers.
struct Endless;

#[async_trait]
impl Tool for Endless {
    fn spec(&self) -> ToolSpec {
        ToolSpec { name: "endless".into(), description: String::new(), parameters: Value::Null }
    }

    async fn call(&self, _: &Arguments, _: &CancellationToken) -> Result<String, ToolError> {
        std::future::pending().await
    }
}

fn turn(timeout_ms: u64) -> Turn {
    let limits = TurnLimits { timeout_ms, ..TurnLimits::default() };
    Turn { history: Vec::new(), user_input: "Go".into(), limits, seed: 0, tools: None }
}

fn limits() -> LoopLimits {
    LoopLimits { steps_max: 8, calls_max: 64, tokens_max: None, time_max: None, cost_usd_max: None, price: None }
}

fn agent(model: Scripted, waiting: usize) -> ToolLoop<Scripted> {
    let tools = ToolRegistry::default().with(Meeting(Arc::new(Barrier::new(waiting)))).with(Endless);
    ToolLoop { model, tools, limits: limits(), reply_schema: None }
}

#[tokio::test]
async fn the_calls_of_a_step_run_side_by_side_and_are_recorded_in_order() {
    let calls = [("meet", r#"{"who":1}"#), ("meet", r#"{"who":2}"#), ("meet", r#"{"who":3}"#)];
    let agent = agent(Scripted::calling(&calls), 3);
    let (sender, _receiver) = mpsc::unbounded_channel();
    let transcript = agent.respond(turn(60_000), &sender, &CancellationToken::new()).await;
    let results: Vec<_> = transcript.calls.iter().map(|call| call.result.as_str()).collect();
    assert_eq!(results, ["met 1", "met 2", "met 3"]);
    let seen = agent.model.seen.lock().unwrap().clone();
    assert_eq!(seen[3], Item::CallResult { call_id: "call_2".into(), output: "met 3".into() });
    assert_eq!((transcript.reply.as_str(), transcript.notes.len()), ("Done.", 1));
}

#[tokio::test]
async fn every_call_and_its_result_are_told_under_one_id() {
    let agent = agent(Scripted::calling(&[("meet", r#"{"who":1}"#)]), 1);
    let (sender, mut receiver) = mpsc::unbounded_channel();
    agent.respond(turn(60_000), &sender, &CancellationToken::new()).await;
    drop(sender);
    let mut events = Vec::new();
    while let Some(event) = receiver.recv().await {
        events.push(event);
    }
    events.retain(|event| !matches!(event, AgentEvent::Usage(_)));
    let [
        AgentEvent::Note(_),
        AgentEvent::ToolCall { id, arguments, .. },
        AgentEvent::ToolResult { id: same, result, is_error: false, .. },
        AgentEvent::Token(_),
    ] = events.as_slice()
    else {
        panic!("{events:?}")
    };
    assert_eq!(id, same);
    assert_eq!((arguments.as_ref().unwrap()["who"].as_i64(), result.as_str()), (Some(1), "met 1"));
}

#[tokio::test(start_paused = true)]
async fn a_tool_that_outlasts_the_turn_is_stopped_and_recorded() {
    let agent = agent(Scripted::calling(&[("endless", "{}")]), 1);
    let (sender, _receiver) = mpsc::unbounded_channel();
    let transcript = agent.respond(turn(250), &sender, &CancellationToken::new()).await;
    assert_eq!((&transcript.ending, transcript.latency_ms), (&Ending::Timeout, 250));
    assert_eq!((transcript.calls[0].is_error, transcript.calls[0].duration_ms), (true, 250));
    assert_eq!(transcript.reply, "Let me see.");
}

#[tokio::test]
async fn a_stop_while_a_tool_runs_ends_the_turn() {
    let agent = agent(Scripted::calling(&[("endless", "{}")]), 1);
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let cancel = CancellationToken::new();
    let stop_at_the_call = async {
        while !matches!(receiver.recv().await, Some(AgentEvent::ToolCall { .. })) {}
        cancel.cancel();
    };
    let (transcript, ()) = tokio::join!(agent.respond(turn(60_000), &sender, &cancel), stop_at_the_call);
    assert_eq!((&transcript.ending, transcript.calls[0].result.as_str()), (&Ending::Cancelled, "cancelled"));
}

#[tokio::test]
async fn too_many_calls_in_one_step_are_answered_with_an_error() {
    let calls = vec![("meet", r#"{"who":1}"#); CALLS_PER_STEP_MAX + 1];
    let agent = agent(Scripted::calling(&calls), 1);
    let (sender, _receiver) = mpsc::unbounded_channel();
    let transcript = agent.respond(turn(60_000), &sender, &CancellationToken::new()).await;
    assert_eq!(transcript.calls.iter().filter(|call| call.is_error).count(), 1);
    assert_eq!(transcript.calls[16].result, "not run: one step may call at most 16 tools");
}

#[test]
fn no_arguments_at_all_are_an_empty_object() {
    assert_eq!(parse_arguments("  "), Ok(Map::new()));
    assert!(parse_arguments("null").unwrap_err().contains("not an object"));
    assert!(parse_arguments(&"[".repeat(100_000)).unwrap_err().contains("not valid JSON"));
}
