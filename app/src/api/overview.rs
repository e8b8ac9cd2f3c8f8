//! Server functions of the front page.

use crate::{codec::Answer, error::AppError};
use leptos::{prelude::*, server_fn::codec::Json};
use types::Overview;

/// Counts, runs at work and the latest results.
#[server(OverviewCall, prefix = "/api/ui", endpoint = "overview", input = Json, output = Answer)]
pub async fn overview() -> Result<Overview, AppError> {
    Ok(crate::ssr::service().overview().await?)
}
