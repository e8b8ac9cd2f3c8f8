//! What of a run's results is set beside that of other runs: table `evaluation_results`.

use crate::{
    Store,
    column::{from_json, from_word, parsed},
    failure::failed,
    listing::items,
};
use types::{Error, Outcome, ResultId, RunId, Scored, TestCaseId};

/// A result as a comparison sees it.
#[derive(Clone, PartialEq, Debug)]
pub struct RunCell {
    /// Its id.
    pub id: ResultId,
    /// Which case.
    pub test_case_id: TestCaseId,
    /// At which version.
    pub case_version: u32,
    /// What became of it.
    pub outcome: Outcome,
    /// 1 or 0; `None` when it was not scored.
    pub success: Option<f64>,
    /// 0 to 1; `None` when it was not scored.
    pub reward: Option<f64>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    test_case_id: String,
    case_version: i64,
    outcome: String,
    task_success: f64,
    reward: f64,
    scored_json: String,
}

impl Store {
    /// The results of a run, in the order of its cases.
    ///
    /// # Errors
    /// The database fails.
    pub async fn run_cells(&self, run: RunId) -> Result<Vec<RunCell>, Error> {
        const SQL: &str = "SELECT id, test_case_id, case_version, outcome, task_success, reward, scored_json \
                           FROM evaluation_results WHERE run_id = $1 ORDER BY position";
        items(sqlx::query_as::<_, Row>(SQL).bind(run.to_string()).fetch_all(&self.read).await.map_err(failed)?)
    }
}

impl TryFrom<Row> for RunCell {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let scored: Scored = from_json("evaluation_results.scored_json", &row.scored_json)?;
        Ok(Self {
            id: parsed("evaluation_results.id", &row.id)?,
            test_case_id: parsed("evaluation_results.test_case_id", &row.test_case_id)?,
            case_version: u32::try_from(row.case_version).unwrap_or(1),
            outcome: from_word("evaluation_results.outcome", &row.outcome)?,
            success: scored.task_success.then_some(row.task_success),
            reward: scored.reward.then_some(row.reward),
        })
    }
}
