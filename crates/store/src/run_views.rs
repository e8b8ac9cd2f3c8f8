//! Table `run_views`: runs as their events tell them up to some event.

use crate::{Store, column::json_readable, failure::failed};
use types::{Error, RunId, RunView};

impl Store {
    /// The run as it was kept last; a view that was kept by a program with another idea of it is none.
    ///
    /// # Errors
    /// The database fails.
    pub async fn run_view_get(&self, run: RunId) -> Result<Option<RunView>, Error> {
        let kept: Option<String> = sqlx::query_scalar("SELECT view_json FROM run_views WHERE run_id = $1")
            .bind(run.to_string())
            .fetch_optional(&self.read)
            .await
            .map_err(failed)?;
        Ok(kept.and_then(|kept| serde_json::from_str(&kept).ok()))
    }

    /// Keeps the run as it is after the event `view.seq`; a later one that was kept stays.
    ///
    /// # Errors
    /// The database fails, or there is no such run.
    pub async fn run_view_put(&self, run: RunId, view: &RunView) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO run_views (run_id, seq, view_json) VALUES ($1, $2, $3) \
                           ON CONFLICT (run_id) DO UPDATE SET seq = excluded.seq, view_json = excluded.view_json \
                           WHERE run_views.seq < excluded.seq";
        let done = sqlx::query(SQL).bind(run.to_string()).bind(view.seq).bind(json_readable("view_json", view)?);
        done.execute(&self.write).await.map_err(failed)?;
        Ok(())
    }
}
