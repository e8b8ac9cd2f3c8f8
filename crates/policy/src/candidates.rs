//! What an argument or a slot can be pointed at: spans of what the person said, values of results, literals, or nothing.
//!
//! The JSON Schema type of an argument decides which candidates there are, so a value of the wrong type has no
//! probability at all.

use crate::{
    features::{Item, class},
    state::{Leaf, State},
    text::{Token, words},
};
use serde_json::Value;
use std::{cell::OnceCell, sync::Arc};

/// Longest span, in tokens.
pub const SPAN_TOKENS_MAX: usize = 16;
/// Numbers that describe a candidate.
pub const CANDIDATE_DENSE: usize = 22;
const WORDS_MAX: usize = 8;

/// One thing that can be pointed at.
#[derive(Clone, PartialEq, Debug)]
pub struct Candidate {
    /// The value; `None` leaves an optional argument out.
    pub value: Option<Value>,
    /// Token rows `[first, after the last)` of a span.
    pub(crate) span: Option<(usize, usize)>,
    /// Words of a value's path or of a literal.
    pub(crate) doc: Vec<Item>,
    pub(crate) dense: [f32; CANDIDATE_DENSE],
}

impl Candidate {
    /// Whether it is the newest result's first value that has the pointer's own name.
    pub fn is_namesake(&self) -> bool {
        self.span.is_none() && self.dense[13] > 0.0 && self.dense[14] > 0.0
    }
}

/// The text and its tokens, and the values found so far: where candidates come from.
pub struct Source<'a> {
    pub state: &'a State,
    pub tokens: &'a [Token],
    pub leaves: &'a [Leaf],
    kinds: Kinds,
    /// Every string argument can be any of the same spans: they are made once.
    spans: OnceCell<Arc<Vec<Candidate>>>,
}

impl<'a> Source<'a> {
    pub fn new(state: &'a State, tokens: &'a [Token], leaves: &'a [Leaf]) -> Self {
        let text = |token: &Token| &state.user_input[token.start..token.end];
        Self { state, tokens, leaves, kinds: Kinds::new(tokens.iter().map(text)), spans: OnceCell::new() }
    }

    /// Candidates of an argument by its schema; empty when nothing fits.
    pub fn argument(&self, name: &str, schema: &Value, required: bool) -> Arc<Vec<Candidate>> {
        let mut candidates = match schema.get("enum").and_then(Value::as_array) {
            Some(members) => Arc::new(members.iter().take(64).map(|member| self.literal(member)).collect()),
            None => self.typed(name, schema),
        };
        if !required {
            Arc::make_mut(&mut candidates).push(absent());
        }
        candidates
    }

    fn typed(&self, name: &str, schema: &Value) -> Arc<Vec<Candidate>> {
        match schema.get("type").and_then(Value::as_str) {
            Some("string") | None => {
                let mut candidates = self.spans.get_or_init(|| Arc::new(self.spans())).clone();
                if !self.leaves.is_empty() {
                    let leaf = |leaf: &Leaf| leaf_candidate(leaf, name, Value::String(leaf.text.clone()));
                    Arc::make_mut(&mut candidates).extend(self.leaves.iter().map(leaf));
                }
                candidates
            }
            Some("integer") => self.numbers(name, schema, |number| number.fract() == 0.0),
            Some("number") => self.numbers(name, schema, |_| true),
            Some("boolean") => Arc::new([true, false].iter().map(|b| self.literal(&Value::Bool(*b))).collect()),
            _ => Arc::default(),
        }
    }

    /// Candidates of a slot of a reply form: every value found.
    pub fn slot(&self, name: &str) -> Arc<Vec<Candidate>> {
        Arc::new(self.leaves.iter().map(|leaf| leaf_candidate(leaf, name, leaf.value.clone())).collect())
    }

    fn spans(&self) -> Vec<Candidate> {
        let count = self.tokens.len();
        let from =
            |first: usize| (first + 1..=(first + SPAN_TOKENS_MAX).min(count)).map(move |after| self.span(first, after));
        (0..count).flat_map(from).collect()
    }

