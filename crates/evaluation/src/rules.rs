//! When an argument is the expected one: a pattern, in which rules stand as `{"@name": …}`, at any depth.
//!
//! Without a rule strings compare trimmed and case-insensitively, numbers by value, lists item by item, objects member by
//! member. `{"one_of": […]}` may be written without the sign. A key with the sign that is no rule is a key like others.

mod any;
mod equals;
mod json_schema;
mod number;
mod one_of;
mod optional;
mod range;
mod regex;
mod result;
mod set;

use serde_json::{Map, Number, Value};
use std::cell::Cell;
use types::CallRecord;

/// Comparisons of one argument: sets within sets multiply.
const WORK_MAX: u32 = 1_000_000;
/// What making an expression or a schema ready costs, in comparisons.
const COMPILING: u32 = 1000;
/// Most expressions and schemas of one case.
const COMPILED_MAX: u32 = 100;
/// Deepest pattern.
const DEPTH_MAX: usize = 64;

/// A rule that an argument is checked by.
pub trait Rule: Sync {
    /// What it is written as, without the sign.
    fn name(&self) -> &'static str;

    /// What it says of an argument, for people: the words follow the argument's name.
    fn label(&self) -> &'static str;

    /// What it may be given, as JSON; a text may stand without quotes.
    fn example(&self) -> &'static str;

    /// What is wrong with how it is written, if anything: the sentence follows the rule's name.
    fn refusal(&self, given: &Value) -> Option<String>;

    /// Whether what it is given is a pattern, or a list of them.
    fn holds_patterns(&self) -> bool {
        false
    }

    /// Whether what it is given is made ready before it is compared, which takes time.
    fn is_compiled(&self) -> bool {
        false
    }

    /// Whether the argument, if there is one, is as `given` says.
    ///
    /// # Errors
    /// Why it is not: the sentence follows the argument's name.
    fn check(&self, given: &Value, actual: Option<&Value>, around: &Around) -> Result<(), String>;
}

static REGISTERED: [&dyn Rule; 10] = [
    &any::Any,
    &equals::Equals,
    &json_schema::JsonSchema,
    &number::WithinTolerance,
    &one_of::OneOf,
    &optional::Optional,
    &range::Range,
    &regex::Matches,
    &result::OfResult,
    &set::Set,
];

/// What a registered rule says of itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RuleSpec {
    /// What it is written as, without the sign.
    pub name: &'static str,
    /// What it says of an argument: the words follow the argument's name.
    pub label: &'static str,
    /// What it may be given.
    pub example: &'static str,
}

/// The registered rules of arguments.
pub fn argument_rules() -> Vec<RuleSpec> {
    REGISTERED.iter().map(|rule| RuleSpec { name: rule.name(), label: rule.label(), example: rule.example() }).collect()
}

/// What an argument is checked beside.
#[derive(Debug)]
pub struct Around<'a> {
    /// The calls that were made before.
    earlier: &'a [CallRecord],
    work: Cell<u32>,
}

impl<'a> Around<'a> {
    /// After these calls.
    pub fn after(earlier: &'a [CallRecord]) -> Self {
        Self { earlier, work: Cell::new(0) }
    }

    fn check_work(&self) -> Result<(), String> {
        if self.work.get() > WORK_MAX { Err("has too many parts to be compared".into()) } else { Ok(()) }
    }
}

/// The rule that a pattern is, and what it is given.
fn rule_of(pattern: &Value) -> Option<(&'static dyn Rule, &Value)> {
    let object = pattern.as_object().filter(|object| object.len() == 1)?;
    let (key, given) = object.iter().next()?;
    let name = match key.strip_prefix('@') {
        Some(name) => name,
        // As it was written before there were other rules: only with a list.
        None => (key == "one_of" && given.is_array()).then_some("one_of")?,
    };
    REGISTERED.iter().find(|rule| rule.name() == name).map(|rule| (*rule, given))
}

