//! Trajectories as JSON lines: raw, or as conversations for supervised training.
//!
//! Calls of one attempt are joined only where the whole of one, answer included, is an exact prefix of the next one's
//! question; what differs in anything begins a new conversation.

use super::messages::conversation;
use crate::{Result, Service, preference::Preferences};
use serde::Deserialize;
use serde_json::{Value, json};
use std::io;
use types::{Attempt, CallKind, GatewayCall};

/// Attempts looked up at once.
const ATTEMPTS_AT_ONCE: u32 = 100;
/// Calls read at once: each may hold a long conversation.
const CALLS_AT_ONCE: u32 = 50;

/// What a line of an export is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrajectoryFormat {
    /// A conversation with its tools: `{"messages", "tools"}`, as TRL reads it (arguments are objects).
    Sft,
    /// A call as it is kept.
    Raw,
    /// An answer and a worse one to the same prompt: `{"prompt", "chosen", "rejected"}`, as TRL reads it. They come from
    /// votes and corrected answers, which belong to no rollout.
    Dpo,
}

/// An export under way: one attempt after the other, some calls at a time.
pub struct TrajectoryExport {
    service: Service,
    format: TrajectoryFormat,
    /// Only this one.
    rollout: Option<String>,
    /// The last attempt that was looked up; `None` when there are no more.
    looked_up: Option<Attempt>,
    /// Attempts that come next, the next one last.
    waiting: Vec<Attempt>,
    /// The attempt that is read, and the last call of it.
    reading: Option<(Attempt, i64)>,
    /// A conversation that the next call may continue.
    open: Option<Value>,
    /// What people preferred; of calls there is nothing then.
    preferences: Option<Preferences>,
}

impl Service {
    /// Every kept trajectory, or those of one rollout, as lines.
    pub fn trajectory_export(&self, format: TrajectoryFormat, rollout: Option<String>) -> TrajectoryExport {
        let preferences = (format == TrajectoryFormat::Dpo)
            .then(|| if rollout.is_none() { Preferences::Corrections(0) } else { Preferences::Done });
        TrajectoryExport {
            service: self.clone(),
            format,
            looked_up: Some(Attempt { rollout: rollout.clone().unwrap_or_default(), attempt: -1 }),
            rollout,
            waiting: Vec::new(),
            reading: None,
            open: None,
            preferences,
        }
    }
}

impl TrajectoryExport {
    /// The next lines; `None` after the last.
    pub async fn next(&mut self) -> Option<io::Result<String>> {
        match self.lines().await {
            Ok(lines) => lines.map(Ok),
            Err(error) => {
                tracing::error!(%error, "an export of trajectories broke off");
                // Nothing comes after it.
                (self.looked_up, self.reading) = (None, None);
                self.waiting.clear();
                self.preferences = self.preferences.map(|_| Preferences::Done);
                Some(Err(io::Error::other("the export broke off")))
            }
        }
    }

    async fn lines(&mut self) -> Result<Option<String>> {
        if let Some(preferences) = &mut self.preferences {
            return preferences.lines(&self.service).await;
        }
        if self.reading.is_none() {
            self.reading = self.attempt().await?.map(|of| (of, 0));
        }
        let Some((of, after)) = &mut self.reading else { return Ok(None) };
        let calls = self.service.store().gateway_calls_of(of, *after, CALLS_AT_ONCE).await?;
        let mut lines = String::new();
        match calls.last() {
            Some(last) => *after = last.call.seq,
            None => {
                self.reading = None;
                push_conversation(&mut lines, self.open.take());
            }
        }
        for call in calls {
            match self.format {
                TrajectoryFormat::Raw | TrajectoryFormat::Dpo => {
                    push(&mut lines, &serde_json::to_value(&call).unwrap_or_default())
                }
                TrajectoryFormat::Sft => {
                    let Some(next) = learnable(&call) else { continue };
                    push_conversation(&mut lines, self.open.take().filter(|before| !continues(before, &next)));
                    self.open = Some(next);
                }
            }
        }
        Ok(Some(lines))
    }

    async fn attempt(&mut self) -> Result<Option<Attempt>> {
        if self.waiting.is_empty()
            && let Some(after) = self.looked_up.take()
        {
            let mut found = self.service.store().gateway_attempts(&after, ATTEMPTS_AT_ONCE).await?;
            self.looked_up = found.last().cloned();
            if let Some(rollout) = &self.rollout {
                let before = found.len();
                found.retain(|of| of.rollout == *rollout);
                self.looked_up.take_if(|_| found.len() < before);
            }
            found.reverse();
            self.waiting = found;
        }
        Ok(self.waiting.pop())
    }
}

fn push_conversation(lines: &mut String, conversation: Option<Value>) {
    if let Some(conversation) = conversation {
        push(lines, &shown(conversation));
    }
}

fn push(lines: &mut String, value: &Value) {
    lines.push_str(&value.to_string());
    lines.push('\n');
}

/// The conversation of a call of a model that was answered.
fn learnable(call: &GatewayCall) -> Option<Value> {
    let answer = call.response_json.as_ref()?;
    let is_whole = call.call.kind == CallKind::Model && call.call.status == 200 && call.call.error.is_none();
    is_whole.then(|| conversation(&call.request_json, answer)).flatten()
}

/// Whether `next` asked on after exactly what `before` came to, with the same tools.
fn continues(before: &Value, next: &Value) -> bool {
    let (Some(said), Some(then)) = (before["messages"].as_array(), next["messages"].as_array()) else { return false };
    before["tools"] == next["tools"] && then.len() > said.len() && then.starts_with(said)
}

/// A conversation as the trainer reads it: the ids that joined calls and results have done their work.
fn shown(mut conversation: Value) -> Value {
    for message in conversation["messages"].as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        message.remove("tool_call_id");
        for call in message.get_mut("tool_calls").and_then(Value::as_array_mut).into_iter().flatten() {
            call.as_object_mut().map(|call| call.remove("id"));
        }
    }
    json!({"messages": conversation["messages"], "tools": conversation["tools"]})
}
