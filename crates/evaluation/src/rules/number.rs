//! `{"@number": {"value": 3, "abs": 0.1, "rel": 0.01}}`: a number within tolerance, `|x − v| ≤ max(abs, rel·|v|)`.

use super::{Around, Rule, present, shown};
use serde_json::Value;

/// A number near another.
pub struct WithinTolerance;

fn read(given: &Value) -> Option<(f64, f64)> {
    let given = given.as_object()?;
    if given.keys().any(|key| !["value", "abs", "rel"].contains(&key.as_str())) {
        return None;
    }
    let tolerance = |name: &str| match given.get(name) {
        None => Some(0.0),
        Some(value) => value.as_f64().filter(|tolerance| *tolerance >= 0.0),
    };
    let value = given.get("value")?.as_f64()?;
    Some((value, tolerance("abs")?.max(tolerance("rel")? * value.abs())))
}

impl Rule for WithinTolerance {
    fn name(&self) -> &'static str {
        "number"
    }

    fn label(&self) -> &'static str {
        "is a number within a tolerance"
    }

    fn example(&self) -> &'static str {
        "{\"value\": 3.5, \"abs\": 0.1}"
    }

    fn refusal(&self, given: &Value) -> Option<String> {
        read(given)
            .is_none()
            .then(|| "is written `{\"value\": 3, \"abs\": 0.1, \"rel\": 0}`, tolerances not below 0".into())
    }

    fn check(&self, given: &Value, actual: Option<&Value>, _around: &Around) -> Result<(), String> {
        let (value, tolerance) = read(given).ok_or("cannot be checked: `number` is written in another way")?;
        let actual = present(actual, "a number")?;
        match actual.as_f64() {
            Some(x) if (x - value).abs() <= tolerance => Ok(()),
            _ => Err(format!("is {}, expected {value} within {tolerance}", shown(actual))),
        }
    }
}
