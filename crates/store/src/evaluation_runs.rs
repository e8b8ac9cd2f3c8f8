//! Table `evaluation_runs`.

use crate::{
    Store,
    column::{from_json, from_json_opt, json, json_opt, json_readable, millis_opt, parsed, text_opt, time_opt},
    failure::failed,
    listing::{items, paged},
    run_events::Ended,
    runs,
};
use sqlx::AnyConnection;
use types::{
    AgentId, AggregateMetrics, Error, EvaluationOptions, EvaluationRun, EvaluationRunListItem, Page, Paged, RunId,
    RunKind, RunState, TestCaseId, Timestamp,
};

macro_rules! columns {
    () => {
        "id, agent_id, state, num_test_cases, aggregate_metrics_json, started_at, completed_at, error, options_json, \
         (SELECT COUNT(*) FROM evaluation_results WHERE run_id = evaluation_runs.id) AS num_completed"
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    agent_id: String,
    state: String,
    num_test_cases: i64,
    aggregate_metrics_json: Option<String>,
    started_at: i64,
    completed_at: Option<i64>,
    error: Option<String>,
    options_json: Option<String>,
    num_completed: i64,
}

impl Store {
    /// Adds a run over these samples, each a case at a version, in this order, `concurrency` of them at once. `status` and
    /// `num_completed` are derived, not stored.
    ///
    /// # Errors
    /// `Conflict` when its id is taken or its agent does not exist.
    pub async fn evaluation_insert(
        &self,
        run: &EvaluationRunListItem,
        samples: &[(TestCaseId, u32)],
        concurrency: u32,
    ) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO evaluation_runs (id, agent_id, state, num_test_cases, test_case_ids_json, \
                           aggregate_metrics_json, started_at, completed_at, error, concurrency, \
                           options_json, case_versions_json) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        let (cases, versions): (Vec<TestCaseId>, Vec<u32>) = samples.iter().copied().unzip();
        let options = (run.options != EvaluationOptions::default()).then_some(&run.options);
        let aggregate = run.aggregate_metrics_json.as_ref();
        let mut transaction = self.begin().await?;
        runs::insert(&mut transaction, run.id, RunKind::Evaluation).await?;
        sqlx::query(SQL)
            .bind(run.id.to_string())
            .bind(run.agent_id.to_string())
            .bind(run.state.as_str())
            .bind(run.num_test_cases)
            .bind(json("test_case_ids_json", &cases)?)
            .bind(aggregate.map(|aggregate| json_readable("aggregate_metrics_json", aggregate)).transpose()?)
            .bind(run.started_at.as_millis())
            .bind(millis_opt(run.completed_at))
            .bind(text_opt(run.error.as_deref()))
            .bind(i64::from(concurrency))
            .bind(json_opt("options_json", options)?)
            .bind(json("case_versions_json", &versions)?)
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }

    /// The run with its results in the order of the cases.
    ///
    /// # Errors
    /// The database fails.
    pub async fn evaluation_get(&self, run: RunId) -> Result<Option<EvaluationRun>, Error> {
        let Some(found) = self.evaluation_find(run).await? else { return Ok(None) };
        Ok(Some(EvaluationRun { run: found, results: self.evaluation_results(run).await? }))
    }

    /// The run without its results.
    ///
    /// # Errors
    /// The database fails.
    pub async fn evaluation_find(&self, run: RunId) -> Result<Option<EvaluationRunListItem>, Error> {
        const SQL: &str = concat!("SELECT ", columns!(), " FROM evaluation_runs WHERE id = $1");
        let row = sqlx::query_as::<_, Row>(SQL).bind(run.to_string()).fetch_optional(&self.read).await;
        row.map_err(failed)?.map(EvaluationRunListItem::try_from).transpose()
    }

    /// The samples of the run, each a case at a version, in order; empty when there is no such run.
    ///
    /// # Errors
    /// The database fails.
    pub async fn evaluation_samples(&self, run: RunId) -> Result<Vec<(TestCaseId, u32)>, Error> {
        const SQL: &str = "SELECT test_case_ids_json, case_versions_json FROM evaluation_runs WHERE id = $1";
        let found: Option<(String, Option<String>)> =
            sqlx::query_as(SQL).bind(run.to_string()).fetch_optional(&self.read).await.map_err(failed)?;
        let Some((ids, versions)) = found else { return Ok(Vec::new()) };
        let ids: Vec<TestCaseId> = from_json("evaluation_runs.test_case_ids_json", &ids)?;
        let versions: Option<Vec<u32>> = from_json_opt("evaluation_runs.case_versions_json", versions.as_deref())?;
        // Runs of earlier releases: cases had one version then.
        let versions = versions.unwrap_or_else(|| vec![1; ids.len()]);
        Ok(ids.into_iter().zip(versions).collect())
    }

    /// How many cases of the run are at work at once; `None` when there is no such run.
    ///
    /// # Errors
    /// The database fails.
    pub async fn evaluation_concurrency(&self, run: RunId) -> Result<Option<u32>, Error> {
        let found: Option<i64> = sqlx::query_scalar("SELECT concurrency FROM evaluation_runs WHERE id = $1")
            .bind(run.to_string())
            .fetch_optional(&self.read)
            .await
            .map_err(failed)?;
        Ok(found.map(|number| u32::try_from(number).unwrap_or(1)))
    }

    /// Runs (of one agent, or all), newest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn evaluation_list(
        &self,
        agent: Option<AgentId>,
        page: Page,
    ) -> Result<Paged<EvaluationRunListItem>, Error> {
        const ALL: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM evaluation_runs ORDER BY started_at DESC, id DESC LIMIT $1 OFFSET $2"
        );
        const OF_AGENT: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM evaluation_runs WHERE agent_id = $1 ORDER BY started_at DESC, id DESC LIMIT $2 OFFSET $3"
        );
        const COUNT_ALL: &str = "SELECT COUNT(*) FROM evaluation_runs";
        const COUNT_OF_AGENT: &str = "SELECT COUNT(*) FROM evaluation_runs WHERE agent_id = $1";
        let (rows, total) = match agent {
            None => (sqlx::query_as::<_, Row>(ALL), sqlx::query_scalar(COUNT_ALL)),
            Some(agent) => (
                sqlx::query_as(OF_AGENT).bind(agent.to_string()),
                sqlx::query_scalar(COUNT_OF_AGENT).bind(agent.to_string()),
            ),
        };
        paged(&self.read, rows, total, page).await
    }

    /// The latest completed run of each active agent, latest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn evaluation_latest_completed(&self) -> Result<Vec<EvaluationRunListItem>, Error> {
        const SQL: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM evaluation_runs WHERE id IN (SELECT id FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY agent_id \
             ORDER BY completed_at DESC, id DESC) AS place FROM evaluation_runs WHERE state = 'completed' \
             AND completed_at IS NOT NULL AND agent_id IN (SELECT id FROM agents WHERE is_active = 1)) AS placed \
             WHERE place = 1) ORDER BY completed_at DESC, id DESC"
        );
        items(sqlx::query_as::<_, Row>(SQL).fetch_all(&self.read).await.map_err(failed)?)
    }
}