    fn token(&self, index: usize) -> &str {
        &self.state.user_input[self.tokens[index].start..self.tokens[index].end]
    }

    fn span(&self, first: usize, after: usize) -> Candidate {
        let text = &self.state.user_input[self.tokens[first].start..self.tokens[after - 1].end];
        let length = after - first;
        let mut dense = [0.0; CANDIDATE_DENSE];
        dense[0] = 1.0;
        dense[3] = flag(length == 1);
        dense[4] = flag(length == 2);
        dense[5] = flag(length >= 4);
        dense[6] = length as f32 / 8.0;
        let share = |kind: Kind| self.kinds.between(kind, first, after) as f32 / length as f32;
        dense[7] = share(Kind::Number);
        dense[8] = share(Kind::Operator);
        dense[9] = share(Kind::Capitalised);
        dense[10] = flag(first == 0);
        dense[11] = flag(self.kinds.between(Kind::Mark, after, self.tokens.len()) == self.tokens.len() - after);
        dense[15] = flag(!is_balanced(text));
        dense[16] = flag(self.kinds.between(Kind::Stop, first, after) > 0);
        self.mark_edges(first, after, &mut dense);
        // Row 0 of the text is the mark of its beginning.
        let span = Some((first + 1, after + 1));
        Candidate { value: Some(Value::String(text.to_owned())), span, doc: Vec::new(), dense }
    }

    /// Whether a name or an expression goes on beyond the span, and how much of either the span takes in.
    fn mark_edges(&self, first: usize, after: usize, dense: &mut [f32; CANDIDATE_DENSE]) {
        let count = self.tokens.len();
        let is = |kind: Kind, at: usize| self.kinds.between(kind, at, at + 1) > 0;
        let cut = |kind: Kind| {
            let before = first > 0 && is(kind, first - 1) && is(kind, first);
            flag(before) + flag(after < count && is(kind, after) && is(kind, after - 1))
        };
        let taken = |kind: Kind| {
            self.kinds.between(kind, first, after) as f32 / self.kinds.between(kind, 0, count).max(1) as f32
        };
        dense[17] = cut(Kind::Arithmetic);
        dense[18] = cut(Kind::Name);
        dense[19] = taken(Kind::Arithmetic);
        dense[20] = taken(Kind::Name);
        dense[21] = flag(is(Kind::Mark, first)) + flag(is(Kind::Mark, after - 1));
    }

    fn numbers(&self, name: &str, schema: &Value, fits: fn(f64) -> bool) -> Arc<Vec<Candidate>> {
        let least = schema.get("minimum").and_then(Value::as_f64).unwrap_or(f64::NEG_INFINITY);
        let most = schema.get("maximum").and_then(Value::as_f64).unwrap_or(f64::INFINITY);
        let number = |text: &str| -> Option<Value> {
            let value: Value = serde_json::from_str(&text.replace(',', "")).ok()?;
            let n = value.as_f64()?;
            (fits(n) && (least..=most).contains(&n)).then_some(value)
        };
        let in_text = (0..self.tokens.len()).filter_map(|index| {
            let value = number(self.token(index))?;
            let mut candidate = self.span(index, index + 1);
            candidate.value = Some(value);
            Some(candidate)
        });
        let in_results = self.leaves.iter().filter_map(|leaf| Some(leaf_candidate(leaf, name, number(&leaf.text)?)));
        Arc::new(in_text.chain(in_results).collect())
    }

    fn literal(&self, value: &Value) -> Candidate {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let mut dense = [0.0; CANDIDATE_DENSE];
        dense[2] = 1.0;
        dense[13] = flag(self.state.user_input.to_lowercase().contains(&text.to_lowercase()));
        Candidate { value: Some(value.clone()), span: None, doc: doc(&text), dense }
    }
}

/// What a token can be; one token can be several.
#[derive(Clone, Copy)]
enum Kind {
    Number,
    Operator,
    /// A number or an operator.
    Arithmetic,
    Capitalised,
    /// Capitalised, and not the first of the text: that one is capitalised whatever it is.
    Name,
    Mark,
    /// A mark that ends or parts sentences.
    Stop,
}