/// Whether `actual` is as `pattern` says.
///
/// # Errors
/// Why not: the sentence follows the argument's name.
pub fn check(pattern: &Value, actual: Option<&Value>, around: &Around) -> Result<(), String> {
    let rule = rule_of(pattern);
    let cost = if rule.is_some_and(|(rule, _)| rule.is_compiled()) { COMPILING } else { 1 };
    around.work.set(around.work.get().saturating_add(cost));
    around.check_work()?;
    if let Some((rule, given)) = rule {
        return rule.check(given, actual, around);
    }
    let actual = actual.ok_or_else(|| format!("is missing, expected {}", shown(pattern)))?;
    match (pattern, actual) {
        (Value::Array(wanted), Value::Array(given)) if wanted.len() == given.len() => {
            let mut items = wanted.iter().zip(given).enumerate();
            items.try_for_each(|(place, (wanted, given))| {
                check(wanted, Some(given), around).map_err(|why| format!("[{place}] {why}"))
            })
        }
        (Value::Object(wanted), Value::Object(given)) => members(wanted, given, around),
        _ if same(pattern, actual) => Ok(()),
        _ => Err(format!("is {}, expected {}", shown(actual), shown(pattern))),
    }
}

fn members(wanted: &Map<String, Value>, given: &Map<String, Value>, around: &Around) -> Result<(), String> {
    if let Some(other) = given.keys().find(|name| !wanted.contains_key(*name)) {
        return Err(format!("has the member `{other}`, which is not expected"));
    }
    wanted
        .iter()
        .try_for_each(|(name, wanted)| check(wanted, given.get(name), around).map_err(|why| format!(".{name} {why}")))
}

/// Equality as people mean it, without rules: strings trimmed and case-insensitively, numbers by value.
pub fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::String(a), Value::String(b)) => a.trim().to_lowercase() == b.trim().to_lowercase(),
        (a, b) => alike(a, b, same),
    }
}

/// Equality of JSON: numbers by value, all else as it is.
pub fn exactly(a: &Value, b: &Value) -> bool {
    alike(a, b, exactly)
}

fn alike(a: &Value, b: &Value, part: fn(&Value, &Value) -> bool) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => same_number(a, b),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| part(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| part(a, b)))
        }
        _ => a == b,
    }
}

/// Whole numbers exactly; otherwise within rounding.
fn same_number(a: &Number, b: &Number) -> bool {
    if let (Some(a), Some(b)) = (a.as_i128(), b.as_i128()) {
        return a == b;
    }
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => (a - b).abs() <= 4.0 * f64::EPSILON * a.abs().max(b.abs()),
        _ => a == b,
    }
}

/// What is wrong with how a pattern's rules are written, if anything. `compiled` counts the expressions and schemas of all
/// patterns of a case.
pub fn refusal(pattern: &Value, compiled: &Cell<u32>) -> Option<String> {
    refusal_within(pattern, compiled, 0)
}

fn refusal_within(pattern: &Value, compiled: &Cell<u32>, depth: usize) -> Option<String> {
    if depth > DEPTH_MAX {
        return Some(format!("is nested deeper than {DEPTH_MAX} levels"));
    }
    if let Some((rule, given)) = rule_of(pattern) {
        compiled.set(compiled.get() + u32::from(rule.is_compiled()));
        if compiled.get() > COMPILED_MAX {
            return Some(format!("is beyond the {COMPILED_MAX} expressions and schemas that a case may have"));
        }
        let why = rule.refusal(given).map(|why| format!("`{}` {why}", rule.name()));
        return why.or_else(|| rule.holds_patterns().then(|| refusal_within(given, compiled, depth + 1)).flatten());
    }
    match pattern {
        Value::Array(items) => items.iter().find_map(|item| refusal_within(item, compiled, depth + 1)),
        Value::Object(members) => members.values().find_map(|member| refusal_within(member, compiled, depth + 1)),
        _ => None,
    }
}

/// A value short enough to stand in a sentence.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    let head: String = text.chars().take(120).collect();
    if head.len() < text.len() { format!("{head}…") } else { head }
}

/// The argument, where a rule cannot do without one.
fn present<'a>(actual: Option<&'a Value>, expected: &str) -> Result<&'a Value, String> {
    actual.ok_or_else(|| format!("is missing, expected {expected}"))
}

#[cfg(test)]
#[path = "rules/rules_tests.rs"]
mod tests;
