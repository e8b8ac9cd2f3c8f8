//! What promptfoo asserts of an output, as checks of an answer and expected tools.

use super::filled;
use serde_json::{Map, Value, json};

/// Deepest set of assertions within sets.
const DEPTH_MAX: usize = 4;
/// What `similar` asks for where it does not say.
const SIMILAR_ENOUGH: f64 = 0.75;

/// What the assertions of a test come to.
#[derive(Default)]
pub struct Expected {
    /// Checks of the answer.
    pub checks: Vec<Value>,
    /// Names of the tools to call.
    pub tools: Option<Vec<String>>,
}

impl Expected {
    /// The checks as one.
    pub fn answer(&mut self) -> Option<Value> {
        match self.checks.len() {
            0 | 1 => self.checks.pop(),
            _ => Some(json!({ "all": self.checks })),
        }
    }

    /// Adds an assertion, with the variables of its test filled in.
    ///
    /// # Errors
    /// What cannot be asserted here, and what to do.
    pub fn add(&mut self, assertion: &Value, vars: &Map<String, Value>) -> Result<(), String> {
        let fields = assertion.as_object().ok_or("an assertion is no object")?;
        let kind = fields.get("type").and_then(Value::as_str).ok_or("an assertion has no `type`")?;
        if kind == "tool-call-f1" {
            let names = texts(kind, fields, vars)?;
            let all = fields.get("threshold").and_then(Value::as_f64).is_none_or(|threshold| threshold >= 1.0);
            if !all || self.tools.is_some() {
                return Err("`tool-call-f1` is read once a test, without a threshold below 1".into());
            }
            self.tools = Some(names);
            return Ok(());
        }
        self.checks.push(check(fields, kind, vars, 0)?);
        Ok(())
    }
}

fn check(fields: &Map<String, Value>, kind: &str, vars: &Map<String, Value>, depth: usize) -> Result<Value, String> {
    if let Some(unread) = ["transform", "contextTransform"].into_iter().find(|name| fields.contains_key(*name)) {
        return Err(format!("`{unread}` of an assertion is a program, and none is run; assert the reply itself"));
    }
    let (plain, negated) = kind.strip_prefix("not-").map_or((kind, false), |plain| (plain, true));
    let made = if plain == "assert-set" { set(fields, vars, depth)? } else { leaf(plain, fields, vars)? };
    let made = if negated { json!({ "not": made }) } else { made };
    weighed(made, fields.get("weight"))
}

/// A weight of 0 means that the test passes without it.
fn weighed(mut made: Value, weight: Option<&Value>) -> Result<Value, String> {
    let Some(weight) = weight else { return Ok(made) };
    let weight = weight.as_f64().filter(|weight| *weight >= 0.0).ok_or("a `weight` is no number of at least 0")?;
    if let Some(fields) = made.as_object_mut() {
        if weight > 0.0 {
            fields.insert("weight".into(), weight.into());
        } else {
            fields.insert("required".into(), false.into());
        }
    }
    Ok(made)
}

fn set(fields: &Map<String, Value>, vars: &Map<String, Value>, depth: usize) -> Result<Value, String> {
    if depth >= DEPTH_MAX {
        return Err(format!("sets of assertions are nested deeper than {DEPTH_MAX}"));
    }
    if fields.contains_key("threshold") {
        return Err("an `assert-set` with a `threshold` is not read; assert all that must hold".into());
    }
    let parts = fields.get("assert").and_then(Value::as_array).filter(|parts| !parts.is_empty());
    let parts = parts.ok_or("an `assert-set` has no list of assertions")?.iter().map(|part| {
        let fields = part.as_object().ok_or("an assertion is no object")?;
        let kind = fields.get("type").and_then(Value::as_str).ok_or("an assertion has no `type`")?;
        check(fields, kind, vars, depth + 1)
    });
    Ok(json!({ "all": parts.collect::<Result<Vec<_>, String>>()? }))
}

