//! The application over a database of its own, asked without a port or over a loopback socket.

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use futures::{SinkExt, StreamExt};
use http_body_util::BodyExt;
use serde_json::Value;
use server::config::Config;
use service::Service;
use std::net::SocketAddr;
use tempfile::TempDir;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error as SocketError, Message, client::IntoClientRequest},
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// The application and its folder, which goes with it.
pub struct App {
    pub router: Router,
    pub service: Service,
    pub draining: CancellationToken,
    _folder: TempDir,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The reply's JSON, which must have come with this status.
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        if self.text.is_empty() { Value::Null } else { self.json() }
    }

    /// The `detail` of a problem with this status.
    pub fn problem(&self, status: u16) -> String {
        let problem = self.expect(status);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(problem["status"], status);
        assert!(problem["title"].is_string() && problem["type"].is_string(), "{problem}");
        assert_eq!(problem["request_id"], self.header("x-request-id"));
        problem["detail"].as_str().unwrap().to_owned()
    }
}

impl App {
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// With these settings over the defaults and a fresh database.
    pub async fn with(settings: &[(&str, &str)]) -> Self {
        server::prepare_process();
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        let (database, checkpoints, site) =
            (format!("sqlite://{}", path("test.db")), path("checkpoints"), path("site"));
        let config = Config::read(|name| {
            let set = settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
            set.or_else(|| match name {
                "DATABASE_URL" => Some(database.clone()),
                "CHECKPOINT_DIR" => Some(checkpoints.clone()),
                "SITE_ROOT" => Some(site.clone()),
                _ => None,
            })
        });
        let config = config.unwrap();
        std::fs::create_dir_all(folder.path().join("site/pkg")).unwrap();
        std::fs::write(folder.path().join("site/pkg/rl-chatbot.css"), "body{}").unwrap();
        std::fs::write(folder.path().join("site/pkg/chunk.0123abcd.js"), "1").unwrap();
        let service = Service::start(config.service()).await.unwrap();
        let draining = CancellationToken::new();
        let router = server::application(service.clone(), config, draining.clone());
        Self { router, service, draining, _folder: folder }
    }

    /// Asks without a port. `Host` is a loopback name unless the request has one.
    pub async fn send(&self, mut request: Request<Body>) -> Reply {
        if !request.headers().contains_key(header::HOST) {
            request.headers_mut().insert(header::HOST, "localhost:8000".parse().unwrap());
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Reply { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    pub async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Reply {
        let mut request = Request::builder().method(Method::from_bytes(method.as_bytes()).unwrap()).uri(path);
        let body = match body {
            Some(json) => {
                let text = json.to_string();
                request = request.header("content-type", "application/json").header("content-length", text.len());
                Body::from(text)
            }
            None => Body::empty(),
        };
        self.send(request.body(body).unwrap()).await
    }

    /// Posts a file of this type.
    pub async fn post_file(&self, path: &str, kind: &str, file: &'static [u8]) -> Reply {
        let request = Request::post(path).header("content-type", kind).header("content-length", file.len());
        self.send(request.body(Body::from(file)).unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.call("GET", path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.call("POST", path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.call("PATCH", path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.call("PUT", path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.call("DELETE", path, None).await
    }

    /// An agent of the given type and model; its id.
    pub async fn agent(&self, agent_type: &str, model: &str) -> String {
        let draft =
            serde_json::json!({ "name": "Test agent", "agent_type": agent_type, "model": model, "temperature": 0.0 });
        self.post("/api/v1/agents", draft).await.expect(201)["id"].as_str().unwrap().to_owned()
    }

    /// A trained local agent; its id.
    pub async fn local_agent(&self) -> String {
        self.agent("local", "builtin").await
    }

    /// A case with these fields besides its question; its id.
    pub async fn case(&self, question: &str, mut fields: Value) -> String {
        fields["user_input"] = question.into();
        self.post("/api/v1/test-cases", fields).await.expect(201)["id"].as_str().unwrap().to_owned()
    }

    /// Serves on a loopback port of the system's choice.
    pub async fn listen(&self) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = self.router.clone().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        address
    }

    /// A socket to this application.
    pub async fn socket(&self, path: &str) -> Socket {
        let address = self.listen().await;
        Socket::open(address, path, &[]).await.unwrap()
    }
}

/// A WebSocket client.
pub struct Socket(WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>);

impl Socket {
    /// Opens a socket; the refused handshake's status otherwise.
    pub async fn open(address: SocketAddr, path: &str, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        let mut request = format!("ws://{address}{path}").into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        match connect_async(request).await {
            Ok((stream, _)) => Ok(Self(stream)),
            Err(SocketError::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    pub async fn send(&mut self, text: &str) {
        self.0.send(Message::Text(text.into())).await.unwrap();
    }

    /// The next JSON frame, or the code the socket closed with.
    pub async fn next(&mut self) -> Result<Value, u16> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(frame))) => return Err(frame.map_or(1005, |frame| frame.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(1006),
            }
        }
    }

    /// Every frame until the socket closes, and the code it closed with.
    pub async fn all(&mut self) -> (Vec<Value>, u16) {
        let mut frames = Vec::new();
        loop {
            match self.next().await {
                Ok(frame) => frames.push(frame),
                Err(code) => return (frames, code),
            }
        }
    }

    /// Every frame of one chat turn, the last being `response` or `error`.
    pub async fn turn(&mut self) -> Vec<Value> {
        let mut frames = Vec::new();
        loop {
            let frame = self.next().await.unwrap();
            let ends = frame["type"] == "response" || frame["type"] == "error";
            frames.push(frame);
            if ends {
                return frames;
            }
        }
    }
}
