//! Server functions of the gateway's calls. What they answer is text ready to be shown: the browser's half stays small.

use crate::{error::AppError, protocol::Ui};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// One page of calls, and the one that is open.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Traffic {
    /// A row each: the id of the call, then a text for each column.
    pub rows: Vec<Vec<String>>,
    /// Rows over all pages.
    pub total: u64,
    /// Of the open call: what was asked, what was answered. Empty when none is open.
    pub open: Vec<String>,
}

/// One page of the calls through the gateway, newest first.
#[server(prefix = "/api/ui", endpoint = "trajectory_list", protocol = Ui)]
pub async fn trajectory_list(
    /// Rollout, model, kind and id of the open call; empty = any, none.
    asked: Vec<String>,
    /// Rows passed over.
    skip: u32,
    /// Rows answered at most.
    limit: u32,
) -> Result<Traffic, AppError> {
    use crate::ssr::traffic::{pretty, row};
    use types::{CallKind, GatewayCallQuery, Page};
    let service = crate::ssr::service();
    let given = |place: usize| asked.get(place).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let kind = given(2).and_then(|kind| match kind.as_str() {
        "model" => Some(CallKind::Model),
        "tool" => Some(CallKind::Tool),
        _ => None,
    });
    let page = Page { skip, limit };
    let query = GatewayCallQuery { page, rollout: given(0), model: given(1), kind, ..GatewayCallQuery::default() };
    let found = service.gateway_call_list(&query).await?;
    let open = match given(3).and_then(|id| id.parse().ok()) {
        Some(id) => {
            let call = service.gateway_call_get(id).await?;
            let answer =
                call.response_json.map_or_else(|| call.call.error.unwrap_or_default(), |answer| pretty(&answer));
            vec![pretty(&call.request_json), answer]
        }
        None => Vec::new(),
    };
    Ok(Traffic { rows: found.items.iter().map(row).collect(), total: found.total, open })
}
