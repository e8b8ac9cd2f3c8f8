//! Visitors' sessions: kept for the server's session layer.

use crate::{Result, Service, soon};
use types::Timestamp;

impl Service {
    /// Keeps a session until `expires_at`; replaces what was kept.
    ///
    /// # Errors
    /// The database fails.
    pub async fn session_save(&self, _id: &str, _data: &str, _expires_at: Timestamp) -> Result<()> {
        Err(soon())
    }

    /// The session, unless it is unknown or expired.
    ///
    /// # Errors
    /// The database fails.
    pub async fn session_load(&self, _id: &str) -> Result<Option<String>> {
        Err(soon())
    }

    /// Forgets a session.
    ///
    /// # Errors
    /// The database fails.
    pub async fn session_delete(&self, _id: &str) -> Result<()> {
        Err(soon())
    }
}
