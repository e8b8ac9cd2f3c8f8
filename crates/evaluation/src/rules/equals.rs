//! `{"@equals": value}`: the value itself, in which no rule is read.

use super::{Around, Rule, present, same, shown};
use serde_json::Value;

/// A value as it stands, compared as people mean it.
pub struct Equals;

impl Rule for Equals {
    fn name(&self) -> &'static str {
        "equals"
    }

    fn label(&self) -> &'static str {
        "is this value, no rule read in it"
    }

    fn example(&self) -> &'static str {
        "{\"@any\": 1}"
    }

    fn refusal(&self, _given: &Value) -> Option<String> {
        None
    }

    fn check(&self, given: &Value, actual: Option<&Value>, _around: &Around) -> Result<(), String> {
        let actual = present(actual, &shown(given))?;
        if same(given, actual) { Ok(()) } else { Err(format!("is {}, expected {}", shown(actual), shown(given))) }
    }
}
