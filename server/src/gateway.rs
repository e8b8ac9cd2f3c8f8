//! The gateway's faces: OpenAI's two APIs under `/v1`, the tools over MCP under `/mcp`, and both for an attempt of a rollout
//! under `/g/{rollout}/{attempt}`.
//!
//! Refusals under `/v1` are in OpenAI's words (`problem.rs` asks [`speaks_openai`]).

pub mod mcp;

use crate::{extract::JsonBody, problem::Failure, state::AppState};
use axum::{
    Json,
    body::Body,
    extract::{FromRequestParts, Path, State},
    http::{StatusCode, header, request::Parts},
    response::{
        IntoResponse, Response,
        sse::{Event, Sse},
    },
    routing::get,
};
use futures::stream;
use serde_json::{Map, Value};
use service::{GatewayApi, GatewayEvent, GatewayReply, Service};
use std::convert::Infallible;
use types::{Attempt, Error};
use utoipa_axum::{router::OpenApiRouter, routes};

type Answer<T> = Result<T, Failure>;

/// OpenAI's paths, for nobody in particular and for an attempt.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(models))
        .routes(routes!(model))
        // Names of models have slashes, which few clients write as `%2F`.
        .route("/v1/models/{provider}/{*model}", get(model_in_parts))
        .routes(routes!(chat))
        .routes(routes!(responses))
        .routes(routes!(models_of_attempt))
        .routes(routes!(chat_of_attempt))
        .routes(routes!(responses_of_attempt))
}

/// Whether clients of OpenAI's APIs ask there.
pub fn speaks_openai(path: &str) -> bool {
    let path = match path.strip_prefix("/g/") {
        Some(rest) => rest.splitn(3, '/').nth(2).unwrap_or_default(),
        None => path.trim_start_matches('/'),
    };
    path.starts_with("v1/")
}

/// The attempt that a path names.
struct AttemptOf(Attempt);

impl<S: Send + Sync> FromRequestParts<S> for AttemptOf {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        attempt_of(parts.uri.path())?.map(Self).ok_or_else(|| Error::field("rollout", "is not in the path").into())
    }
}

/// The attempt in `/g/{rollout}/{attempt}/…`; none on other paths.
fn attempt_of(path: &str) -> Result<Option<Attempt>, Error> {
    let Some(rest) = path.strip_prefix("/g/") else { return Ok(None) };
    let mut parts = rest.split('/');
    let (rollout, attempt) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let attempt = attempt.parse().map_err(|_| {
        let shown: String = attempt.chars().take(40).collect();
        Error::field("attempt", format!("is `{shown}`, expected a whole number from 0"))
    })?;
    Ok(Some(Attempt { rollout: rollout.to_owned(), attempt }))
}

/// The models that can be asked.
#[utoipa::path(get, path = "/v1/models", tag = "gateway", responses((status = 200, body = Object)))]
async fn models(State(service): State<Service>) -> Answer<Json<Value>> {
    Ok(Json(service.gateway_models().await?))
}

/// One model.
#[utoipa::path(
    get, path = "/v1/models/{model}", tag = "gateway", params(("model" = String, Path)),
    responses((status = 200, body = Object))
)]
async fn model(State(service): State<Service>, Path(name): Path<String>) -> Answer<Json<Value>> {
    Ok(Json(service.gateway_model(&name).await?))
}

/// One model, by a name with slashes.
async fn model_in_parts(
    State(service): State<Service>,
    Path((provider, model)): Path<(String, String)>,
) -> Answer<Json<Value>> {
    Ok(Json(service.gateway_model(&format!("{provider}/{model}")).await?))
}

/// OpenAI's Chat Completions. Model `local/<policy>` is answered by a policy: one decision a request.
#[utoipa::path(
    post, path = "/v1/chat/completions", tag = "gateway", request_body = Object,
    responses((status = 200, body = Object))
)]
async fn chat(State(service): State<Service>, JsonBody(body): JsonBody<Map<String, Value>>) -> Answer<Response> {
    Ok(told(service.gateway_ask(None, GatewayApi::Chat, body).await?))
}

