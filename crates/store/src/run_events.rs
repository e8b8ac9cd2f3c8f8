//! Table `run_events`: the log of every run, and the writes that belong to each event.

use crate::{
    Store,
    column::{from_json, json_readable},
    evaluation_results, evaluation_runs,
    failure::failed,
    training_episodes, training_runs,
    writer::Write,
};
use sqlx::AnyConnection;
use types::{AggregateMetrics, Error, EvaluationResult, Event, EventKind, RunId, RunState, Timestamp, TrainingEpisode};

/// A write that belongs to an event: both are stored, or neither.
#[derive(Clone, PartialEq, Debug)]
pub enum RunWrite {
    /// The result of the case at `position` (place among the run's cases, from 0); replaces what was there.
    Result {
        /// Place among the run's cases.
        position: i64,
        /// The result.
        result: EvaluationResult,
    },
    /// Replaces the version that each sample of an evaluation run has of its case, and the run's means.
    CaseVersions {
        /// By the place of the sample.
        versions: Vec<u32>,
        /// The means.
        aggregate: Option<AggregateMetrics>,
    },
    /// An episode; replaces one of the same number.
    Episode(TrainingEpisode),
    /// Forgets every episode from this number on: the run goes on from an earlier checkpoint.
    EpisodesForget {
        /// The first that is forgotten.
        from: i64,
    },
    /// Replaces these four fields of an evaluation run. [`RunState::Stopping`] is refused (`Conflict`) after the end.
    EvaluationState {
        /// The state.
        state: RunState,
        /// When it ended.
        completed_at: Option<Timestamp>,
        /// Why it failed.
        error: Option<String>,
        /// The means.
        aggregate: Option<AggregateMetrics>,
    },
    /// Replaces these three fields of a training run. [`RunState::Stopping`] is refused (`Conflict`) after the end.
    TrainingState {
        /// The state.
        state: RunState,
        /// When it ended.
        completed_at: Option<Timestamp>,
        /// Why it failed.
        error: Option<String>,
    },
    /// Held-out rewards of a training run; `None` leaves what is stored.
    TrainingHeldOut {
        /// Before the training.
        before: Option<f64>,
        /// At the latest evaluation.
        after: Option<f64>,
    },
}

/// A judged case as it is stored: its result, and the event that tells of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Judged {
    /// Place among the run's cases.
    pub position: i64,
    /// The result; replaces what was there.
    pub result: EvaluationResult,
    /// The event.
    pub event: EventKind,
}

/// State and end of a run as both kinds store it.
pub(crate) struct Ended<'a> {
    pub(crate) state: RunState,
    pub(crate) completed_at: Option<Timestamp>,
    pub(crate) error: Option<&'a str>,
}

#[derive(sqlx::FromRow)]
struct Row {
    seq: i64,
    at: i64,
    kind_json: String,
}

impl Store {
    /// Appends an event and makes its writes in one transaction. `seq` counts from 1 without gaps.
    ///
    /// # Errors
    /// `NotFound` when there is no such run, `Conflict` when it cannot go to the state of a write.
    pub async fn run_append(
        &self,
        run: RunId,
        at: Timestamp,
        kind: &EventKind,
        writes: &[RunWrite],
    ) -> Result<Event, Error> {
        // The parent row is the counter: its lock orders the writers.
        const NEXT: &str = "UPDATE runs SET event_count = event_count + 1 WHERE id = $1 RETURNING event_count";
        const SQL: &str = "INSERT INTO run_events (run_id, seq, at, kind_json) VALUES ($1, $2, $3, $4)";
        let kind_json = json_readable("kind_json", kind)?;
        let mut transaction = self.begin().await?;
        let next: Option<i64> =
            sqlx::query_scalar(NEXT).bind(run.to_string()).fetch_optional(&mut *transaction).await.map_err(failed)?;
        let seq = next.ok_or_else(|| Error::not_found("run", run))?;
        sqlx::query(SQL)
            .bind(run.to_string())
            .bind(seq)
            .bind(at.as_millis())
            .bind(kind_json)
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        for write in writes {
            write.make(&mut transaction, run).await?;
        }
        transaction.commit().await.map_err(failed)?;
        Ok(Event { run, seq, at, kind: kind.clone() })
    }

