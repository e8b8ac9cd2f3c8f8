//! `{"@json_schema": schema}`: a value that fits the schema.

use super::{Around, Rule, present};
use serde_json::Value;
use tools::Schema;

/// JSON Schema, as far as tools understand it.
pub struct JsonSchema;

impl Rule for JsonSchema {
    fn name(&self) -> &'static str {
        "json_schema"
    }

    fn label(&self) -> &'static str {
        "fits a JSON Schema"
    }

    fn example(&self) -> &'static str {
        "{\"type\": \"integer\", \"minimum\": 1}"
    }

    fn refusal(&self, given: &Value) -> Option<String> {
        Schema::strict(given.clone()).err()
    }

    fn is_compiled(&self) -> bool {
        true
    }

    fn check(&self, given: &Value, actual: Option<&Value>, _around: &Around) -> Result<(), String> {
        let schema = Schema::strict(given.clone()).map_err(|why| format!("cannot be checked: the schema {why}"))?;
        let actual = present(actual, "a value that fits a schema")?;
        schema.check(actual).map_err(|why| format!("does not fit the schema: {why}"))
    }
}
