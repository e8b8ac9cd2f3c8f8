//! Tools of other MCP servers, over streamable HTTP by the official SDK. Each exchange is a session of its own: nothing is
//! kept open, and a server that was away is back with the next call.

use crate::{
    Arguments, Tool, ToolBounds, ToolError,
    http_tool::{headers, redacted},
    outbound::{Outbound, shown},
};
use async_trait::async_trait;
use reqwest::{Url, header::HeaderMap};
use rmcp::{
    RoleClient, ServiceError,
    model::{CallToolRequestParams, CallToolResult, ContentBlock, PaginatedRequestParams},
    service::{RunningService, serve_client},
    transport::streamable_http_client::{StreamableHttpClientTransport, StreamableHttpClientTransportConfig},
};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;
use types::ToolSpec;

/// Longest wait for a list of tools.
const LIST_TIMEOUT: Duration = Duration::from_secs(15);
/// Most bytes of one answer.
const BODY_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Longest sentence about a failure, in characters.
const ERROR_CHARS_MAX: usize = 500;
/// Most tools of a server.
const TOOLS_MAX: usize = 200;
/// Most pages that a list may come in.
const PAGES_MAX: usize = 20;
/// Longest description and largest schema of a tool, in bytes.
const DESCRIPTION_CHARS_MAX: usize = 2000;
const SCHEMA_BYTES_MAX: usize = 32 * 1024;
/// Longest name that models may be told.
const NAME_CHARS_MAX: usize = 64;

/// Another MCP server.
#[derive(Clone)]
pub struct RemoteServer {
    url: Url,
    headers: HeaderMap,
    outbound: Outbound,
}

impl RemoteServer {
    /// The server at an address, asked with these headers.
    ///
    /// # Errors
    /// The field that is wrong, and what would be right.
    pub fn new(url: &str, given: &[(String, String)], outbound: Outbound) -> Result<Self, (&'static str, String)> {
        let expected = || ("url", "is no web address, expected one such as https://host/mcp".to_owned());
        let url = Url::parse(url.trim()).map_err(|_| expected())?;
        outbound.check(&url).map_err(|why| ("url", why))?;
        let headers = headers(given).map_err(|why| ("headers", why))?;
        Ok(Self { url, headers, outbound })
    }

    /// The tools it offers, as it names them.
    ///
    /// # Errors
    /// It does not answer, or not as an MCP server.
    pub async fn list(&self) -> Result<Vec<ToolSpec>, String> {
        let listed = tokio::time::timeout(LIST_TIMEOUT, self.list_all()).await;
        listed.map_err(|_| format!("{} has not answered within {} s", shown(&self.url), LIST_TIMEOUT.as_secs()))?
    }

    async fn list_all(&self) -> Result<Vec<ToolSpec>, String> {
        let session = self.open().await?;
        let mut tools = Vec::new();
        let mut cursor = None;
        for _ in 0..PAGES_MAX {
            let page = PaginatedRequestParams::default().with_cursor(cursor.take());
            let page = session.list_tools(Some(page)).await.map_err(|error| self.told(&error))?;
            tools.extend(page.tools.into_iter().filter_map(described));
            cursor = page.next_cursor;
            if cursor.is_none() || tools.len() >= TOOLS_MAX {
                break;
            }
        }
        tools.truncate(TOOLS_MAX);
        Ok(tools)
    }

    async fn call(&self, name: &str, arguments: &Arguments) -> Result<String, ToolError> {
        let session = self.open().await.map_err(ToolError::Failed)?;
        let call = CallToolRequestParams::new(name.to_owned()).with_arguments(arguments.clone());
        let answer = session.call_tool(call).await.map_err(|error| ToolError::Failed(self.told(&error)));
        // The session says good-bye on its own: a server that is slow to answer that takes nothing from the call's time.
        drop(session);
        let answer = answer?;
        let text = self.redacted(&text(&answer));
        if answer.is_error == Some(true) { Err(ToolError::Failed(text)) } else { Ok(text) }
    }

