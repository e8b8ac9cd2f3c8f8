//! One turn of a policy: decide, call, decide again, reply. Chat, evaluation and training all play this very loop.

use super::decide::{Demand, decide};
use crate::{AgentEvent, EventSink, Turn, call_ids::CallIds};
use policy::{Action, ActionPolicy, Move, Prepared, Selection, State, ToolResult};
use serde_json::{Map, Value};
use tokio::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use tools::ToolRegistry;
use types::{CallRecord, Ending, Transcript, Usage};

/// Who plays, with what.
pub struct Play<'a> {
    /// Decides.
    pub policy: &'a ActionPolicy,
    /// Can be called.
    pub tools: &'a ToolRegistry,
    /// How a choice is made from its probabilities.
    pub selection: Selection<'a>,
    /// Where each decision is written down, for learning.
    pub record: Option<&'a mut Vec<Recorded>>,
}

/// A decision as learning needs it.
#[derive(Clone, PartialEq, Debug)]
pub struct Recorded {
    /// What was seen.
    pub state: Prepared,
    /// What was done.
    pub action: Action,
    /// `log π(a|s)` at that time.
    pub log_prob: f32,
}

/// Plays one turn. Never fails: whatever went wrong is the transcript's `ending`.
pub async fn play(how: Play<'_>, turn: &Turn, events: &EventSink, cancel: &CancellationToken) -> Transcript {
    let started = Instant::now();
    let deadline = started + Duration::from_millis(turn.limits.timeout_ms);
    let state = State { user_input: turn.user_input.clone(), results: Vec::new(), tools: how.tools.specs() };
    let transcript = Transcript {
        user_input: turn.user_input.clone(),
        calls: Vec::new(),
        reply: String::new(),
        ending: Ending::MaxSteps,
        steps: 0,
        usage: Usage::default(),
        latency_ms: 0,
        notes: Vec::new(),
    };
    let ids = CallIds::of(turn.seed);
    let mut game = Game { how, state, transcript, events, cancel, deadline, ids };
    game.transcript.ending = game.run(turn.limits.max_steps).await;
    game.transcript.latency_ms = millis_since(started);
    game.transcript
}

struct Game<'a> {
    how: Play<'a>,
    state: State,
    transcript: Transcript,
    events: &'a EventSink,
    cancel: &'a CancellationToken,
    deadline: Instant,
    ids: CallIds,
}

impl Game<'_> {
    async fn run(&mut self, steps_max: u32) -> Ending {
        while self.transcript.steps < steps_max {
            if self.cancel.is_cancelled() {
                return Ending::Cancelled;
            }
            if Instant::now() >= self.deadline {
                return Ending::Timeout;
            }
            match self.decide() {
                Move::Reply { text, .. } => return self.reply(text),
                Move::Call { tool_name, arguments } => {
                    if let Some(ending) = self.call(tool_name, arguments).await {
                        return ending;
                    }
                }
            }
        }
        Ending::MaxSteps
    }

    fn decide(&mut self) -> Move {
        self.transcript.steps += 1;
        let decision = decide(self.how.policy, &self.state, Demand::Any, &mut self.how.selection);
        if let Some(record) = &mut self.how.record {
            let (action, log_prob) = (decision.action, decision.log_prob);
            record.push(Recorded { state: decision.state.restricted_to(&action), action, log_prob });
        }
        decision.chosen
    }

    fn reply(&mut self, text: String) -> Ending {
        for piece in text.split_inclusive(' ') {
            self.tell(AgentEvent::Token(piece.to_owned()));
        }
        self.transcript.reply = text;
        Ending::Replied
    }

    /// Makes a call and records it; `Some` when the turn ends meanwhile.
    async fn call(&mut self, tool_name: String, arguments: Map<String, Value>) -> Option<Ending> {
        let id = self.ids.draw();
        let shown = Some(arguments.clone());
        self.tell(AgentEvent::ToolCall { id, tool_name: tool_name.clone(), arguments: shown.clone() });
        let started = Instant::now();
        let work = self.how.tools.call(&tool_name, &arguments, self.cancel);
        let (answer, late) = match tokio::time::timeout_at(self.deadline, work).await {
            Ok(answer) => (answer.map_err(|error| error.to_string()), None),
            Err(_) => (Err("stopped: the turn's time was up".to_owned()), Some(Ending::Timeout)),
        };
        let duration_ms = millis_since(started);
        let is_error = answer.is_err();
        let result = answer.unwrap_or_else(|error| error);
        self.tell(AgentEvent::ToolResult {
            id,
            tool_name: tool_name.clone(),
            result: result.clone(),
            duration_ms,
            is_error,
        });
        self.state.results.push(ToolResult { tool_name: tool_name.clone(), text: result.clone(), is_error });
        self.transcript.calls.push(CallRecord { tool_name, arguments: shown, result, is_error, duration_ms });
        if self.cancel.is_cancelled() { Some(Ending::Cancelled) } else { late }
    }

    fn tell(&self, event: AgentEvent) {
        // A closed receiver only means that nobody watches.
        let _ = self.events.send(event);
    }
}

