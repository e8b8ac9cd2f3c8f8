//! Asking a model provider, whatever its API: with retries where they help, within what it can take, without parameters
//! the model refuses, bounded in bytes and never telling the key.
//!
//! An API is two things: an [`ApiRequest`] that is sent, and its [`AnswerReader`] that makes a step of what comes back.

mod known;
mod models;
mod pace;
mod pass;
mod plain;
mod read;
mod refusal;
mod retry_after;
mod window;

pub use known::Known;
pub use models::models;
pub use pace::Permit;
pub use read::{AnswerReader, ApiError, Read, ReadError, TEXT_BYTES_MAX, bounded_body};
pub use refusal::{Failure, Retry, left_out, refused_parameter};
pub use window::window;

use crate::{
    provider::ProviderEndpoint,
    redact::redacted,
    tool_loop::{Step, Tokens},
};
use backon::{BackoffBuilder, ExponentialBuilder};
use pace::Pace;
use reqwest::{Response, StatusCode, header};
use serde::Serialize;
use std::{sync::Arc, time::Duration};
use types::{Ending, Error};

/// Tries after the first.
const RETRIES_MAX: usize = 3;
/// Shortest wait before the second try; it doubles from there, with jitter.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// Longest `Retry-After` that is waited for; a longer one is reported instead.
const WAIT_MAX: Duration = Duration::from_secs(20);

/// A request of one API.
pub trait ApiRequest: Serialize + Send + Sync {
    /// Path below the base URL.
    const PATH: &'static str;
    /// Makes a step of the answer.
    type Reader: AnswerReader;

    /// The model that is asked.
    fn model(&self) -> &str;

    /// A reader for the answer.
    fn reader(&self) -> Self::Reader;

    /// Changes what follows from what is known of the model.
    fn recall(&mut self, _known: &Known) {}

    /// Leaves out an optional parameter; false when there is none of that name to leave out.
    fn leave_out(&mut self, parameter: &str) -> bool;
}

/// One provider.
pub struct Client {
    http: reqwest::Client,
    endpoint: ProviderEndpoint,
    pace: Arc<Pace>,
}

/// An answer whose head has arrived; reading its body to the end keeps its place at the provider.
pub struct Answer {
    /// The response; its status is a success.
    pub response: Response,
    /// The place, given back when dropped.
    pub permit: Permit,
}

/// Why a step failed for good.
#[derive(Debug)]
pub struct StepError {
    /// In words for people.
    pub message: String,
    /// The status of the last answer, if there was one.
    pub status: Option<u16>,
}

impl Client {
    /// A client for this provider.
    ///
    /// # Errors
    /// `Invalid` when its base URL is none or must not be asked.
    pub fn new(http: reqwest::Client, endpoint: ProviderEndpoint) -> Result<Self, Error> {
        endpoint.url("")?;
        let pace = pace::of(&endpoint.base_url);
        Ok(Self { http, endpoint, pace })
    }

    /// Refuses to start without a key, which is asked for by name.
    ///
    /// # Errors
    /// `NotConfigured`.
    pub fn require_key(&self) -> Result<(), Ending> {
        if self.endpoint.key().is_some() {
            return Ok(());
        }
        let message = if self.endpoint.name == crate::provider::OPENAI {
            "no key for the model provider: set OPENAI_API_KEY in the environment or in .env and start again (a local \
             server that asks for no key takes any text)"
                .into()
        } else {
            format!("no key for the model provider: set {} in the settings", self.endpoint.key_setting())
        };
        Err(Ending::NotConfigured { message })
    }

    /// Who is asked.
    pub const fn endpoint(&self) -> &ProviderEndpoint {
        &self.endpoint
    }

    /// One step, tried again while that helps and nothing was shown yet.
    ///
    /// # Errors
    /// What went wrong, without the key.
    pub async fn step<R: ApiRequest>(&self, mut request: R, tokens: &mut Tokens<'_>) -> Result<Step, StepError> {
        let mut waits = waits();
        let base_url = &self.endpoint.base_url;
        let model = request.model().to_owned();
        let known = known::get(base_url, &model);
        request.recall(&known);
        let mut notes: Vec<String> =
            known.refused.iter().filter(|name| request.leave_out(name)).map(|name| left_out(name)).collect();
        loop {
            let failure = match self.once(&request, tokens).await {
                Ok(Read { mut step, reasons }) => {
                    if reasons {
                        known::learn(base_url, &model, |known| known.reasons = true);
                    }
                    notes.append(&mut step.notes);
                    return Ok(Step { notes, ..step });
                }
                Err(failure) => failure,
            };
            if let Some(name) = failure.refused.filter(|name| request.leave_out(name)) {
                notes.push(left_out(&name));
                known::learn(base_url, &model, |known| _ = known.refused.insert(name));
                continue;
            }
            let wait = if tokens.text().is_empty() { failure.retry } else { Retry::Never };
            match wait_for(wait, waits.next()) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(StepError { message: failure.message, status: failure.status }),
            }
        }
    }

    async fn once<R: ApiRequest>(&self, request: &R, tokens: &mut Tokens<'_>) -> Result<Read, Failure> {
        let Answer { response, permit: _place } = self.send(R::PATH, request).await?;
        let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let read = if kind.starts_with("application/json") {
            read::whole(response, request.reader(), tokens).await
        } else {
            read::stream(response.bytes_stream(), request.reader(), tokens).await
        };
        read.map_err(|error| Failure {
            message: redacted(&error.to_string(), self.endpoint.key()),
            retry: if error.is_passing() { Retry::Soon } else { Retry::Never },
            refused: None,
            status: None,
        })
    }

    /// Sends a body once, as soon as the provider has room. Dropping the future closes the connection.
    ///
    /// # Errors
    /// What went wrong, without the key, and whether another try may help.
    pub async fn send(&self, path: &str, body: &impl Serialize) -> Result<Answer, Failure> {
        let url = self.endpoint.url(path).map_err(|error| Failure::lasting(error.to_string()))?;
        let permit = self.pace.enter().await;
        let mut call = self.http.post(url).header(header::ACCEPT, "text/event-stream, application/json").json(body);
        if let Some(key) = self.endpoint.key() {
            call = call.bearer_auth(key);
        }
        let response = call.send().await.map_err(|error| refusal::unreachable(&self.endpoint, &error))?;
        if response.status().is_success() {
            permit.went_well();
            return Ok(Answer { response, permit });
        }
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            permit.was_refused();
        }
        Err(refusal::read(&self.endpoint, response).await)
    }
}

/// The waits between tries.
fn waits() -> impl Iterator<Item = Duration> {
    ExponentialBuilder::new().with_jitter().with_min_delay(FIRST_WAIT).with_max_times(RETRIES_MAX).build()
}

/// How long to wait before the next try, if there is to be one.
fn wait_for(retry: Retry, next: Option<Duration>) -> Option<Duration> {
    match retry {
        Retry::Soon => next,
        Retry::After(asked) if asked <= WAIT_MAX => next.map(|_| asked),
        Retry::After(_) | Retry::Never => None,
    }
}

#[cfg(test)]
mod tests;
