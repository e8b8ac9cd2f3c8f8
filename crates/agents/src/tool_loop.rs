//! The tool loop every model-backed framework shares: model step, calls, results, and again, within limits.
//!
//! Dropping the future of a step must drop its connection: that is how a stop reaches the provider.

mod limits;

pub use limits::LoopLimits;

use crate::{Agent, AgentEvent, EventSink, Turn, call_ids::CallIds, model_settings::ReplySchema, turn_tools::offered};
use async_trait::async_trait;
use futures::future::join_all;
use serde_json::{Map, Value};
use std::sync::Arc;
use tokio::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use tools::ToolRegistry;
use types::{CallRecord, Ending, Role, ToolCallId, ToolSpec, Transcript, Usage};

/// Most calls of one step; more are answered with an error.
const CALLS_PER_STEP_MAX: usize = 16;
/// How often a reply that does not fit its schema is sent back.
const CORRECTIONS_MAX: u32 = 2;

/// One entry of the conversation as the model is shown it.
#[derive(Clone, PartialEq, Debug)]
pub enum Item {
    /// Something said.
    Message {
        /// By whom.
        role: Role,
        /// The text.
        text: String,
    },
    /// Something the model produced earlier in this turn, sent back exactly as it came.
    Output(Value),
    /// What a call gave.
    CallResult {
        /// The provider's name of the call.
        call_id: String,
        /// The answer, or the error.
        output: String,
    },
}

/// What one step of a model gave.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Step {
    /// To be sent back in the next step.
    pub outputs: Vec<Value>,
    /// What it said.
    pub text: String,
    /// What it wants called, in order.
    pub calls: Vec<RequestedCall>,
    /// What it cost.
    pub usage: Usage,
    /// What the provider keeps this step under.
    pub response_id: Option<String>,
    /// Things worth telling the person.
    pub notes: Vec<String>,
}

/// A call as the model wrote it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RequestedCall {
    /// The provider's name of the call.
    pub call_id: String,
    /// Name of the tool.
    pub name: String,
    /// Arguments as JSON text, hopefully.
    pub arguments: String,
}

/// Where a step's text goes while it arrives.
pub struct Tokens<'a> {
    events: &'a EventSink,
    text: &'a mut String,
}

impl Tokens<'_> {
    /// What was passed on so far in this step.
    pub fn text(&self) -> &str {
        self.text
    }

    /// A piece of the reply.
    pub fn push(&mut self, piece: &str) {
        self.text.push_str(piece);
        // A closed receiver only means that nobody watches.
        let _ = self.events.send(AgentEvent::Token(piece.to_owned()));
    }
}

/// A model that can take one step.
#[async_trait]
pub trait Model: Send + Sync {
    /// Whether it can work at all; asked before the first step.
    ///
    /// # Errors
    /// `NotConfigured`, naming what to set.
    fn ready(&self) -> Result<(), Ending> {
        Ok(())
    }

    /// Reads the conversation and answers or asks for calls.
    ///
    /// # Errors
    /// How the turn ends because of it: `ProviderError`, in words for people.
    async fn step(&self, items: &[Item], tools: &[ToolSpec], tokens: &mut Tokens<'_>) -> Result<Step, Ending>;
}

/// An agent made of a model and tools.
pub struct ToolLoop<M> {
    /// The model.
    pub model: M,
    /// What it may call.
    pub tools: ToolRegistry,
    /// Limits of a turn.
    pub limits: LoopLimits,
    /// What the final reply must fit.
    pub reply_schema: Option<Arc<ReplySchema>>,
}

#[async_trait]
impl<M: Model> Agent for ToolLoop<M> {
    async fn respond(&self, turn: Turn, events: &EventSink, cancel: &CancellationToken) -> Transcript {
        let started = Instant::now();
        let deadline = started + self.limits.time_max.unwrap_or(Duration::from_millis(turn.limits.timeout_ms));
        let tools = offered(turn.tools.as_ref(), &self.tools);
        let mut run = Run {
            items: conversation(&turn),
            events,
            cancel,
            deadline,
            limits: &self.limits,
            steps_max: self.limits.steps_max.min(turn.limits.max_steps.max(1)),
            tools: &tools,
            corrections_left: CORRECTIONS_MAX,
            ids: CallIds::of(turn.seed),
            transcript: empty_transcript(turn.user_input),
        };
        run.transcript.ending = run.converse(self).await;
        run.transcript.latency_ms = millis_since(started);
        run.transcript
    }
}

/// One turn under way.
struct Run<'a> {
    items: Vec<Item>,
    events: &'a EventSink,
    cancel: &'a CancellationToken,
    deadline: Instant,
    limits: &'a LoopLimits,
    steps_max: u32,
    tools: &'a ToolRegistry,
    corrections_left: u32,
    ids: CallIds,
    transcript: Transcript,
}

