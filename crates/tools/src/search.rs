//! `search`: an engine of the web when the operator chose one, else ranked full-text search over the bundled corpus and the
//! documents people add, without network.

mod index;
mod web;

pub use index::{Found, SearchIndex};
pub use web::{WebSearch, engine, engines};

use crate::{Arguments, Tool, ToolBounds, ToolError, argument};
use async_trait::async_trait;
use serde_json::{Value, json};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use types::ToolSpec;

/// Results when the call does not say how many.
const LIMIT_DEFAULT: u64 = 5;
/// Most results of a call.
const LIMIT_MAX: u64 = 10;
/// Longest query, in characters.
const QUERY_CHARS_MAX: usize = 1000;
/// How long results of the web are kept.
const KEPT: Duration = Duration::from_secs(300);

/// The tool over one index, or over an engine of the web.
pub struct Search {
    index: SearchIndex,
    web: Option<WebSearch>,
}

impl Search {
    /// The tool over `web`, else over `index`.
    pub const fn new(index: SearchIndex, web: Option<WebSearch>) -> Self {
        Self { index, web }
    }
}

#[async_trait]
impl Tool for Search {
    fn spec(&self) -> ToolSpec {
        let description = match self.web {
            Some(_) => "Searches the web and returns the best matches with address and snippet of each.",
            None => {
                "Searches an offline collection of documents (general knowledge and whatever people added) and returns \
                 the best matches with a snippet of each."
            }
        };
        ToolSpec {
            name: "search".into(),
            description: description.into(),
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

    fn bounds(&self) -> ToolBounds {
        let cached = if self.web.is_some() { KEPT } else { Duration::ZERO };
        ToolBounds { cached, ..ToolBounds::default() }
    }

    async fn call(&self, arguments: &Arguments, _cancel: &CancellationToken) -> Result<String, ToolError> {
        let query = argument::text(arguments, "query", QUERY_CHARS_MAX)?;
        let limit = limit(arguments.get("limit"))?;
        if let Some(web) = &self.web {
            return web.find(query, limit).await;
        }
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