/// How many tokens of each kind stand before each place.
struct Kinds(Vec<[u16; 7]>);

impl Kinds {
    fn new<'t>(tokens: impl Iterator<Item = &'t str>) -> Self {
        let mut counts = vec![[0; 7]];
        for (place, token) in tokens.enumerate() {
            let class = class(token);
            let (number, operator, capitalised) = (class == "number", class == "operator", class == "capitalised");
            let stop = matches!(token, "?" | "!" | "." | ":" | ",");
            let name = capitalised && place > 0;
            let is = [number, operator, number || operator, capitalised, name, class == "mark", stop];
            let mut next = counts[place];
            next.iter_mut().zip(is).for_each(|(count, is)| *count += u16::from(is));
            counts.push(next);
        }
        Self(counts)
    }

    /// Tokens of `kind` in `first..after`.
    fn between(&self, kind: Kind, first: usize, after: usize) -> usize {
        usize::from(self.0[after][kind as usize] - self.0[first][kind as usize])
    }
}

fn absent() -> Candidate {
    let mut dense = [0.0; CANDIDATE_DENSE];
    dense[1] = 1.0;
    Candidate { value: None, span: None, doc: Vec::new(), dense }
}

fn leaf_candidate(leaf: &Leaf, name: &str, value: Value) -> Candidate {
    let mut dense = [0.0; CANDIDATE_DENSE];
    dense[2] = 1.0;
    dense[12] = flag(leaf.text.trim().parse::<f64>().is_ok());
    dense[13] = flag(leaf.name() == name);
    dense[14] = flag(leaf.newest && leaf.first);
    dense[6] = leaf.text.len().min(400) as f32 / 400.0;
    Candidate { value: Some(value), span: None, doc: doc(&leaf.path), dense }
}

fn doc(text: &str) -> Vec<Item> {
    words(text, WORDS_MAX).into_iter().map(|word| Item::Word(word.into())).collect()
}

fn is_balanced(text: &str) -> bool {
    let mut open = 0_i32;
    for c in text.chars() {
        open += i32::from(c == '(') - i32::from(c == ')');
        if open < 0 {
            return false;
        }
    }
    open == 0
}

/// 1 or 0.
pub fn flag(is: bool) -> f32 {
    if is { 1.0 } else { 0.0 }
}

/// The declared arguments of a tool: name, schema and whether it is required. At most 16.
pub fn arguments(parameters: &Value) -> Vec<(&str, &Value, bool)> {
    let required = |name: &str| {
        let names = parameters.get("required").and_then(Value::as_array);
        names.is_some_and(|names| names.iter().any(|n| n.as_str() == Some(name)))
    };
    let properties = parameters.get("properties").and_then(Value::as_object).into_iter().flatten();
    properties.take(16).map(|(name, schema)| (name.as_str(), schema, required(name))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tokens;
    use serde_json::json;

    fn check(text: &str, schema: Value, required: bool, expected: &[Value]) {
        let state = State { user_input: text.into(), ..State::default() };
        let tokens = tokens(text);
        let source = Source::new(&state, &tokens, &[]);
        let candidates = source.argument("x", &schema, required);
        let got: Vec<_> = candidates.iter().map(|candidate| candidate.value.clone().unwrap_or(Value::Null)).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn a_string_can_be_any_span() {
        check(
            "in Rio now",
            json!({"type": "string"}),
            true,
            &[json!("in"), json!("in Rio"), json!("in Rio now"), json!("Rio"), json!("Rio now"), json!("now")],
        );
    }

    #[test]
    fn a_number_must_fit_type_and_range() {
        let schema = json!({"type": "integer", "minimum": 1, "maximum": 10});
        check("top 3 of 50 or 2.5", schema, false, &[json!(3), Value::Null]);
    }

    #[test]
    fn an_enumeration_offers_its_members_only() {
        check("make it red", json!({"type": "string", "enum": ["red", "blue"]}), true, &[json!("red"), json!("blue")]);
        check("x", json!({"type": "boolean"}), true, &[json!(true), json!(false)]);
        check("x", json!({"type": "object"}), true, &[]);
    }
}
