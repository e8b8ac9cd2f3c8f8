//! What a refused or failed request means: for the person who reads it, and for the next try.

use super::{read::ApiError, read::bounded_body, retry_after::retry_after};
use crate::{provider::ProviderEndpoint, redact::redacted};
use reqwest::{Response, StatusCode};
use serde::Deserialize;
use std::time::Duration;

/// Most of an error's body that is read.
const ERROR_BYTES_MAX: usize = 64 * 1024;

/// Why a try failed.
#[derive(Debug)]
pub struct Failure {
    /// In words for people, without the key.
    pub message: String,
    /// Whether another try may help.
    pub retry: Retry,
    /// The parameter the model refuses.
    pub refused: Option<String>,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
}

/// Whether another try may help.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Retry {
    /// No.
    Never,
    /// After a short wait.
    Soon,
    /// After as long as the provider asks.
    After(Duration),
}

impl Failure {
    /// A failure that no further try mends.
    pub const fn lasting(message: String) -> Self {
        Self { message, retry: Retry::Never, refused: None, status: None }
    }
}

/// The body of an error answer.
#[derive(Deserialize)]
struct ErrorBody {
    error: ApiError,
}

/// A provider that could not be reached, or was lost.
pub fn unreachable(endpoint: &ProviderEndpoint, error: &reqwest::Error) -> Failure {
    let url = error.url().cloned();
    let host = url.as_ref().and_then(|url| url.host_str()).unwrap_or_default().to_owned();
    let port = url.as_ref().and_then(reqwest::Url::port_or_known_default).unwrap_or_default();
    let what = if error.is_connect() { "cannot connect to" } else { "lost the connection to" };
    Failure {
        message: format!("{what} the model provider at {host}:{port} ({})", endpoint.address_setting()),
        retry: Retry::Soon,
        refused: None,
        status: None,
    }
}

/// An answer that is no success.
pub async fn read(endpoint: &ProviderEndpoint, response: Response) -> Failure {
    let status = response.status();
    let asked = retry_after(response.headers());
    let body = bounded_body(response, ERROR_BYTES_MAX).await.unwrap_or_default();
    let error = serde_json::from_slice::<ErrorBody>(&body).map(|body| body.error).unwrap_or_default();
    let code = error.code.as_ref().and_then(|code| code.as_str()).unwrap_or_default();
    let said = error.message.clone().unwrap_or_else(|| String::from_utf8_lossy(&body).trim().to_owned());
    let passing = (status == StatusCode::TOO_MANY_REQUESTS && code != "insufficient_quota")
        || status == StatusCode::REQUEST_TIMEOUT
        || status.is_server_error();
    let retry = match asked {
        _ if !passing => Retry::Never,
        Some(wait) => Retry::After(wait),
        None => Retry::Soon,
    };
    let refused =
        (status == StatusCode::BAD_REQUEST).then(|| refused_parameter(error.param.as_deref(), &said)).flatten();
    let message = redacted(&explain(endpoint, status, &said), endpoint.key());
    Failure { message, retry, refused, status: Some(status.as_u16()) }
}

/// What the status means for the person who reads it.
fn explain(endpoint: &ProviderEndpoint, status: StatusCode, said: &str) -> String {
    let (key, address) = (endpoint.key_setting(), endpoint.address_setting());
    let meaning = match status.as_u16() {
        401 => format!("the provider refused the key (401); check {key}"),
        403 => format!("the provider forbids this with the key (403); check {key} and the model"),
        404 => format!("the provider does not know the model or the address (404); check the model and {address}"),
        429 => "the provider is busy or the quota is used up (429)".into(),
        code => {
            return format!("the provider answered {code}: {}", if said.is_empty() { "no reason given" } else { said });
        }
    };
    if said.is_empty() { meaning } else { format!("{meaning}: {said}") }
}

/// What a person is told about a parameter that was left out.
pub fn left_out(name: &str) -> String {
    format!("The model does not support `{name}`; the request was sent without it.")
}

/// The parameter a 400 is about: named by the error, or by its usual sentence.
pub fn refused_parameter(param: Option<&str>, message: &str) -> Option<String> {
    let quoted = || {
        let rest = message.strip_prefix("Unsupported parameter: '").or(message.strip_prefix("Unsupported value: '"))?;
        rest.split_once('\'').map(|(name, _)| name)
    };
    let name = param.or_else(quoted)?;
    Some(name.split(['.', '[']).next().unwrap_or_default().to_owned())
}
