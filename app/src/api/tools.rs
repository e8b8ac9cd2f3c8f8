//! Server functions of tools.

use crate::{codec::Answer, error::AppError};
use leptos::{prelude::*, server_fn::codec::Json};
use types::ToolSpec;

/// The tools that agents can call, by name.
#[server(ToolListCall, prefix = "/api/ui", endpoint = "tool_list", input = Json, output = Answer)]
pub async fn tool_list() -> Result<Vec<ToolSpec>, AppError> {
    Ok(crate::ssr::service().tool_list())
}
