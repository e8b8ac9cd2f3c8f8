//! Table `metrics`: the metrics that people wrote.

use crate::{
    Store,
    column::{from_word, millis_opt, parsed, text, time_opt, word},
    failure::failed,
    listing::items,
};
use types::{Error, Metric, MetricId, Timestamp};

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    name: String,
    description: String,
    expression: String,
    kind: String,
    created_at: i64,
    updated_at: Option<i64>,
}

impl Store {
    /// Adds a metric.
    ///
    /// # Errors
    /// `Conflict` when its id or name is taken.
    pub async fn metric_insert(&self, metric: &Metric) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO metrics (id, name, description, expression, kind, created_at, updated_at) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7)";
        sqlx::query(SQL)
            .bind(metric.id.to_string())
            .bind(text(&metric.name))
            .bind(text(&metric.description))
            .bind(text(&metric.expression))
            .bind(word("kind", &metric.kind)?)
            .bind(metric.created_at.as_millis())
            .bind(millis_opt(metric.updated_at))
            .execute(&self.write)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Every metric, by name.
    ///
    /// # Errors
    /// The database fails.
    pub async fn metric_list(&self) -> Result<Vec<Metric>, Error> {
        const SQL: &str =
            "SELECT id, name, description, expression, kind, created_at, updated_at FROM metrics ORDER BY name";
        items(sqlx::query_as::<_, Row>(SQL).fetch_all(&self.read).await.map_err(failed)?)
    }

    /// Replaces everything but id and time of creation; false when there is no such metric.
    ///
    /// # Errors
    /// `Conflict` when its name is taken.
    pub async fn metric_update(&self, metric: &Metric) -> Result<bool, Error> {
        const SQL: &str = "UPDATE metrics SET name = $2, description = $3, expression = $4, kind = $5, updated_at = $6 \
                           WHERE id = $1";
        let done = sqlx::query(SQL)
            .bind(metric.id.to_string())
            .bind(text(&metric.name))
            .bind(text(&metric.description))
            .bind(text(&metric.expression))
            .bind(word("kind", &metric.kind)?)
            .bind(millis_opt(metric.updated_at));
        Ok(done.execute(&self.write).await.map_err(failed)?.rows_affected() > 0)
    }

    /// Deletes a metric; false when there is none.
    ///
    /// # Errors
    /// The database fails.
    pub async fn metric_delete(&self, id: MetricId) -> Result<bool, Error> {
        let done = sqlx::query("DELETE FROM metrics WHERE id = $1").bind(id.to_string()).execute(&self.write);
        Ok(done.await.map_err(failed)?.rows_affected() > 0)
    }
}

impl TryFrom<Row> for Metric {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: parsed("metrics.id", &row.id)?,
            name: row.name,
            description: row.description,
            expression: row.expression,
            kind: from_word("metrics.kind", &row.kind)?,
            created_at: Timestamp::from_millis(row.created_at),
            updated_at: time_opt(row.updated_at),
        })
    }
}
