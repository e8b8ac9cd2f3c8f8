//! `{"one_of": [pattern, …]}`: as any of them says.

use super::{Around, Rule, check, shown};
use serde_json::Value;

/// Alternatives.
pub struct OneOf;

impl Rule for OneOf {
    fn name(&self) -> &'static str {
        "one_of"
    }

    fn label(&self) -> &'static str {
        "is one of"
    }

    fn example(&self) -> &'static str {
        "[\"Oslo\", \"Oslo, Norway\"]"
    }

    fn refusal(&self, given: &Value) -> Option<String> {
        let some = given.as_array().is_some_and(|choices| !choices.is_empty());
        (!some).then(|| "lists no alternative, so no call could match".into())
    }

    fn holds_patterns(&self) -> bool {
        true
    }

    fn check(&self, given: &Value, actual: Option<&Value>, around: &Around) -> Result<(), String> {
        let choices = given.as_array().ok_or("cannot be checked: `one_of` is no list")?;
        if choices.iter().any(|choice| check(choice, actual, around).is_ok()) {
            return Ok(());
        }
        match actual {
            Some(actual) => Err(format!("is {}, expected one of {}", shown(actual), shown(given))),
            None => Err(format!("is missing, expected one of {}", shown(given))),
        }
    }
}
