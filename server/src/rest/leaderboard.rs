//! The ranking of agents.

use crate::{rest::Answer, state::AppState};
use axum::{Json, extract::State};
use service::Service;
use types::Leaderboard;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(leaderboard))
}

/// Agents judged on the same cases, best first, with the uncertainty of the ranking.
#[utoipa::path(get, path = "/api/v1/leaderboard", tag = "leaderboard", responses((status = 200, body = Leaderboard)))]
async fn leaderboard(State(service): State<Service>) -> Answer<Json<Leaderboard>> {
    Ok(Json(service.leaderboard().await?))
}