    /// Appends judged cases, each with its event, in their order and in one transaction, which on SQLite writes of others
    /// may share. `seq` counts on as with [`Store::run_append`].
    ///
    /// # Errors
    /// `NotFound` when there is no such run.
    pub async fn run_append_judged(&self, run: RunId, at: Timestamp, judged: Vec<Judged>) -> Result<Vec<Event>, Error> {
        const COUNT: &str = "UPDATE runs SET event_count = event_count + $2 WHERE id = $1 \
                             RETURNING CAST($3 AS TEXT), event_count";
        const SQL: &str = "INSERT INTO run_events (run_id, seq, at, kind_json) \
                           SELECT id, event_count - $2, CAST($3 AS BIGINT), CAST($4 AS TEXT) FROM runs WHERE id = $1";
        let Some(first) = judged.first() else { return Ok(Vec::new()) };
        let key = first.result.id.to_string();
        let number = i64::try_from(judged.len()).unwrap_or(i64::MAX);
        let mut write = Write::default();
        write.add(COUNT, vec![run.to_string().into(), number.into(), key.clone().into()]);
        for (place, one) in (1..).zip(&judged) {
            let kind_json = json_readable("kind_json", &one.event)?;
            let values = vec![run.to_string().into(), (number - place).into(), at.as_millis().into(), kind_json.into()];
            write.add(SQL, values);
            evaluation_results::add(&mut write, run, one.position, &one.result)?;
        }
        let last = self.write_at_once(write, key).await?.ok_or_else(|| Error::not_found("run", run))?;
        let numbered = (last - number + 1..).zip(judged);
        Ok(numbered.map(|(seq, one)| Event { run, seq, at, kind: one.event }).collect())
    }

    /// At most `limit` events of a run after `after` (0 = from the first), in order.
    ///
    /// # Errors
    /// The database fails.
    pub async fn run_events(&self, run: RunId, after: i64, limit: u32) -> Result<Vec<Event>, Error> {
        const SQL: &str =
            "SELECT seq, at, kind_json FROM run_events WHERE run_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
        let rows = sqlx::query_as::<_, Row>(SQL)
            .bind(run.to_string())
            .bind(after)
            .bind(i64::from(limit))
            .fetch_all(&self.read)
            .await
            .map_err(failed)?;
        rows.into_iter()
            .map(|row| {
                let kind = from_json("run_events.kind_json", &row.kind_json)?;
                Ok(Event { run, seq: row.seq, at: Timestamp::from_millis(row.at), kind })
            })
            .collect()
    }
}

impl RunWrite {
    async fn make(&self, connection: &mut AnyConnection, run: RunId) -> Result<(), Error> {
        let done = match self {
            Self::Result { position, result } => {
                return evaluation_results::write(connection, run, *position, result).await;
            }
            Self::CaseVersions { versions, aggregate } => {
                evaluation_runs::write_versions(connection, run, versions, aggregate.as_ref()).await?
            }
            Self::Episode(episode) => return training_episodes::write(connection, run, episode).await,
            Self::EpisodesForget { from } => return training_episodes::forget(connection, run, *from).await,
            Self::EvaluationState { state, completed_at, error, aggregate } => {
                let ended = Ended { state: *state, completed_at: *completed_at, error: error.as_deref() };
                evaluation_runs::write_state(connection, run, &ended, aggregate.as_ref()).await?
            }
            Self::TrainingState { state, completed_at, error } => {
                let ended = Ended { state: *state, completed_at: *completed_at, error: error.as_deref() };
                training_runs::write_state(connection, run, &ended).await?
            }
            Self::TrainingHeldOut { before, after } => {
                training_runs::write_held_out(connection, run, *before, *after).await?
            }
        };
        if done { Ok(()) } else { Err(Error::Conflict(format!("run {run} is of another kind, or has ended already"))) }
    }
}
