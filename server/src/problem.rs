//! Every refusal as `application/problem+json`, with the request id, logged once when it is ours.
//!
//! A handler or middleware answers a [`Failure`]; [`present`], near the outside, turns it into the wire form. Refusals that
//! the router or an extractor made in plain text (a wrong method, a path that does not exist) get the same form there.

use crate::gateway::speaks_openai;
use axum::{
    body::Body,
    extract::Request,
    http::{HeaderValue, Response, StatusCode, header},
    middleware::Next,
    response::IntoResponse,
};
use std::any::Any;
use types::{Error, Problem};

/// What a request is known by in the log and in problems.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Why a request was refused.
#[derive(Clone, Debug)]
pub enum Failure {
    /// The application's refusal; its status is in `types`.
    Application(Error),
    /// A refusal of the transport, which the application never sees.
    Transport {
        /// The status.
        status: StatusCode,
        /// What is wrong and what would be right.
        detail: String,
    },
}

impl Failure {
    /// A refusal of the transport.
    pub fn transport(status: StatusCode, detail: impl Into<String>) -> Self {
        Self::Transport { status, detail: detail.into() }
    }

    /// As OpenAI's clients read it.
    fn in_openais_words(&self) -> Response<Body> {
        let (status, body) = match self {
            Self::Application(error) => service::openai_refusal(error),
            Self::Transport { status, detail } => {
                (status.as_u16(), service::openai_error(detail, "invalid_request_error", None, None))
            }
        };
        refusal(body.to_string().into_bytes(), status, "application/json")
    }

    fn problem(&self, request_id: Option<String>) -> Problem {
        match self {
            Self::Application(error) => error.problem(request_id),
            Self::Transport { status, detail } => Problem {
                kind: "about:blank".into(),
                title: status.canonical_reason().unwrap_or("Error").to_owned(),
                status: status.as_u16(),
                detail: detail.clone(),
                errors: Vec::new(),
                request_id,
            },
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Application(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response<Body> {
        let mut response = problem_response(&self.problem(None));
        response.extensions_mut().insert(self);
        response
    }
}

/// Gives every refusal its wire form and request id; logs what is our fault.
pub async fn present(request: Request, next: Next) -> Response<Body> {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response = next.run(request).await;
    let failure = response.extensions_mut().remove::<Failure>().or_else(|| plain_refusal(&method, &path, &response));
    let Some(failure) = failure else { return response };
    if let Failure::Application(Error::Internal(cause)) = &failure {
        tracing::error!(request_id = id.as_deref(), %method, path, cause, "internal error");
    }
    let mut presented =
        if speaks_openai(&path) { failure.in_openais_words() } else { problem_response(&failure.problem(id)) };
    keep_headers(&response, &mut presented);
    presented
}

/// A fault of ours that unwound the handler.
pub fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response<Body> {
    let text = cause.downcast_ref::<String>().cloned();
    let text = text.or_else(|| cause.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    Failure::from(Error::Internal(format!("panic: {}", text.unwrap_or_default()))).into_response()
}

/// The router's own refusal under `/api/v1` and beside it, which says nothing or says it in plain text.
fn plain_refusal(method: &axum::http::Method, path: &str, response: &Response<Body>) -> Option<Failure> {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let kind =
        response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("text/plain");
    if !is_error || !kind.starts_with("text/plain") || path.starts_with("/api/ui") {
        return None;
    }
    let allowed = response.headers().get(header::ALLOW).and_then(|value| value.to_str().ok());
    let detail = match (status, allowed) {
        (StatusCode::METHOD_NOT_ALLOWED, Some(allowed)) => {
            format!("{method} is not possible on {path}; {allowed} would be")
        }
        (StatusCode::METHOD_NOT_ALLOWED, None) => format!("{method} is not possible on {path}"),
        (StatusCode::NOT_FOUND, _) => format!("there is nothing at {path}"),
        _ => format!("{method} {path} was refused: {status}"),
    };
    Some(Failure::transport(status, detail))
}

fn problem_response(problem: &Problem) -> Response<Body> {
    refusal(serde_json::to_vec(problem).unwrap_or_default(), problem.status, "application/problem+json")
}

fn refusal(body: Vec<u8>, status: u16, kind: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if status == 401 {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// What earlier layers said besides the body: `Allow`, `Vary`, CORS, cookies.
fn keep_headers(from: &Response<Body>, to: &mut Response<Body>) {
    let own = to.headers().clone();
    for (name, value) in from.headers() {
        let of_the_body = matches!(*name, header::CONTENT_TYPE | header::CONTENT_LENGTH | header::CONTENT_ENCODING);
        if !of_the_body && !own.contains_key(name) {
            to.headers_mut().append(name, value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_internal_error_shows_neither_cause_nor_trace() {
        let problem = Failure::from(Error::Internal("database password is x".into())).problem(Some("r1".into()));
        assert_eq!((problem.status, problem.detail.as_str()), (500, "internal error"));
        assert_eq!(problem.request_id.as_deref(), Some("r1"));
    }

    #[test]
    fn a_wrong_method_says_which_would_be_right() {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET"));
        let failure = plain_refusal(&axum::http::Method::PUT, "/api/v1/tools", &response).unwrap();
        assert_eq!(failure.problem(None).detail, "PUT is not possible on /api/v1/tools; GET would be");
    }
}
