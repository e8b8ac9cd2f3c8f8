//! The one binary `rl-chatbot`: configuration, command line, REST, sockets, pages. Thin faces over `service`.

// The type of a page is its whole tree: its layout is computed here, where pages meet the router.
#![recursion_limit = "512"]

pub mod cli;
pub mod config;
mod extract;
mod gateway;
pub mod heap;
mod live;
mod openapi;
mod problem;
mod request;
mod rest;
mod security;
mod session;
mod site;
mod state;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    middleware::{from_fn, from_fn_with_state},
};
use config::Config;
use security::Guard;
use service::Service;
use session::CookieTransport;
use state::AppState;
use std::{net::SocketAddr, sync::Arc};
use tokio_util::sync::CancellationToken;
use tower::{ServiceBuilder, util::MapRequestLayer};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};
use utoipa_axum::router::OpenApiRouter;

/// The whole application as a router: every path, and every layer around it. `draining` closes the sockets.
pub fn application(service: Service, config: Config, draining: CancellationToken) -> Router {
    let state = AppState {
        guard: Arc::new(Guard::new(&config, service.gateway_key())),
        site: site::options(&config.site_root, SocketAddr::new(config.host, config.port)),
        service,
        config: Arc::new(config),
        draining,
    };
    guarded(routes(&state), &state)
}

/// Chooses the cryptography of outgoing TLS connections; once per process, before the service starts.
pub fn prepare_process() {
    // A second call finds it chosen already, which is what it wants.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// The description of every REST path, as `/openapi.json` serves it.
pub fn openapi_document() -> utoipa::openapi::OpenApi {
    openapi::with_problems(documented().into_openapi())
}

fn documented() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(openapi::base()).merge(rest::router()).merge(gateway::router()).merge(live::router())
}

fn routes(state: &AppState) -> Router {
    let (api, _) = documented().split_for_parts();
    api.merge(openapi::router(&openapi_document()))
        .merge(gateway::mcp::router(&state.service, &state.draining))
        .merge(security::login::router())
        .merge(site::router(state))
        .fallback(site::file_or_not_found)
        .with_state(state.clone())
}

/// Layers around every path, the outermost last.
fn guarded(routes: Router, state: &AppState) -> Router {
    let transport = if state.config.cookie_secure { CookieTransport::HttpsOnly } else { CookieTransport::Any };
    let guard = &state.guard;
    // The router sees paths without their trailing slash, so this layer stands around it, not within.
    let routes = ServiceBuilder::new().layer(MapRequestLayer::new(without_trailing_slash)).service(routes);
    Router::new()
        .fallback_service(routes)
        .layer(from_fn_with_state(Arc::clone(guard), security::token::check))
        .layer(session::layer(state.service.clone(), transport))
        .layer(from_fn(security::body::check))
        // The extractors of libraries have a bound of their own, below that of files of cases.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(Arc::clone(guard), security::origin::check))
        .layer(security::origin::cors(guard.origins().clone()))
        .layer(from_fn_with_state(Arc::clone(guard), security::host::check))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(from_fn(problem::present))
        .layer(CompressionLayer::new())
        .layer(from_fn(security::headers::set))
        .layer(from_fn(request::identify))
}

/// The contract's paths answer with and without a trailing slash, without a redirect; so do pages.
fn without_trailing_slash(mut request: Request) -> Request {
    let path = request.uri().path();
    let Some(trimmed) = path.strip_suffix('/').filter(|trimmed| !trimmed.is_empty() && !trimmed.ends_with('/')) else {
        return request;
    };
    let rebuilt = match request.uri().query() {
        Some(query) => format!("{trimmed}?{query}"),
        None => trimmed.to_owned(),
    };
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = rebuilt.parse().ok();
    if let Ok(uri) = axum::http::Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
    request
}
