//! Documents that `search` finds offline: kept in the table, found through the index.

use crate::{Result, Service, agent::refuse_if_any, new_id};
use types::{Document, DocumentCreate, DocumentId, Error, Page, Paged};

/// Documents loaded at a time.
const LOADED_AT_ONCE: u32 = 500;

impl Service {
    /// Adds a document; `search` finds it from now on.
    ///
    /// # Errors
    /// Refused fields.
    pub async fn document_create(&self, draft: DocumentCreate) -> Result<Document> {
        refuse_if_any(draft.validate())?;
        let document = Document {
            id: DocumentId(new_id()),
            title: draft.title.trim().to_owned(),
            body: draft.body,
            created_at: self.now(),
        };
        self.store().document_insert(&document).await?;
        self.inner.index.add(vec![document.clone()]).await?;
        Ok(document)
    }

    /// Documents, newest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn document_list(&self, page: Page) -> Result<Paged<Document>> {
        self.store().document_list(page).await
    }

    /// Deletes a document; `search` no longer finds it.
    ///
    /// # Errors
    /// Not found.
    pub async fn document_delete(&self, id: DocumentId) -> Result<()> {
        if !self.store().document_delete(id).await? {
            return Err(Error::not_found("document", id));
        }
        self.inner.index.remove(id).await
    }

    /// Puts every stored document into the index.
    pub(crate) async fn documents_load(&self) -> Result<()> {
        let mut page = Page { skip: 0, limit: LOADED_AT_ONCE };
        loop {
            let documents = self.store().document_list(page).await?.items;
            if documents.is_empty() {
                return Ok(());
            }
            self.inner.index.add(documents).await?;
            page.skip += LOADED_AT_ONCE;
        }
    }
}
