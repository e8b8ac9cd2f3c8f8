//! The shared secret: when `API_TOKEN` is set, every route and socket asks for it, the health check included.
//!
//! A client sends it as `Authorization: Bearer …`; a person exchanges it at `/login` for a session. Only the login page
//! and the style sheet it uses are open. A session remembers a fingerprint, so a new token ends all old sessions.

use super::Guard;
use crate::problem::Failure;
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, Method, Response, header},
    middleware::Next,
    response::{IntoResponse, Redirect},
};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use subtle::ConstantTimeEq;
use tower_sessions::Session;
use types::Error;

/// Key of the fingerprint in a session.
const SESSION_KEY: &str = "token_fingerprint";

/// What is reachable before signing in.
const OPEN_PATHS: [&str; 4] = ["/login", "/login/", "/pkg/rl-chatbot.css", "/icon.svg"];

/// What the key of the Python worker opens besides.
const GATEWAY_PATHS: &str = "/g/";

/// The secret, as its digest.
pub struct Token {
    digest: [u8; 32],
}

impl Token {
    /// This secret.
    pub fn new(secret: &str) -> Self {
        Self { digest: Sha256::digest(secret).into() }
    }

    /// Whether `candidate` is the secret. Digests are compared, so that neither time nor length tells.
    pub fn is(&self, candidate: &str) -> bool {
        let digest: [u8; 32] = Sha256::digest(candidate).into();
        self.digest.ct_eq(&digest).into()
    }

    fn fingerprint(&self) -> String {
        let digest = Sha256::new().chain_update(b"session of ").chain_update(self.digest).finalize();
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Signs the session in; its id changes, so that one planted before is worth nothing.
    ///
    /// # Errors
    /// The session could not be stored.
    pub async fn sign_in(&self, session: &Session) -> Result<(), tower_sessions::session::Error> {
        session.cycle_id().await?;
        session.insert(SESSION_KEY, self.fingerprint()).await
    }

    async fn knows(&self, session: &Session) -> Result<bool, tower_sessions::session::Error> {
        let stored: Option<String> = session.get(SESSION_KEY).await?;
        Ok(stored.is_some_and(|stored| stored.as_bytes().ct_eq(self.fingerprint().as_bytes()).into()))
    }
}

/// Lets in whoever brings the token or a signed-in session.
pub async fn check(State(guard): State<Arc<Guard>>, session: Session, request: Request, next: Next) -> Response<Body> {
    let Some(token) = &guard.token else { return next.run(request).await };
    let is_gateway = request.uri().path().starts_with(GATEWAY_PATHS);
    let brought = bearer(request.headers())
        .is_some_and(|candidate| token.is(candidate) || (is_gateway && guard.gateway_key.is(candidate)));
    if brought || OPEN_PATHS.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    match token.knows(&session).await {
        Ok(true) => next.run(request).await,
        Ok(false) => ask(&request),
        Err(error) => Failure::from(Error::Internal(format!("session: {error}"))).into_response(),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// A person is shown the login page, a client is told what to send.
fn ask(request: &Request) -> Response<Body> {
    let path = request.uri().path();
    let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_visit = request.method() == Method::GET && accepts.contains("text/html") && !path.starts_with("/api/");
    if is_visit {
        let query: String = form_urlencoded::Serializer::new(String::new()).append_pair("next", path).finish();
        return Redirect::to(&format!("/login?{query}")).into_response();
    }
    let detail = "this server asks for its API_TOKEN: send it as `Authorization: Bearer …`, or sign in at /login";
    Failure::from(Error::Unauthenticated(detail.into())).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_secret_is_the_secret() {
        let token = Token::new("correct horse");
        assert!(token.is("correct horse"));
        assert!(!token.is("correct hors") && !token.is("") && !token.is("Correct horse"));
    }

    #[test]
    fn a_new_secret_has_another_fingerprint() {
        assert_ne!(Token::new("a").fingerprint(), Token::new("b").fingerprint());
        assert_eq!(Token::new("a").fingerprint(), Token::new("a").fingerprint());
    }
}
