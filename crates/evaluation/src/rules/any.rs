//! `{"@any": true}`: whatever it is, it is there.

use super::{Around, Rule, present};
use serde_json::Value;

/// Any value.
pub struct Any;

impl Rule for Any {
    fn name(&self) -> &'static str {
        "any"
    }

    fn label(&self) -> &'static str {
        "any value"
    }

    fn example(&self) -> &'static str {
        "true"
    }

    fn refusal(&self, given: &Value) -> Option<String> {
        (given != &Value::Bool(true)).then(|| "is written `{\"@any\": true}`".into())
    }

    fn check(&self, _given: &Value, actual: Option<&Value>, _around: &Around) -> Result<(), String> {
        present(actual, "any value").map(|_| ())
    }
}
