//! Table `test_case_versions`: what cases were before they were changed.

use super::Row;
use crate::{Store, failure::failed, listing::items};
use sqlx::AnyConnection;
use types::{Error, TestCase, TestCaseId};

/// Keeps the case as it stands, before it is changed.
pub(super) async fn keep(connection: &mut AnyConnection, id: TestCaseId) -> Result<(), Error> {
    const SQL: &str = concat!(
        "INSERT INTO test_case_versions (",
        columns!(),
        ") SELECT ",
        columns!(),
        " FROM test_cases WHERE id = $1"
    );
    sqlx::query(SQL).bind(id.to_string()).execute(connection).await.map_err(failed)?;
    Ok(())
}

impl Store {
    /// The versions of a case before the present one, newest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn case_versions(&self, id: TestCaseId) -> Result<Vec<TestCase>, Error> {
        const SQL: &str =
            concat!("SELECT ", columns!(), " FROM test_case_versions WHERE id = $1 ORDER BY version DESC");
        items(sqlx::query_as::<_, Row>(SQL).bind(id.to_string()).fetch_all(&self.read).await.map_err(failed)?)
    }

    /// The cases as they were at these versions, in this order; what is unknown is left out.
    ///
    /// # Errors
    /// The database fails.
    pub async fn case_get_at(&self, wanted: &[(TestCaseId, u32)]) -> Result<Vec<TestCase>, Error> {
        const SQL: &str = concat!("SELECT ", columns!(), " FROM test_case_versions WHERE id = $1 AND version = $2");
        let ids: Vec<TestCaseId> = wanted.iter().map(|(id, _)| *id).collect();
        let mut found = Vec::with_capacity(wanted.len());
        let now: std::collections::HashMap<_, _> =
            self.case_get_many(&ids).await?.into_iter().map(|case| (case.id, case)).collect();
        for (id, version) in wanted {
            match now.get(id) {
                Some(case) if case.version == *version => found.push(case.clone()),
                Some(_) => {
                    let row = sqlx::query_as::<_, Row>(SQL).bind(id.to_string()).bind(i64::from(*version));
                    let row = row.fetch_optional(&self.read).await.map_err(failed)?;
                    found.extend(row.map(TestCase::try_from).transpose()?);
                }
                None => {}
            }
        }
        Ok(found)
    }
}
