//! Models of providers: the request is passed on with our key, the answer is passed back as it comes and recorded whole.

use super::{GatewayApi, GatewayReply, assembly::Assembly, record::Asked, refusal::openai_error};
use crate::{Result, Service};
use agents::provider_client::{Answer, Client, Failure, Retry, bounded_body};
use serde_json::{Map, Value};
use std::io;
use tokio::sync::mpsc::{self, Sender};
use tokio_util::sync::CancellationToken;
use types::{Ending, Error};

/// Most bytes of an answer in one piece.
const WHOLE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Most bytes of a streamed answer.
const STREAM_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Longest line of a stream: its last event may repeat the whole answer.
const LINE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Pieces that a slow client may leave waiting.
const PIECES_WAITING: usize = 64;

/// A piece of a stream; an error breaks the connection off, so that nobody takes a part for the whole.
pub type Piece = io::Result<String>;

impl GatewayApi {
    const fn path(self) -> &'static str {
        match self {
            Self::Chat => "chat/completions",
            Self::Responses => "responses",
        }
    }
}

/// What is asked of a provider.
pub(crate) struct Passed<'a> {
    /// Name of the provider.
    pub provider: &'a str,
    /// Its own name of the model.
    pub model: &'a str,
    /// Which API.
    pub api: GatewayApi,
    /// The request.
    pub body: Map<String, Value>,
}

impl Service {
    /// Passes a request on, and its answer back.
    pub(crate) async fn gateway_pass(&self, asked: Asked, passed: Passed<'_>) -> Result<GatewayReply> {
        let (asked, answer) = match self.gateway_reach(passed).await {
            Ok(answer) => (asked, answer),
            Err(Refused::Here(error)) => return self.gateway_refuse(asked, error).await,
            Err(Refused::There(failure)) => return self.gateway_refused(asked, failure).await,
        };
        if answer.is_stream() {
            Ok(self.gateway_stream(asked, answer))
        } else {
            self.gateway_whole(asked, answer).await
        }
    }

    async fn gateway_reach(&self, Passed { provider, model, api, mut body }: Passed<'_>) -> Result<Reached, Refused> {
        let endpoint = self.provider(provider).map_err(Refused::Here)?;
        let must_have_key = endpoint.is_openai();
        let key = endpoint.key().map(str::to_owned);
        let client = Client::new(self.inner.dependencies.http.clone(), endpoint).map_err(Refused::Here)?;
        if must_have_key && let Err(Ending::NotConfigured { message }) = client.require_key() {
            return Err(Refused::Here(Error::Invalid(message)));
        }
        let is_streamed = body.get("stream").and_then(Value::as_bool).unwrap_or_default();
        body.insert("model".into(), model.into());
        body.insert("stream".into(), is_streamed.into());
        let answer = client.pass(api.path(), body).await.map_err(Refused::There)?;
        Ok(Reached { answer, key, api })
    }

    /// The provider's refusal, under its own status.
    async fn gateway_refused(&self, asked: Asked, failure: Failure) -> Result<GatewayReply> {
        let Some(status) = failure.status else {
            return self.gateway_refuse(asked, Error::Upstream(failure.message)).await;
        };
        let kind = match status {
            429 => "rate_limit_error",
            400..=499 => "invalid_request_error",
            _ => "server_error",
        };
        let body = openai_error(&failure.message, kind, failure.refused.as_deref(), None);
        self.gateway_record(asked.refused(status, failure.message)).await?;
        let retry_after_s = match failure.retry {
            Retry::After(wait) => Some(wait.as_secs()),
            Retry::Never | Retry::Soon => None,
        };
        Ok(GatewayReply::Whole { status, body, retry_after_s })
    }

