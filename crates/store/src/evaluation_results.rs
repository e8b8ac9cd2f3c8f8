//! Table `evaluation_results`: written with the events of their run.

use crate::{
    Store,
    column::{
        from_json, from_json_opt, from_word, json, json_opt, json_readable, number, parsed, text, text_opt, word,
    },
    failure::failed,
    listing::{items, paged},
    writer::{Value, Write, bound},
};
use sqlx::AnyConnection;
use types::{
    CaseScore, Error, EvaluationResult, GroupBy, Outcome, Paged, ResultGroup, ResultId, ResultQuery, ResultSort, RunId,
    Scored, TestCaseId, Usage,
};

macro_rules! columns {
    () => {
        "id, test_case_id, task_success, tool_usage_efficiency, response_quality, reward, scored_json, outcome, \
         checks_json, user_input, response_text, tool_calls_json, latency_ms, error, \
         case_version, usage_json, metrics_json, turns_json"
    };
}

/// `$1`: the run. `$2`: the outcomes that are listed, each between commas. `$3`: by what cases are grouped, or nothing;
/// `$4` the group, a tag as JSON.
macro_rules! matching {
    () => {
        " FROM evaluation_results WHERE run_id = $1 AND $2 LIKE '%,' || outcome || ',%' \
          AND ($3 = '' OR test_case_id IN (SELECT id FROM test_cases WHERE \
               CASE $3 WHEN 'suite' THEN COALESCE(suite, '') = $4 WHEN 'split' THEN COALESCE(split, '') = $4 \
               WHEN 'task_type' THEN task_type = $4 WHEN 'tag' THEN REPLACE(tags_json, $4, '') <> tags_json \
               ELSE tags_json = $4 END))"
    };
}

macro_rules! ordered {
    ($columns:expr, $order:literal, $rest:literal) => {
        concat!("SELECT ", $columns, matching!(), " ORDER BY ", $order, $rest)
    };
}

const WRITE: &str = concat!(
    "INSERT INTO evaluation_results (",
    columns!(),
    ", run_id, position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) \
     ON CONFLICT (run_id, position) DO UPDATE SET id = excluded.id, test_case_id = excluded.test_case_id, \
     task_success = excluded.task_success, tool_usage_efficiency = excluded.tool_usage_efficiency, \
     response_quality = excluded.response_quality, reward = excluded.reward, scored_json = excluded.scored_json, \
     outcome = excluded.outcome, checks_json = excluded.checks_json, user_input = excluded.user_input, \
     response_text = excluded.response_text, tool_calls_json = excluded.tool_calls_json, \
     latency_ms = excluded.latency_ms, error = excluded.error, case_version = excluded.case_version, \
     usage_json = excluded.usage_json, metrics_json = excluded.metrics_json, turns_json = excluded.turns_json"
);

/// What the means of a run are over, without the texts of its results.
#[derive(Clone, PartialEq, Debug)]
pub struct StoredScore {
    /// Of which result.
    pub id: ResultId,
    /// Which case.
    pub test_case_id: TestCaseId,
    /// Its scores; the checks are left out.
    pub score: CaseScore,
    /// From question to end.
    pub latency_ms: i64,
    /// The version of the case that was asked.
    pub case_version: u32,
    /// Tokens and cost, where they were counted.
    pub usage: Option<Usage>,
}

#[derive(sqlx::FromRow)]
struct ScoreRow {
    id: String,
    test_case_id: String,
    task_success: f64,
    tool_usage_efficiency: f64,
    response_quality: f64,
    reward: f64,
    scored_json: String,
    outcome: String,
    latency_ms: i64,
    case_version: i64,
    usage_json: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    test_case_id: String,
    task_success: f64,
    tool_usage_efficiency: f64,
    response_quality: f64,
    reward: f64,
    scored_json: String,
    outcome: String,
    checks_json: String,
    user_input: String,
    response_text: Option<String>,
    tool_calls_json: Option<String>,
    latency_ms: i64,
    error: Option<String>,
    case_version: i64,
    usage_json: Option<String>,
    metrics_json: Option<String>,
    turns_json: Option<String>,
}

impl Store {
    /// All results of a run so far, in the order of its cases.
    ///
    /// # Errors
    /// The database fails.
    pub async fn evaluation_results(&self, run: RunId) -> Result<Vec<EvaluationResult>, Error> {
        const SQL: &str =
            concat!("SELECT ", columns!(), " FROM evaluation_results WHERE run_id = $1 ORDER BY position");
        items(sqlx::query_as::<_, Row>(SQL).bind(run.to_string()).fetch_all(&self.read).await.map_err(failed)?)
    }

