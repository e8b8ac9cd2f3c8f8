//! Reading evaluation runs: side by side, by groups of cases, and with what people say of their results.

use crate::{
    extract::{IdOf, JsonBody, QueryOf, id_of},
    rest::{
        Answer,
        list::{Listed, PageQuery, ReviewsQuery},
    },
    state::AppState,
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use service::{DiffQuery, Service};
use types::{Error, GroupBy, GroupMetrics, Page, ResultId, Review, ReviewDraft, RunDiff, RunId, RunReviews};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(evaluation_diff))
        .routes(routes!(evaluation_breakdown))
        .routes(routes!(evaluation_reviews))
        .routes(routes!(review_put, review_delete))
        .routes(routes!(review_list))
}

/// By what the cases of a run are grouped.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct BreakdownQuery {
    /// `suite`, `split`, `tag` or `task_type`.
    #[param(inline)]
    by: GroupBy,
}

/// Two to six runs side by side, on the cases that all of them were asked at the same version.
#[utoipa::path(
    get, path = "/api/v1/evaluations/diff", tag = "evaluations",
    params(
        ("run" = Vec<RunId>, Query, description = "A run; once for each."),
        ("baseline" = Option<RunId>, Query, description = "The run that the others are held against; the first by default."),
        ("show" = Option<String>, Query, description = "Which cases are listed: `all`, `different`, `failures` or `errors`."),
        ("skip" = Option<u32>, Query, description = "Cases passed over."),
        ("limit" = Option<u32>, Query, description = "Cases answered, at most 1000; 100 by default."),
    ),
    responses((status = 200, body = RunDiff))
)]
async fn evaluation_diff(
    State(service): State<Service>,
    QueryOf(query): QueryOf<Vec<(String, String)>>,
) -> Answer<Json<RunDiff>> {
    Ok(Json(service.run_diff(&diff_query(&query)?).await?))
}

fn diff_query(query: &[(String, String)]) -> Result<DiffQuery, Error> {
    fn read<T: serde::de::DeserializeOwned>(key: &str, text: &str, expected: &str) -> Result<T, Error> {
        let value = text.parse::<u32>().map_or_else(|_| text.into(), serde_json::Value::from);
        serde_json::from_value(value).map_err(|_| Error::field(key, format!("is `{text}`, expected {expected}")))
    }
    let mut asked = DiffQuery { page: Page { skip: 0, limit: 100 }, ..DiffQuery::default() };
    for (key, text) in query {
        match key.as_str() {
            "run" => asked.runs.push(read(key, text, "the id of a run")?),
            "baseline" => asked.baseline = Some(read(key, text, "the id of a run")?),
            "show" => asked.show = read(key, text, "all, different, failures or errors")?,
            "skip" => asked.page.skip = read(key, text, "a whole number")?,
            "limit" => asked.page.limit = read::<u32>(key, text, "a whole number")?.min(super::list::LIMIT_MAX),
            _ => {}
        }
    }
    Ok(asked)
}

/// The means of a run by suite, split, tag or answer check of its cases, the largest group first.
#[utoipa::path(
    get, path = "/api/v1/evaluations/{id}/breakdown", tag = "evaluations", params(("id" = RunId, Path), BreakdownQuery),
    responses((status = 200, body = [GroupMetrics]))
)]
async fn evaluation_breakdown(
    State(service): State<Service>,
    IdOf(id): IdOf<RunId>,
    QueryOf(query): QueryOf<BreakdownQuery>,
) -> Answer<Json<Vec<GroupMetrics>>> {
    Ok(Json(service.evaluation_breakdown(id, query.by).await?))
}

/// What people's verdicts make of the task success of a run.
#[utoipa::path(
    get, path = "/api/v1/evaluations/{id}/reviews", tag = "evaluations", params(("id" = RunId, Path)),
    responses((status = 200, body = RunReviews))
)]
async fn evaluation_reviews(State(service): State<Service>, IdOf(id): IdOf<RunId>) -> Answer<Json<RunReviews>> {
    Ok(Json(service.evaluation_reviews(id).await?))
}

/// Says of a result whether it passes, or that the key of its case is wrong; the machine's verdict stays beside it.
#[utoipa::path(
    put, path = "/api/v1/evaluations/{id}/results/{result}/review", tag = "evaluations", request_body = ReviewDraft,
    params(("id" = RunId, Path), ("result" = ResultId, Path)), responses((status = 200, body = Review))
)]
async fn review_put(
    State(service): State<Service>,
    Path(of): Path<(String, String)>,
    JsonBody(draft): JsonBody<ReviewDraft>,
) -> Answer<Json<Review>> {
    let (run, result) = ids(&of)?;
    Ok(Json(service.evaluation_review(run, result, draft).await?))
}

/// Takes back what was said of a result.
#[utoipa::path(
    delete, path = "/api/v1/evaluations/{id}/results/{result}/review", tag = "evaluations",
    params(("id" = RunId, Path), ("result" = ResultId, Path)), responses((status = 204))
)]
async fn review_delete(State(service): State<Service>, Path(of): Path<(String, String)>) -> Answer<StatusCode> {
    let (run, result) = ids(&of)?;
    service.evaluation_review_delete(run, result).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn ids((run, result): &(String, String)) -> Result<(RunId, ResultId), Error> {
    Ok((id_of("id", run)?, id_of("result", result)?))
}

/// What people say of results, the latest first.
#[utoipa::path(
    get, path = "/api/v1/reviews", tag = "evaluations", params(PageQuery, ReviewsQuery),
    responses((status = 200, body = [Review], headers(("X-Total-Count" = u64, description = "Rows over all pages"))))
)]
async fn review_list(
    State(service): State<Service>,
    QueryOf(rows): QueryOf<PageQuery>,
    QueryOf(which): QueryOf<ReviewsQuery>,
) -> Answer<Listed<Review>> {
    Ok(Listed(service.review_list(which.disputed, rows.page()).await?))
}
