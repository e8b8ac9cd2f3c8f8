//! The Origin check: pages of other sites can neither post nor open a socket. Clients that send no Origin are not pages.

use super::{Guard, host::authority};
use crate::{config::OriginPattern, problem::Failure};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header},
    middleware::Next,
    response::IntoResponse,
};
use std::{sync::Arc, time::Duration};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

/// The browser origins that may use the API besides the server's own pages.
#[derive(Clone)]
pub struct Origins(Arc<[OriginPattern]>);

impl Origins {
    /// These.
    pub fn new(patterns: Vec<OriginPattern>) -> Self {
        Self(patterns.into())
    }

    /// Whether pages of `origin` may use the API.
    pub fn lists(&self, origin: &str) -> bool {
        self.0.iter().any(|pattern| pattern.allows(origin))
    }

    /// Whether `origin` is listed, or is the server's own as the request names it.
    fn allows(&self, origin: &str, own: Option<&str>) -> bool {
        let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        let same = authority.zip(own).is_some_and(|(theirs, ours)| theirs.eq_ignore_ascii_case(ours));
        same || self.lists(origin)
    }
}

/// Answers preflights and marks answers that pages of listed origins may read.
pub fn cors(origins: Origins) -> CorsLayer {
    let listed = AllowOrigin::predicate(move |origin: &HeaderValue, _| origin.to_str().is_ok_and(|o| origins.lists(o)));
    CorsLayer::new()
        .allow_origin(listed)
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::PUT, Method::DELETE])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([HeaderName::from_static("x-total-count"), HeaderName::from_static("x-request-id")])
        .max_age(Duration::from_secs(600))
}

/// Refuses unsafe methods and WebSocket upgrades from pages of other sites.
pub async fn check(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response<Body> {
    let acts = !request.method().is_safe() || is_upgrade(request.headers());
    let own = authority(request.headers(), request.uri());
    let foreign = request.headers().get_all(header::ORIGIN).iter().find(|origin| {
        let text = origin.to_str().unwrap_or("null");
        !guard.origins.allows(text, own)
    });
    if let Some(origin) = foreign.filter(|_| acts) {
        let shown: String = origin.to_str().unwrap_or("?").chars().take(100).collect();
        let detail = format!("pages of `{shown}` may not do this; CORS_ORIGINS lists the origins that may");
        return Failure::transport(StatusCode::FORBIDDEN, detail).into_response();
    }
    next.run(request).await
}

fn is_upgrade(headers: &HeaderMap) -> bool {
    headers.contains_key(header::UPGRADE) || headers.contains_key(header::SEC_WEBSOCKET_KEY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_own_pages_are_known_by_the_name_they_were_asked_at() {
        let none = Origins::new(Vec::new());
        assert!(none.allows("http://localhost:8000", Some("localhost:8000")));
        assert!(none.allows("https://chat.example.com", Some("chat.example.com")));
        assert!(!none.allows("http://localhost:5173", Some("localhost:8000")));
        assert!(!none.allows("null", Some("null")));
        assert!(!none.allows("http://evil.example", None));
    }
}