impl Run<'_> {
    async fn converse<M: Model>(&mut self, agent: &ToolLoop<M>) -> Ending {
        if let Err(ending) = agent.model.ready() {
            return ending;
        }
        let specs = self.tools.specs();
        while self.transcript.steps < self.steps_max {
            let step = match self.step(&agent.model, &specs).await {
                Ok(step) => step,
                Err(ending) => return ending,
            };
            if step.calls.is_empty() {
                match self.correction(agent.reply_schema.as_deref(), &step.text) {
                    Ok(None) => return Ending::Replied,
                    Ok(Some(correction)) => self.items.extend(correction),
                    Err(ending) => return ending,
                }
            }
            if self.transcript.steps == self.steps_max {
                break;
            }
            if let Some(message) = self.limits.passed(&self.transcript.usage) {
                return Ending::LimitReached { message };
            }
            if step.calls.is_empty() {
                continue;
            }
            self.items.extend(step.outputs.into_iter().map(Item::Output));
            if let Some(ending) = self.run_calls(self.tools, step.calls).await {
                return ending;
            }
        }
        Ending::MaxSteps
    }

    /// What the model is told when its reply does not fit; `None` when it does.
    fn correction(&mut self, schema: Option<&ReplySchema>, reply: &str) -> Result<Option<[Item; 2]>, Ending> {
        let Some(Err(why)) = schema.map(|schema| schema.check(reply)) else { return Ok(None) };
        if self.corrections_left == 0 {
            let message =
                format!("the model's reply does not fit `response_schema` after {CORRECTIONS_MAX} corrections: {why}");
            return Err(Ending::ProviderError { message });
        }
        self.corrections_left -= 1;
        self.note(format!("A reply did not fit `response_schema` and was asked for again: {why}."));
        let told =
            format!("Your reply does not fit the JSON Schema: {why}. Reply again with only the corrected JSON value.");
        let said = Item::Message { role: Role::Assistant, text: reply.to_owned() };
        Ok(Some([said, Item::Message { role: Role::User, text: told }]))
    }

    async fn step<M: Model>(&mut self, model: &M, specs: &[ToolSpec]) -> Result<Step, Ending> {
        self.transcript.steps += 1;
        let mut text = String::new();
        let mut tokens = Tokens { events: self.events, text: &mut text };
        let result = tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(Ending::Cancelled),
            () = tokio::time::sleep_until(self.deadline) => Err(Ending::Timeout),
            result = model.step(&self.items, specs, &mut tokens) => result,
        };
        match result {
            Ok(step) => {
                self.count(&step.usage);
                for note in &step.notes {
                    self.note(note.clone());
                }
                self.keep_reply(&step.text);
                Ok(step)
            }
            Err(ending) => {
                self.keep_reply(&text);
                Err(ending)
            }
        }
    }

    /// Adds what a step cost, and tells it.
    fn count(&mut self, step: &Usage) {
        let total = &mut self.transcript.usage;
        total.add(*step);
        total.cost_usd = self.limits.price.map(|price| price.of(total));
        let _ = self.events.send(AgentEvent::Usage(*total));
    }

    /// The reply is what the model said last: what it says beside a call counts only when nothing follows.
    fn keep_reply(&mut self, text: &str) {
        if !text.trim().is_empty() {
            text.clone_into(&mut self.transcript.reply);
        }
    }

    /// The same note is told once a turn.
    fn note(&mut self, note: String) {
        if self.transcript.notes.contains(&note) {
            return;
        }
        let _ = self.events.send(AgentEvent::Note(note.clone()));
        self.transcript.notes.push(note);
    }

    /// Runs the calls of one step side by side; `Some` when the turn ends meanwhile. Every call is recorded.
    async fn run_calls(&mut self, tools: &ToolRegistry, calls: Vec<RequestedCall>) -> Option<Ending> {
        let stop = self.cancel.child_token();
        let finished = {
            let events = self.events;
            let stop = &stop;
            let ids = &mut self.ids;
            let made = self.transcript.calls.len();
            let calls_max = usize::try_from(self.limits.calls_max).unwrap_or(usize::MAX);
            let work = calls.iter().enumerate().map(|(place, call)| {
                let refused = too_many(place, made + place, calls_max);
                let announced = Announced { id: ids.draw(), call, refused };
                run_call(tools, announced, events, stop)
            });
            let mut work = std::pin::pin!(join_all(work));
            match tokio::time::timeout_at(self.deadline, &mut work).await {
                Ok(records) => (records, None),
                Err(_) => {
                    // Stopped tools answer at once, so that what ran so far is recorded.
                    stop.cancel();
                    (work.await, Some(Ending::Timeout))
                }
            }
        };
        let (records, ending) = finished;
        for (call, record) in calls.into_iter().zip(records) {
            self.items.push(Item::CallResult { call_id: call.call_id, output: record.result.clone() });
            self.transcript.calls.push(record);
        }
        if self.cancel.is_cancelled() { Some(Ending::Cancelled) } else { ending }
    }
}