    /// One page of the results of a run so far.
    ///
    /// # Errors
    /// The database fails.
    pub async fn evaluation_result_list(
        &self,
        run: RunId,
        query: ResultQuery,
    ) -> Result<Paged<EvaluationResult>, Error> {
        let sql = match query.sort {
            ResultSort::Case => ordered!(columns!(), "position", " LIMIT $5 OFFSET $6"),
            ResultSort::Reward => ordered!(columns!(), "reward, position", " LIMIT $5 OFFSET $6"),
            ResultSort::Latency => ordered!(columns!(), "latency_ms DESC, position", " LIMIT $5 OFFSET $6"),
        };
        let [outcomes, by, group] = listed(&query)?;
        let rows = sqlx::query_as::<_, Row>(sql).bind(run.to_string());
        let rows = rows.bind(outcomes.clone()).bind(by.clone()).bind(group.clone());
        let total = sqlx::query_scalar(concat!("SELECT COUNT(*)", matching!())).bind(run.to_string());
        paged(&self.read, rows, total.bind(outcomes).bind(by).bind(group), query.page).await
    }

    /// The ids of the results that a list shows, in its order, whatever its page.
    ///
    /// # Errors
    /// The database fails.
    pub async fn evaluation_result_ids(&self, run: RunId, query: ResultQuery) -> Result<Vec<ResultId>, Error> {
        let sql = match query.sort {
            ResultSort::Case => ordered!("id", "position", ""),
            ResultSort::Reward => ordered!("id", "reward, position", ""),
            ResultSort::Latency => ordered!("id", "latency_ms DESC, position", ""),
        };
        let [outcomes, by, group] = listed(&query)?;
        let ids = sqlx::query_scalar::<_, String>(sql).bind(run.to_string()).bind(outcomes).bind(by).bind(group);
        let ids = ids.fetch_all(&self.read).await.map_err(failed)?;
        ids.iter().map(|id| parsed("evaluation_results.id", id)).collect()
    }

    /// One result of a run.
    ///
    /// # Errors
    /// The database fails.
    pub async fn evaluation_result_get(&self, run: RunId, id: ResultId) -> Result<Option<EvaluationResult>, Error> {
        const SQL: &str = concat!("SELECT ", columns!(), " FROM evaluation_results WHERE run_id = $1 AND id = $2");
        let row = sqlx::query_as::<_, Row>(SQL).bind(run.to_string()).bind(id.to_string());
        row.fetch_optional(&self.read).await.map_err(failed)?.map(EvaluationResult::try_from).transpose()
    }

    /// The scores of a run so far, in the order of its cases.
    ///
    /// # Errors
    /// The database fails.
    pub async fn evaluation_scores(&self, run: RunId) -> Result<Vec<StoredScore>, Error> {
        const SQL: &str = "SELECT id, test_case_id, task_success, tool_usage_efficiency, response_quality, reward, \
                           scored_json, outcome, latency_ms, case_version, usage_json FROM evaluation_results \
                           WHERE run_id = $1 ORDER BY position";
        items(sqlx::query_as::<_, ScoreRow>(SQL).bind(run.to_string()).fetch_all(&self.read).await.map_err(failed)?)
    }

    /// Positions of all results of a run, ascending: those of [`Store::evaluation_results`].
    ///
    /// # Errors
    /// The database fails.
    pub async fn evaluation_places(&self, run: RunId) -> Result<Vec<i64>, Error> {
        const SQL: &str = "SELECT position FROM evaluation_results WHERE run_id = $1 ORDER BY position";
        sqlx::query_scalar(SQL).bind(run.to_string()).fetch_all(&self.read).await.map_err(failed)
    }

    /// The position of a result among those of its run.
    ///
    /// # Errors
    /// The database fails.
    pub async fn evaluation_position(&self, run: RunId, id: ResultId) -> Result<Option<i64>, Error> {
        const SQL: &str = "SELECT position FROM evaluation_results WHERE run_id = $1 AND id = $2";
        let position = sqlx::query_scalar(SQL).bind(run.to_string()).bind(id.to_string());
        position.fetch_optional(&self.read).await.map_err(failed)
    }

    /// Positions (places among the run's cases) whose provider answered, ascending: what a resumed run need not repeat.
    ///
    /// # Errors
    /// The database fails.
    pub async fn evaluation_positions(&self, run: RunId) -> Result<Vec<i64>, Error> {
        const SQL: &str =
            "SELECT position FROM evaluation_results WHERE run_id = $1 AND outcome <> $2 ORDER BY position";
        sqlx::query_scalar(SQL)
            .bind(run.to_string())
            .bind(word("outcome", &Outcome::ProviderError)?)
            .fetch_all(&self.read)
            .await
            .map_err(failed)
    }
}

