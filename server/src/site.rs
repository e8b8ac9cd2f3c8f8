//! The pages: Leptos on the server, its server functions, and the files the browser loads. The only module here that
//! names leptos.

use crate::{problem::Failure, state::AppState};
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, Method, Response, StatusCode, header},
    response::IntoResponse,
};
pub use leptos::config::LeptosOptions as SiteOptions;
use leptos::{
    config::Env,
    prelude::{AnyView, IntoAny, provide_context},
};
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list, render_app_async_with_context};
use service::Service;
use std::{net::SocketAddr, path::Path, sync::LazyLock};
use tower_http::services::ServeDir;

/// How pages find the browser's files.
pub fn options(site_root: &Path, address: SocketAddr) -> SiteOptions {
    SiteOptions::builder()
        .output_name("rl-chatbot")
        .site_root(site_root.to_string_lossy().into_owned())
        .site_pkg_dir("pkg")
        .site_addr(address)
        .env(Env::PROD)
        .build()
}

/// The routes of the pages. Made once in a process: while Leptos makes them, no resource of the process loads, and a page that
/// another router rendered just then would wait for ever.
static ROUTES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(app::App));

/// Pages and server functions.
pub fn router(state: &AppState) -> Router<AppState> {
    let (context, shell) = (context(state.service.clone()), shell(state.site.clone()));
    Router::new().leptos_routes_with_context(state, ROUTES.clone(), context, shell)
}

/// A file of the site; else, for a person, the page that says there is nothing here.
pub async fn file_or_not_found(State(state): State<AppState>, request: Request) -> Response<Body> {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    if path.starts_with("/api/") || path == "/api" {
        let detail = format!("there is no endpoint {method} {path}; /docs lists them");
        return Failure::transport(StatusCode::NOT_FOUND, detail).into_response();
    }
    let wants_page =
        request.headers().get(header::ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"text/html"));
    let file = file(&state, copy_of_head(&request)).await;
    if file.status() != StatusCode::NOT_FOUND {
        return file;
    }
    if method != Method::GET || !wants_page {
        return Failure::transport(StatusCode::NOT_FOUND, format!("there is nothing at {path}")).into_response();
    }
    let render = render_app_async_with_context(context(state.service.clone()), shell(state.site.clone()));
    let mut page = render(request).await;
    *page.status_mut() = StatusCode::NOT_FOUND;
    page
}

fn context(service: Service) -> impl Fn() + Clone + Send + Sync + 'static {
    move || provide_context(service.clone())
}

fn shell(options: SiteOptions) -> impl Fn() -> AnyView + Clone + Send + Sync + 'static {
    move || app::shell(options.clone()).into_any()
}

/// The request without its body, for a look that leaves it whole.
fn copy_of_head(request: &Request) -> Request {
    let mut copy = Request::new(Body::empty());
    *copy.method_mut() = request.method().clone();
    *copy.uri_mut() = request.uri().clone();
    copy.headers_mut().clone_from(request.headers());
    copy
}

async fn file(state: &AppState, request: Request) -> Response<Body> {
    let caching = if is_hashed(request.uri().path()) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut files = ServeDir::new(&state.config.site_root).precompressed_br().append_index_html_on_directories(false);
    let mut response = match files.try_call(request).await {
        Ok(response) => response.map(Body::new),
        Err(error) => return Failure::from(types::Error::Internal(format!("static file: {error}"))).into_response(),
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    response
}

/// Whether the file's name changes with its content: `name.0123abcd.js`.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split('.').skip(1).any(|part| part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_hash_are_cached_for_good() {
        assert!(is_hashed("/pkg/rl-chatbot.0123abcd.js"));
        assert!(!is_hashed("/pkg/rl-chatbot.js") && !is_hashed("/pkg/rl-chatbot_bg.wasm"));
    }
}
