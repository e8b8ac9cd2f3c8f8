//! `{"@range": {"min": 1, "max": 10}}`: a number between both, themselves included; either may be left out.

use super::{Around, Rule, present, shown};
use serde_json::Value;

/// A number between two.
pub struct Range;

fn read(given: &Value) -> Option<(f64, f64)> {
    let given = given.as_object().filter(|given| !given.is_empty())?;
    if given.keys().any(|key| !["min", "max"].contains(&key.as_str())) {
        return None;
    }
    let bound = |name: &str, open: f64| given.get(name).map_or(Some(open), Value::as_f64);
    let (min, max) = (bound("min", f64::NEG_INFINITY)?, bound("max", f64::INFINITY)?);
    (min <= max).then_some((min, max))
}

impl Rule for Range {
    fn name(&self) -> &'static str {
        "range"
    }

    fn label(&self) -> &'static str {
        "is a number between"
    }

    fn example(&self) -> &'static str {
        "{\"min\": 1, \"max\": 10}"
    }

    fn refusal(&self, given: &Value) -> Option<String> {
        read(given).is_none().then(|| "is written `{\"min\": 1, \"max\": 10}`, the least first".into())
    }

    fn check(&self, given: &Value, actual: Option<&Value>, _around: &Around) -> Result<(), String> {
        let (min, max) = read(given).ok_or("cannot be checked: `range` is written in another way")?;
        let actual = present(actual, "a number")?;
        match actual.as_f64() {
            Some(x) if (min..=max).contains(&x) => Ok(()),
            _ => Err(format!("is {}, expected a number from {min} to {max}", shown(actual))),
        }
    }
}
