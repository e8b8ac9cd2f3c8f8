//! Calls that wait for a person to agree.

use crate::{
    extract::{IdOf, JsonBody},
    rest::Answer,
    state::AppState,
};
use axum::{Json, extract::State, http::StatusCode};
use service::Service;
use types::{Approval, ApprovalAnswer, ApprovalId};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(approval_list)).routes(routes!(approval_answer))
}

/// The calls that wait, those that lapse first first.
#[utoipa::path(get, path = "/api/v1/approvals", tag = "approvals", responses((status = 200, body = [Approval])))]
async fn approval_list(State(service): State<Service>) -> Json<Vec<Approval>> {
    Json(service.approval_list())
}

/// Lets a waiting call run, or refuses it.
#[utoipa::path(
    post, path = "/api/v1/approvals/{id}", tag = "approvals", params(("id" = ApprovalId, Path)),
    request_body = ApprovalAnswer, responses((status = 204))
)]
async fn approval_answer(
    State(service): State<Service>,
    IdOf(id): IdOf<ApprovalId>,
    JsonBody(answer): JsonBody<ApprovalAnswer>,
) -> Answer<StatusCode> {
    service.approval_answer(id, answer)?;
    Ok(StatusCode::NO_CONTENT)
}
