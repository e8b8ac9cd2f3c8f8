//! Server function of the leaderboard.

use crate::{codec::Answer, error::AppError};
use leptos::prelude::*;
use server_fn::codec::Json;
use types::Leaderboard;

/// The ranking of the agents with its uncertainty.
#[server(prefix = "/api/ui", endpoint = "leaderboard_get", input = Json, output = Answer)]
pub async fn leaderboard_get() -> Result<Leaderboard, AppError> {
    Ok(crate::ssr::service().leaderboard().await?)
}
