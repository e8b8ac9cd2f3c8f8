//! What a run's events amount to: the transcript, and what is told while it grows.

use super::wire::{CallMetadata, Event, Outcome, SnapshotMessage, TokenUsage, text_of};
use crate::{AgentEvent, EventSink, Turn, call_ids::CallIds};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use tokio::time::Instant;
use types::{CallRecord, Ending, ToolCallId, Transcript, Usage};

/// Longest text of a turn.
const TEXT_BYTES_MAX: usize = 1024 * 1024;
/// Most calls of a turn.
const CALLS_MAX: usize = 256;
/// Longest result that is kept of a call.
const RESULT_BYTES_MAX: usize = 64 * 1024;

/// A turn under way.
pub struct Record<'a> {
    events: &'a EventSink,
    ids: CallIds,
    started: Instant,
    steps_max: u32,
    transcript: Transcript,
    /// Messages of the model, each a step.
    messages: BTreeSet<String>,
    /// The message that is being told, and its text.
    message: (String, String),
    text_bytes: usize,
    /// What the agent's own view of the conversation ends with.
    snapshot: String,
    calls: Vec<Call>,
    results: usize,
}

struct Call {
    told_id: String,
    name: String,
    arguments: String,
    started: Instant,
    /// Its id and its place in the transcript, once it was announced.
    announced: Option<(ToolCallId, usize)>,
    is_done: bool,
}

impl<'a> Record<'a> {
    /// Nothing happened yet.
    pub fn new(turn: &Turn, steps_max: u32, events: &'a EventSink) -> Self {
        let transcript = Transcript {
            user_input: turn.user_input.clone(),
            calls: Vec::new(),
            reply: String::new(),
            ending: Ending::Cancelled,
            steps: 0,
            usage: Usage::default(),
            latency_ms: 0,
            notes: Vec::new(),
        };
        Self {
            events,
            ids: CallIds::of(turn.seed),
            started: Instant::now(),
            steps_max: steps_max.min(turn.limits.max_steps),
            transcript,
            messages: BTreeSet::new(),
            message: Default::default(),
            text_bytes: 0,
            snapshot: String::new(),
            calls: Vec::new(),
            results: 0,
        }
    }

    /// Most steps of this turn.
    pub const fn steps_max(&self) -> u32 {
        self.steps_max
    }

    /// Tells the person something, once.
    pub fn note(&mut self, note: String) {
        if !self.transcript.notes.contains(&note) {
            self.tell(AgentEvent::Note(note.clone()));
            self.transcript.notes.push(note);
        }
    }

    /// Takes an event; `Some` when the turn ends with it.
    pub fn take(&mut self, event: Event) -> Option<Ending> {
        match event {
            Event::TextMessageStart { message_id } => self.step(message_id),
            Event::TextMessageContent { message_id, delta } => self.text(message_id, &delta),
            Event::TextMessageChunk { message_id, delta } => {
                let message_id = message_id.unwrap_or_else(|| self.message.0.clone());
                self.text(message_id, &delta.unwrap_or_default())
            }
            Event::ToolCallStart { tool_call_id, tool_call_name, parent_message_id } => {
                self.call(tool_call_id, tool_call_name, parent_message_id)
            }
            Event::ToolCallArgs { tool_call_id, delta } => self.arguments(&tool_call_id, &delta),
            Event::ToolCallEnd { tool_call_id } => {
                self.announce(&tool_call_id);
                None
            }
            Event::ToolCallChunk { tool_call_id, tool_call_name, parent_message_id, delta } => {
                self.call_chunk(tool_call_id, tool_call_name, parent_message_id, &delta.unwrap_or_default())
            }
            Event::ToolCallResult { tool_call_id, content, metadata } => {
                self.announce(&tool_call_id);
                self.result(&tool_call_id, cut(text_of(&content)), &metadata.unwrap_or_default());
                None
            }
            Event::MessagesSnapshot { messages } => self.snapshot(&messages),
            Event::RunFinished { outcome, usage } => Some(self.finished(outcome, usage.unwrap_or_default())),
            Event::RunError { message, code } => Some(failed(message, code.as_deref())),
            Event::Other => None,
        }
    }

