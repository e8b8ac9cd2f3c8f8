//! Table `training_runs`.

use crate::{
    Store,
    column::{from_json, json, millis_opt, number_opt, parsed, text, text_opt, time_opt},
    failure::failed,
    listing::paged,
    run_events::Ended,
    runs,
};
use serde_json::Value;
use sqlx::AnyConnection;
use types::{AgentId, Error, Page, Paged, RunId, RunKind, RunState, Timestamp, TrainingRun, TrainingRunListItem};

macro_rules! of_run {
    ($value:literal) => {
        concat!("(SELECT ", $value, " FROM training_episodes WHERE run_id = training_runs.id)")
    };
}

macro_rules! columns {
    () => {
        concat!(
            "id, agent_id, state, algorithm, num_episodes, held_out_before, held_out_after, started_at, completed_at, \
             error, ",
            of_run!("COUNT(*)"),
            " AS current_episode, ",
            of_run!("AVG(avg_reward)"),
            " AS final_avg_reward, ",
            of_run!("MAX(avg_reward)"),
            " AS best_avg_reward, (SELECT AVG(avg_reward) FROM (SELECT avg_reward FROM training_episodes \
             WHERE run_id = training_runs.id ORDER BY episode_num DESC LIMIT 10) AS latest) AS last_window_avg_reward"
        )
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    agent_id: String,
    state: String,
    algorithm: String,
    num_episodes: i64,
    held_out_before: Option<f64>,
    held_out_after: Option<f64>,
    started_at: i64,
    completed_at: Option<i64>,
    error: Option<String>,
    current_episode: i64,
    final_avg_reward: Option<f64>,
    best_avg_reward: Option<f64>,
    last_window_avg_reward: Option<f64>,
}

impl Store {
    /// Adds a run with the request it is started with. What is derived from its episodes is not stored.
    ///
    /// # Errors
    /// `Conflict` when its id is taken or its agent does not exist.
    pub async fn training_insert(&self, run: &TrainingRunListItem, config: &Value) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO training_runs (id, agent_id, state, algorithm, num_episodes, config_json, \
                           held_out_before, held_out_after, started_at, completed_at, error) \
                           VALUES ($1, $2, $3, $4, $5, $6, CASE WHEN $7 = 1 THEN $8 END, CASE WHEN $9 = 1 THEN $10 END, \
                           $11, $12, $13)";
        let (has_before, before) = number_opt("held_out_before", run.held_out_before)?;
        let (has_after, after) = number_opt("held_out_after", run.held_out_after)?;
        let mut transaction = self.begin().await?;
        runs::insert(&mut transaction, run.id, RunKind::Training).await?;
        sqlx::query(SQL)
            .bind(run.id.to_string())
            .bind(run.agent_id.to_string())
            .bind(run.state.as_str())
            .bind(text(&run.algorithm))
            .bind(run.num_episodes)
            .bind(json("config_json", config)?)
            .bind(has_before)
            .bind(before)
            .bind(has_after)
            .bind(after)
            .bind(run.started_at.as_millis())
            .bind(millis_opt(run.completed_at))
            .bind(text_opt(run.error.as_deref()))
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }

    /// The run with its request and its episodes by number.
    ///
    /// # Errors
    /// The database fails.
    pub async fn training_get(&self, run: RunId) -> Result<Option<TrainingRun>, Error> {
        const SQL: &str = concat!("SELECT ", columns!(), " FROM training_runs WHERE id = $1");
        let row = sqlx::query_as::<_, Row>(SQL).bind(run.to_string()).fetch_optional(&self.read).await;
        let Some(row) = row.map_err(failed)? else { return Ok(None) };
        let config: String = sqlx::query_scalar("SELECT config_json FROM training_runs WHERE id = $1")
            .bind(run.to_string())
            .fetch_one(&self.read)
            .await
            .map_err(failed)?;
        Ok(Some(TrainingRun {
            run: row.try_into()?,
            config_json: from_json("training_runs.config_json", &config)?,
            episodes: self.training_episodes(run).await?,
        }))
    }

    /// Runs (of one agent, or all), newest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn training_list(&self, agent: Option<AgentId>, page: Page) -> Result<Paged<TrainingRunListItem>, Error> {
        const ALL: &str =
            concat!("SELECT ", columns!(), " FROM training_runs ORDER BY started_at DESC, id DESC LIMIT $1 OFFSET $2");
        const OF_AGENT: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM training_runs WHERE agent_id = $1 ORDER BY started_at DESC, id DESC LIMIT $2 OFFSET $3"
        );
        const COUNT_ALL: &str = "SELECT COUNT(*) FROM training_runs";
        const COUNT_OF_AGENT: &str = "SELECT COUNT(*) FROM training_runs WHERE agent_id = $1";
        let (rows, total) = match agent {
            None => (sqlx::query_as::<_, Row>(ALL), sqlx::query_scalar(COUNT_ALL)),
            Some(agent) => (
                sqlx::query_as(OF_AGENT).bind(agent.to_string()),
                sqlx::query_scalar(COUNT_OF_AGENT).bind(agent.to_string()),
            ),
        };
        paged(&self.read, rows, total, page).await
    }
}

/// Replaces state, end and error of a run; false when there is none, or it cannot go to that state.
pub(crate) async fn write_state(connection: &mut AnyConnection, run: RunId, ended: &Ended<'_>) -> Result<bool, Error> {
    const SQL: &str = "UPDATE training_runs SET state = $2, completed_at = $3, error = $4 \
                       WHERE id = $1 AND ($2 <> 'stopping' OR state IN ('pending', 'running', 'stopping'))";
    let done = sqlx::query(SQL)
        .bind(run.to_string())
        .bind(ended.state.as_str())
        .bind(millis_opt(ended.completed_at))
        .bind(text_opt(ended.error))
        .execute(connection)
        .await
        .map_err(failed)?;
    Ok(done.rows_affected() > 0)
}

/// Writes the held-out rewards that are given; the others stay. False when there is no such run.
pub(crate) async fn write_held_out(
    connection: &mut AnyConnection,
    run: RunId,
    before: Option<f64>,
    after: Option<f64>,
) -> Result<bool, Error> {
    const SQL: &str = "UPDATE training_runs SET held_out_before = CASE WHEN $2 = 1 THEN $3 ELSE held_out_before END, \
                       held_out_after = CASE WHEN $4 = 1 THEN $5 ELSE held_out_after END WHERE id = $1";
    let (has_before, before) = number_opt("held_out_before", before)?;
    let (has_after, after) = number_opt("held_out_after", after)?;
    let done = sqlx::query(SQL)
        .bind(run.to_string())
        .bind(has_before)
        .bind(before)
        .bind(has_after)
        .bind(after)
        .execute(connection)
        .await
        .map_err(failed)?;
    Ok(done.rows_affected() > 0)
}

impl TryFrom<Row> for TrainingRunListItem {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let state: RunState = parsed("training_runs.state", &row.state)?;
        Ok(Self {
            id: parsed("training_runs.id", &row.id)?,
            agent_id: parsed("training_runs.agent_id", &row.agent_id)?,
            status: state.status(),
            state,
            algorithm: row.algorithm,
            num_episodes: row.num_episodes,
            current_episode: row.current_episode,
            final_avg_reward: row.final_avg_reward,
            last_window_avg_reward: row.last_window_avg_reward,
            best_avg_reward: row.best_avg_reward,
            held_out_before: row.held_out_before,
            held_out_after: row.held_out_after,
            started_at: Timestamp::from_millis(row.started_at),
            completed_at: time_opt(row.completed_at),
            error: row.error,
        })
    }
}
