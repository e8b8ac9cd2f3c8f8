//! Server functions of the metrics that people write.

use super::forms::FormAnswer;
use crate::{error::AppError, protocol::Ui};
use leptos::prelude::*;

/// The metrics and the form of a new one, as HTML.
#[server(prefix = "/api/ui", endpoint = "metric_page", protocol = Ui)]
pub async fn metric_page() -> Result<String, AppError> {
    Ok(crate::ssr::metrics::html().await?)
}

/// Does something on the page of metrics.
#[server(prefix = "/api/ui", endpoint = "metric_act", protocol = Ui)]
pub async fn metric_act(
    /// What is wanted.
    act: String,
    /// The form, encoded as browsers do.
    form: String,
) -> Result<FormAnswer, AppError> {
    Ok(crate::ssr::metrics::answer(&act, &form).await?)
}
