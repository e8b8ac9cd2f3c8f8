//! Visitors' sessions: kept for the server's session layer.

use crate::{Result, Service};
use types::Timestamp;

impl Service {
    /// Keeps a session until `expires_at`; replaces what was kept.
    ///
    /// # Errors
    /// The database fails.
    pub async fn session_save(&self, id: &str, data: &str, expires_at: Timestamp) -> Result<()> {
        self.store().session_save(id, data, expires_at).await
    }

    /// The session, unless it is unknown or expired.
    ///
    /// # Errors
    /// The database fails.
    pub async fn session_load(&self, id: &str) -> Result<Option<String>> {
        self.store().session_load(id, self.now()).await
    }

    /// Forgets a session.
    ///
    /// # Errors
    /// The database fails.
    pub async fn session_delete(&self, id: &str) -> Result<()> {
        self.store().session_delete(id).await
    }
}
