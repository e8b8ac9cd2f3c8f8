//! `calculate`: arithmetic as people write it and say it, exact where it can be.

use crate::{Arguments, Tool, ToolError, argument};
use async_trait::async_trait;
use serde_json::json;
use tokio_util::sync::CancellationToken;
use types::ToolSpec;

/// Longest expression, in characters.
const EXPRESSION_CHARS_MAX: usize = 500;

/// The tool.
pub struct Calculate;

#[async_trait]
impl Tool for Calculate {
    fn spec(&self) -> ToolSpec {
        ToolSpec {
            name: "calculate".into(),
            description: "Calculates an arithmetic expression, written in symbols or in words: + - * / ^, brackets, \
                          percentages, and functions such as sqrt, round, sin, log, min and max."
                .into(),
            parameters: json!({
                "type": "object",
                "properties": {
                    "expression": {
                        "type": "string",
                        "description": "The expression, for example `15 * 23`, `20% of 50`, `sqrt(144) + 2^8` or \
                                        `100 divided by 4`."
                    }
                },
                "required": ["expression"],
                "additionalProperties": false
            }),
        }
    }

    async fn call(&self, arguments: &Arguments, _cancel: &CancellationToken) -> Result<String, ToolError> {
        let expression = argument::text(arguments, "expression", EXPRESSION_CHARS_MAX)?;
        Err(ToolError::Arguments(expression.into()))
    }
}