    async fn gateway_whole(&self, asked: Asked, Reached { answer, key, .. }: Reached) -> Result<GatewayReply> {
        let Answer { response, permit } = answer;
        let read = bounded_body(response, WHOLE_BYTES_MAX).await;
        drop(permit);
        let body = read.map_err(|error| error.to_string()).and_then(|body| {
            let text = without_key(String::from_utf8_lossy(&body).into_owned(), key.as_deref());
            serde_json::from_str::<Value>(&text).map_err(|_| "the provider's answer is not JSON".into())
        });
        match body {
            Ok(body) => {
                self.gateway_record(asked.answered(200, body.clone())).await?;
                Ok(GatewayReply::whole(body))
            }
            Err(why) => self.gateway_refuse(asked, Error::Upstream(why)).await,
        }
    }

    fn gateway_stream(&self, asked: Asked, reached: Reached) -> GatewayReply {
        let (sender, pieces) = mpsc::channel(PIECES_WAITING);
        let service = self.clone();
        let draining = self.inner.jobs.draining();
        tokio::spawn(async move {
            let mut assembly = Assembly::new(reached.api);
            let broken = relay(reached, &mut assembly, &sender, &draining).await.err();
            let done = asked.answered(200, assembly.whole()).with_error(broken.clone());
            if let Err(error) = service.gateway_record(done).await {
                tracing::error!(%error, "a streamed call through the gateway was not recorded");
            }
            // Only now does the stream end: whoever has read it to its end finds it recorded.
            if let Some(why) = broken {
                // The client may be the one that left.
                let _ = sender.send(Err(io::Error::other(why))).await;
            }
        });
        GatewayReply::Stream(pieces)
    }
}

/// Where a request was refused.
enum Refused {
    Here(Error),
    There(Failure),
}

/// A provider's answer, and what must not be in it.
struct Reached {
    answer: Answer,
    key: Option<String>,
    api: GatewayApi,
}

impl Reached {
    fn is_stream(&self) -> bool {
        let kind = self.answer.response.headers().get("content-type").and_then(|kind| kind.to_str().ok());
        kind.is_some_and(|kind| kind.starts_with("text/event-stream"))
    }
}

/// Passes lines on as they come. Returning drops the connection to the provider.
async fn relay(
    Reached { answer, key, .. }: Reached,
    assembly: &mut Assembly,
    sender: &Sender<Piece>,
    draining: &CancellationToken,
) -> Result<(), String> {
    let Answer { mut response, permit: _place } = answer;
    let (mut total, mut line) = (0, Vec::new());
    loop {
        let chunk = tokio::select! {
            chunk = response.chunk() => chunk.map_err(|_| "the connection to the provider broke")?,
            () = sender.closed() => return Err("the client left".into()),
            () = draining.cancelled() => return Err("the server is shutting down".into()),
        };
        let Some(chunk) = chunk else { break };
        total += chunk.len();
        line.extend_from_slice(&chunk);
        if total > STREAM_BYTES_MAX || line.len() > LINE_BYTES_MAX {
            return Err("the provider's answer is too large".into());
        }
        let Some(end) = line.iter().rposition(|byte| *byte == b'\n') else { continue };
        let rest = line.split_off(end + 1);
        send(std::mem::replace(&mut line, rest), key.as_deref(), assembly, sender).await?;
    }
    send(line, key.as_deref(), assembly, sender).await?;
    if assembly.is_complete() {
        Ok(())
    } else {
        Err("the provider's stream ended before its answer was complete".into())
    }
}

async fn send(lines: Vec<u8>, key: Option<&str>, assembly: &mut Assembly, to: &Sender<Piece>) -> Result<(), String> {
    if lines.is_empty() {
        return Ok(());
    }
    let text = without_key(String::from_utf8_lossy(&lines).into_owned(), key);
    for data in text.lines().filter_map(|line| line.strip_prefix("data:")) {
        assembly.add(data.trim());
    }
    to.send(Ok(text)).await.map_err(|_| "the client left".into())
}

fn without_key(text: String, key: Option<&str>) -> String {
    match key {
        Some(key) if text.contains(key) => text.replace(key, "[redacted]"),
        _ => text,
    }
}
