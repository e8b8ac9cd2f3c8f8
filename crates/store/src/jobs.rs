//! Table `jobs`: work that waits for a worker or is held by one, as claimed rows with a lease.
//!
//! A row lives from enqueueing to the end of the work. Several processes can share it: a claim is one statement, a lease
//! that is not renewed ends, and what a dead worker held is reaped.

use crate::{
    Store,
    column::{from_word, parsed, text, word},
    failure::failed,
};
use async_trait::async_trait;
use types::{Error, RunId, RunKind, Timestamp};

/// Work to do: a run and its kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Job {
    /// Which run.
    pub run: RunId,
    /// Its kind.
    pub kind: RunKind,
}

/// Which claimed jobs to take from their workers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reap<'a> {
    /// Those whose lease ended before `now`.
    Expired {
        /// The time.
        now: Timestamp,
    },
    /// Those of every other worker: at the start of the only process.
    AllButWorker {
        /// Who keeps its own.
        worker: &'a str,
    },
}

/// The queue of runs that wait for a worker.
#[async_trait]
pub trait JobQueue: Send + Sync {
    /// Puts a run at the end of the queue.
    ///
    /// # Errors
    /// `Conflict` when it is queued or claimed already, or does not exist.
    async fn job_enqueue(&self, run: RunId, kind: RunKind, at: Timestamp) -> Result<(), Error>;

    /// Takes the job that waits longest, for `lease_ms` from `now`; `None` when none waits.
    ///
    /// # Errors
    /// The database fails.
    async fn job_claim(&self, worker: &str, now: Timestamp, lease_ms: i64) -> Result<Option<Job>, Error>;

    /// Renews a claim; false when the job is no longer this worker's: it must stop.
    ///
    /// # Errors
    /// The database fails.
    async fn job_heartbeat(&self, run: RunId, worker: &str, now: Timestamp, lease_ms: i64) -> Result<bool, Error>;

    /// Ends a job that this worker holds; false when it is no longer this worker's.
    ///
    /// # Errors
    /// The database fails.
    async fn job_finish(&self, run: RunId, worker: &str) -> Result<bool, Error>;

    /// Takes a job out of the queue that no worker holds yet; false when there is none.
    ///
    /// # Errors
    /// The database fails.
    async fn job_withdraw(&self, run: RunId) -> Result<bool, Error>;

    /// Takes claimed jobs from their workers and out of the queue, and answers them, longest waiting first.
    ///
    /// # Errors
    /// The database fails.
    async fn job_reap(&self, reap: Reap<'_>) -> Result<Vec<Job>, Error>;
}

#[derive(sqlx::FromRow)]
struct Row {
    run_id: String,
    kind: String,
    enqueued_at: i64,
}

/// A claim can be lost to another worker this often before it answers that nothing waits.
const CLAIM_ATTEMPTS: u32 = 32;

#[async_trait]
impl JobQueue for Store {
    async fn job_enqueue(&self, run: RunId, kind: RunKind, at: Timestamp) -> Result<(), Error> {
        sqlx::query("INSERT INTO jobs (run_id, kind, state, enqueued_at) VALUES ($1, $2, 'queued', $3)")
            .bind(run.to_string())
            .bind(word("kind", &kind)?)
            .bind(at.as_millis())
            .execute(&self.write)
            .await
            .map_err(failed)?;
        Ok(())
    }

    async fn job_claim(&self, worker: &str, now: Timestamp, lease_ms: i64) -> Result<Option<Job>, Error> {
        const SQL: &str = "UPDATE jobs SET state = 'claimed', worker = $1, leased_until = $2 WHERE run_id = \
                           (SELECT run_id FROM jobs WHERE state = 'queued' ORDER BY enqueued_at, run_id LIMIT 1) \
                           AND state = 'queued' RETURNING run_id, kind, enqueued_at";
        // Looking first keeps an idle worker from taking SQLite's write lock. On PostgreSQL another worker may take the
        // row between the inner query and the update: then there may be a next one.
        for _ in 0..CLAIM_ATTEMPTS {
            if self.jobs_waiting().await? == 0 {
                return Ok(None);
            }
            let row = sqlx::query_as::<_, Row>(SQL)
                .bind(text(worker))
                .bind(now.as_millis().saturating_add(lease_ms))
                .fetch_optional(&self.write)
                .await
                .map_err(failed)?;
            if let Some(row) = row {
                return Job::try_from(row).map(Some);
            }
        }
        Ok(None)
    }

    async fn job_heartbeat(&self, run: RunId, worker: &str, now: Timestamp, lease_ms: i64) -> Result<bool, Error> {
        let done = sqlx::query("UPDATE jobs SET leased_until = $3 WHERE run_id = $1 AND worker = $2")
            .bind(run.to_string())
            .bind(text(worker))
            .bind(now.as_millis().saturating_add(lease_ms))
            .execute(&self.write)
            .await
            .map_err(failed)?;
        Ok(done.rows_affected() > 0)
    }

    async fn job_finish(&self, run: RunId, worker: &str) -> Result<bool, Error> {
        let done = sqlx::query("DELETE FROM jobs WHERE run_id = $1 AND worker = $2")
            .bind(run.to_string())
            .bind(text(worker))
            .execute(&self.write)
            .await
            .map_err(failed)?;
        Ok(done.rows_affected() > 0)
    }

    async fn job_withdraw(&self, run: RunId) -> Result<bool, Error> {
        let done = sqlx::query("DELETE FROM jobs WHERE run_id = $1 AND state = 'queued'").bind(run.to_string());
        Ok(done.execute(&self.write).await.map_err(failed)?.rows_affected() > 0)
    }

    async fn job_reap(&self, reap: Reap<'_>) -> Result<Vec<Job>, Error> {
        const EXPIRED: &str = "DELETE FROM jobs WHERE state = 'claimed' AND leased_until < $1 \
                               RETURNING run_id, kind, enqueued_at";
        const OTHERS: &str = "DELETE FROM jobs WHERE state = 'claimed' AND worker <> $1 \
                              RETURNING run_id, kind, enqueued_at";
        let query = match reap {
            Reap::Expired { now } => sqlx::query_as::<_, Row>(EXPIRED).bind(now.as_millis()),
            Reap::AllButWorker { worker } => sqlx::query_as::<_, Row>(OTHERS).bind(text(worker)),
        };
        let mut rows = query.fetch_all(&self.write).await.map_err(failed)?;
        rows.sort_by(|a, b| (a.enqueued_at, &a.run_id).cmp(&(b.enqueued_at, &b.run_id)));
        rows.into_iter().map(Job::try_from).collect()
    }
}

impl Store {
    async fn jobs_waiting(&self) -> Result<i64, Error> {
        let waiting = sqlx::query_scalar("SELECT COUNT(*) FROM jobs WHERE state = 'queued'");
        waiting.fetch_one(&self.read).await.map_err(failed)
    }
}

impl TryFrom<Row> for Job {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self { run: parsed("jobs.run_id", &row.run_id)?, kind: from_word("jobs.kind", &row.kind)? })
    }
}
