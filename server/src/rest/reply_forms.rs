//! The sentence forms a local agent answers with.

use crate::state::AppState;
use axum::{Json, extract::State};
use service::Service;
use types::ReplyForm;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(reply_form_list))
}

/// The sentence forms a local agent answers with.
#[utoipa::path(get, path = "/api/v1/reply-forms", tag = "reply-forms", responses((status = 200, body = [ReplyForm])))]
async fn reply_form_list(State(service): State<Service>) -> Json<Vec<ReplyForm>> {
    Json(service.reply_form_list())
}