/// Replaces state, end, error and means of a run; false when there is none, or it cannot go to that state.
pub(crate) async fn write_state(
    connection: &mut AnyConnection,
    run: RunId,
    ended: &Ended<'_>,
    aggregate: Option<&AggregateMetrics>,
) -> Result<bool, Error> {
    const SQL: &str = "UPDATE evaluation_runs SET state = $2, completed_at = $3, error = $4, \
                       aggregate_metrics_json = $5 \
                       WHERE id = $1 AND ($2 <> 'stopping' OR state IN ('pending', 'running', 'stopping'))";
    let done = sqlx::query(SQL)
        .bind(run.to_string())
        .bind(ended.state.as_str())
        .bind(millis_opt(ended.completed_at))
        .bind(text_opt(ended.error))
        .bind(aggregate.map(|aggregate| json_readable("aggregate_metrics_json", aggregate)).transpose()?)
        .execute(connection)
        .await
        .map_err(failed)?;
    Ok(done.rows_affected() > 0)
}

/// Replaces the versions of the cases and the means; false when there is no such run.
pub(crate) async fn write_versions(
    connection: &mut AnyConnection,
    run: RunId,
    versions: &[u32],
    aggregate: Option<&AggregateMetrics>,
) -> Result<bool, Error> {
    const SQL: &str = "UPDATE evaluation_runs SET case_versions_json = $2, aggregate_metrics_json = $3 WHERE id = $1";
    let done = sqlx::query(SQL)
        .bind(run.to_string())
        .bind(json("case_versions_json", versions)?)
        .bind(aggregate.map(|aggregate| json_readable("aggregate_metrics_json", aggregate)).transpose()?)
        .execute(connection)
        .await
        .map_err(failed)?;
    Ok(done.rows_affected() > 0)
}

impl TryFrom<Row> for EvaluationRunListItem {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let state: RunState = parsed("evaluation_runs.state", &row.state)?;
        let aggregate = row.aggregate_metrics_json.as_deref();
        Ok(Self {
            id: parsed("evaluation_runs.id", &row.id)?,
            agent_id: parsed("evaluation_runs.agent_id", &row.agent_id)?,
            status: state.status(),
            state,
            num_test_cases: row.num_test_cases,
            num_completed: row.num_completed,
            started_at: Timestamp::from_millis(row.started_at),
            completed_at: time_opt(row.completed_at),
            aggregate_metrics_json: from_json_opt("evaluation_runs.aggregate_metrics_json", aggregate)?,
            error: row.error,
            options: from_json_opt("evaluation_runs.options_json", row.options_json.as_deref())?.unwrap_or_default(),
        })
    }
}
