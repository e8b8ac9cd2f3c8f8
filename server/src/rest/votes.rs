//! Votes between agents that answered the same question.

use crate::{
    extract::{JsonBody, QueryOf},
    rest::{
        Answer,
        list::{Listed, PageQuery},
    },
    state::AppState,
};
use axum::{Json, extract::State, http::StatusCode};
use service::Service;
use types::{Vote, VoteDraft};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(vote_cast, vote_list))
}

/// Stores whose answer a person preferred.
#[utoipa::path(
    post, path = "/api/v1/votes", tag = "votes", request_body = VoteDraft, responses((status = 201, body = Vote))
)]
async fn vote_cast(
    State(service): State<Service>,
    JsonBody(draft): JsonBody<VoteDraft>,
) -> Answer<(StatusCode, Json<Vote>)> {
    Ok((StatusCode::CREATED, Json(service.vote_cast(draft).await?)))
}

/// All votes, newest first.
#[utoipa::path(
    get, path = "/api/v1/votes", tag = "votes", params(PageQuery),
    responses((status = 200, body = [Vote], headers(("X-Total-Count" = u64, description = "Rows over all pages"))))
)]
async fn vote_list(State(service): State<Service>, QueryOf(query): QueryOf<PageQuery>) -> Answer<Listed<Vote>> {
    Ok(Listed(service.vote_list(query.page()).await?))
}
