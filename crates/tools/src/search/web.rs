//! Search of the web: engines by name. The operator chooses one; its answers are brought into one form.

mod engines;

pub use engines::{Engine, engine, engines};

use crate::{
    ToolError,
    outbound::{Bounds, Outbound, shown},
};
use reqwest::Url;
use serde::Serialize;
use serde_json::{Value, json};
use std::{fmt, time::Duration};

const BOUNDS: Bounds = Bounds { timeout: Duration::from_secs(10), bytes_max: 1024 * 1024 };
/// Longest title and snippet kept, in characters.
const TITLE_CHARS_MAX: usize = 200;
const SNIPPET_CHARS_MAX: usize = 600;

/// A search engine, where it is, and what opens it. `Debug` hides the key.
#[derive(Clone)]
pub struct WebSearch {
    /// Which.
    pub engine: &'static dyn Engine,
    /// Where its API is.
    pub url: Url,
    /// Its key, if it asks for one.
    pub key: Option<String>,
    /// The way there.
    pub outbound: Outbound,
}

impl fmt::Debug for WebSearch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebSearch").field("engine", &self.engine.name()).finish_non_exhaustive()
    }
}

/// One result.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Hit {
    /// Its title.
    pub title: String,
    /// Where it is.
    pub url: String,
    /// What it says about the question.
    pub snippet: String,
}

impl WebSearch {
    /// The best results, as JSON text.
    ///
    /// # Errors
    /// The engine does not answer, or not as it should.
    pub async fn find(&self, query: &str, limit: usize) -> Result<String, ToolError> {
        let at = shown(&self.url);
        let failed = |why: String| ToolError::Failed(format!("{} at {at}: {why}", self.engine.name()));
        let ask = self.engine.ask(self, query, limit).map_err(failed)?;
        let answer = self.outbound.send(ask, BOUNDS).await.map_err(failed)?;
        if !answer.status.is_success() {
            return Err(failed(format!("status {}", answer.status.as_u16())));
        }
        let answer: Value =
            serde_json::from_slice(&answer.body).map_err(|error| failed(format!("the answer is no JSON ({error})")))?;
        let found = self.engine.read(self, &answer).ok_or_else(|| failed("the answer is not as expected".into()))?;
        let results: Vec<Hit> = found.into_iter().take(limit).map(shortened).collect();
        Ok(json!({ "query": query, "results": results, "source": self.engine.name() }).to_string())
    }
}

fn shortened(hit: Hit) -> Hit {
    let short = |text: &str, chars: usize| plain(text).chars().take(chars).collect();
    Hit { title: short(&hit.title, TITLE_CHARS_MAX), snippet: short(&hit.snippet, SNIPPET_CHARS_MAX), ..hit }
}

/// Text without the marks that engines put around what was found.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut in_tag = false;
    for c in text.chars() {
        match c {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            _ if in_tag => {}
            other => plain.push(other),
        }
    }
    let plain = plain.replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">");
    plain.replace("&amp;", "&").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
