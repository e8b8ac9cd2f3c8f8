//! A client of AG-UI, the protocol by which agents tell what they do (<https://docs.ag-ui.com>): one POST a turn, answered
//! by events. Shared by every framework whose agents live in another process.
//!
//! What comes back is hostile: bounded in bytes, per line, in text, calls and time. Dropping the future drops the
//! connection: that is how a stop reaches the agent.

mod record;
mod stream;
mod wire;

pub use record::Record;

use crate::{Turn, redact::redacted};
use futures::StreamExt;
use reqwest::{
    Response, Url,
    header::{self, HeaderMap},
};
use serde_json::Value;
use stream::ReadError;
use tokio::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use types::{Ending, Transcript};
use uuid::Uuid;
use wire::{Detail, RunAgentInput};

/// Most of an error's body that is read.
const ERROR_BYTES_MAX: usize = 64 * 1024;

/// An agent somewhere else.
pub struct Endpoint {
    /// The client to ask with.
    pub http: reqwest::Client,
    /// Where it is.
    pub url: Url,
    /// What it asks for, such as authorisation.
    pub headers: HeaderMap,
    /// Whom a message calls it: "the AG-UI endpoint".
    pub name: &'static str,
    /// What must never be told.
    pub secrets: Vec<String>,
}

/// One run to be asked for.
pub struct Asked<'a> {
    /// Of whom.
    pub endpoint: &'a Endpoint,
    /// What the agent is told besides the messages.
    pub forwarded_props: Value,
    /// Names the run and its thread.
    pub rollout: Uuid,
}

/// Runs a turn and finishes its record, whatever happens: within the turn's time, until it is stopped.
pub async fn respond(asked: Asked<'_>, turn: &Turn, mut record: Record<'_>, cancel: &CancellationToken) -> Transcript {
    let deadline = Instant::now() + Duration::from_millis(turn.limits.timeout_ms);
    let ending = tokio::select! {
        biased;
        () = cancel.cancelled() => Ending::Cancelled,
        () = tokio::time::sleep_until(deadline) => Ending::Timeout,
        ending = run(&asked, turn, &mut record) => ending,
    };
    record.finish(ending)
}

async fn run(asked: &Asked<'_>, turn: &Turn, record: &mut Record<'_>) -> Ending {
    let ending = match events(asked, turn, record).await {
        Ok(ending) => ending,
        Err(message) => Ending::ProviderError { message },
    };
    match ending {
        Ending::ProviderError { message } => Ending::ProviderError { message: asked.endpoint.told(&message) },
        Ending::NotConfigured { message } => Ending::NotConfigured { message: asked.endpoint.told(&message) },
        other => other,
    }
}

async fn events(asked: &Asked<'_>, turn: &Turn, record: &mut Record<'_>) -> Result<Ending, String> {
    let endpoint = asked.endpoint;
    let (input, is_cut) = RunAgentInput::new(turn, asked.rollout, &asked.forwarded_props);
    if is_cut {
        record.note("The conversation is long; the agent was not shown its oldest part.".into());
    }
    let request = endpoint.http.post(endpoint.url.clone()).headers(endpoint.headers.clone()).json(&input);
    let response = request.header(header::ACCEPT, "text/event-stream").send().await;
    let response = response.map_err(|error| endpoint.unreachable(&error))?;
    if !response.status().is_success() {
        return Err(endpoint.refusal(response).await);
    }
    let mut events = std::pin::pin!(stream::events(response.bytes_stream()));
    while let Some(event) = events.next().await {
        let event = event.map_err(|error| format!("{} {error}", endpoint.name))?;
        if let Some(ending) = record.take(event) {
            return Ok(ending);
        }
    }
    Err(format!("{} {}", endpoint.name, ReadError::Cut))
}

impl Endpoint {
    fn unreachable(&self, error: &reqwest::Error) -> String {
        let host = self.url.host_str().unwrap_or_default();
        let port = self.url.port_or_known_default().unwrap_or_default();
        let what = if error.is_connect() { "cannot be reached" } else { "closed the connection" };
        format!("{} {what} ({host}:{port})", self.name)
    }

    async fn refusal(&self, response: Response) -> String {
        let status = response.status().as_u16();
        let mut body = Vec::new();
        let mut chunks = response.bytes_stream();
        while let Some(Ok(chunk)) = chunks.next().await {
            body.extend_from_slice(&chunk);
            if body.len() > ERROR_BYTES_MAX {
                break;
            }
        }
        let said = match serde_json::from_slice::<Detail>(&body) {
            Ok(Detail { detail: Value::String(detail) }) => detail,
            _ => String::from_utf8_lossy(&body).trim().to_owned(),
        };
        let said = if said.is_empty() { "no reason given".to_owned() } else { said };
        format!("{} answered {status}: {said}", self.name)
    }

    /// The message without secrets, fit to show.
    fn told(&self, message: &str) -> String {
        let message = self.secrets.iter().fold(message.to_owned(), |message, secret| match secret.as_str() {
            "" => message,
            secret => message.replace(secret, "[redacted]"),
        });
        redacted(&message, None)
    }
}

#[cfg(test)]
mod tests;