    async fn open(&self) -> Result<RunningService<RoleClient, ()>, String> {
        let headers = self.headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        let config = StreamableHttpClientTransportConfig::with_uri(self.url.as_str())
            .custom_headers(headers)
            .max_json_response_size(BODY_BYTES_MAX)
            .max_sse_event_size(BODY_BYTES_MAX);
        let transport = StreamableHttpClientTransport::with_client(self.outbound.client(), config);
        serve_client((), transport)
            .await
            .map_err(|error| self.brief(&format!("{} does not answer as an MCP server: {error}", shown(&self.url))))
    }

    fn told(&self, error: &ServiceError) -> String {
        self.brief(&match error {
            ServiceError::McpError(error) => error.message.to_string(),
            other => format!("{}: {other}", shown(&self.url)),
        })
    }

    /// What is told of a failure: it may hold a whole message of the server.
    fn brief(&self, error: &str) -> String {
        self.redacted(error).chars().take(ERROR_CHARS_MAX).collect()
    }

    /// A text without keys: those of the headers, and what the address holds after its `?`, which errors repeat.
    fn redacted(&self, text: &str) -> String {
        let short: String = text.chars().take(BODY_BYTES_MAX).collect();
        let short = match self.url.query() {
            Some(query) if !query.is_empty() => short.replace(query, "…"),
            _ => short,
        };
        redacted(&short, &self.headers)
    }
}

/// What a server says of a tool, within bounds; a tool beyond them is not offered.
fn described(tool: rmcp::model::Tool) -> Option<ToolSpec> {
    let parameters = Value::Object((*tool.input_schema).clone());
    let description = tool.description.unwrap_or_default().chars().take(DESCRIPTION_CHARS_MAX).collect();
    let fits = parameters.to_string().len() <= SCHEMA_BYTES_MAX && (1..=200).contains(&tool.name.chars().count());
    fits.then(|| ToolSpec { name: tool.name.into_owned(), description, parameters })
}

fn text(answer: &CallToolResult) -> String {
    let part = |block: &ContentBlock| match block {
        ContentBlock::Text(text) => text.text.clone(),
        // Pictures and sounds are named, not passed on: models here are told texts.
        other => {
            let kind = serde_json::to_value(other).ok().and_then(|block| Some(block.get("type")?.as_str()?.to_owned()));
            json!({ "omitted": kind }).to_string()
        }
    };
    let parts: Vec<String> = answer.content.iter().map(part).collect();
    match &answer.structured_content {
        Some(structured) if parts.is_empty() => structured.to_string(),
        _ => parts.join("\n"),
    }
}

/// The name that a tool of a server called `prefix` is offered by. No tool of this program has two underscores in its name,
/// so none can be shadowed.
pub fn offered_name(prefix: &str, name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    format!("{prefix}__{}", name.chars().map(plain).collect::<String>()).chars().take(NAME_CHARS_MAX).collect()
}

/// A tool of another server.
pub struct RemoteTool {
    server: Arc<RemoteServer>,
    name: String,
    spec: ToolSpec,
    bounds: ToolBounds,
}

impl RemoteTool {
    /// The tool that `server` described, offered under a name with `prefix`.
    pub fn new(server: Arc<RemoteServer>, prefix: &str, told: ToolSpec, bounds: ToolBounds) -> Self {
        let spec = ToolSpec { name: offered_name(prefix, &told.name), ..told.clone() };
        Self { server, name: told.name, spec, bounds }
    }
}

#[async_trait]
impl Tool for RemoteTool {
    fn spec(&self) -> ToolSpec {
        self.spec.clone()
    }

    fn bounds(&self) -> ToolBounds {
        self.bounds
    }

    async fn call(&self, arguments: &Arguments, _cancel: &CancellationToken) -> Result<String, ToolError> {
        self.server.call(&self.name, arguments).await
    }
}

#[cfg(test)]
mod tests;
