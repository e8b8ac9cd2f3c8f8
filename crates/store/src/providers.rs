//! Table `providers`: the model providers that people added, with their keys.

use crate::{
    Store,
    column::{millis_opt, parsed, text, text_opt, time_opt},
    failure::failed,
    listing::items,
};
use std::fmt;
use types::{Error, ProviderId, Timestamp};

/// A provider with its key. `Debug` hides the key.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredProvider {
    /// Its id.
    pub id: ProviderId,
    /// Its name, unique.
    pub name: String,
    /// Where its API begins.
    pub base_url: String,
    /// Its key.
    pub api_key: Option<String>,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Option<Timestamp>,
}

impl fmt::Debug for StoredProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredProvider")
            .field("name", &self.name)
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    name: String,
    base_url: String,
    api_key: Option<String>,
    created_at: i64,
    updated_at: Option<i64>,
}

impl Store {
    /// Adds a provider.
    ///
    /// # Errors
    /// `Conflict` when its id or name is taken.
    pub async fn provider_insert(&self, provider: &StoredProvider) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO providers (id, name, base_url, api_key, created_at, updated_at) \
                           VALUES ($1, $2, $3, $4, $5, $6)";
        sqlx::query(SQL)
            .bind(provider.id.to_string())
            .bind(text(&provider.name))
            .bind(text(&provider.base_url))
            .bind(text_opt(provider.api_key.as_deref()))
            .bind(provider.created_at.as_millis())
            .bind(millis_opt(provider.updated_at))
            .execute(&self.write)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Every provider, by name.
    ///
    /// # Errors
    /// The database fails.
    pub async fn provider_list(&self) -> Result<Vec<StoredProvider>, Error> {
        const SQL: &str = "SELECT id, name, base_url, api_key, created_at, updated_at FROM providers ORDER BY name";
        items(sqlx::query_as::<_, Row>(SQL).fetch_all(&self.read).await.map_err(failed)?)
    }

    /// Replaces everything but id and time of creation; false when there is no such provider.
    ///
    /// # Errors
    /// `Conflict` when the name is taken.
    pub async fn provider_update(&self, provider: &StoredProvider) -> Result<bool, Error> {
        const SQL: &str = "UPDATE providers SET name = $2, base_url = $3, api_key = $4, updated_at = $5 WHERE id = $1";
        let done = sqlx::query(SQL)
            .bind(provider.id.to_string())
            .bind(text(&provider.name))
            .bind(text(&provider.base_url))
            .bind(text_opt(provider.api_key.as_deref()))
            .bind(millis_opt(provider.updated_at))
            .execute(&self.write)
            .await
            .map_err(failed)?;
        Ok(done.rows_affected() > 0)
    }

    /// Deletes a provider and its key; false when there is none.
    ///
    /// # Errors
    /// The database fails.
    pub async fn provider_delete(&self, id: ProviderId) -> Result<bool, Error> {
        let done = sqlx::query("DELETE FROM providers WHERE id = $1").bind(id.to_string()).execute(&self.write);
        Ok(done.await.map_err(failed)?.rows_affected() > 0)
    }
}

impl TryFrom<Row> for StoredProvider {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: parsed("providers.id", &row.id)?,
            name: row.name,
            base_url: row.base_url,
            api_key: row.api_key,
            created_at: Timestamp::from_millis(row.created_at),
            updated_at: time_opt(row.updated_at),
        })
    }
}
