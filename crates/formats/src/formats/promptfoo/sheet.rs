//! promptfoo's tests as a table: a column for each variable, `__expected` for what is asserted. The prompts are in another
//! file, so the question is a variable: the only one, or the one that is called so.

use super::{Expected, ask, expect};
use crate::formats::{Each, Format, Raw, table};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use types::{Error, FieldError};

/// What a variable with the question is called, where there are several.
const QUESTIONS: [&str; 8] = ["question", "prompt", "query", "user_input", "input", "message", "request", "text"];

/// promptfoo's tests as CSV.
pub struct PromptfooCsv;

impl Format for PromptfooCsv {
    fn name(&self) -> &'static str {
        "promptfoo_csv"
    }

    fn recognises(&self, text: &str) -> bool {
        let header = text.lines().next().unwrap_or_default();
        header.split(',').any(|name| is_assertion(name.trim().trim_matches('"')))
    }

    fn rows(&self, text: &str, each: Each<'_>) -> Result<(), Error> {
        let row = &mut |raw: Raw| {
            let test = |fields| case(fields).map_err(|why| FieldError::new("", why));
            each(Raw { line: raw.line, fields: raw.fields.and_then(test) })
        };
        table::CSV.rows(text, row)
    }

    fn corrections(&self, text: &str, wrong: &BTreeMap<u32, String>) -> Result<String, Error> {
        table::CSV.corrections(text, wrong)
    }
}

/// `__expected`, `__expected1`, …
fn is_assertion(name: &str) -> bool {
    name.strip_prefix("__expected").is_some_and(|number| number.chars().all(|digit| digit.is_ascii_digit()))
}

fn case(row: Map<String, Value>) -> Result<Map<String, Value>, String> {
    let (settings, vars): (Map<_, _>, Map<_, _>) = row.into_iter().partition(|(name, _)| name.starts_with("__"));
    let setting = |name: &str| settings.get(name).and_then(Value::as_str);
    let unread = |name: &&String| name.starts_with("__config") || *name == "__threshold";
    if let Some(name) = settings.keys().find(unread) {
        return Err(format!("`{name}` is not read: a case passes when all that is required holds; leave it out"));
    }
    let mut expected = Expected::default();
    for (_, cell) in settings.iter().filter(|(name, _)| is_assertion(name)) {
        expected.add(&assertion(cell.as_str().unwrap_or_default())?, &vars)?;
    }
    let mut case = Map::new();
    let around = |name| setting(name).unwrap_or_default();
    ask(&format!("{}{}{}", around("__prefix"), question(&vars)?, around("__suffix")), &mut case)?;
    if let Some(description) = setting("__description") {
        case.insert("name".into(), description.chars().take(200).collect::<String>().into());
    }
    expect(&mut case, expected.answer(), expected.tools);
    Ok(case)
}

fn question(vars: &Map<String, Value>) -> Result<&str, String> {
    let only = || vars.values().next().filter(|_| vars.len() == 1);
    let found = QUESTIONS.iter().find_map(|name| vars.get(*name)).or_else(only).and_then(Value::as_str);
    found.ok_or_else(|| {
        "no column is the question: the prompts are in another file; name the column `question`, or import the configuration"
            .into()
    })
}

/// `contains: Paris`, `similar(0.8): hello`, `not-regex: ^No`; anything else is what the output must be.
fn assertion(cell: &str) -> Result<Value, String> {
    let cell = cell.trim();
    if let Some(program) =
        ["javascript:", "fn:", "eval:", "python:", "file://"].iter().find(|it| cell.starts_with(**it))
    {
        return Err(format!("`{program}` is a program or a file, and none is run or opened; assert the reply itself"));
    }
    let (kind, value) = match cell.split_once(':') {
        Some((kind, value)) if is_kind(kind) => (kind, value.trim()),
        None if matches!(cell, "is-json" | "not-is-json") => (cell, ""),
        _ => ("equals", cell),
    };
    let (kind, threshold) = match kind.split_once('(') {
        Some((kind, threshold)) => (kind, threshold.trim_end_matches(')').parse::<f64>().ok()),
        None => (kind, None),
    };
    let mut made = json!({ "type": if kind == "grade" { "llm-rubric" } else { kind } });
    if let Some(fields) = made.as_object_mut() {
        // `is-json` has a schema or nothing.
        let read = if kind.ends_with("is-json") { serde_json::from_str(value).ok() } else { Some(Value::from(value)) };
        fields.extend(read.map(|value| ("value".to_owned(), value)));
        fields.extend(threshold.map(|threshold| ("threshold".to_owned(), threshold.into())));
    }
    Ok(made)
}

/// Whether this may be the kind of an assertion: small letters and hyphens, perhaps a number in brackets.
fn is_kind(text: &str) -> bool {
    const KINDS: [&str; 20] = [
        "answer-relevance",
        "contains",
        "contains-all",
        "contains-any",
        "contains-json",
        "cost",
        "equals",
        "factuality",
        "grade",
        "icontains",
        "icontains-all",
        "icontains-any",
        "is-json",
        "latency",
        "levenshtein",
        "llm-rubric",
        "regex",
        "similar",
        "starts-with",
        "tool-call-f1",
    ];
    let name = text.split_once('(').map_or(text, |(name, _)| name);
    KINDS.contains(&name.strip_prefix("not-").unwrap_or(name))
}
