//! A state made ready for the network: its words, and every choice with its description and its candidates.

use crate::{
    candidates::{Candidate, Source, arguments, flag},
    features::Item,
    forms::reply_forms,
    state::{Leaf, State, leaves},
    text::{tokens, words},
};
use serde_json::{Map, Value};
use std::{collections::BTreeSet, sync::Arc};
use types::{ReplyForm, ToolSpec};

/// Numbers that describe a tool or a form.
pub const HEAD_DENSE: usize = 8;
/// Numbers that describe how far the turn is.
pub const PROGRESS: usize = 4;
const DOC_WORDS_MAX: usize = 48;

/// A decision as indices: a tool or RESPOND (the index after the last tool), the form, and one candidate per pointer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Action {
    /// Index of the tool; the number of tools means RESPOND.
    pub head: usize,
    /// Index of the reply form, with RESPOND only.
    pub form: Option<usize>,
    /// One candidate for each argument of the tool or slot of the form.
    pub pointers: Vec<usize>,
}

/// A decision in words.
#[derive(Clone, PartialEq, Debug)]
pub enum Move {
    /// Call a tool.
    Call {
        /// Which.
        tool_name: String,
        /// With what.
        arguments: Map<String, Value>,
    },
    /// Reply, which ends the turn.
    Reply {
        /// Name of the registered form.
        form: String,
        /// The form with its slots filled.
        text: String,
    },
}

/// A tool, RESPOND or a form, as the network sees it.
#[derive(Clone, PartialEq, Debug)]
pub struct Head {
    /// Name of the tool or form; empty for RESPOND.
    pub name: String,
    /// Whether it can be chosen at all.
    pub is_valid: bool,
    /// One for each argument or slot.
    pub pointers: Vec<Pointer>,
    pub(crate) doc: Vec<Item>,
    pub(crate) dense: [f32; HEAD_DENSE],
}

/// An argument or a slot, and what it can be pointed at.
#[derive(Clone, PartialEq, Debug)]
pub struct Pointer {
    /// Name of the argument or slot.
    pub name: String,
    /// What it can be pointed at.
    pub candidates: Arc<Vec<Candidate>>,
    pub(crate) doc: Vec<Item>,
}

/// A state made ready. Actions are indices into it.
#[derive(Clone, PartialEq, Debug)]
pub struct Prepared {
    /// The tools in the order they were offered, then RESPOND.
    pub heads: Vec<Head>,
    /// The registered reply forms.
    pub forms: Vec<Head>,
    pub(crate) words: Vec<Item>,
    pub(crate) progress: [f32; PROGRESS],
    pub(crate) value_doc: Vec<Item>,
    templates: Vec<ReplyForm>,
}

impl Prepared {
    /// Reads `state`.
    pub fn new(state: &State) -> Self {
        let tokens = tokens(&state.user_input);
        let found = leaves(&state.results);
        let source = Source::new(state, &tokens, &found);
        let templates = reply_forms();
        let tools = state.tools.iter().map(|tool| tool_head(tool, &source));
        let word = |t: &crate::text::Token| Item::Word(state.user_input[t.start..t.end].into());
        Self {
            heads: tools.chain(std::iter::once(respond_head(state))).collect(),
            forms: templates.iter().map(|form| form_head(form, &source)).collect(),
            words: std::iter::once(Item::Marker("begin"))
                .chain(tokens.iter().map(word))
                .chain(std::iter::once(Item::Marker("end")))
                .collect(),
            progress: progress(state),
            value_doc: value_doc(state, &found),
            templates,
        }
    }

    /// The index that means RESPOND.
    pub fn respond(&self) -> usize {
        self.heads.len() - 1
    }

    /// The pointers an action of this head and form has to set.
    pub fn pointers(&self, head: usize, form: Option<usize>) -> &[Pointer] {
        match form {
            Some(form) => &self.forms[form].pointers,
            None => &self.heads[head].pointers,
        }
    }

