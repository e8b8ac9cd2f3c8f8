//! Documents that `search` finds offline.

use crate::{Result, Service, soon};
use types::{Document, DocumentCreate, DocumentId, Page, Paged};

impl Service {
    /// Adds a document; `search` finds it from now on.
    ///
    /// # Errors
    /// Refused fields.
    pub async fn document_create(&self, _draft: DocumentCreate) -> Result<Document> {
        Err(soon())
    }

    /// Documents, newest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn document_list(&self, _page: Page) -> Result<Paged<Document>> {
        Err(soon())
    }

    /// Deletes a document; `search` no longer finds it.
    ///
    /// # Errors
    /// Not found.
    pub async fn document_delete(&self, _id: DocumentId) -> Result<()> {
        Err(soon())
    }
}
