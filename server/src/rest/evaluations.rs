//! Evaluation runs: start, list, read, stop, resume.

use crate::{
    extract::{IdOf, JsonBody, QueryOf},
    rest::{
        Answer,
        list::{Listed, OfAgentQuery, ResultsQuery},
        run::Stopping,
    },
    state::AppState,
};
use axum::{Json, extract::State};
use serde::Deserialize;
use service::Service;
use types::{
    AgentComparison, AgentId, Error, EvaluationCreate, EvaluationOptions, EvaluationResult, EvaluationRun,
    EvaluationRunListItem, Rescored, RunId, TestCaseId,
};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(evaluation_start, evaluation_list))
        .routes(routes!(evaluation_start_many))
        .routes(routes!(evaluation_compare))
        .routes(routes!(evaluation_get))
        .routes(routes!(evaluation_results))
        .routes(routes!(evaluation_stop))
        .routes(routes!(evaluation_resume))
        .routes(routes!(evaluation_retry))
        .routes(routes!(evaluation_rescore))
}

/// By which versions of its cases a run is judged again.
#[derive(Deserialize, IntoParams)]
struct RescoreQuery {
    /// `asked` (the default): those that were asked. `latest`: those of now, where they ask the same.
    #[serde(default)]
    #[param(inline)]
    versions: Versions,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Versions {
    #[default]
    Asked,
    Latest,
}

/// A run to start.
#[derive(Deserialize, ToSchema)]
struct EvaluationStart {
    /// Which agent.
    agent_id: AgentId,
    /// Which cases; none, null or `[]` = all active ones.
    #[serde(default)]
    test_case_ids: Option<Vec<TestCaseId>>,
    /// Added: how many cases are at work at once, 1 to 256. A provider that says it is busy is asked less.
    #[serde(default = "concurrency")]
    #[schema(default = 8, minimum = 1, maximum = 256)]
    concurrency: u32,
    /// Added: how often each case is asked, and what the run may cost.
    #[serde(default)]
    options: EvaluationOptions,
}

/// A run to start for each of several agents.
#[derive(Deserialize, ToSchema)]
struct EvaluationsStart {
    /// Which agents, 1 to 20.
    agent_ids: Vec<AgentId>,
    /// Which cases; none, null or `[]` = all active ones.
    #[serde(default)]
    test_case_ids: Option<Vec<TestCaseId>>,
    /// How many cases of each run are at work at once, 1 to 256.
    #[serde(default = "concurrency")]
    #[schema(default = 8, minimum = 1, maximum = 256)]
    concurrency: u32,
    /// How often each case is asked, and what each run may cost.
    #[serde(default)]
    options: EvaluationOptions,
}

const fn concurrency() -> u32 {
    service::CONCURRENCY
}

/// Starts an evaluation in the background; no, null or empty `test_case_ids` means all active cases.
#[utoipa::path(
    post, path = "/api/v1/evaluations", tag = "evaluations", request_body = EvaluationStart,
    responses((status = 200, body = EvaluationRunListItem))
)]
async fn evaluation_start(
    State(service): State<Service>,
    JsonBody(request): JsonBody<EvaluationStart>,
) -> Answer<Json<EvaluationRunListItem>> {
    let EvaluationStart { agent_id, test_case_ids, concurrency, options } = request;
    Ok(Json(service.evaluation_start_with(EvaluationCreate { agent_id, test_case_ids, options }, concurrency).await?))
}

/// Starts an evaluation of each of several agents on the same cases; all or none.
#[utoipa::path(
    post, path = "/api/v1/evaluations/batch", tag = "evaluations", request_body = EvaluationsStart,
    responses((status = 200, body = [EvaluationRunListItem]))
)]
async fn evaluation_start_many(
    State(service): State<Service>,
    JsonBody(request): JsonBody<EvaluationsStart>,
) -> Answer<Json<Vec<EvaluationRunListItem>>> {
    let EvaluationsStart { agent_ids, test_case_ids, concurrency, options } = request;
    Ok(Json(service.evaluation_start_many(&agent_ids, test_case_ids, options, concurrency).await?))
}

/// Evaluation runs, newest first.
#[utoipa::path(
    get, path = "/api/v1/evaluations", tag = "evaluations", params(OfAgentQuery),
    responses((
        status = 200, body = [EvaluationRunListItem],
        headers(("X-Total-Count" = u64, description = "Rows over all pages"))
    ))
)]
async fn evaluation_list(
    State(service): State<Service>,
    QueryOf(query): QueryOf<OfAgentQuery>,
) -> Answer<Listed<EvaluationRunListItem>> {
    Ok(Listed(service.evaluation_list(query.agent_id, query.page()).await?))
}

