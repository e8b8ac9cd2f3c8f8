//! `{"@regex": "^[A-Z]{3}$"}`: a text in which the expression is found. Its time grows with the text's length only.

use super::{Around, Rule, present, shown};
use crate::expressions;
use serde_json::Value;

/// A text that an expression finds something in.
pub struct Matches;

impl Rule for Matches {
    fn name(&self) -> &'static str {
        "regex"
    }

    fn label(&self) -> &'static str {
        "is a text that matches"
    }

    fn example(&self) -> &'static str {
        "^[A-Z]{3}$"
    }

    fn refusal(&self, given: &Value) -> Option<String> {
        given.as_str().map_or_else(|| Some("is no text".into()), |text| expressions::compiled(text).err())
    }

    fn is_compiled(&self) -> bool {
        true
    }

    fn check(&self, given: &Value, actual: Option<&Value>, _around: &Around) -> Result<(), String> {
        let expression = expressions::compiled(given.as_str().ok_or("cannot be checked: `regex` is no text")?)
            .map_err(|why| format!("cannot be checked: `regex` {why}"))?;
        let actual = present(actual, "a text")?;
        match actual.as_str() {
            Some(text) if expression.is_match(text) => Ok(()),
            _ => Err(format!("is {}, expected a text like {}", shown(actual), shown(given))),
        }
    }
}
