//! Comparison by our own rules: possible answers become expected calls, and a maximum matching pairs them with the calls.

use super::{Call, Case};
use crate::calls::{self, matching, reason};
use formats::bfcl::expected_call;
use serde_json::Value;
use types::{CallRecord, ExpectedCall};

/// As many calls as expected were made: are they right?
pub fn matches(case: &Case, calls: &[Call]) -> Result<String, String> {
    let expected: Vec<ExpectedCall> = case.expected.iter().map(|call| expected_call(case, call)).collect();
    let made: Vec<CallRecord> = calls.iter().map(record).collect();
    let found = matching::maximum(&expected, &made, |expected, call| why_not(case, expected, call).is_none());
    let Some(missed) = expected.iter().zip(&found).find(|(_, found)| found.is_none()).map(|(missed, _)| missed) else {
        return Ok(reason(&expected, &made, &found));
    };
    let left = || made.iter().enumerate().filter(|(place, _)| !found.contains(&Some(*place))).map(|(_, call)| call);
    let nearest = left().find(|call| call.tool_name == missed.name).or_else(|| left().next());
    let why = nearest.and_then(|call| why_not(case, missed, call));
    Err(why.unwrap_or_else(|| reason(&expected, &made, &found)))
}

/// Why `call` is not the expected one; `None` = it is.
fn why_not(case: &Case, expected: &ExpectedCall, call: &CallRecord) -> Option<String> {
    let function = case.functions.iter().find(|function| function.name == expected.name);
    let asked = |name: &str| function.and_then(|function| function.parameter(name));
    let broken = || {
        let mut given = call.arguments.iter().flatten();
        given.find(|(name, value)| asked(name).is_some_and(|asked| !is_whole(asked, value)))
    };
    calls::why_not(expected, call, &[])
        .or_else(|| broken().map(|(name, value)| format!("`{name}` is {value}, a whole number is asked for")))
}

/// Whole numbers are written as such where they are asked for: as deep as the description, which is bounded.
fn is_whole(asked: &Value, value: &Value) -> bool {
    match value {
        Value::Number(number) => asked.get("type").and_then(Value::as_str) != Some("integer") || !number.is_f64(),
        Value::Array(items) => asked.get("items").is_none_or(|asked| items.iter().all(|item| is_whole(asked, item))),
        Value::Object(members) => asked.get("properties").is_none_or(|asked| {
            members.iter().all(|(name, value)| asked.get(name).is_none_or(|asked| is_whole(asked, value)))
        }),
        _ => true,
    }
}

fn record(call: &Call) -> CallRecord {
    CallRecord {
        tool_name: call.name.clone(),
        arguments: call.arguments.clone(),
        result: String::new(),
        is_error: false,
        duration_ms: 0,
    }
}