    /// The action in words.
    pub fn resolve(&self, action: &Action) -> Move {
        let pointers = self.pointers(action.head, action.form);
        let chosen = pointers.iter().zip(&action.pointers).map(|(p, index)| (p, p.candidates[*index].value.clone()));
        match action.form {
            None => Move::Call {
                tool_name: self.heads[action.head].name.clone(),
                arguments: chosen.filter_map(|(p, value)| Some((p.name.clone(), value?))).collect(),
            },
            Some(form) => {
                let mut text = String::new();
                let mut rest = self.templates[form].template.as_str();
                for (pointer, value) in chosen {
                    let (before, after) = rest.split_once(&format!("{{{}}}", pointer.name)).unwrap_or((rest, ""));
                    text.push_str(before);
                    text.push_str(&quoted(value));
                    rest = after;
                }
                text.push_str(rest);
                Move::Reply { form: self.forms[form].name.clone(), text }
            }
        }
    }

    /// Hides the word of each token for which `hide` says so, by its place and whether a pointer of `action` takes it
    /// in; shape and class stay. For training that generalises.
    pub fn hide_words(&mut self, action: &Action, mut hide: impl FnMut(bool) -> bool) {
        let pointers = self.pointers(action.head, action.form).iter().zip(&action.pointers);
        let taken: Vec<(usize, usize)> = pointers.filter_map(|(p, index)| p.candidates[*index].span).collect();
        for (row, item) in self.words.iter_mut().enumerate() {
            if let Item::Word(text) = item
                && hide(taken.iter().any(|(first, after)| (*first..*after).contains(&row)))
            {
                *item = Item::Shape(text.clone());
            }
        }
    }

    /// Forgets what `action` did not point with: enough to learn from it, in a fraction of the memory.
    #[must_use]
    pub fn restricted_to(mut self, action: &Action) -> Self {
        let forget = |head: &mut Head| head.pointers = Vec::new();
        let kept = (action.form.is_none()).then_some(action.head);
        self.heads.iter_mut().enumerate().filter(|(at, _)| Some(*at) != kept).for_each(|(_, head)| forget(head));
        self.forms.iter_mut().enumerate().filter(|(at, _)| Some(*at) != action.form).for_each(|(_, form)| forget(form));
        self
    }
}

