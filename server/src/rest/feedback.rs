//! What people think of answers.

use crate::{
    extract::{IdOf, JsonBody, QueryOf},
    rest::{
        Answer,
        list::{Listed, PageQuery},
    },
    state::AppState,
};
use axum::{Json, extract::State};
use service::Service;
use types::{Feedback, FeedbackDraft, MessageId, TestCaseCreate};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(feedback_give)).routes(routes!(feedback_list)).routes(routes!(case_draft))
}

/// Says what one thinks of an answer; a later opinion replaces it.
#[utoipa::path(
    post, path = "/api/v1/messages/{id}/feedback", tag = "feedback", params(("id" = MessageId, Path)),
    request_body = FeedbackDraft, responses((status = 200, body = Feedback))
)]
async fn feedback_give(
    State(service): State<Service>,
    IdOf(id): IdOf<MessageId>,
    JsonBody(draft): JsonBody<FeedbackDraft>,
) -> Answer<Json<Feedback>> {
    Ok(Json(service.feedback_give(id, draft).await?))
}

/// All opinions, newest first.
#[utoipa::path(
    get, path = "/api/v1/feedback", tag = "feedback", params(PageQuery),
    responses((status = 200, body = [Feedback], headers(("X-Total-Count" = u64, description = "Rows over all pages"))))
)]
async fn feedback_list(State(service): State<Service>, QueryOf(query): QueryOf<PageQuery>) -> Answer<Listed<Feedback>> {
    Ok(Listed(service.feedback_list(query.page()).await?))
}

/// A test case of the turn that ended with this answer. It is not stored: post it to the test cases.
#[utoipa::path(
    get, path = "/api/v1/messages/{id}/test-case", tag = "feedback", params(("id" = MessageId, Path)),
    responses((status = 200, body = TestCaseCreate))
)]
async fn case_draft(State(service): State<Service>, IdOf(id): IdOf<MessageId>) -> Answer<Json<TestCaseCreate>> {
    Ok(Json(service.case_draft(id).await?))
}
