//! Table `result_reviews`: what people say of results.

use crate::{
    Store,
    column::{flag, from_word, parsed, text, word},
    failure::failed,
    listing::{items, paged},
};
use types::{Error, Page, Paged, ResultId, Review, RunId, TestCaseId, Timestamp};

macro_rules! columns {
    () => {
        "result_id, run_id, test_case_id, case_version, verdict, disputed, comment, reviewed_at"
    };
}

/// `$1`: 1 = only disputed ones.
macro_rules! listed {
    () => {
        " FROM result_reviews WHERE disputed >= $1"
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    result_id: String,
    run_id: String,
    test_case_id: String,
    case_version: i64,
    verdict: Option<String>,
    disputed: i64,
    comment: String,
    reviewed_at: i64,
}

impl Store {
    /// Stores what a person says of a result; what was said of it before is replaced.
    ///
    /// # Errors
    /// `Conflict` when there is no such run.
    pub async fn review_put(&self, review: &Review) -> Result<(), Error> {
        const SQL: &str = concat!(
            "INSERT INTO result_reviews (",
            columns!(),
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (result_id) DO UPDATE SET \
             case_version = excluded.case_version, verdict = excluded.verdict, disputed = excluded.disputed, \
             comment = excluded.comment, reviewed_at = excluded.reviewed_at"
        );
        let verdict = review.verdict.as_ref().map(|verdict| word("verdict", verdict)).transpose()?;
        sqlx::query(SQL)
            .bind(review.result_id.to_string())
            .bind(review.run_id.to_string())
            .bind(review.test_case_id.to_string())
            .bind(i64::from(review.case_version))
            .bind(verdict)
            .bind(flag(review.disputed))
            .bind(text(&review.comment))
            .bind(review.reviewed_at.as_millis())
            .execute(&self.write)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Takes back what was said of a result; whether anything was.
    ///
    /// # Errors
    /// The database fails.
    pub async fn review_delete(&self, result: ResultId) -> Result<bool, Error> {
        const SQL: &str = "DELETE FROM result_reviews WHERE result_id = $1";
        let done = sqlx::query(SQL).bind(result.to_string()).execute(&self.write).await.map_err(failed)?;
        Ok(done.rows_affected() > 0)
    }

    /// What people say of the results of a run, in no order.
    ///
    /// # Errors
    /// The database fails.
    pub async fn reviews_of_run(&self, run: RunId) -> Result<Vec<Review>, Error> {
        const SQL: &str = concat!("SELECT ", columns!(), " FROM result_reviews WHERE run_id = $1");
        items(sqlx::query_as::<_, Row>(SQL).bind(run.to_string()).fetch_all(&self.read).await.map_err(failed)?)
    }

    /// What people say of the results of a case, the latest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn reviews_of_case(&self, case: TestCaseId) -> Result<Vec<Review>, Error> {
        const SQL: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM result_reviews WHERE test_case_id = $1 ORDER BY reviewed_at DESC, result_id"
        );
        items(sqlx::query_as::<_, Row>(SQL).bind(case.to_string()).fetch_all(&self.read).await.map_err(failed)?)
    }

    /// What people say, the latest first; only where the key is disputed, or all.
    ///
    /// # Errors
    /// The database fails.
    pub async fn review_list(&self, only_disputed: bool, page: Page) -> Result<Paged<Review>, Error> {
        const SQL: &str =
            concat!("SELECT ", columns!(), listed!(), " ORDER BY reviewed_at DESC, result_id LIMIT $2 OFFSET $3");
        let rows = sqlx::query_as::<_, Row>(SQL).bind(flag(only_disputed));
        let total = sqlx::query_scalar(concat!("SELECT COUNT(*)", listed!())).bind(flag(only_disputed));
        paged(&self.read, rows, total, page).await
    }
}

impl TryFrom<Row> for Review {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            result_id: parsed("result_reviews.result_id", &row.result_id)?,
            run_id: parsed("result_reviews.run_id", &row.run_id)?,
            test_case_id: parsed("result_reviews.test_case_id", &row.test_case_id)?,
            case_version: u32::try_from(row.case_version).unwrap_or(1),
            verdict: row.verdict.as_deref().map(|verdict| from_word("result_reviews.verdict", verdict)).transpose()?,
            disputed: row.disputed != 0,
            comment: row.comment,
            reviewed_at: Timestamp::from_millis(row.reviewed_at),
        })
    }
}
