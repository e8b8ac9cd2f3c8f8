//! The ranking of agents by their latest completed evaluation.

use crate::{Result, Service, soon};
use types::Leaderboard;

impl Service {
    /// Agents ranked over one set of cases; the others are listed with the reason why they are not ranked.
    ///
    /// # Errors
    /// The database fails.
    pub async fn leaderboard(&self) -> Result<Leaderboard> {
        Err(soon())
    }
}
