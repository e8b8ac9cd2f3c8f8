//! A scripted model provider on loopback, for tests (feature `testing`): both APIs, streaming and not.
//!
//! It says what the script says, in order; the last reply is repeated. `GET /models` is answered beside the script. It
//! records what it was asked, and tells when a
//! client closed a connection in the middle of a reply.

mod chat;
mod reply;

pub use reply::Reply;

use http_body_util::{BodyExt, Limited};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use reply::ReplyBody;
use serde_json::Value;
use std::{
    collections::VecDeque,
    convert::Infallible,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::AbortHandle,
};

/// Longest request that is read.
const REQUEST_BYTES_MAX: usize = 16 * 1024 * 1024;

/// The server; it stops when dropped.
pub struct ScriptedProvider {
    base_url: String,
    shared: Arc<Shared>,
    accepting: AbortHandle,
}

/// One request as it arrived.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// `/v1/responses`.
    pub path: String,
    /// The `Authorization` header.
    pub authorization: Option<String>,
    /// The body.
    pub body: Value,
}

struct Shared {
    script: Mutex<VecDeque<Reply>>,
    models: Reply,
    requests: Mutex<Vec<Recorded>>,
    /// How many replies were given up by the client.
    abandoned: watch::Sender<usize>,
}

impl ScriptedProvider {
    /// Listens on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// No port could be opened.
    pub async fn start(script: impl IntoIterator<Item = Reply>) -> io::Result<Self> {
        Self::start_with(script, Reply::models(["scripted-small", "scripted-large"])).await
    }

    /// A provider that answers `GET /models` with an error.
    ///
    /// # Errors
    /// No port could be opened.
    pub async fn refusing_models(status: u16, message: &str) -> io::Result<Self> {
        Self::start_with([], Reply::error(status, "refused", message)).await
    }

    async fn start_with(script: impl IntoIterator<Item = Reply>, models: Reply) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let base_url = format!("http://{}/v1", listener.local_addr()?);
        let shared = Arc::new(Shared {
            script: Mutex::new(script.into_iter().collect()),
            models,
            requests: Mutex::default(),
            abandoned: watch::Sender::new(0),
        });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared))).abort_handle();
        Ok(Self { base_url, shared, accepting })
    }

    /// What goes into `OPENAI_BASE_URL`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// What it was asked so far.
    pub fn requests(&self) -> Vec<Recorded> {
        lock(&self.shared.requests).clone()
    }

    /// Waits until it was asked `count` times.
    pub async fn asked(&self, count: usize) {
        while lock(&self.shared.requests).len() < count {
            tokio::task::yield_now().await;
        }
    }

    /// Waits until a client closed its connection before a reply was complete.
    pub async fn abandoned(&self) {
        // The sender lives in `self`, so this cannot fail.
        let _ = self.shared.abandoned.subscribe().wait_for(|count| *count > 0).await;
    }
}

impl Drop for ScriptedProvider {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve(stream, Arc::clone(&shared)));
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let service = service_fn(move |request| answer(request, Arc::clone(&shared)));
    // An error here is a connection that a script or a client cut: what the tests are about.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(request: Request<Incoming>, shared: Arc<Shared>) -> Result<hyper::Response<ReplyBody>, Infallible> {
    let path = request.uri().path().to_owned();
    let authorization = request.headers().get("authorization");
    let authorization = authorization.and_then(|value| value.to_str().ok()).map(str::to_owned);
    let body = Limited::new(request.into_body(), REQUEST_BYTES_MAX).collect().await;
    let body = body.map(|body| body.to_bytes()).unwrap_or_default();
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let asked = Recorded { path, authorization, body };
    let number = {
        let mut requests = lock(&shared.requests);
        requests.push(asked.clone());
        requests.len()
    };
    if asked.path.ends_with("/models") {
        return Ok(shared.models.clone().into_response(number, &asked, shared.abandoned.clone()));
    }
    let reply = {
        let mut script = lock(&shared.script);
        if script.len() > 1 { script.pop_front() } else { script.front().cloned() }
    };
    let reply = reply.unwrap_or_else(|| Reply::error(500, "server_error", "the script is empty"));
    Ok(reply.into_response(number, &asked, shared.abandoned.clone()))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