/// A call under the id it is told by.
struct Announced<'a> {
    id: ToolCallId,
    call: &'a RequestedCall,
    /// Why it is not run, if so.
    refused: Option<String>,
}

/// Why a call is one too many, if it is.
fn too_many(place: usize, made: usize, calls_max: usize) -> Option<String> {
    if place >= CALLS_PER_STEP_MAX {
        return Some(format!("not run: one step may call at most {CALLS_PER_STEP_MAX} tools"));
    }
    let why = || format!("not run: this turn may call at most {calls_max} tools; answer with what you have");
    (made >= calls_max).then(why)
}

async fn run_call(
    tools: &ToolRegistry,
    Announced { id, call, refused }: Announced<'_>,
    events: &EventSink,
    stop: &CancellationToken,
) -> CallRecord {
    let arguments = parse_arguments(&call.arguments);
    let tool_name = call.name.clone();
    let shown = arguments.as_ref().ok().cloned();
    let _ = events.send(AgentEvent::ToolCall { id, tool_name: tool_name.clone(), arguments: shown.clone() });
    let started = Instant::now();
    let answer = match (refused, arguments) {
        (Some(why), _) => Err(why),
        (None, Ok(arguments)) => tools.call(&call.name, &arguments, stop).await.map_err(|error| error.to_string()),
        (None, Err(problem)) => Err(problem),
    };
    let duration_ms = millis_since(started);
    let is_error = answer.is_err();
    let result = answer.unwrap_or_else(|error| error);
    let _ = events.send(AgentEvent::ToolResult {
        id,
        tool_name: tool_name.clone(),
        result: result.clone(),
        duration_ms,
        is_error,
    });
    CallRecord { tool_name, arguments: shown, result, is_error, duration_ms }
}

/// A JSON object; no text at all means no arguments.
fn parse_arguments(text: &str) -> Result<Map<String, Value>, String> {
    let text = if text.trim().is_empty() { "{}" } else { text };
    match serde_json::from_str(text) {
        Ok(Value::Object(arguments)) => Ok(arguments),
        Ok(_) => {
            Err("the arguments are JSON but not an object; expected an object such as {\"name\": \"value\"}".into())
        }
        Err(error) => Err(format!("the arguments are not valid JSON ({error}); expected a JSON object")),
    }
}

fn conversation(turn: &Turn) -> Vec<Item> {
    let past = turn.history.iter().map(|past| Item::Message { role: past.role, text: past.content.clone() });
    past.chain([Item::Message { role: Role::User, text: turn.user_input.clone() }]).collect()
}

fn empty_transcript(user_input: String) -> Transcript {
    Transcript {
        user_input,
        calls: Vec::new(),
        reply: String::new(),
        ending: Ending::Cancelled,
        steps: 0,
        usage: Usage::default(),
        latency_ms: 0,
        notes: Vec::new(),
    }
}

fn millis_since(started: Instant) -> i64 {
    i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
