//! Table `case_uploads`: files of test cases between their preview and their import.

use crate::{
    Store,
    column::{from_json, json, text},
    failure::failed,
};
use sqlx::AnyConnection;
use types::{Error, ImportOptions, Timestamp};

impl Store {
    /// Keeps a file under `token`; forgets those from before `expired`, and all but the newest `keep`.
    ///
    /// # Errors
    /// The database fails.
    pub async fn case_upload_save(
        &self,
        token: &str,
        upload: (&str, &ImportOptions),
        now: Timestamp,
        (expired, keep): (Timestamp, u32),
    ) -> Result<(), Error> {
        const SAVE: &str = "INSERT INTO case_uploads (token, options_json, content, created_at) VALUES ($1, $2, $3, $4) \
                            ON CONFLICT (token) DO UPDATE SET created_at = excluded.created_at";
        const FORGET: &str = "DELETE FROM case_uploads WHERE created_at < $1 OR token NOT IN \
                              (SELECT token FROM case_uploads ORDER BY created_at DESC, token LIMIT $2)";
        let (content, options) = upload;
        let mut transaction = self.begin().await?;
        sqlx::query(SAVE)
            .bind(text(token))
            .bind(json("options_json", options)?)
            .bind(text(content))
            .bind(now.as_millis())
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        let forget = sqlx::query(FORGET).bind(expired.as_millis()).bind(i64::from(keep));
        forget.execute(&mut *transaction).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }

    /// The file that is kept under `token` since `expired` or later, and how it is to be read.
    ///
    /// # Errors
    /// The database fails.
    pub async fn case_upload_load(
        &self,
        token: &str,
        expired: Timestamp,
    ) -> Result<Option<(String, ImportOptions)>, Error> {
        const SQL: &str = "SELECT content, options_json FROM case_uploads WHERE token = $1 AND created_at >= $2";
        let row: Option<(String, String)> = sqlx::query_as(SQL)
            .bind(text(token))
            .bind(expired.as_millis())
            .fetch_optional(&self.read)
            .await
            .map_err(failed)?;
        row.map(|(content, options)| Ok((content, from_json("options_json", &options)?))).transpose()
    }
}

/// Takes the file that is kept under `token` out, as part of a transaction; false when it is not there (any more).
pub(crate) async fn take(transaction: &mut AnyConnection, token: &str) -> Result<bool, Error> {
    let forget = sqlx::query("DELETE FROM case_uploads WHERE token = $1").bind(text(token));
    Ok(forget.execute(transaction).await.map_err(failed)?.rows_affected() > 0)
}
