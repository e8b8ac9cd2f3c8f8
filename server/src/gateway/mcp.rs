//! The tool registry over MCP, by the official SDK: 2025-11-25 with `initialize` and 2026-07-28 without, stateless both.

use super::attempt_of;
use axum::{Router, http::request::Parts};
use rmcp::{
    ErrorData, RoleServer, ServerHandler,
    model::{
        CacheScope, CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation,
        ListToolsResult, PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
    },
    service::RequestContext,
    transport::streamable_http_server::{
        StreamableHttpServerConfig, StreamableHttpService, session::never::NeverSessionManager,
    },
};
use serde_json::Value;
use service::Service;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use types::{Attempt, Error, ToolSpec};

/// How long a client may go by a list of tools: people add tools while clients run.
const LIST_TTL_MS: u64 = 5000;

/// `/mcp`, and the same for an attempt. Answers are plain JSON; `Host`, `Origin`, token and size are checked by the layers
/// around every path.
pub fn router<S: Clone + Send + Sync + 'static>(service: &Service, draining: &CancellationToken) -> Router<S> {
    let config = StreamableHttpServerConfig::default()
        .disable_allowed_hosts()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_cancellation_token(draining.clone());
    let tools = Tools { service: service.clone() };
    let endpoint =
        StreamableHttpService::new(move || Ok(tools.clone()), Arc::new(NeverSessionManager::default()), config);
    Router::new().route_service("/mcp", endpoint.clone()).route_service("/g/{rollout}/{attempt}/mcp", endpoint)
}

/// The tools, as a server of the protocol.
#[derive(Clone)]
struct Tools {
    service: Service,
}

impl ServerHandler for Tools {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(Implementation::new("rl-chatbot", env!("CARGO_PKG_VERSION")))
            .with_instructions("The tools that all agents of this server share.")
    }

    async fn list_tools(
        &self,
        _page: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let of = attempt(&context).map_err(refused)?;
        let tools = self.service.gateway_tool_list(of.as_ref()).into_iter().map(described).collect();
        Ok(ListToolsResult::with_all_items(tools).with_ttl_ms(LIST_TTL_MS).with_cache_scope(CacheScope::Private))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let of = attempt(&context).map_err(refused)?;
        let call = (request.name.as_ref(), request.arguments.unwrap_or_default());
        let answer = self.service.gateway_tool_call(of, call, &context.ct).await.map_err(refused)?;
        let result = match answer.is_error {
            // The word tells a model, and the local policies, what the protocols between do not carry on.
            true => CallToolResult::error(vec![ContentBlock::text(format!("Error: {}", answer.text))]),
            false => CallToolResult::success(vec![ContentBlock::text(answer.text)]),
        };
        Ok(result.into())
    }
}

fn described(spec: ToolSpec) -> Tool {
    let schema = if let Value::Object(schema) = spec.parameters { schema } else { serde_json::Map::new() };
    Tool::new(spec.name, spec.description, schema)
}

fn attempt(context: &RequestContext<RoleServer>) -> Result<Option<Attempt>, Error> {
    let path = context.extensions.get::<Parts>().map(|parts| parts.uri.path());
    path.map_or(Ok(None), attempt_of)
}

fn refused(error: Error) -> ErrorData {
    match &error {
        Error::Internal(cause) => {
            tracing::error!(cause, "a tool call over MCP failed");
            ErrorData::internal_error(error.to_string(), None)
        }
        Error::Unavailable(_) => ErrorData::internal_error(error.to_string(), None),
        _ => ErrorData::invalid_params(error.to_string(), None),
    }
}
