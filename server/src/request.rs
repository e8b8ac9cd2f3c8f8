//! Each request gets an id: it is in the log, in problems and in the answer's `x-request-id`.

use crate::problem::RequestId;
use axum::{
    body::Body,
    extract::Request,
    http::{HeaderName, HeaderValue, Response},
    middleware::Next,
};
use std::time::Instant;
use tracing::Instrument;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Names the request and logs how it went. The query is not logged: it may hold what a person typed.
pub async fn identify(mut request: Request, next: Next) -> Response<Body> {
    let id = uuid::Uuid::now_v7().simple().to_string();
    let span = tracing::info_span!("request", id, method = %request.method(), path = request.uri().path());
    request.extensions_mut().insert(RequestId(id.clone()));
    let header = HeaderValue::from_str(&id).ok();
    if let Some(value) = header.clone() {
        // Server functions read it there; a client's own is not trusted.
        request.headers_mut().insert(HEADER, value);
    }
    let began = Instant::now();
    async move {
        let mut response = next.run(request).await;
        let elapsed_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::debug!(status = response.status().as_u16(), elapsed_ms, "answered");
        if let Some(value) = header {
            response.headers_mut().insert(HEADER, value);
        }
        response
    }
    .instrument(span)
    .await
}
