//! Table `documents`: what people added to the offline search.

use crate::{
    Store,
    column::{parsed, text},
    failure::failed,
    listing::paged,
};
use types::{Document, DocumentId, Error, Page, Paged, Timestamp};

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    title: String,
    body: String,
    created_at: i64,
}

impl Store {
    /// Adds a document.
    ///
    /// # Errors
    /// `Conflict` when its id is taken.
    pub async fn document_insert(&self, document: &Document) -> Result<(), Error> {
        sqlx::query("INSERT INTO documents (id, title, body, created_at) VALUES ($1, $2, $3, $4)")
            .bind(document.id.to_string())
            .bind(text(&document.title))
            .bind(text(&document.body))
            .bind(document.created_at.as_millis())
            .execute(&self.write)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Documents, newest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn document_list(&self, page: Page) -> Result<Paged<Document>, Error> {
        const SQL: &str = "SELECT id, title, body, created_at FROM documents ORDER BY created_at DESC, id DESC \
                           LIMIT $1 OFFSET $2";
        let total = sqlx::query_scalar("SELECT COUNT(*) FROM documents");
        paged(&self.read, sqlx::query_as::<_, Row>(SQL), total, page).await
    }

    /// Deletes a document; false when there is none.
    ///
    /// # Errors
    /// The database fails.
    pub async fn document_delete(&self, id: DocumentId) -> Result<bool, Error> {
        let done = sqlx::query("DELETE FROM documents WHERE id = $1").bind(id.to_string()).execute(&self.write);
        Ok(done.await.map_err(failed)?.rows_affected() > 0)
    }
}

impl TryFrom<Row> for Document {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: parsed("documents.id", &row.id)?,
            title: row.title,
            body: row.body,
            created_at: Timestamp::from_millis(row.created_at),
        })
    }
}