fn quoted(value: Option<Value>) -> String {
    match value {
        Some(Value::String(text)) => text,
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

fn items(text: &str) -> Vec<Item> {
    words(text, DOC_WORDS_MAX).into_iter().map(|word| Item::Word(word.into())).collect()
}

fn tool_head(tool: &ToolSpec, source: &Source<'_>) -> Head {
    let declared = arguments(&tool.parameters);
    let names = declared.iter().map(|(name, ..)| *name).collect::<Vec<_>>().join(" ");
    let doc = items(&format!("{} {names} {}", tool.name, tool.description));
    let pointers: Vec<Pointer> = declared
        .iter()
        .map(|(name, schema, required)| {
            let about = schema.get("description").and_then(Value::as_str).unwrap_or_default();
            Pointer {
                name: (*name).to_owned(),
                candidates: source.argument(name, schema, *required),
                doc: items(&format!("{name} {} {about}", tool.name)),
            }
        })
        .collect();
    let results = &source.state.results;
    let mut dense = [0.0; HEAD_DENSE];
    dense[4] = flag(results.iter().any(|result| result.tool_name == tool.name));
    dense[5] = flag(results.is_empty());
    dense[6] = overlap(source, &doc);
    Head { name: tool.name.clone(), is_valid: pointers.iter().all(|p| !p.candidates.is_empty()), pointers, doc, dense }
}

/// The share of the person's longer words that the tool's own words contain.
fn overlap(source: &Source<'_>, doc: &[Item]) -> f32 {
    let said: BTreeSet<String> =
        words(&source.state.user_input, DOC_WORDS_MAX).into_iter().filter(|word| word.len() > 3).collect();
    let shared = said.iter().filter(|word| doc.contains(&Item::Word(word.as_str().into()))).count();
    shared as f32 / said.len().max(1) as f32
}

fn respond_head(state: &State) -> Head {
    let mut dense = [0.0; HEAD_DENSE];
    dense[0] = 1.0;
    dense[1] = flag(state.results.is_empty());
    dense[2] = flag(!state.results.is_empty());
    dense[3] = flag(state.results.last().is_some_and(|result| result.is_error));
    Head { name: String::new(), is_valid: true, pointers: Vec::new(), doc: vec![Item::Marker("respond")], dense }
}

fn form_head(form: &ReplyForm, source: &Source<'_>) -> Head {
    let pointers: Vec<Pointer> = form
        .slots
        .iter()
        .map(|slot| Pointer {
            name: slot.clone(),
            candidates: source.slot(slot),
            doc: items(&format!("{slot} {slot} {}", form.name)),
        })
        .collect();
    let newest: Vec<&str> = source.leaves.iter().filter(|leaf| leaf.newest).map(Leaf::name).collect();
    let matched = form.slots.iter().filter(|slot| newest.contains(&slot.as_str())).count();
    let (slots, none_found) = (form.slots.len(), source.leaves.is_empty());
    let mut dense = [0.0; HEAD_DENSE];
    dense[0] = flag(slots > 0);
    dense[1] = flag(slots == 0 && none_found);
    dense[2] = flag(slots == 0 && !none_found);
    dense[3] = matched as f32 / slots.max(1) as f32;
    dense[4] = flag(slots > 0 && matched == slots);
    dense[5] = flag(source.state.results.last().is_some_and(|result| result.is_error));
    dense[6] = if slots > 0 && matched == slots { slots as f32 / 4.0 } else { 0.0 };
    dense[7] = flag(slots > 0 && matched < slots);
    let doc = items(&format!("{} {} {} {}", form.name, form.name, form.description, form.template));
    Head { name: form.name.clone(), is_valid: slots == 0 || !none_found, pointers, doc, dense }
}

fn progress(state: &State) -> [f32; PROGRESS] {
    let failed = state.results.last().is_some_and(|result| result.is_error);
    let called = !state.results.is_empty();
    [flag(!called), flag(called), flag(failed), state.results.len() as f32 / 8.0]
}

/// Which tool answered last, and what its values are called.
fn value_doc(state: &State, found: &[Leaf]) -> Vec<Item> {
    let Some(last) = state.results.last() else { return Vec::new() };
    let names = found.iter().filter(|leaf| leaf.newest && leaf.first).map(Leaf::name).collect::<Vec<_>>().join(" ");
    items(&format!("{} {names}", last.tool_name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::ToolResult;
    use serde_json::json;

    fn state(results: Vec<ToolResult>) -> State {
        let parameters = json!({
            "type": "object",
            "properties": {"location": {"type": "string"}, "days": {"type": "integer"}},
            "required": ["location"],
        });
        let tool = ToolSpec { name: "get_weather".into(), description: "Weather.".into(), parameters };
        State { user_input: "Weather in Rio de Janeiro?".into(), results, tools: [tool].into() }
    }

    fn pick(pointer: &Pointer, wanted: Option<Value>) -> usize {
        pointer.candidates.iter().position(|candidate| candidate.value == wanted).unwrap()
    }

    #[test]
    fn a_call_takes_spans_and_leaves_optional_arguments_out() {
        let prepared = Prepared::new(&state(vec![]));
        let [days, location] = prepared.heads[0].pointers.as_slice() else { panic!("two arguments") };
        let pointers = vec![pick(days, None), pick(location, Some(json!("Rio de Janeiro")))];
        let arguments = json!({"location": "Rio de Janeiro"}).as_object().unwrap().clone();
        let call = Move::Call { tool_name: "get_weather".into(), arguments };
        assert_eq!(prepared.resolve(&Action { head: 0, form: None, pointers }), call);
    }

    #[test]
    fn a_reply_is_a_registered_form_with_values_of_the_result() {
        let text = r#"{"location":"Rio","temperature_c":31,"condition":"sunny","source":"simulated (offline)"}"#;
        let result = ToolResult { tool_name: "get_weather".into(), text: text.into(), is_error: false };
        let prepared = Prepared::new(&state(vec![result]));
        let form = prepared.forms.iter().position(|form| form.name == "weather").unwrap();
        let values = [json!(31), json!("Rio"), json!("sunny"), json!("simulated (offline)")];
        let pointers = prepared.forms[form].pointers.iter().zip(values).map(|(p, v)| pick(p, Some(v))).collect();
        let reply = prepared.resolve(&Action { head: prepared.respond(), form: Some(form), pointers });
        let text = "It is 31 °C in Rio, sunny. Source: simulated (offline).".to_owned();
        assert_eq!(reply, Move::Reply { form: "weather".into(), text });
    }

    #[test]
    fn a_form_with_slots_cannot_be_chosen_without_values() {
        let prepared = Prepared::new(&state(vec![]));
        let open: Vec<_> = prepared.forms.iter().filter(|form| form.is_valid).map(|form| form.name.as_str()).collect();
        assert_eq!(open, ["greeting", "thanks", "farewell", "about", "cannot"]);
    }
}
