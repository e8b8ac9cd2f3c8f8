//! Table `runs`: what evaluation runs and training runs share.

use crate::{
    Job, Store,
    column::{from_word, parsed, word},
    failure::failed,
};
use sqlx::AnyConnection;
use types::{Error, RunId, RunKind, RunState};

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    kind: String,
}

impl Store {
    /// Which kind of run it is; `None` when there is no such run.
    ///
    /// # Errors
    /// The database fails.
    pub async fn run_kind(&self, run: RunId) -> Result<Option<RunKind>, Error> {
        let kind: Option<String> = sqlx::query_scalar("SELECT kind FROM runs WHERE id = $1")
            .bind(run.to_string())
            .fetch_optional(&self.read)
            .await
            .map_err(failed)?;
        kind.map(|kind| from_word("runs.kind", &kind)).transpose()
    }

    /// The run's state; `None` when there is no such run.
    ///
    /// # Errors
    /// The database fails.
    pub async fn run_state(&self, run: RunId) -> Result<Option<RunState>, Error> {
        const SQL: &str = "SELECT state FROM evaluation_runs WHERE id = $1 \
                           UNION ALL SELECT state FROM training_runs WHERE id = $1";
        let state: Option<String> =
            sqlx::query_scalar(SQL).bind(run.to_string()).fetch_optional(&self.read).await.map_err(failed)?;
        state.map(|state| parsed("state", &state)).transpose()
    }

    /// Runs that are not ended although no job stands for them: what a crash between two writes leaves behind.
    ///
    /// # Errors
    /// The database fails.
    pub async fn run_orphans(&self) -> Result<Vec<Job>, Error> {
        const SQL: &str = "SELECT id, kind FROM runs WHERE id NOT IN (SELECT run_id FROM jobs) AND id IN \
                           (SELECT id FROM evaluation_runs WHERE state IN ('pending', 'running', 'stopping') \
                           UNION ALL SELECT id FROM training_runs WHERE state IN ('pending', 'running', 'stopping')) \
                           ORDER BY id";
        let rows = sqlx::query_as::<_, Row>(SQL).fetch_all(&self.read).await.map_err(failed)?;
        rows.into_iter()
            .map(|row| Ok(Job { run: parsed("runs.id", &row.id)?, kind: from_word("runs.kind", &row.kind)? }))
            .collect()
    }
}

/// Writes the shared row of a new run.
pub(crate) async fn insert(connection: &mut AnyConnection, run: RunId, kind: RunKind) -> Result<(), Error> {
    sqlx::query("INSERT INTO runs (id, kind, event_count) VALUES ($1, $2, 0)")
        .bind(run.to_string())
        .bind(word("kind", &kind)?)
        .execute(connection)
        .await
        .map_err(failed)?;
    Ok(())
}
