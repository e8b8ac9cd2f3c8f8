//! What bodies may be: within a size, and of a type that a page of another site cannot send without asking first.

use crate::{extract::is_json, problem::Failure};
use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, Response, StatusCode, header},
    middleware::Next,
    response::IntoResponse,
};
use http_body_util::Limited;

/// Most bytes of a body.
pub const BODY_BYTES_MAX: usize = 2 * 1024 * 1024;

/// Most bytes of a file of test cases.
pub const IMPORT_BYTES_MAX: usize = 26 * 1024 * 1024;

/// Where files of test cases are posted.
const IMPORT_PATH: &str = "/api/v1/test-cases/import";
/// What such a file may be besides JSON. None of these can be sent by a page of another site without asking first.
const FILE_TYPES: [&str; 6] = [
    "application/x-ndjson",
    "application/jsonl",
    "application/yaml",
    "application/octet-stream",
    "text/csv",
    "text/tab-separated-values",
];

/// Where pages and their forms post.
const FORM_PATHS: [&str; 3] = ["/api/ui/", "/login", "/logout"];

/// Refuses bodies that are too large or of another type; bodiless requests need no type.
pub async fn check(request: Request, next: Next) -> Response<Body> {
    let path = request.uri().path();
    let limit = limit_of(path);
    let length = length_of(request.headers());
    if length.is_some_and(|length| length > limit as u64) {
        let detail = format!("the body is larger than the {} MB this endpoint takes", limit / (1024 * 1024));
        return Failure::transport(StatusCode::PAYLOAD_TOO_LARGE, detail).into_response();
    }
    let has_body = length.is_some_and(|length| length > 0) || request.headers().contains_key(header::TRANSFER_ENCODING);
    if has_body && !request.method().is_safe() && !type_is_fine(path, request.headers()) {
        let kind = content_type(request.headers()).unwrap_or("not set");
        let shown: String = kind.chars().take(100).collect();
        let detail = format!("the content type is `{shown}`, expected application/json");
        return Failure::transport(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail).into_response();
    }
    next.run(request.map(|body| Body::new(Limited::new(body, limit)))).await
}

fn limit_of(path: &str) -> usize {
    let takes_files = path.starts_with(IMPORT_PATH) || path.starts_with("/api/ui/");
    if takes_files { IMPORT_BYTES_MAX } else { BODY_BYTES_MAX }
}

fn length_of(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn content_type(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::CONTENT_TYPE)?.to_str().ok()
}

/// JSON everywhere; forms where pages post, and only with an Origin (which the origin check has allowed by now).
fn type_is_fine(path: &str, headers: &HeaderMap) -> bool {
    let Some(kind) = content_type(headers) else { return false };
    let essence = kind.split(';').next().unwrap_or_default().trim();
    let is_form = essence.eq_ignore_ascii_case("application/x-www-form-urlencoded");
    let takes_forms = FORM_PATHS.iter().any(|prefix| path.starts_with(prefix));
    let is_file = path.starts_with(IMPORT_PATH) && FILE_TYPES.iter().any(|kind| essence.eq_ignore_ascii_case(kind));
    is_json(kind) || is_file || (is_form && takes_forms && headers.contains_key(header::ORIGIN))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn fine(path: &str, kind: &'static str, origin: Option<&'static str>) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
        }
        type_is_fine(path, &headers)
    }

    #[test]
    fn forms_are_for_pages_and_need_an_origin() {
        let form = "application/x-www-form-urlencoded";
        assert!(fine("/api/ui/agent_save", form, Some("http://localhost:8000")));
        assert!(!fine("/api/ui/agent_save", form, None));
        assert!(!fine("/api/v1/agents", form, Some("http://localhost:8000")));
        assert!(fine("/api/v1/agents", "application/json", None));
        assert!(!fine("/api/v1/agents", "text/plain", None));
    }

    #[test]
    fn files_are_taken_where_they_are_imported_and_never_as_a_page_could_send_them_unasked() {
        assert!(fine("/api/v1/test-cases/import", "text/csv; charset=utf-8", None));
        assert!(!fine("/api/v1/test-cases", "text/csv", None));
        for kind in ["text/plain", "multipart/form-data", "application/x-www-form-urlencoded"] {
            assert!(!fine("/api/v1/test-cases/import", kind, Some("http://localhost:8000")));
        }
    }

    #[test]
    fn only_imports_take_large_bodies() {
        assert_eq!(limit_of("/api/v1/test-cases/import/"), IMPORT_BYTES_MAX);
        assert_eq!(limit_of("/api/v1/test-cases"), BODY_BYTES_MAX);
    }
}
