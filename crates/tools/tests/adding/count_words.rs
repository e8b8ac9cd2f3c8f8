//! `count_words`: how many words a text has.

use crate::{Arguments, Tool, ToolError, argument};
use async_trait::async_trait;
use serde_json::json;
use tokio_util::sync::CancellationToken;
use types::ToolSpec;

/// Longest text, in characters.
const TEXT_CHARS_MAX: usize = 10_000;

/// The tool.
pub struct CountWords;

#[async_trait]
impl Tool for CountWords {
    fn spec(&self) -> ToolSpec {
        ToolSpec {
            name: "count_words".into(),
            description: "Counts the words of a text: what stands between blanks.".into(),
            parameters: json!({
                "type": "object",
                "properties": { "text": { "type": "string", "description": "The text." } },
                "required": ["text"],
                "additionalProperties": false
            }),
        }
    }

    async fn call(&self, arguments: &Arguments, _cancel: &CancellationToken) -> Result<String, ToolError> {
        let text = argument::text(arguments, "text", TEXT_CHARS_MAX)?;
        Ok(text.split_whitespace().count().to_string())
    }
}
