//! Server functions of documents of the offline search index.

use crate::{
    error::AppError,
    protocol::{JsonOrForm, Ui},
};
use leptos::prelude::*;
use types::{Document, DocumentId, Page, Paged};

/// A page of the documents that people added.
#[server(DocumentListCall, prefix = "/api/ui", endpoint = "document_list", protocol = Ui)]
pub async fn document_list(page: Page) -> Result<Paged<Document>, AppError> {
    Ok(crate::ssr::service().document_list(page).await?)
}

/// Adds a document. A plain form, so that it works without JavaScript.
#[server(DocumentCreateCall, prefix = "/api/ui", endpoint = "document_create", protocol = Ui<JsonOrForm>)]
pub async fn document_create(title: String, body: String) -> Result<Document, AppError> {
    Ok(crate::ssr::service().document_create(types::DocumentCreate { title, body }).await?)
}

/// Deletes a document. A plain form, so that it works without JavaScript.
#[server(DocumentDeleteCall, prefix = "/api/ui", endpoint = "document_delete", protocol = Ui<JsonOrForm>)]
pub async fn document_delete(id: DocumentId) -> Result<(), AppError> {
    Ok(crate::ssr::service().document_delete(id).await?)
}
