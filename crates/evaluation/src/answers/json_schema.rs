//! `json_schema`: the reply is JSON that fits a schema.

use super::{AnswerCheck, Judgement, Wanted, json_equals::json_of, quoted};
use tools::Schema;
use types::ExtensionSpec;

/// The whole reply, or what it fences in as code.
pub struct JsonSchema;

fn schema(wanted: &Wanted) -> Result<Schema, String> {
    Schema::strict(wanted.as_json().ok_or("is no JSON")?)
}

impl AnswerCheck for JsonSchema {
    fn spec(&self) -> ExtensionSpec {
        ExtensionSpec {
            name: "json_schema".into(),
            label: "Fits a JSON Schema".into(),
            description: "The reply, or the one block of code in it, is JSON that fits the expected schema.".into(),
            parameters: Vec::new(),
        }
    }

    fn refusal(&self, wanted: &Wanted) -> Option<String> {
        if wanted.expected.is_null() {
            return None;
        }
        schema(wanted).err().map(|why| format!("`json_schema` cannot use the schema: it {why}"))
    }

    fn judge(&self, wanted: &Wanted, reply: &str) -> Judgement {
        let checked = schema(wanted).and_then(|schema| {
            let given = json_of(reply).ok_or_else(|| format!("the reply {} is no JSON", quoted(reply)))?;
            schema.check(&given)
        });
        Judgement::of(checked.is_ok(), checked.err().unwrap_or_else(|| "the reply fits the schema".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_fit_or_it_is_said_where_they_do_not() {
        let wanted =
            Wanted::text(r#"{"type": "object", "required": ["city"], "properties": {"city": {"type": "string"}}}"#);
        assert!(JsonSchema.judge(&wanted, r#"{"city": "Paris"}"#).passed);
        let wrong = JsonSchema.judge(&wanted, r#"{"city": 5}"#);
        assert!(!wrong.passed && wrong.reason.contains("city"), "{}", wrong.reason);
        assert!(!JsonSchema.judge(&wanted, "Paris").passed);
        assert!(JsonSchema.refusal(&Wanted::text(r#"{"contains": 1}"#)).is_some());
    }
}
