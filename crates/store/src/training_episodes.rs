//! Table `training_episodes`: written with the events of their run.

use crate::{
    Store,
    column::{number, parsed},
    failure::failed,
};
use sqlx::AnyConnection;
use types::{Error, RunId, Timestamp, TrainingEpisode};

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    episode_num: i64,
    avg_reward: f64,
    total_reward: f64,
    num_test_cases: i64,
    created_at: i64,
}

impl Store {
    /// The episodes of a run by number.
    ///
    /// # Errors
    /// The database fails.
    pub async fn training_episodes(&self, run: RunId) -> Result<Vec<TrainingEpisode>, Error> {
        const SQL: &str = "SELECT id, episode_num, avg_reward, total_reward, num_test_cases, created_at \
                           FROM training_episodes WHERE run_id = $1 ORDER BY episode_num";
        let rows = sqlx::query_as::<_, Row>(SQL).bind(run.to_string()).fetch_all(&self.read).await.map_err(failed)?;
        rows.into_iter().map(TrainingEpisode::try_from).collect()
    }
}

/// Writes an episode; one of the same number is replaced.
pub(crate) async fn write(connection: &mut AnyConnection, run: RunId, episode: &TrainingEpisode) -> Result<(), Error> {
    const SQL: &str = "INSERT INTO training_episodes \
                       (id, run_id, episode_num, avg_reward, total_reward, num_test_cases, created_at) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (run_id, episode_num) DO UPDATE SET \
                       id = excluded.id, avg_reward = excluded.avg_reward, total_reward = excluded.total_reward, \
                       num_test_cases = excluded.num_test_cases, created_at = excluded.created_at";
    sqlx::query(SQL)
        .bind(episode.id.to_string())
        .bind(run.to_string())
        .bind(episode.episode_num)
        .bind(number("avg_reward", episode.avg_reward)?)
        .bind(number("total_reward", episode.total_reward)?)
        .bind(episode.num_test_cases)
        .bind(episode.created_at.as_millis())
        .execute(connection)
        .await
        .map_err(failed)?;
    Ok(())
}

/// Deletes every episode from number `from` on.
pub(crate) async fn forget(connection: &mut AnyConnection, run: RunId, from: i64) -> Result<(), Error> {
    sqlx::query("DELETE FROM training_episodes WHERE run_id = $1 AND episode_num >= $2")
        .bind(run.to_string())
        .bind(from)
        .execute(connection)
        .await
        .map_err(failed)?;
    Ok(())
}

impl TryFrom<Row> for TrainingEpisode {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: parsed("training_episodes.id", &row.id)?,
            episode_num: row.episode_num,
            avg_reward: row.avg_reward,
            total_reward: row.total_reward,
            num_test_cases: row.num_test_cases,
            created_at: Timestamp::from_millis(row.created_at),
        })
    }
}
