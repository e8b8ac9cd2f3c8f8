//! Comparison as BFCL's checker for Python does it, quirks included: types are exact (only a whole number for a float is
//! taken for one), texts compare without blanks and `,./-_*^`, parallel calls are matched greedily.

use super::{Call, Case, Function, PossibleCall};
use serde_json::{Map, Number, Value};

/// Types as that checker tells them apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Null,
    Boolean,
    Integer,
    Float,
    Text,
    List,
    Dict,
}

impl Kind {
    fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(number) if number.is_f64() => Self::Float,
            Value::Number(_) => Self::Integer,
            Value::String(_) => Self::Text,
            Value::Array(_) => Self::List,
            Value::Object(_) => Self::Dict,
        }
    }

    /// What a parameter asks for; `any` is taken for text.
    fn asked(schema: &Value) -> Option<Self> {
        Some(match schema.get("type")?.as_str()? {
            "boolean" => Self::Boolean,
            "integer" => Self::Integer,
            "float" | "number" => Self::Float,
            "string" | "any" => Self::Text,
            "array" | "tuple" => Self::List,
            "dict" | "object" => Self::Dict,
            _ => Self::Null,
        })
    }
}

/// As many calls as expected were made: are they right?
///
/// Each expected call takes the first call left over that it fits, and never gives it back.
pub fn matches(case: &Case, calls: &[Call]) -> Result<String, String> {
    let mut left: Vec<&Call> = calls.iter().collect();
    for expected in &case.expected {
        let function = case.functions.iter().find(|function| function.name == expected.name);
        let function = function.ok_or_else(|| format!("`{}` is no function of the case", expected.name))?;
        let mut first_reason = None;
        let found = left.iter().position(|call| match call_is_right(function, expected, call) {
            Ok(()) => true,
            Err(reason) => {
                first_reason.get_or_insert(reason);
                false
            }
        });
        match found {
            Some(place) => drop(left.remove(place)),
            None => return Err(first_reason.unwrap_or_else(|| format!("no call of `{}` is left", expected.name))),
        }
    }
    Ok(format!("{} of {} calls as expected", calls.len(), case.expected.len()))
}

fn call_is_right(function: &Function, expected: &PossibleCall, call: &Call) -> Result<(), String> {
    if function.name != call.name {
        return Err(format!("`{}` was called, expected `{}`", call.name, function.name));
    }
    let empty = Map::new();
    let given = call.arguments.as_ref().unwrap_or(&empty);
    if let Some(missing) = function.required().find(|name| !given.contains_key(*name)) {
        return Err(format!("the required argument `{missing}` is missing"));
    }
    for (name, value) in given {
        let (schema, alternatives) = (function.parameter(name), expected.arguments.get(name).and_then(Value::as_array));
        let (Some(schema), Some(alternatives)) = (schema, alternatives) else {
            return Err(format!("the argument `{name}` is not expected"));
        };
        argument_is_right(schema, alternatives, value).map_err(|why| format!("`{name}` {why}"))?;
    }
    let needed = |alternatives: &[Value]| !alternatives.iter().any(is_omission);
    match expected.alternatives().find(|(name, alternatives)| !given.contains_key(*name) && needed(alternatives)) {
        Some((name, _)) => Err(format!("the argument `{name}` is missing and may not be left out")),
        None => Ok(()),
    }
}

/// `""` among the alternatives stands for leaving it out.
fn is_omission(alternative: &Value) -> bool {
    alternative.as_str() == Some("")
}

fn argument_is_right(schema: &Value, alternatives: &[Value], value: &Value) -> Result<(), String> {
    let asked = Kind::asked(schema).ok_or("has no type in the function's description")?;
    let items = schema.get("items").filter(|_| asked == Kind::List).and_then(Kind::asked);
    // A whole number is taken for a float; within lists it is not.
    let widened = (asked == Kind::Float && Kind::of(value) == Kind::Integer).then(|| value.as_f64().map(Value::from));
    let value = widened.as_ref().and_then(Option::as_ref).unwrap_or(value);
    let other_type = type_is_right(value, alternatives, asked, items)?;
    let right = match (asked, value) {
        _ if other_type => alternatives.iter().any(|alternative| equal(alternative, value)),
        (Kind::Dict, Value::Object(given)) => alternatives.iter().any(|alternative| dict_is_right(alternative, given)),
        (Kind::List, Value::Array(given)) if items == Some(Kind::Dict) => {
            alternatives.iter().any(|alternative| dicts_are_right(alternative, given))
        }
        (Kind::Text, Value::String(given)) => {
            let given = standard(given);
            alternatives.iter().any(|alternative| alternative.as_str().is_some_and(|text| standard(text) == given))
        }
        (Kind::List, Value::Array(given)) => {
            let given: Vec<Value> = given.iter().map(standardised).collect();
            alternatives.iter().any(|alternative| same_list(&listed(alternative), &given))
        }
        _ => alternatives.iter().any(|alternative| equal(alternative, value)),
    };
    if right { Ok(()) } else { Err(format!("is {value}, expected one of {}", Value::from(alternatives))) }
}

