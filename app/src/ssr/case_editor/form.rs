//! The form of a test case as it was typed: every field a text, named by its path (`turns.0.calls.1.name`).

use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use types::FieldError;

/// Most fields of a form.
const FIELDS_MAX: usize = 20_000;
/// Deepest path of a field.
const DEPTH_MAX: usize = 8;

/// The whole form.
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    /// `json` while the case is edited as JSON.
    pub view: String,
    /// The case as JSON, in that view.
    pub json: String,
    /// The version that is edited; empty = a new case.
    pub version: String,
    /// Which agent tries it.
    pub agent: String,
    /// The key of the trial under way.
    pub trial: String,
    pub name: String,
    pub external_id: String,
    pub suite: String,
    pub split: String,
    pub tags: String,
    pub weight: String,
    pub cluster: String,
    pub repeats: String,
    pub max_steps: String,
    pub timeout_ms: String,
    pub system: String,
    pub dataset: String,
    pub source_id: String,
    pub licence: String,
    /// Not empty = the agent has the tools of the case alone.
    pub only_own_tools: String,
    /// Not empty = the turns are written as turns, although there is one.
    pub as_turns: String,
    pub turns: Vec<TurnForm>,
    pub tools: Vec<ToolForm>,
}

/// One turn.
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TurnForm {
    pub user: String,
    /// `not_checked`, `no_tool`, `these` or `calls`.
    pub rule: String,
    pub names: Vec<String>,
    pub mode: String,
    pub calls: Vec<CallForm>,
    /// Not empty = the names of the calls are written beside the calls.
    pub named_twice: String,
    pub min_calls: String,
    /// `all` or `any` of the checks.
    pub combine: String,
    pub checks: Vec<CheckForm>,
    /// Not empty = the checks are written as a tree, although plain fields could say them.
    pub as_tree: String,
}

/// An expected call.
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CallForm {
    pub name: String,
    pub arguments: Vec<ArgumentForm>,
    pub defaults: String,
    pub ignored: String,
    pub only_these: String,
}

/// An argument of one.
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ArgumentForm {
    pub name: String,
    /// A registered rule, empty for the value itself, `json` for a pattern as it stands.
    pub rule: String,
    pub value: String,
}

/// A check of the answer.
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CheckForm {
    pub kind: String,
    pub expected: String,
    /// Not empty = `expected` is JSON.
    pub raw: String,
    pub not: String,
    pub weight: String,
    /// Not empty = the case passes without it.
    pub optional: String,
    pub parameters: BTreeMap<String, String>,
    /// A check that has no fields, as JSON: it is kept as it is.
    pub kept: String,
}

/// A tool of the case.
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ToolForm {
    pub name: String,
    pub description: String,
    pub parameters: String,
    pub result: String,
}

impl Form {
    /// Reads a form as browsers encode it (`application/x-www-form-urlencoded`).
    ///
    /// # Errors
    /// It is no form of a case.
    pub fn read(encoded: &str) -> Result<Self, Vec<FieldError>> {
        let mut tree = Node::default();
        let pairs = form_urlencoded::parse(encoded.as_bytes());
        for (name, value) in pairs.take(FIELDS_MAX) {
            tree.put(&name, DEPTH_MAX, value.replace("\r\n", "\n"));
        }
        let form: Result<Self, _> = serde_json::from_value(tree.value());
        form.map_err(|why| vec![FieldError::new("", format!("the form cannot be read: {why}"))])
    }
}

/// Fields by their paths.
#[derive(Default)]
struct Node {
    text: Option<String>,
    parts: BTreeMap<String, Node>,
}

impl Node {
    fn put(&mut self, path: &str, depth: usize, text: String) {
        let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
        let part = self.parts.entry(first.to_owned()).or_default();
        match rest {
            Some(rest) if depth > 1 => part.put(rest, depth - 1, text),
            Some(_) => {}
            None => part.text = Some(text),
        }
    }

    /// Parts whose names are numbers are a list, in the order of the numbers.
    fn value(self) -> Value {
        if let Some(text) = self.text {
            return Value::String(text);
        }
        let places: Option<Vec<u32>> = self.parts.keys().map(|name| name.parse().ok()).collect();
        if places.is_some_and(|places| !places.is_empty()) {
            let by_place: BTreeMap<u32, Node> =
                self.parts.into_iter().filter_map(|(name, part)| Some((name.parse().ok()?, part))).collect();
            return by_place.into_values().map(Node::value).collect();
        }
        Value::Object(self.parts.into_iter().map(|(name, part)| (name, part.value())).collect::<Map<_, _>>())
    }
}

/// Whether a box was ticked.
pub fn ticked(text: &str) -> bool {
    !text.is_empty()
}

/// What a box says.
pub fn tick(on: bool) -> String {
    if on { "on".into() } else { String::new() }
}

/// What was typed, trimmed; `None` when that is nothing.
pub fn said(typed: &str) -> Option<String> {
    let trimmed = typed.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}
