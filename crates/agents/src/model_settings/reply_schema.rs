//! Structured replies: one JSON value that fits a schema. The model is asked for it in words, and by the API where it can;
//! what comes is checked all the same.

use serde_json::Value;
use tools::Schema;

/// Longest schema, as JSON text.
const SCHEMA_BYTES_MAX: usize = 32 * 1024;

/// What every reply of an agent must fit.
#[derive(Clone, Debug)]
pub struct ReplySchema {
    json: Value,
    schema: Schema,
}

impl ReplySchema {
    /// From its JSON.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(json: Value) -> Result<Self, String> {
        if !json.is_object() {
            return Err("is no JSON Schema, expected an object such as {\"type\": \"object\"}".into());
        }
        if json.to_string().len() > SCHEMA_BYTES_MAX {
            return Err(format!("is longer than {SCHEMA_BYTES_MAX} bytes"));
        }
        Ok(Self { schema: Schema::strict(json.clone())?, json })
    }

    /// The schema, for APIs that take it.
    pub const fn json(&self) -> &Value {
        &self.json
    }

    /// What the model is told.
    pub fn instruction(&self) -> String {
        format!(
            "Your final reply must be one JSON value, without any text around it, that fits this JSON Schema:\n{}",
            self.json
        )
    }

    /// What is wrong with a reply, as the model is told.
    ///
    /// # Errors
    /// That sentence.
    pub fn check(&self, reply: &str) -> Result<(), String> {
        let value = serde_json::from_str(unfenced(reply)).map_err(|error| format!("it is not JSON ({error})"))?;
        self.schema.check(&value)
    }
}

/// The text inside a code fence, which models like to put around JSON.
fn unfenced(reply: &str) -> &str {
    let text = reply.trim();
    let inner = text.strip_prefix("```json").or_else(|| text.strip_prefix("```")).and_then(|t| t.strip_suffix("```"));
    inner.unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_reply_is_one_json_value_that_fits_with_or_without_a_fence() {
        let schema =
            json!({ "type": "object", "required": ["answer"], "properties": { "answer": { "type": "number" } } });
        let schema = ReplySchema::read(schema).unwrap();
        assert_eq!(schema.check(r#"{"answer": 345}"#), Ok(()));
        assert_eq!(schema.check("```json\n{\"answer\": 345}\n```"), Ok(()));
        assert_eq!(schema.check(r#"{"answer": "345"}"#).unwrap_err(), "`answer` is a string, expected a number");
        assert!(schema.check("It is 345.").unwrap_err().starts_with("it is not JSON"));
    }

    #[test]
    fn a_schema_that_cannot_be_checked_is_refused() {
        assert!(ReplySchema::read(json!([])).unwrap_err().contains("no JSON Schema"));
        assert!(ReplySchema::read(json!({ "contains": {} })).unwrap_err().contains("`contains`"));
        assert!(ReplySchema::read(json!({ "enum": ["x".repeat(40_000)] })).unwrap_err().contains("longer"));
    }
}
