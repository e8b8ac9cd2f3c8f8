//! Sending a request: with retries where they help, without parameters the model refuses, and never telling the key.

use super::{
    known,
    retry_after::retry_after,
    stream::{self, Read, ReadError},
    wire::{ErrorBody, Request},
};
use crate::{
    OpenAiSettings,
    redact::redacted,
    tool_loop::{Step, Tokens},
};
use backon::{BackoffBuilder, ExponentialBuilder};
use futures::StreamExt;
use reqwest::{Response, StatusCode, Url, header};
use std::{net::IpAddr, time::Duration};
use types::Error;

/// Tries after the first.
const RETRIES_MAX: usize = 3;
/// Shortest wait before the second try; it doubles from there, with jitter.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// Longest `Retry-After` that is waited for; a longer one is reported instead.
const WAIT_MAX: Duration = Duration::from_secs(20);
/// Most of an error's body that is read.
const ERROR_BYTES_MAX: usize = 64 * 1024;
/// Most of an answer in one piece that is read.
const WHOLE_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Asked of reasoning models, so that a later step can go on from their thoughts without anything being stored.
const ENCRYPTED_REASONING: &str = "reasoning.encrypted_content";

/// One provider.
pub struct Client {
    http: reqwest::Client,
    url: Url,
    base_url: String,
    key: Option<String>,
}

/// Why a try failed.
struct Failure {
    message: String,
    /// Another try may help, after this long if the provider said so.
    retry: Retry,
    /// The parameter the model refuses.
    refused: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Retry {
    Never,
    Soon,
    After(Duration),
}

impl Client {
    /// A client for the provider of these settings.
    ///
    /// # Errors
    /// `Invalid` when the base URL is none.
    pub fn new(http: reqwest::Client, settings: &OpenAiSettings) -> Result<Self, Error> {
        let base_url = settings.base_url.trim_end_matches('/').to_owned();
        let url = Url::parse(&format!("{base_url}/responses")).ok().filter(may_be_asked).ok_or_else(|| {
            Error::Invalid(
                "OPENAI_BASE_URL is not a web address that may be asked, expected one such as https://api.openai.com/v1"
                    .into(),
            )
        })?;
        let key = settings.api_key.as_deref().map(str::trim).filter(|key| !key.is_empty()).map(String::from);
        Ok(Self { http, url, base_url, key })
    }

    /// Whether a key is set.
    pub const fn has_key(&self) -> bool {
        self.key.is_some()
    }

    /// One step, tried again while that helps and nothing was shown yet.
    ///
    /// # Errors
    /// A sentence for people, without the key.
    pub async fn step(&self, mut request: Request<'_>, tokens: &mut Tokens<'_>) -> Result<Step, String> {
        let mut waits =
            ExponentialBuilder::new().with_jitter().with_min_delay(FIRST_WAIT).with_max_times(RETRIES_MAX).build();
        let model = request.model.to_owned();
        let known = known::get(&self.base_url, &model);
        if known.reasons {
            request.include = Some([ENCRYPTED_REASONING]);
        }
        let mut notes: Vec<String> =
            known.refused.iter().filter(|name| request.leave_out(name)).map(|name| left_out(name)).collect();
        loop {
            let failure = match self.once(&request, tokens).await {
                Ok(Read { mut step, reasons }) => {
                    if reasons {
                        known::learn(&self.base_url, &model, |known| known.reasons = true);
                    }
                    notes.append(&mut step.notes);
                    return Ok(Step { notes, ..step });
                }
                Err(failure) => failure,
            };
            if let Some(name) = failure.refused.filter(|name| request.leave_out(name)) {
                notes.push(left_out(&name));
                known::learn(&self.base_url, &model, |known| _ = known.refused.insert(name));
                continue;
            }
            let wait = if tokens.text().is_empty() { failure.retry } else { Retry::Never };
            match (wait, waits.next()) {
                (Retry::Soon, Some(wait)) => tokio::time::sleep(wait).await,
                (Retry::After(wait), Some(_)) if wait <= WAIT_MAX => tokio::time::sleep(wait).await,
                _ => return Err(failure.message),
            }
        }
    }