/// Completed runs side by side: means of each agent, who is best by each metric, and by reward overall. Without a run: the
/// latest of every active agent.
#[utoipa::path(
    get, path = "/api/v1/evaluations/compare", tag = "evaluations",
    params(("run" = Option<Vec<RunId>>, Query, description = "A run; once for each. No two of one agent.")),
    responses((status = 200, body = AgentComparison))
)]
async fn evaluation_compare(
    State(service): State<Service>,
    QueryOf(query): QueryOf<Vec<(String, String)>>,
) -> Answer<Json<AgentComparison>> {
    let named = query.iter().filter(|(key, _)| key == "run").map(|(_, id)| run_id(id));
    let runs = named.collect::<Result<Vec<RunId>, Error>>()?;
    Ok(Json(service.evaluation_compare(&runs).await?))
}

fn run_id(text: &str) -> Result<RunId, Error> {
    text.parse().map_err(|_| Error::field("run", format!("is `{text}`, expected the id of a run")))
}

/// A run with its results in the order of its cases.
#[utoipa::path(
    get, path = "/api/v1/evaluations/{id}", tag = "evaluations", params(("id" = RunId, Path)),
    responses((status = 200, body = EvaluationRun))
)]
async fn evaluation_get(State(service): State<Service>, IdOf(id): IdOf<RunId>) -> Answer<Json<EvaluationRun>> {
    Ok(Json(service.evaluation_get(id).await?))
}

/// One page of the results of a run so far.
#[utoipa::path(
    get, path = "/api/v1/evaluations/{id}/results", tag = "evaluations", params(("id" = RunId, Path), ResultsQuery),
    responses((
        status = 200, body = [EvaluationResult],
        headers(("X-Total-Count" = u64, description = "Rows over all pages"))
    ))
)]
async fn evaluation_results(
    State(service): State<Service>,
    IdOf(id): IdOf<RunId>,
    QueryOf(query): QueryOf<ResultsQuery>,
) -> Answer<Listed<EvaluationResult>> {
    service.evaluation_find(id).await?;
    Ok(Listed(service.evaluation_result_list(id, query.try_into()?).await?))
}

/// Asks a run to stop.
#[utoipa::path(
    post, path = "/api/v1/evaluations/{id}/stop", tag = "evaluations", params(("id" = RunId, Path)),
    responses((status = 200, body = Stopping))
)]
async fn evaluation_stop(State(service): State<Service>, IdOf(id): IdOf<RunId>) -> Answer<Json<Stopping>> {
    service.evaluation_stop(id).await?;
    Ok(Json(Stopping::of(id)))
}

/// Goes on with the cases that have no result yet.
#[utoipa::path(
    post, path = "/api/v1/evaluations/{id}/resume", tag = "evaluations", params(("id" = RunId, Path)),
    responses((status = 200, body = EvaluationRunListItem))
)]
async fn evaluation_resume(
    State(service): State<Service>,
    IdOf(id): IdOf<RunId>,
) -> Answer<Json<EvaluationRunListItem>> {
    Ok(Json(service.evaluation_resume(id).await?))
}

/// Asks the cases of a completed run again whose provider failed.
#[utoipa::path(
    post, path = "/api/v1/evaluations/{id}/retry", tag = "evaluations", params(("id" = RunId, Path)),
    responses((status = 200, body = EvaluationRunListItem))
)]
async fn evaluation_retry(
    State(service): State<Service>,
    IdOf(id): IdOf<RunId>,
) -> Answer<Json<EvaluationRunListItem>> {
    Ok(Json(service.evaluation_retry(id).await?))
}

/// Judges the stored answers of an ended run again, without asking anybody.
#[utoipa::path(
    post, path = "/api/v1/evaluations/{id}/rescore", tag = "evaluations", params(("id" = RunId, Path), RescoreQuery),
    responses((status = 200, body = Rescored))
)]
async fn evaluation_rescore(
    State(service): State<Service>,
    IdOf(id): IdOf<RunId>,
    QueryOf(query): QueryOf<RescoreQuery>,
) -> Answer<Json<Rescored>> {
    Ok(Json(service.evaluation_rescore(id, query.versions == Versions::Latest).await?))
}
