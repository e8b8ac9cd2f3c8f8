//! The teacher of the warm start: for each case, the decisions that its expectations ask for.
//!
//! Calls are the expected calls, their arguments found among the candidates. The reply is the registered form whose text
//! earns the most by the case's own checks, each slot pointing at the first value of the newest result that has the
//! slot's name. Nothing is shown for a case whose expected calls cannot be made so.

use crate::cases::Table;
use policy::{Action, Candidate, Head, Move, Prepared, State, ToolResult};
use serde_json::{Map, Value};
use types::{CallRecord, Ending, TestCaseCreate, Transcript, Usage};

/// What is shown for one case.
#[derive(Clone, PartialEq, Debug)]
pub struct Demonstration {
    /// The decisions in order.
    pub steps: Vec<Shown>,
    /// What they earn.
    pub reward: f64,
}

/// One shown decision.
#[derive(Clone, PartialEq, Debug)]
pub struct Shown {
    /// What is seen.
    pub state: State,
    /// What to do.
    pub target: Target,
}

/// A decision by names and values, so that it can be found again when the words around it change.
#[derive(Clone, PartialEq, Debug)]
pub enum Target {
    /// A call with these arguments; others are left out.
    Call {
        /// Which tool.
        tool_name: String,
        /// Exact values.
        arguments: Map<String, Value>,
    },
    /// A reply of this form with these pointers.
    Reply {
        /// Index of the form.
        form: usize,
        /// Candidates of its slots.
        pointers: Vec<usize>,
    },
}

impl Target {
    /// The decision in a state; `None` when it cannot be made there.
    pub fn locate(&self, state: &Prepared) -> Option<Action> {
        match self {
            Self::Reply { form, pointers } => {
                Some(Action { head: state.respond(), form: Some(*form), pointers: pointers.clone() })
            }
            Self::Call { tool_name, arguments } => {
                let head = state.heads.iter().position(|head| head.is_valid && head.name == *tool_name)?;
                let find = |name: &str, candidates: &[Candidate]| {
                    let wanted = arguments.get(name);
                    candidates.iter().position(|candidate| match (wanted, &candidate.value) {
                        (Some(wanted), Some(value)) => is_same(wanted, value),
                        (None, None) => true,
                        _ => false,
                    })
                };
                let pointers = &state.heads[head].pointers;
                let pointers =
                    pointers.iter().map(|pointer| find(&pointer.name, &pointer.candidates)).collect::<Option<_>>()?;
                Some(Action { head, form: None, pointers })
            }
        }
    }
}

/// Equal as evaluation compares arguments: text trimmed and whatever the case, numbers by value.
fn is_same(wanted: &Value, value: &Value) -> bool {
    match (wanted, value) {
        (Value::String(wanted), Value::String(value)) => wanted.trim().to_lowercase() == value.trim().to_lowercase(),
        _ => match (wanted.as_f64(), value.as_f64()) {
            (Some(wanted), Some(value)) => wanted == value,
            _ => wanted == value,
        },
    }
}

/// Shows `case`; `None` when its expectations do not say what to do, or it cannot be done.
pub fn demonstrate(table: &Table, case: &TestCaseCreate) -> Option<Demonstration> {
    let expected: Vec<(&str, &Map<String, Value>)> = match &case.expected_calls {
        Some(calls) => calls.iter().map(|call| (call.name.as_str(), &call.arguments)).collect(),
        None if case.expected_tool_names()?.is_empty() => Vec::new(),
        None => return None,
    };
    let mut state = State { user_input: case.user_input.clone(), results: Vec::new(), tools: table.tools.specs() };
    let (mut steps, mut calls) = (Vec::new(), Vec::new());
    for (tool_name, arguments) in expected {
        let target =
            Target::Call { tool_name: tool_name.to_owned(), arguments: concrete(&state, tool_name, arguments)? };
        let prepared = Prepared::new(&state);
        let Move::Call { tool_name, arguments } = prepared.resolve(&target.locate(&prepared)?) else { return None };
        steps.push(Shown { state: state.clone(), target });
        let answer = table.runtime.block_on(table.tools.call(&tool_name, &arguments, &table.cancel));
        let is_error = answer.is_err();
        let result = answer.unwrap_or_else(|error| error.to_string());
        state.results.push(ToolResult { tool_name: tool_name.clone(), text: result.clone(), is_error });
        calls.push(CallRecord { tool_name, arguments: Some(arguments), result, is_error, duration_ms: 0 });
    }
    let (target, reward) = best_reply(table, case, &state, calls)?;
    steps.push(Shown { state, target });
    Some(Demonstration { steps, reward })
}

/// Arguments with every `{"one_of": […]}` replaced by its first alternative that can be pointed at.
fn concrete(state: &State, tool_name: &str, arguments: &Map<String, Value>) -> Option<Map<String, Value>> {
    let prepared = Prepared::new(state);
    let head = prepared.heads.iter().find(|head| head.name == tool_name)?;
    let can_point = |name: &str, value: &Value| {
        let pointer = head.pointers.iter().find(|pointer| pointer.name == name);
        pointer.is_some_and(|p| p.candidates.iter().any(|c| c.value.as_ref().is_some_and(|v| is_same(value, v))))
    };
    arguments
        .iter()
        .map(|(name, value)| {
            let alternatives = value.get("one_of").and_then(Value::as_array);
            let value = match alternatives {
                Some(alternatives) => alternatives.iter().find(|value| can_point(name, value))?,
                None => value,
            };
            Some((name.clone(), value.clone()))
        })
        .collect()
}

fn best_reply(table: &Table, case: &TestCaseCreate, state: &State, calls: Vec<CallRecord>) -> Option<(Target, f64)> {
    let prepared = Prepared::new(state);
    let mut transcript = Transcript {
        user_input: case.user_input.clone(),
        steps: u32::try_from(calls.len() + 1).unwrap_or(u32::MAX),
        calls,
        reply: String::new(),
        ending: Ending::Replied,
        usage: Usage::default(),
        latency_ms: 0,
        notes: Vec::new(),
    };
    let mut best: Option<(Target, f64)> = None;
    for (form, head) in prepared.forms.iter().enumerate().filter(|(_, head)| head.is_valid) {
        let Some(pointers) = by_name(head) else { continue };
        let action = Action { head: prepared.respond(), form: Some(form), pointers: pointers.clone() };
        let Move::Reply { text, .. } = prepared.resolve(&action) else { continue };
        transcript.reply = text;
        let Some(reward) = evaluation::score(case, &transcript, &table.weights).reward else { continue };
        if best.as_ref().is_none_or(|(_, most)| reward > *most) {
            best = Some((Target::Reply { form, pointers }, reward));
        }
    }
    best
}

fn by_name(form: &Head) -> Option<Vec<usize>> {
    form.pointers.iter().map(|pointer| pointer.candidates.iter().position(Candidate::is_namesake)).collect()
}
