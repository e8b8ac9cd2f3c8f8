//! Server functions of tools that people added, and of the forms of tools.

use crate::{error::AppError, protocol::Ui};
use leptos::prelude::*;
use serde_json::{Map, Value};
use types::{AddedTool, AddedToolChange, AddedToolId, ParameterSpec, ToolForm, ToolOutcome};

/// Every added tool, without what its headers hold.
#[server(AddedToolListCall, prefix = "/api/ui", endpoint = "added_tool_list", protocol = Ui)]
pub async fn added_tool_list() -> Result<Vec<AddedTool>, AppError> {
    Ok(crate::ssr::service().added_tool_list())
}

/// Switches an added tool, or one of a server, asks a server for its tools, or deletes.
#[server(AddedToolChangeCall, prefix = "/api/ui", endpoint = "added_tool_change", protocol = Ui)]
pub async fn added_tool_change(id: AddedToolId, change: AddedToolChange) -> Result<(), AppError> {
    Ok(crate::ssr::service().added_tool_change(id, change).await?)
}

/// The fields of a form.
#[server(ToolFormCall, prefix = "/api/ui", endpoint = "tool_form", protocol = Ui)]
pub async fn tool_form(of: ToolForm) -> Result<Vec<ParameterSpec>, AppError> {
    Ok(crate::ssr::service().tool_form(&of)?)
}

/// Does what a form is for.
#[server(ToolFormSendCall, prefix = "/api/ui", endpoint = "tool_form_send", protocol = Ui)]
pub async fn tool_form_send(of: ToolForm, values: Map<String, Value>) -> Result<ToolOutcome, AppError> {
    Ok(crate::ssr::service().tool_form_send(&of, &values).await?)
}
