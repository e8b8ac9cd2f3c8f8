//! Table `sessions`: what the server's session layer keeps of visitors.

use crate::{Store, column::text, failure::failed};
use types::{Error, Timestamp};

impl Store {
    /// Keeps `data` under `id` until `expires_at`; replaces what was there.
    ///
    /// # Errors
    /// The database fails.
    pub async fn session_save(&self, id: &str, data: &str, expires_at: Timestamp) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO sessions (id, data, expires_at) VALUES ($1, $2, $3) \
                           ON CONFLICT (id) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at";
        sqlx::query(SQL)
            .bind(text(id))
            .bind(text(data))
            .bind(expires_at.as_millis())
            .execute(&self.write)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// What is kept under `id`, unless it expired by `now`.
    ///
    /// # Errors
    /// The database fails.
    pub async fn session_load(&self, id: &str, now: Timestamp) -> Result<Option<String>, Error> {
        sqlx::query_scalar("SELECT data FROM sessions WHERE id = $1 AND expires_at > $2")
            .bind(text(id))
            .bind(now.as_millis())
            .fetch_optional(&self.read)
            .await
            .map_err(failed)
    }

    /// Forgets a session.
    ///
    /// # Errors
    /// The database fails.
    pub async fn session_delete(&self, id: &str) -> Result<(), Error> {
        sqlx::query("DELETE FROM sessions WHERE id = $1").bind(text(id)).execute(&self.write).await.map_err(failed)?;
        Ok(())
    }

    /// Forgets every session that expired by `now` and answers how many there were.
    ///
    /// # Errors
    /// The database fails.
    pub async fn session_sweep(&self, now: Timestamp) -> Result<u64, Error> {
        let done = sqlx::query("DELETE FROM sessions WHERE expires_at <= $1").bind(now.as_millis());
        Ok(done.execute(&self.write).await.map_err(failed)?.rows_affected())
    }
}
