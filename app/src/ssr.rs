//! The server's half of the pages: document, security policy, cookies, and the status of failed server functions.

pub mod case_editor;
pub mod case_facets;
pub mod disputes;
mod highlight;
pub mod leaderboard;
pub mod markdown;
pub mod metrics;
pub mod run_diff;
pub mod run_reading;
pub mod traffic;

use crate::{App, error::AppError, pages::not_found::OnNotFound, theme::Theme};
use http::{HeaderName, HeaderValue, StatusCode, header, request::Parts};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_meta::MetaTags;
use service::Service;

/// The document around [`App`]. Sets the Content-Security-Policy of the response.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let theme = theme_of_request();
    provide_context(theme);
    provide_context(OnNotFound(|| set_status(StatusCode::NOT_FOUND.as_u16())));
    set_security_policy();
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme.as_str()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="description" content="Chat with tool-calling agents, evaluate them, and train them." />
                <link rel="icon" type="image/svg+xml" href="/icon.svg" />
                <link rel="stylesheet" href="/pkg/rl-chatbot.css" />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The service that the server put into the context of every page and server function.
pub fn service() -> Service {
    expect_context::<Service>()
}

/// Answers with a cookie that keeps the theme.
pub fn keep_theme(theme: Theme) {
    set_header(header::SET_COOKIE, &theme.cookie());
}

impl From<types::Error> for AppError {
    fn from(error: types::Error) -> Self {
        let request_id = request_header("x-request-id");
        if let types::Error::Internal(cause) = &error {
            tracing::error!(request_id = request_id.as_deref().unwrap_or("-"), "{cause}");
        }
        set_status(error.status());
        Self(error.problem(request_id))
    }
}

fn theme_of_request() -> Theme {
    request_header(header::COOKIE.as_str()).map_or(Theme::System, |cookies| Theme::from_cookies(&cookies))
}

fn request_header(name: &str) -> Option<String> {
    let parts = use_context::<Parts>()?;
    Some(parts.headers.get(name)?.to_str().ok()?.to_owned())
}

fn set_security_policy() {
    let nonce = use_nonce().map(|nonce| format!(" 'nonce-{nonce}'")).unwrap_or_default();
    set_header(header::CONTENT_SECURITY_POLICY, &security_policy(&nonce));
}

fn security_policy(script_nonce: &str) -> String {
    format!(
        "default-src 'self'; script-src 'self'{script_nonce} 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; \
         form-action 'self'"
    )
}

fn set_header(name: HeaderName, value: &str) {
    if let (Some(response), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(value)) {
        response.insert_header(name, value);
    }
}

fn set_status(status: u16) {
    if let (Some(response), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(status)) {
        response.set_status(status);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_run_by_nonce_only_and_styles_from_files_only() {
        let policy = security_policy(" 'nonce-abc'");
        assert!(policy.contains("script-src 'self' 'nonce-abc' 'wasm-unsafe-eval';"));
        assert!(policy.contains("style-src 'self';"));
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
    }
}
