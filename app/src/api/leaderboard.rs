//! Server function of the leaderboard. It answers HTML: the page has nothing that changes without a new ranking.

use crate::{error::AppError, protocol::Ui};
use leptos::prelude::*;

/// What the address of the page may say: the keys of `types::LeaderboardQuery`, then which part is shown, of which agent.
pub const KEYS: [&str; 11] =
    ["baseline", "suite", "tag", "split", "by", "weights", "cases", "agents", "sort", "view", "agent"];

/// The ranking by test cases, by people's votes, or an agent over time.
#[server(prefix = "/api/ui", endpoint = "leaderboard_get", protocol = Ui)]
pub async fn leaderboard_get(
    /// The value of each of [`KEYS`]; empty = none.
    asked: Vec<String>,
) -> Result<String, AppError> {
    Ok(crate::ssr::leaderboard::html(&asked).await?)
}
