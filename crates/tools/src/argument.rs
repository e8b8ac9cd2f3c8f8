//! Reading arguments: each refusal names the argument, the value, and what would be right.

use crate::{Arguments, ToolError, schema::kind_of};
use serde_json::Value;

/// A required text, trimmed: 1 to `chars_max` characters.
///
/// # Errors
/// Missing, of another type, empty or too long.
pub fn text<'a>(arguments: &'a Arguments, name: &str, chars_max: usize) -> Result<&'a str, ToolError> {
    let refused = |what: String| Err(ToolError::Arguments(format!("`{name}` {what}")));
    let text = match arguments.get(name) {
        Some(Value::String(text)) => text.trim(),
        Some(other) => return refused(format!("is {}, expected a string", kind_of(other))),
        None => return refused("is missing, expected a string".into()),
    };
    if text.is_empty() {
        return refused(format!("is empty, expected 1 to {chars_max} characters"));
    }
    let chars = text.chars().count();
    if chars > chars_max {
        return refused(format!("has {chars} characters, expected at most {chars_max}"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(arguments: Value, expected: Result<&str, &str>) {
        let arguments = arguments.as_object().unwrap().clone();
        let got = text(&arguments, "location", 5).map_err(|error| error.to_string());
        assert_eq!(got, expected.map_err(str::to_owned));
    }

    #[test]
    fn a_refusal_names_the_argument_and_what_would_be_right() {
        check(json!({ "location": " Oslo " }), Ok("Oslo"));
        check(json!({ "location": "London" }), Err("`location` has 6 characters, expected at most 5"));
        check(json!({ "location": "  " }), Err("`location` is empty, expected 1 to 5 characters"));
        check(json!({ "location": 7 }), Err("`location` is a number, expected a string"));
        check(json!({}), Err("`location` is missing, expected a string"));
    }
}
