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

/// Longest span, in tokens.
pub const SPAN_TOKENS_MAX: usize = 24;
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
}

impl Source<'_> {
    /// Candidates of an argument by its schema; empty when nothing fits.
    pub fn argument(&self, name: &str, schema: &Value, required: bool) -> Vec<Candidate> {
        let mut candidates = match schema.get("enum").and_then(Value::as_array) {
            Some(members) => members.iter().take(64).map(|member| self.literal(member)).collect(),
            None => self.typed(name, schema),
        };
        if !required {
            candidates.push(absent());
        }
        candidates
    }

    fn typed(&self, name: &str, schema: &Value) -> Vec<Candidate> {
        match schema.get("type").and_then(Value::as_str) {
            Some("string") | None => {
                let leaves =
                    self.leaves.iter().map(|leaf| leaf_candidate(leaf, name, Value::String(leaf.text.clone())));
                self.spans().chain(leaves).collect()
            }
            Some("integer") => self.numbers(name, schema, |number| number.fract() == 0.0),
            Some("number") => self.numbers(name, schema, |_| true),
            Some("boolean") => [true, false].iter().map(|b| self.literal(&Value::Bool(*b))).collect(),
            _ => Vec::new(),
        }
    }

    /// Candidates of a slot of a reply form: every value found.
    pub fn slot(&self, name: &str) -> Vec<Candidate> {
        self.leaves.iter().map(|leaf| leaf_candidate(leaf, name, leaf.value.clone())).collect()
    }

    fn spans(&self) -> impl Iterator<Item = Candidate> {
        let count = self.tokens.len();
        (0..count).flat_map(move |first| {
            let longest = (first + SPAN_TOKENS_MAX).min(count);
            (first + 1..=longest).map(move |after| self.span(first, after))
        })
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
        let share =
            |kind: &str| (first..after).filter(|i| class(self.token(*i)) == kind).count() as f32 / length as f32;
        dense[7] = share("number");
        dense[8] = share("operator");
        dense[9] = share("capitalised");
        dense[10] = flag(first == 0);
        dense[11] = flag((after..self.tokens.len()).all(|i| class(self.token(i)) == "mark"));
        dense[15] = flag(!is_balanced(text));
        dense[16] = flag((first..after).any(|i| matches!(self.token(i), "?" | "!" | "." | ":" | ",")));
        self.mark_edges(first, after, &mut dense);
        // Row 0 of the text is the mark of its beginning.
        let span = Some((first + 1, after + 1));
        Candidate { value: Some(Value::String(text.to_owned())), span, doc: Vec::new(), dense }
    }

    /// Whether a name or an expression goes on beyond the span, and how much of either the span takes in.
    fn mark_edges(&self, first: usize, after: usize, dense: &mut [f32; CANDIDATE_DENSE]) {
        let count = self.tokens.len();
        let arithmetic = |i: usize| matches!(class(self.token(i)), "number" | "operator");
        // The first word of a text is capitalised whatever it is.
        let name = |i: usize| i > 0 && class(self.token(i)) == "capitalised";
        let cut = |kind: &dyn Fn(usize) -> bool| {
            let before = first > 0 && kind(first - 1) && kind(first);
            flag(before) + flag(after < count && kind(after) && kind(after - 1))
        };
        let taken = |kind: &dyn Fn(usize) -> bool| {
            let all = (0..count).filter(|i| kind(*i)).count();
            (first..after).filter(|i| kind(*i)).count() as f32 / all.max(1) as f32
        };
        dense[17] = cut(&arithmetic);
        dense[18] = cut(&name);
        dense[19] = taken(&arithmetic);
        dense[20] = taken(&name);
        dense[21] = flag(class(self.token(first)) == "mark") + flag(class(self.token(after - 1)) == "mark");
    }

    fn numbers(&self, name: &str, schema: &Value, fits: fn(f64) -> bool) -> Vec<Candidate> {
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
        in_text.chain(in_results).collect()
    }

    fn literal(&self, value: &Value) -> Candidate {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let mut dense = [0.0; CANDIDATE_DENSE];
        dense[2] = 1.0;
        dense[13] = flag(self.state.user_input.to_lowercase().contains(&text.to_lowercase()));
        Candidate { value: Some(value.clone()), span: None, doc: doc(&text), dense }
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
        let source = Source { state: &state, tokens: &tokens, leaves: &[] };
        let got: Vec<_> = source
            .argument("x", &schema, required)
            .into_iter()
            .map(|candidate| candidate.value.unwrap_or(Value::Null))
            .collect();
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