    async fn once(&self, request: &Request<'_>, tokens: &mut Tokens<'_>) -> Result<Read, Failure> {
        let mut call = self.http.post(self.url.clone()).header(header::ACCEPT, "text/event-stream").json(request);
        if let Some(key) = &self.key {
            call = call.bearer_auth(key);
        }
        let response = call.send().await.map_err(|error| self.unreachable(&error))?;
        if !response.status().is_success() {
            return Err(self.refusal(response).await);
        }
        let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let read = if kind.starts_with("application/json") {
            match bounded_body(response, WHOLE_BYTES_MAX).await {
                Ok(body) => stream::read_whole(&body, tokens),
                Err(error) => Err(error),
            }
        } else {
            stream::read(response.bytes_stream(), tokens).await
        };
        read.map_err(|error| Failure {
            message: redacted(&error.to_string(), self.key.as_deref()),
            retry: if error.is_passing() { Retry::Soon } else { Retry::Never },
            refused: None,
        })
    }

    fn unreachable(&self, error: &reqwest::Error) -> Failure {
        let host = self.url.host_str().unwrap_or_default();
        let port = self.url.port_or_known_default().unwrap_or_default();
        let what = if error.is_connect() { "cannot connect to" } else { "lost the connection to" };
        Failure {
            message: format!("{what} the model provider at {host}:{port} (OPENAI_BASE_URL)"),
            retry: Retry::Soon,
            refused: None,
        }
    }

    async fn refusal(&self, response: Response) -> Failure {
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
        let refused = (status == StatusCode::BAD_REQUEST).then(|| refused_parameter(&error.param, &said)).flatten();
        let message = redacted(&explain(status, &said), self.key.as_deref());
        Failure { message, retry, refused }
    }
}

/// Web addresses, except link-local ones: there live the metadata services of cloud machines.
fn may_be_asked(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let link_local = match host.parse() {
        Ok(IpAddr::V4(address)) => address.is_link_local() || address.is_unspecified(),
        Ok(IpAddr::V6(address)) => match address.to_ipv4_mapped() {
            Some(mapped) => mapped.is_link_local() || mapped.is_unspecified(),
            None => address.is_unicast_link_local() || address.is_unspecified(),
        },
        Err(_) => host == "metadata.google.internal",
    };
    matches!(url.scheme(), "http" | "https") && !link_local
}

/// What the status means for the person who reads it.
fn explain(status: StatusCode, said: &str) -> String {
    let meaning = match status.as_u16() {
        401 => "the provider refused the key (401); check OPENAI_API_KEY",
        403 => "the provider forbids this with the key (403); check OPENAI_API_KEY and the model",
        404 => "the provider does not know the model or the address (404); check the model and OPENAI_BASE_URL",
        429 => "the provider is busy or the quota is used up (429)",
        code => {
            return format!("the provider answered {code}: {}", if said.is_empty() { "no reason given" } else { said });
        }
    };
    if said.is_empty() { meaning.into() } else { format!("{meaning}: {said}") }
}

fn left_out(name: &str) -> String {
    format!("The model does not support `{name}`; the request was sent without it.")
}

/// The parameter a 400 is about: named by the error, or by its usual sentence.
fn refused_parameter(param: &Option<String>, message: &str) -> Option<String> {
    let quoted = || {
        let rest = message.strip_prefix("Unsupported parameter: '").or(message.strip_prefix("Unsupported value: '"))?;
        rest.split_once('\'').map(|(name, _)| name.to_owned())
    };
    param.clone().or_else(quoted).map(|name| name.split(['.', '[']).next().unwrap_or_default().to_owned())
}

async fn bounded_body(response: Response, bytes_max: usize) -> Result<Vec<u8>, ReadError> {
    let mut body = Vec::new();
    let mut chunks = response.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        body.extend_from_slice(&chunk.map_err(|_| ReadError::Broken)?);
        if body.len() > bytes_max {
            return Err(ReadError::TooLarge("2 MiB in one piece"));
        }
    }
    Ok(body)
}