fn millis_since(started: Instant) -> i64 {
    i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_trait::async_trait;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;
    use serde_json::json;
    use tools::{Arguments, Tool, ToolError};
    use types::{ToolSpec, TurnLimits};

    struct Echo;

    #[async_trait]
    impl Tool for Echo {
        fn spec(&self) -> ToolSpec {
            let parameters =
                json!({"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]});
            ToolSpec { name: "echo".into(), description: "Says it again.".into(), parameters }
        }

        async fn call(&self, arguments: &Arguments, _cancel: &CancellationToken) -> Result<String, ToolError> {
            Ok(arguments["text"].to_string())
        }
    }

    fn turn(max_steps: u32) -> Turn {
        Turn {
            history: Vec::new(),
            user_input: "say it again".into(),
            limits: TurnLimits { max_steps, timeout_ms: 60_000 },
            seed: 1,
            tools: None,
        }
    }

    async fn sampled(seed: u64, cancel: &CancellationToken) -> (Transcript, Vec<Recorded>, Vec<AgentEvent>) {
        let (events, mut seen) = tokio::sync::mpsc::unbounded_channel();
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut record = Vec::new();
        let policy = ActionPolicy::untrained(0);
        let tools = ToolRegistry::default().with(Echo);
        let selection = Selection::Sample { rng: &mut rng, temperature: 1.0 };
        let how = Play { policy: &policy, tools: &tools, selection, record: Some(&mut record) };
        let transcript = play(how, &turn(6), &events, cancel).await;
        drop(events);
        let mut told = Vec::new();
        while let Some(event) = seen.recv().await {
            told.push(event);
        }
        (transcript, record, told)
    }

    #[tokio::test]
    async fn every_decision_is_recorded_and_every_call_is_told() {
        for seed in 0..20 {
            let (transcript, record, told) = sampled(seed, &CancellationToken::new()).await;
            assert_eq!(record.len(), transcript.steps as usize);
            let replied = usize::from(transcript.ending == Ending::Replied);
            assert_eq!(transcript.calls.len() + replied, record.len());
            let calls = told.iter().filter(|event| matches!(event, AgentEvent::ToolCall { .. })).count();
            assert_eq!(calls, transcript.calls.len());
            let text: String = told
                .iter()
                .filter_map(|event| if let AgentEvent::Token(piece) = event { Some(piece.as_str()) } else { None })
                .collect();
            assert_eq!(text, transcript.reply);
        }
    }

    #[tokio::test]
    async fn the_same_seed_plays_the_same_turn() {
        let decisions = |record: Vec<Recorded>| record.into_iter().map(|r| r.action).collect::<Vec<_>>();
        let (_, first, _) = sampled(3, &CancellationToken::new()).await;
        let (_, second, _) = sampled(3, &CancellationToken::new()).await;
        assert_eq!(decisions(first), decisions(second));
    }

    #[tokio::test]
    async fn a_stopped_turn_decides_nothing() {
        let cancel = CancellationToken::new();
        cancel.cancel();
        let (transcript, record, _) = sampled(0, &cancel).await;
        assert_eq!((transcript.ending, record.len()), (Ending::Cancelled, 0));
    }
}
