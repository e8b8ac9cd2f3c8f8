//! `search`: ranked full-text search over the bundled corpus and the documents people add. No network.

mod index;

pub use index::{Found, SearchIndex};

use crate::{Arguments, Tool, ToolError, argument};
use async_trait::async_trait;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use types::ToolSpec;

/// Results when the call does not say how many.
const LIMIT_DEFAULT: u64 = 5;
/// Most results of a call.
const LIMIT_MAX: u64 = 10;
/// Longest query, in characters.
const QUERY_CHARS_MAX: usize = 1000;

/// The tool over one index.
pub struct Search {
    index: SearchIndex,
}

impl Search {
    /// The tool over `index`.
    pub const fn new(index: SearchIndex) -> Self {
        Self { index }
    }
}

#[async_trait]
impl Tool for Search {
    fn spec(&self) -> ToolSpec {
        ToolSpec {
            name: "search".into(),
            description: "Searches an offline collection of documents (general knowledge and whatever people added) \
                          and returns the best matches with a snippet of each."
                .into(),
            parameters: json!({
                "type": "object",
                "properties": {
                    "query": {
                        "type": "string",
                        "description": "What to look for: a few words or a question."
                    },
                    "limit": {
                        "type": "integer",
                        "minimum": 1,
                        "maximum": LIMIT_MAX,
                        "description": "How many results to return, 5 by default."
                    }
                },
                "required": ["query"],
                "additionalProperties": false
            }),
        }
    }

    async fn call(&self, arguments: &Arguments, _cancel: &CancellationToken) -> Result<String, ToolError> {
        let query = argument::text(arguments, "query", QUERY_CHARS_MAX)?;
        let limit = limit(arguments.get("limit"))?;
        let found = self.index.find(query, limit).map_err(|error| ToolError::Failed(error.to_string()))?;
        Ok(json!({ "query": query, "results": found, "source": "offline index" }).to_string())
    }
}

fn limit(value: Option<&Value>) -> Result<usize, ToolError> {
    let limit = match value {
        None | Some(Value::Null) => LIMIT_DEFAULT,
        Some(value) => value.as_u64().filter(|limit| (1..=LIMIT_MAX).contains(limit)).ok_or_else(|| {
            ToolError::Arguments(format!("`limit` is {value}, expected a whole number from 1 to {LIMIT_MAX}"))
        })?,
    };
    usize::try_from(limit).map_err(|_| ToolError::Arguments("`limit` is too large".into()))
}

#[cfg(test)]
mod tests;
