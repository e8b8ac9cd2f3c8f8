//! Server function of the leaderboard.

use crate::{error::AppError, protocol::Ui};
use leptos::prelude::*;
use types::Leaderboard;

/// The ranking of the agents with its uncertainty.
#[server(prefix = "/api/ui", endpoint = "leaderboard_get", protocol = Ui)]
pub async fn leaderboard_get() -> Result<Leaderboard, AppError> {
    Ok(crate::ssr::service().leaderboard().await?)
}
