//! Server functions of tools.

use crate::{error::AppError, protocol::Ui};
use leptos::prelude::*;
use types::ToolSpec;

/// The tools that agents can call, by name.
#[server(ToolListCall, prefix = "/api/ui", endpoint = "tool_list", protocol = Ui)]
pub async fn tool_list() -> Result<Vec<ToolSpec>, AppError> {
    Ok(crate::ssr::service().tool_list())
}