/// Whether the value's type is the one asked for; `true` when the alternatives are of another type, which then counts:
/// they name a variable, and values compare as they are.
fn type_is_right(value: &Value, alternatives: &[Value], asked: Kind, items: Option<Kind>) -> Result<bool, String> {
    let of_alternatives = alternatives.iter().find(|alternative| !is_omission(alternative)).map(Kind::of);
    if Kind::of(value) == asked {
        let other = of_alternatives.is_some_and(|kind| kind != asked);
        return match (items, value) {
            (Some(items), Value::Array(given)) if !items_fit(given, alternatives, items) => {
                Err("has an item of another type than asked for".into())
            }
            _ => Ok(other),
        };
    }
    if of_alternatives == Some(Kind::of(value)) {
        return Ok(true);
    }
    Err(format!("is {value}, of another type than asked for ({asked:?})"))
}

fn items_fit(given: &[Value], alternatives: &[Value], items: Kind) -> bool {
    alternatives.iter().any(|alternative| match alternative {
        Value::Array(alternative) => given.iter().all(|item| type_is_right(item, alternative, items, None).is_ok()),
        _ => true,
    })
}

/// A list of objects, each against the one in its place.
fn dicts_are_right(alternative: &Value, given: &[Value]) -> bool {
    match alternative {
        Value::Array(alternative) => {
            alternative.len() == given.len()
                && alternative.iter().zip(given).all(|(alternative, given)| {
                    given.as_object().is_some_and(|given| dict_is_right(alternative, given))
                })
        }
        // To that checker the mark of what may be left out is a list of nothing.
        other => is_omission(other) && given.is_empty(),
    }
}

/// An object whose members have alternatives each; deeper objects compare as they are.
fn dict_is_right(alternative: &Value, given: &Map<String, Value>) -> bool {
    let Value::Object(alternative) = alternative else { return false };
    let member_is_right = |name: &str, value: &Value| {
        let listed = alternative.get(name).and_then(Value::as_array);
        listed.is_some_and(|listed| listed.iter().any(|one| equal(&standardised(one), &standardised(value))))
    };
    let may_be_left_out = |listed: &Value| listed.as_array().is_some_and(|listed| listed.iter().any(is_omission));
    given.iter().all(|(name, value)| member_is_right(name, value))
        && alternative.iter().all(|(name, listed)| given.contains_key(name) || may_be_left_out(listed))
}

/// What an alternative is when it is gone through as a list: a text is one of characters.
fn listed(alternative: &Value) -> Option<Vec<Value>> {
    match alternative {
        Value::Array(items) => Some(items.iter().map(standardised).collect()),
        Value::String(text) => Some(text.chars().map(|c| Value::from(standard(&c.to_string()))).collect()),
        _ => None,
    }
}

fn same_list(alternative: &Option<Vec<Value>>, given: &[Value]) -> bool {
    alternative
        .as_ref()
        .is_some_and(|items| items.len() == given.len() && items.iter().zip(given).all(|(a, b)| equal(a, b)))
}

fn standardised(value: &Value) -> Value {
    value.as_str().map_or_else(|| value.clone(), |text| Value::from(standard(text)))
}

/// Without blanks and `,./-_*^`, in lower case, and one kind of quotation mark.
fn standard(text: &str) -> String {
    let kept: String = text.chars().filter(|c| !" ,./-_*^".contains(*c)).collect();
    kept.to_lowercase().replace('\'', "\"")
}

/// Equality of values in Python: `1 == 1.0 == True`.
fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| equal(a, b)))
        }
        (Value::Number(a), Value::Number(b)) => same_number(a, b),
        (Value::Bool(flag), Value::Number(number)) | (Value::Number(number), Value::Bool(flag)) => {
            same_number(&Number::from(u8::from(*flag)), number)
        }
        _ => a == b,
    }
}

fn same_number(a: &Number, b: &Number) -> bool {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => a == b,
        _ => a.as_f64() == b.as_f64(),
    }
}