/// The outcomes that are listed and the group of cases, as `matching!` takes them.
fn listed(query: &ResultQuery) -> Result<[String; 3], Error> {
    let shown = Outcome::ALL.iter().filter(|outcome| query.show.shows(**outcome));
    let words = shown.map(|outcome| word("outcome", outcome)).collect::<Result<Vec<_>, _>>()?;
    let (by, value) = match &query.within {
        None => ("", String::new()),
        Some(ResultGroup { by: GroupBy::Tag, value }) if value.is_empty() => ("untagged", "[]".into()),
        Some(ResultGroup { by: GroupBy::Tag, value }) => ("tag", json("tag", value)?),
        Some(ResultGroup { by, value }) => (by.word(), text(value)),
    };
    Ok([format!(",{},", words.join(",")), by.into(), value])
}

/// Writes the result at `position`; a result that was there is replaced.
pub(crate) async fn write(
    connection: &mut AnyConnection,
    run: RunId,
    position: i64,
    result: &EvaluationResult,
) -> Result<(), Error> {
    let query = bound(sqlx::query_as(WRITE), values(run, position, result)?);
    query.fetch_all(connection).await.map_err(failed)?;
    Ok(())
}

/// [`write`] as a part of a transaction.
pub(crate) fn add(write: &mut Write, run: RunId, position: i64, result: &EvaluationResult) -> Result<(), Error> {
    write.add(WRITE, values(run, position, result)?);
    Ok(())
}

fn values(run: RunId, position: i64, result: &EvaluationResult) -> Result<Vec<Value>, Error> {
    let calls = result.tool_calls_json.as_ref();
    Ok(vec![
        result.id.to_string().into(),
        result.test_case_id.to_string().into(),
        number("task_success", result.task_success)?.into(),
        number("tool_usage_efficiency", result.tool_usage_efficiency)?.into(),
        number("response_quality", result.response_quality)?.into(),
        number("reward", result.reward)?.into(),
        json("scored_json", &result.scored)?.into(),
        word("outcome", &result.outcome)?.into(),
        json_readable("checks_json", &result.checks)?.into(),
        text(&result.user_input).into(),
        text_opt(result.response_text.as_deref()).into(),
        calls.map(|calls| json_readable("tool_calls_json", calls)).transpose()?.into(),
        result.latency_ms.into(),
        text_opt(result.error.as_deref()).into(),
        i64::from(result.case_version).into(),
        json_opt("usage_json", result.usage.as_ref())?.into(),
        json_opt("metrics_json", Some(&result.metrics).filter(|metrics| !metrics.is_empty()))?.into(),
        json_opt("turns_json", Some(&result.turns).filter(|turns| !turns.is_empty()))?.into(),
        run.to_string().into(),
        position.into(),
    ])
}

impl TryFrom<ScoreRow> for StoredScore {
    type Error = Error;

    fn try_from(row: ScoreRow) -> Result<Self, Error> {
        let scored: Scored = from_json("evaluation_results.scored_json", &row.scored_json)?;
        let score = CaseScore {
            outcome: from_word("evaluation_results.outcome", &row.outcome)?,
            task_success: scored.task_success.then_some(row.task_success),
            tool_usage_efficiency: scored.tool_usage_efficiency.then_some(row.tool_usage_efficiency),
            response_quality: scored.response_quality.then_some(row.response_quality),
            reward: scored.reward.then_some(row.reward),
            checks: Vec::new(),
        };
        let test_case_id = parsed("evaluation_results.test_case_id", &row.test_case_id)?;
        Ok(Self {
            id: parsed("evaluation_results.id", &row.id)?,
            test_case_id,
            score,
            latency_ms: row.latency_ms,
            case_version: u32::try_from(row.case_version).unwrap_or(1),
            usage: from_json_opt("evaluation_results.usage_json", row.usage_json.as_deref())?,
        })
    }
}

impl TryFrom<Row> for EvaluationResult {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: parsed("evaluation_results.id", &row.id)?,
            test_case_id: parsed("evaluation_results.test_case_id", &row.test_case_id)?,
            task_success: row.task_success,
            tool_usage_efficiency: row.tool_usage_efficiency,
            response_quality: row.response_quality,
            reward: row.reward,
            response_text: row.response_text,
            tool_calls_json: from_json_opt("evaluation_results.tool_calls_json", row.tool_calls_json.as_deref())?,
            scored: from_json("evaluation_results.scored_json", &row.scored_json)?,
            outcome: from_word("evaluation_results.outcome", &row.outcome)?,
            checks: from_json("evaluation_results.checks_json", &row.checks_json)?,
            user_input: row.user_input,
            latency_ms: row.latency_ms,
            error: row.error,
            case_version: u32::try_from(row.case_version).unwrap_or(1),
            usage: from_json_opt("evaluation_results.usage_json", row.usage_json.as_deref())?,
            metrics: from_json_opt("evaluation_results.metrics_json", row.metrics_json.as_deref())?.unwrap_or_default(),
            turns: from_json_opt("evaluation_results.turns_json", row.turns_json.as_deref())?.unwrap_or_default(),
        })
    }
}