    /// The transcript of a turn that ended like this. Calls without a result are recorded as failed.
    pub fn finish(mut self, ending: Ending) -> Transcript {
        let open: Vec<String> =
            self.calls.iter().filter(|call| !call.is_done).map(|call| call.told_id.clone()).collect();
        for told_id in open {
            self.announce(&told_id);
            let metadata = CallMetadata { is_error: Some(true), duration_ms: None };
            self.result(&told_id, "the turn ended before this call had a result".into(), &metadata);
        }
        self.keep_reply();
        if self.transcript.reply.is_empty() && !self.snapshot.is_empty() {
            self.transcript.reply = std::mem::take(&mut self.snapshot);
            self.tell(AgentEvent::Token(self.transcript.reply.clone()));
        }
        self.transcript.ending = ending;
        self.transcript.latency_ms = millis_since(self.started);
        self.transcript
    }

    /// A message of the model is a step; text and calls of one message count once.
    fn step(&mut self, message_id: String) -> Option<Ending> {
        if self.messages.insert(message_id) {
            if self.transcript.steps == self.steps_max {
                return Some(Ending::MaxSteps);
            }
            self.transcript.steps += 1;
        }
        None
    }

    fn text(&mut self, message_id: String, delta: &str) -> Option<Ending> {
        let ending = self.step(message_id.clone());
        if ending.is_some() {
            return ending;
        }
        self.text_bytes += delta.len();
        if self.text_bytes > TEXT_BYTES_MAX {
            return Some(too_much("more than 1 MiB of text"));
        }
        if self.message.0 != message_id {
            self.keep_reply();
            self.message.0 = message_id;
        }
        self.message.1.push_str(delta);
        if !delta.is_empty() {
            self.tell(AgentEvent::Token(delta.to_owned()));
        }
        None
    }

    /// The reply is what was said last: what is said beside a call counts only when nothing follows.
    fn keep_reply(&mut self) {
        let said = std::mem::take(&mut self.message.1);
        if !said.trim().is_empty() {
            self.transcript.reply = said;
        }
    }

    fn call(&mut self, told_id: String, name: String, message_id: Option<String>) -> Option<Ending> {
        // Calls that name no message belong together until one of them has a result.
        let ending = self.step(message_id.unwrap_or_else(|| format!("calls after {} results", self.results)));
        if ending.is_some() {
            return ending;
        }
        if self.calls.len() == CALLS_MAX {
            return Some(too_much("more than 256 tool calls"));
        }
        let (arguments, started) = (String::new(), Instant::now());
        self.calls.push(Call { told_id, name, arguments, started, announced: None, is_done: false });
        None
    }

    fn call_chunk(
        &mut self,
        told_id: Option<String>,
        name: Option<String>,
        message_id: Option<String>,
        delta: &str,
    ) -> Option<Ending> {
        let told_id = told_id.or_else(|| self.calls.last().map(|call| call.told_id.clone()))?;
        if let (None, Some(name)) = (self.open(&told_id), name) {
            let ending = self.call(told_id.clone(), name, message_id);
            if ending.is_some() {
                return ending;
            }
        }
        self.arguments(&told_id, delta)
    }

    fn arguments(&mut self, told_id: &str, delta: &str) -> Option<Ending> {
        self.text_bytes += delta.len();
        if let Some(call) = self.open(told_id) {
            call.arguments.push_str(delta);
        }
        (self.text_bytes > TEXT_BYTES_MAX).then(|| too_much("more than 1 MiB of arguments"))
    }

