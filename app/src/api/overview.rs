//! Server functions of the front page.

use crate::{error::AppError, protocol::Ui};
use leptos::prelude::*;
use types::Overview;

/// Counts, runs at work and the latest results.
#[server(OverviewCall, prefix = "/api/ui", endpoint = "overview", protocol = Ui)]
pub async fn overview() -> Result<Overview, AppError> {
    Ok(crate::ssr::service().overview().await?)
}
