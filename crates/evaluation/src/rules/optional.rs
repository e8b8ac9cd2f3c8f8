//! `{"@optional": pattern}`: left out, or as the pattern says.

use super::{Around, Rule, check};
use serde_json::Value;

/// What may be left out.
pub struct Optional;

impl Rule for Optional {
    fn name(&self) -> &'static str {
        "optional"
    }

    fn label(&self) -> &'static str {
        "is left out, or is"
    }

    fn example(&self) -> &'static str {
        "\"celsius\""
    }

    fn refusal(&self, _given: &Value) -> Option<String> {
        None
    }

    fn holds_patterns(&self) -> bool {
        true
    }

    fn check(&self, given: &Value, actual: Option<&Value>, around: &Around) -> Result<(), String> {
        actual.map_or(Ok(()), |actual| check(given, Some(actual), around))
    }
}
