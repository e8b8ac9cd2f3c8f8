//! Documents of the offline search index.

use crate::{
    extract::{IdOf, JsonBody, QueryOf},
    rest::{
        Answer,
        list::{Listed, PageQuery},
    },
    state::AppState,
};
use axum::{Json, extract::State, http::StatusCode};
use service::Service;
use types::{Document, DocumentCreate, DocumentId};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(document_create, document_list)).routes(routes!(document_delete))
}

/// Adds a document that `search` finds from now on.
#[utoipa::path(
    post, path = "/api/v1/documents", tag = "documents", request_body = DocumentCreate,
    responses((status = 201, body = Document))
)]
async fn document_create(
    State(service): State<Service>,
    JsonBody(draft): JsonBody<DocumentCreate>,
) -> Answer<(StatusCode, Json<Document>)> {
    Ok((StatusCode::CREATED, Json(service.document_create(draft).await?)))
}

/// Documents, newest first.
#[utoipa::path(
    get, path = "/api/v1/documents", tag = "documents", params(PageQuery),
    responses((status = 200, body = [Document], headers(("X-Total-Count" = u64, description = "Rows over all pages"))))
)]
async fn document_list(State(service): State<Service>, QueryOf(query): QueryOf<PageQuery>) -> Answer<Listed<Document>> {
    Ok(Listed(service.document_list(query.page()).await?))
}

/// Deletes a document.
#[utoipa::path(
    delete, path = "/api/v1/documents/{id}", tag = "documents", params(("id" = DocumentId, Path)),
    responses((status = 204))
)]
async fn document_delete(State(service): State<Service>, IdOf(id): IdOf<DocumentId>) -> Answer<StatusCode> {
    service.document_delete(id).await?;
    Ok(StatusCode::NO_CONTENT)
}