    /// Announces a call whose arguments are complete.
    fn announce(&mut self, told_id: &str) {
        let place = self.transcript.calls.len();
        let new = |call: &&mut Call| call.told_id == told_id && call.announced.is_none();
        let Some(call) = self.calls.iter_mut().find(new) else { return };
        let id = self.ids.draw();
        call.announced = Some((id, place));
        call.started = Instant::now();
        let (tool_name, arguments) = (call.name.clone(), parsed(&call.arguments));
        self.tell(AgentEvent::ToolCall { id, tool_name: tool_name.clone(), arguments: arguments.clone() });
        let (result, is_error, duration_ms) = (String::new(), false, 0);
        self.transcript.calls.push(CallRecord { tool_name, arguments, result, is_error, duration_ms });
    }

    fn result(&mut self, told_id: &str, result: String, metadata: &CallMetadata) {
        let Some(call) = self.open(told_id) else { return };
        let Some((id, place)) = call.announced else { return };
        call.is_done = true;
        let duration_ms = metadata.duration_ms.map_or_else(|| millis_since(call.started), i64::from);
        let is_error = metadata.is_error.unwrap_or_default();
        self.results += 1;
        let Some(record) = self.transcript.calls.get_mut(place) else { return };
        (record.duration_ms, record.is_error) = (duration_ms, is_error);
        record.result.clone_from(&result);
        let tool_name = record.tool_name.clone();
        self.tell(AgentEvent::ToolResult { id, tool_name, result, duration_ms, is_error });
    }

    /// The call of that id that has no result yet.
    fn open(&mut self, told_id: &str) -> Option<&mut Call> {
        self.calls.iter_mut().rev().find(|call| call.told_id == told_id && !call.is_done)
    }

    fn snapshot(&mut self, messages: &[SnapshotMessage]) -> Option<Ending> {
        let since = messages.iter().rev().take_while(|message| message.role != "user");
        let mut texts = since.filter(|message| message.role == "assistant").map(|message| text_of(&message.content));
        self.snapshot = texts.find(|text| !text.trim().is_empty()).unwrap_or_default();
        (self.snapshot.len() > TEXT_BYTES_MAX).then(|| too_much("more than 1 MiB of text"))
    }

    fn finished(&mut self, outcome: Option<Outcome>, usage: Vec<TokenUsage>) -> Ending {
        for model in usage {
            let total = &mut self.transcript.usage;
            total.input_tokens = total.input_tokens.saturating_add(model.input_tokens.unwrap_or_default());
            total.output_tokens = total.output_tokens.saturating_add(model.output_tokens.unwrap_or_default());
        }
        match outcome {
            Some(outcome) if outcome.kind == "interrupt" => {
                let waits: Vec<String> = outcome.interrupts.into_iter().filter_map(|waits| waits.message).collect();
                let message = format!("the agent waits for a decision that cannot be given here: {}", waits.join("; "));
                Ending::ProviderError { message }
            }
            _ => Ending::Replied,
        }
    }

    fn tell(&self, event: AgentEvent) {
        // A closed receiver only means that nobody watches.
        let _ = self.events.send(event);
    }
}

fn failed(message: String, code: Option<&str>) -> Ending {
    match code {
        Some("max_steps") => Ending::MaxSteps,
        Some("not_configured") => Ending::NotConfigured { message },
        _ => Ending::ProviderError { message: format!("the agent failed: {message}") },
    }
}

fn too_much(what: &str) -> Ending {
    Ending::ProviderError { message: format!("the agent was stopped: it gave {what}") }
}

/// A JSON object; no text at all means no arguments.
fn parsed(text: &str) -> Option<Map<String, Value>> {
    if text.trim().is_empty() { Some(Map::new()) } else { serde_json::from_str(text).ok() }
}

fn cut(mut text: String) -> String {
    if text.len() > RESULT_BYTES_MAX {
        text.truncate(text.floor_char_boundary(RESULT_BYTES_MAX));
        text.push('…');
    }
    text
}

fn millis_since(started: Instant) -> i64 {
    i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX)
}