/// promptfoo tells upper from lower case unless a name begins with `i`; our `contains` does not, regular expressions do.
fn leaf(kind: &str, fields: &Map<String, Value>, vars: &Map<String, Value>) -> Result<Value, String> {
    let one = || text(kind, fields, vars);
    let regex = |expression: String| json!({ "check": "regex", "expected": expression });
    let any = |parts: Vec<Value>| json!({ "any": parts });
    let all = |parts: Vec<Value>| json!({ "all": parts });
    let exactly = |parts: Vec<String>| parts.iter().map(|part| regex(escaped(part))).collect::<Vec<_>>();
    Ok(match kind {
        "equals" => match fields.get("value") {
            Some(value @ (Value::Object(_) | Value::Array(_))) => json!({ "check": "json_equals", "expected": value }),
            _ => regex(format!("^\\s*{}\\s*$", escaped(&one()?))),
        },
        "contains" => regex(escaped(&one()?)),
        "icontains" => json!({ "check": "contains", "expected": one()? }),
        "contains-any" => any(exactly(texts(kind, fields, vars)?)),
        "contains-all" => all(exactly(texts(kind, fields, vars)?)),
        "icontains-any" => json!({ "check": "contains", "expected": texts(kind, fields, vars)?, "of": "any" }),
        "icontains-all" => json!({ "check": "contains", "expected": texts(kind, fields, vars)? }),
        "starts-with" => regex(format!("^\\s*{}", escaped(&one()?))),
        "regex" => regex(one()?),
        "llm-rubric" => match fields.get("threshold") {
            Some(threshold) => json!({ "check": "llm_judge", "expected": one()?, "threshold": threshold }),
            None => json!({ "check": "llm_judge", "expected": one()? }),
        },
        "similar" => {
            let threshold = fields.get("threshold").cloned().unwrap_or_else(|| SIMILAR_ENOUGH.into());
            json!({ "check": "semantic", "expected": one()?, "threshold": threshold })
        }
        "is-json" => {
            let schema = fields.get("value").cloned().unwrap_or_else(|| json!({}));
            if !schema.is_object() {
                return Err("the schema of `is-json` is no object; files are not read".into());
            }
            json!({ "check": "json_schema", "expected": schema })
        }
        other => return Err(refusal(other)),
    })
}

fn refusal(kind: &str) -> String {
    match kind {
        "javascript" | "python" | "ruby" | "webhook" => {
            format!("`{kind}` runs a program, and none is run here; assert the reply with contains, regex or is-json")
        }
        "factuality" | "answer-relevance" | "g-eval" | "model-graded-closedqa" => {
            format!("`{kind}` is not read; say in words what is asked for, with llm-rubric")
        }
        "latency" | "cost" => format!("`{kind}` is told of every run and is no check of a case; leave it out"),
        other => format!("`{other}` is an assertion that is not read; leave it out, or say it with contains or regex"),
    }
}

fn text(kind: &str, fields: &Map<String, Value>, vars: &Map<String, Value>) -> Result<String, String> {
    let value = fields.get("value").ok_or_else(|| format!("`{kind}` has no `value`"))?;
    match value {
        Value::String(text) => filled(text, vars),
        Value::Number(_) | Value::Bool(_) => Ok(value.to_string()),
        _ => Err(format!("the `value` of `{kind}` is no text")),
    }
}

/// A list, or a text with commas between.
fn texts(kind: &str, fields: &Map<String, Value>, vars: &Map<String, Value>) -> Result<Vec<String>, String> {
    let refused = || format!("the `value` of `{kind}` is no list of texts");
    match fields.get("value") {
        Some(Value::Array(parts)) if !parts.is_empty() => {
            parts.iter().map(|part| filled(part.as_str().ok_or_else(refused)?, vars)).collect()
        }
        Some(Value::String(text)) => text.split(',').map(|part| filled(part.trim(), vars)).collect(),
        _ => Err(refused()),
    }
}

/// The text as a regular expression that means itself.
fn escaped(text: &str) -> String {
    let mut expression = String::with_capacity(text.len());
    for character in text.trim().chars() {
        if r"\.+*?()|[]{}^$#&-~".contains(character) {
            expression.push('\\');
        }
        expression.push(character);
    }
    expression
}