/// OpenAI's Responses. Model `local/<policy>` is answered by a policy: one decision a request.
#[utoipa::path(
    post, path = "/v1/responses", tag = "gateway", request_body = Object, responses((status = 200, body = Object))
)]
async fn responses(State(service): State<Service>, JsonBody(body): JsonBody<Map<String, Value>>) -> Answer<Response> {
    Ok(told(service.gateway_ask(None, GatewayApi::Responses, body).await?))
}

/// The models that an attempt can ask.
#[utoipa::path(
    get, path = "/g/{rollout}/{attempt}/v1/models", tag = "gateway",
    params(("rollout" = String, Path), ("attempt" = i64, Path)), responses((status = 200, body = Object))
)]
async fn models_of_attempt(State(service): State<Service>, _of: AttemptOf) -> Answer<Json<Value>> {
    Ok(Json(service.gateway_models().await?))
}

/// Chat Completions, recorded as a call of this attempt.
#[utoipa::path(
    post, path = "/g/{rollout}/{attempt}/v1/chat/completions", tag = "gateway", request_body = Object,
    params(("rollout" = String, Path), ("attempt" = i64, Path)), responses((status = 200, body = Object))
)]
async fn chat_of_attempt(
    State(service): State<Service>,
    AttemptOf(of): AttemptOf,
    JsonBody(body): JsonBody<Map<String, Value>>,
) -> Answer<Response> {
    Ok(told(service.gateway_ask(Some(of), GatewayApi::Chat, body).await?))
}

/// Responses, recorded as a call of this attempt.
#[utoipa::path(
    post, path = "/g/{rollout}/{attempt}/v1/responses", tag = "gateway", request_body = Object,
    params(("rollout" = String, Path), ("attempt" = i64, Path)), responses((status = 200, body = Object))
)]
async fn responses_of_attempt(
    State(service): State<Service>,
    AttemptOf(of): AttemptOf,
    JsonBody(body): JsonBody<Map<String, Value>>,
) -> Answer<Response> {
    Ok(told(service.gateway_ask(Some(of), GatewayApi::Responses, body).await?))
}

fn told(reply: GatewayReply) -> Response {
    match reply {
        GatewayReply::Whole { status, body, retry_after_s } => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
            let mut response = (status, Json(body)).into_response();
            if let Some(seconds) = retry_after_s {
                response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
            }
            response
        }
        GatewayReply::Events(events) => {
            Sse::new(stream::iter(events.into_iter().map(|event| Ok::<_, Infallible>(sent(event))))).into_response()
        }
        GatewayReply::Stream(pieces) => {
            let pieces =
                stream::unfold(pieces, |mut pieces| async { pieces.recv().await.map(|piece| (piece, pieces)) });
            let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-cache")];
            (headers, Body::from_stream(pieces)).into_response()
        }
    }
}

fn sent(GatewayEvent { name, data }: GatewayEvent) -> Event {
    let event = Event::default().data(data);
    match name {
        Some(name) => event.event(name),
        None => event,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openais_paths_are_known_by_what_follows_the_attempt() {
        for path in ["/v1/models", "/v1/chat/completions", "/g/run-1/0/v1/responses"] {
            assert!(speaks_openai(path), "{path}");
        }
        for path in ["/", "/mcp", "/api/v1/agents", "/g/v1/0/mcp", "/g/v1/v1/", "/g/a"] {
            assert!(!speaks_openai(path), "{path}");
        }
    }

    #[test]
    fn an_attempt_is_read_off_the_path() {
        let of = |path| attempt_of(path).unwrap();
        assert_eq!(of("/g/run-1/3/mcp"), Some(Attempt { rollout: "run-1".into(), attempt: 3 }));
        assert_eq!(of("/mcp"), None);
        assert!(attempt_of("/g/run-1/x/mcp").is_err());
    }
}
