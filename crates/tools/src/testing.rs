//! A scripted web server on loopback, for tests (feature `testing`): it answers as a function says, and records what it was
//! asked.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::AbortHandle,
};

/// Longest body that is read.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// A request as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// `GET`.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Header lines, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Asked {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What is answered: status, content type or `Location`, body.
pub type Answered = (u16, &'static str, String);

type Script = dyn Fn(&Asked) -> Answered + Send + Sync;

/// The server; it stops when dropped.
pub struct ScriptedWeb {
    /// Where it is, without a slash at the end.
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    accepting: AbortHandle,
}

impl ScriptedWeb {
    /// Listens on a free port of 127.0.0.1. In an answer of 301 to 308 the second member is the `Location`.
    ///
    /// # Errors
    /// No port could be opened.
    pub async fn start(script: impl Fn(&Asked) -> Answered + Send + Sync + 'static) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (log, script): (_, Arc<Script>) = (asked.clone(), Arc::new(script));
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, script.clone(), log.clone()));
            }
        });
        Ok(Self { url, asked, accepting: accepting.abort_handle() })
    }

    /// What it was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for ScriptedWeb {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// One request of a connection; whoever is gone is not waited for.
async fn answer(stream: TcpStream, script: Arc<Script>, log: Arc<Mutex<Vec<Asked>>>) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let asked = read(&mut stream).await?;
    let (status, kind, body) = script(&asked);
    log.lock().unwrap_or_else(PoisonError::into_inner).push(asked);
    let header = if (301..=308).contains(&status) { "location" } else { "content-type" };
    let head = format!(
        "HTTP/1.1 {status} Scripted\r\n{header}: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    stream.shutdown().await
}

async fn read(stream: &mut BufReader<TcpStream>) -> io::Result<Asked> {
    let line = async |stream: &mut BufReader<TcpStream>| {
        let mut line = String::new();
        stream.read_line(&mut line).await.map(|_| line.trim_end().to_owned())
    };
    let first = line(stream).await?;
    let mut words = first.split_whitespace().map(str::to_owned);
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut headers = Vec::new();
    loop {
        let header = line(stream).await?;
        let Some((name, value)) = header.split_once(':') else { break };
        headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
    let mut asked = Asked { method, target, headers, body: String::new() };
    let length = asked.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; BODY_BYTES_MAX.min(length)];
    stream.read_exact(&mut body).await?;
    asked.body = String::from_utf8_lossy(&body).into_owned();
    Ok(asked)
}
