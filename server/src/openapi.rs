//! `/openapi.json`, generated from the handlers, and `/docs`, the interactive form of it, served from this binary.

use crate::{problem::Failure, state::AppState};
use axum::{
    Router,
    body::Body,
    extract::Path,
    http::{HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use std::sync::Arc;
use types::Problem;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        Content, Ref, RefOr, Response as Answer,
        path::Operation,
        security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};
use utoipa_swagger_ui::Config;

/// Swagger UI sets styles from its script; nothing else is loosened, and nothing comes from another host.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "RL Chatbot",
        description = "Chat with agents that call tools, evaluate them, train them. Lists take `skip` and `limit` and \
            answer a bare array with `X-Total-Count`. Every refusal is a problem (RFC 9457) whose `detail` is a sentence. \
            Paths answer with and without a trailing slash."
    ),
    components(schemas(Problem)),
    modifiers(&SharedParts)
)]
struct Base;

/// What every operation has in common.
struct SharedParts;

impl Modify for SharedParts {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("The server's API_TOKEN, when it has one."));
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(bearer.build()));
        openapi.security =
            Some(vec![SecurityRequirement::new("token", Vec::<String>::new()), SecurityRequirement::default()]);
    }
}

/// The document a router starts from.
pub fn base() -> utoipa::openapi::OpenApi {
    Base::openapi()
}

/// Gives every operation the answer it has for whatever goes wrong.
pub fn with_problems(mut openapi: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    for item in openapi.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.post, &mut item.patch, &mut item.put, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            add_problem(operation);
        }
    }
    openapi
}

fn add_problem(operation: &mut Operation) {
    let mut answer = Answer::new("What was refused and what would be right");
    let content = Content::new(Some(RefOr::Ref(Ref::from_schema_name("Problem"))));
    answer.content.insert("application/problem+json".to_owned(), RefOr::T(content));
    operation.responses.responses.insert("default".to_owned(), RefOr::T(answer));
}

/// The document and its pages.
pub fn router(openapi: &utoipa::openapi::OpenApi) -> Router<AppState> {
    let json: Arc<str> = serde_json::to_string(openapi).unwrap_or_default().into();
    let document = move || {
        let json = Arc::clone(&json);
        async move { ([(header::CONTENT_TYPE, "application/json")], json.to_string()) }
    };
    Router::new()
        .route("/openapi.json", get(document))
        .route("/docs", get(|| async { docs_file("index.html") }))
        .route("/docs/{*file}", get(|Path(file): Path<String>| async move { docs_file(&file) }))
}

fn docs_file(name: &str) -> Response<Body> {
    let config = Config::from("/openapi.json").validator_url("none").try_it_out_enabled(true);
    let Ok(Some(file)) = utoipa_swagger_ui::serve(name, Arc::new(config)) else {
        return Failure::transport(StatusCode::NOT_FOUND, "there is no such file of the documentation").into_response();
    };
    let mut bytes = file.bytes.into_owned();
    if name == "index.html" {
        bytes = absolute_links(&bytes);
    }
    let mut response = Response::new(Body::from(bytes));
    let kind = HeaderValue::from_str(&file.content_type).unwrap_or(HeaderValue::from_static("text/plain"));
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(DOCS_POLICY));
    response
}

/// The page is served at `/docs` without a redirect to `/docs/`, so its links name the folder.
fn absolute_links(html: &[u8]) -> Vec<u8> {
    let html = String::from_utf8_lossy(html);
    let html = html.replace("=\"./", "=\"/docs/").replace("href=\"index.css", "href=\"/docs/index.css");
    html.replace("<title>Swagger UI</title>", "<title>RL Chatbot API</title>").into_bytes()
}
