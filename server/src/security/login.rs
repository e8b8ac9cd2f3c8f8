//! `/login`: a person exchanges the token for a session. A plain form that works without scripts; attempts are limited
//! per address.

use super::Guard;
use crate::{
    extract::{QueryOf, read_body},
    problem::Failure,
    state::AppState,
};
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request, State},
    http::{HeaderValue, Response, StatusCode, header},
    response::{Html, IntoResponse, Redirect},
    routing::{get, post},
};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use serde::Deserialize;
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    num::NonZeroU32,
    sync::Arc,
};
use tower_sessions::Session;
use types::Error;

/// Attempts one address has at once, and again in a minute.
const ATTEMPTS_PER_MINUTE: NonZeroU32 = match NonZeroU32::new(10) {
    Some(attempts) => attempts,
    None => NonZeroU32::MIN,
};

/// Addresses remembered before those that came back to rest are dropped.
const ADDRESSES_MAX: usize = 10_000;

const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// How often each address has tried.
pub struct Attempts(DefaultKeyedRateLimiter<IpAddr>);

impl Attempts {
    /// Nobody has.
    pub fn new() -> Self {
        Self(RateLimiter::keyed(Quota::per_minute(ATTEMPTS_PER_MINUTE)))
    }

    fn may_try(&self, address: IpAddr) -> bool {
        if self.0.len() > ADDRESSES_MAX {
            self.0.retain_recent();
        }
        self.0.check_key(&address).is_ok()
    }
}

/// The routes.
pub fn router() -> Router<AppState> {
    Router::new().route("/login", get(page).post(sign_in)).route("/logout", post(sign_out))
}

#[derive(Deserialize, Default)]
struct Form {
    #[serde(default)]
    token: String,
    #[serde(default)]
    next: String,
}

async fn page(State(guard): State<Arc<Guard>>, QueryOf(form): QueryOf<Form>) -> Response<Body> {
    if guard.token.is_none() {
        return Redirect::to(local(&form.next)).into_response();
    }
    shown(StatusCode::OK, &form.next, "")
}

async fn sign_in(
    State(guard): State<Arc<Guard>>,
    session: Session,
    request: Request,
) -> Result<Response<Body>, Failure> {
    let address = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(from)| from.ip());
    let bytes = read_body(request.into_body()).await?;
    let form: Form = serde_urlencoded::from_bytes(&bytes).unwrap_or_default();
    let Some(token) = &guard.token else { return Ok(Redirect::to(local(&form.next)).into_response()) };
    if !guard.attempts.may_try(address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))) {
        let mut answer = shown(StatusCode::TOO_MANY_REQUESTS, &form.next, "Too many attempts. Try again in a minute.");
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
        return Ok(answer);
    }
    if !token.is(&form.token) {
        return Ok(shown(StatusCode::UNAUTHORIZED, &form.next, "This is not the token the server was started with."));
    }
    token.sign_in(&session).await.map_err(|error| Error::Internal(format!("session: {error}")))?;
    Ok(Redirect::to(local(&form.next)).into_response())
}

async fn sign_out(session: Session) -> Result<Redirect, Failure> {
    session.flush().await.map_err(|error| Error::Internal(format!("session: {error}")))?;
    Ok(Redirect::to("/login"))
}

/// `next` when it is a path of this server, else the front page: a link to the login page must not lead elsewhere.
fn local(next: &str) -> &str {
    let is_local = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n', '\t']);
    if is_local { next } else { "/" }
}

fn shown(status: StatusCode, next: &str, message: &str) -> Response<Body> {
    let message = if message.is_empty() {
        String::new()
    } else {
        format!(r#"<p class="field-error" role="alert">{message}</p>"#)
    };
    let html = include_str!("login.html").replace("{message}", &message).replace("{next}", &escaped(local(next)));
    let headers = [(header::CONTENT_SECURITY_POLICY, POLICY), (header::CACHE_CONTROL, "no-store")];
    (status, headers, Html(html)).into_response()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_login_one_stays_on_this_server() {
        assert_eq!(local("/training?x=1"), "/training?x=1");
        for elsewhere in ["//evil.example", "https://evil.example", "/\\evil.example", "", "javascript:x"] {
            assert_eq!(local(elsewhere), "/", "{elsewhere}");
        }
    }

    #[test]
    fn an_address_has_ten_attempts_and_others_are_not_affected() {
        let attempts = Attempts::new();
        let (one, other) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        assert!((0..10).all(|_| attempts.may_try(one)));
        assert!(!attempts.may_try(one));
        assert!(attempts.may_try(other));
    }
}
