//! The ranking of agents: by test cases, by people's votes, over time, and as a file.

use crate::{
    extract::{IdOf, QueryOf},
    rest::Answer,
    state::AppState,
};
use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use service::{BoardFormat, Service};
use types::{AgentHistory, AgentId, Error, Leaderboard, LeaderboardQuery, VoteRanking};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(leaderboard))
        .routes(routes!(leaderboard_export))
        .routes(routes!(vote_ranking))
        .routes(routes!(agent_history))
}

/// What is ranked, and how.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct BoardQuery {
    /// Id of the agent that all others are compared with.
    baseline: Option<String>,
    /// Only cases of this suite.
    suite: Option<String>,
    /// Only cases with this tag.
    tag: Option<String>,
    /// Only cases of this split: `train`, `dev` or `test`.
    split: Option<String>,
    /// Categories whose weighted mean is the score: `suite` or `split`.
    by: Option<String>,
    /// Weights of the categories such as `math:2,search:1`; 1 for those that are not named, 0 leaves one out.
    weights: Option<String>,
    /// `same` (the default): agents judged on the set of cases that most of them share; `shared`: all agents, on the cases
    /// that they have in common.
    cases: Option<String>,
    /// Only these agents: ids, separated by commas.
    agents: Option<String>,
    /// `rank` (the default), `reward`, `efficiency`, `quality`, `latency`, `cost` or `baseline`.
    sort: Option<String>,
}

impl TryFrom<BoardQuery> for LeaderboardQuery {
    type Error = Error;

    fn try_from(query: BoardQuery) -> Result<Self, Error> {
        let BoardQuery { baseline, suite, tag, split, by, weights, cases, agents, sort } = query;
        let values = [baseline, suite, tag, split, by, weights, cases, agents, sort];
        Self::read(|key| Self::KEYS.iter().zip(&values).find(|(name, _)| **name == key)?.1.clone())
    }
}

/// Agents judged on the same cases, best first, with the uncertainty of the ranking.
#[utoipa::path(
    get, path = "/api/v1/leaderboard", tag = "leaderboard", params(BoardQuery),
    responses((status = 200, body = Leaderboard))
)]
async fn leaderboard(State(service): State<Service>, QueryOf(query): QueryOf<BoardQuery>) -> Answer<Json<Leaderboard>> {
    Ok(Json(service.leaderboard(&query.try_into()?).await?))
}

/// In which format.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct FormatQuery {
    /// `csv`, `json` or `markdown`.
    #[param(value_type = String)]
    format: BoardFormat,
}

/// The ranking as a file.
#[utoipa::path(
    get, path = "/api/v1/leaderboard/export", tag = "leaderboard", params(FormatQuery, BoardQuery),
    responses((status = 200, body = String, content_type = "text/plain"))
)]
async fn leaderboard_export(
    State(service): State<Service>,
    QueryOf(FormatQuery { format }): QueryOf<FormatQuery>,
    QueryOf(query): QueryOf<BoardQuery>,
) -> Answer<Response> {
    let file = service.leaderboard_export(&query.try_into()?, format).await?;
    let (ending, kind) = match format {
        BoardFormat::Csv => ("csv", "text/csv; charset=utf-8"),
        BoardFormat::Json => ("json", "application/json"),
        BoardFormat::Markdown => ("md", "text/markdown; charset=utf-8"),
    };
    let disposition = format!("attachment; filename=\"leaderboard.{ending}\"");
    Ok(([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], file).into_response())
}

/// Agents rated by people's votes on answers side by side (Bradley and Terry), with the uncertainty; or why there are no
/// ratings yet.
#[utoipa::path(
    get, path = "/api/v1/leaderboard/votes", tag = "leaderboard", responses((status = 200, body = VoteRanking))
)]
async fn vote_ranking(State(service): State<Service>) -> Answer<Json<VoteRanking>> {
    Ok(Json(service.vote_ranking().await?))
}

/// The completed evaluations of an agent, oldest first.
#[utoipa::path(
    get, path = "/api/v1/leaderboard/agents/{id}", tag = "leaderboard", params(("id" = AgentId, Path)),
    responses((status = 200, body = AgentHistory))
)]
async fn agent_history(State(service): State<Service>, IdOf(id): IdOf<AgentId>) -> Answer<Json<AgentHistory>> {
    Ok(Json(service.agent_history(id).await?))
}
