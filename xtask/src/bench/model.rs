//! A model that answers at once, and what the program adds to it: turns per second, the way of a token, the way of a stop.
//!
//! Client and model are in this process, so one clock measures both ends.

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// Streams at a time.
const STREAMS: usize = 50;
/// Tokens of a measured stream, and the time between two.
const TOKENS: usize = 100;
const TOKEN_EVERY: Duration = Duration::from_millis(20);
/// Stops that are measured.
const STOPS: usize = 20;

/// The model: Chat Completions, in one piece or as a stream, as it is asked.
pub struct Model {
    pub base_url: String,
    clock: Instant,
    /// How long an answer in one piece takes, in microseconds.
    latency: AtomicU64,
    /// When a connection was last found closed in the middle of a stream, in microseconds of `clock`.
    closed_at: AtomicU64,
}

impl Model {
    /// Listens on a free port; its threads end with the process.
    pub fn start() -> Result<Arc<Self>> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let base_url = format!("http://{}/v1", listener.local_addr()?);
        let model = Arc::new(Self {
            base_url,
            clock: Instant::now(),
            latency: AtomicU64::new(0),
            closed_at: AtomicU64::new(0),
        });
        let shared = Arc::clone(&model);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let model = Arc::clone(&shared);
                // A connection that breaks is the end of its thread and nothing more.
                thread::spawn(move || drop(model.serve(stream)));
            }
        });
        Ok(model)
    }

    /// From now on an answer in one piece takes this long.
    pub fn answer_after(&self, latency: Duration) {
        self.latency.store(u64::try_from(latency.as_micros()).unwrap_or(u64::MAX), Ordering::SeqCst);
    }

    fn now(&self) -> u64 {
        u64::try_from(self.clock.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    fn serve(&self, mut stream: TcpStream) -> Result<()> {
        stream.set_nodelay(true)?;
        let mut reader = BufReader::new(stream.try_clone()?);
        loop {
            let body = read_request(&mut reader)?;
            let asked: Value = serde_json::from_slice(&body)?;
            if asked["stream"] == true {
                let endless = body.windows(4).any(|four| four == b"stop");
                return self.stream(&mut stream, endless);
            }
            thread::sleep(Duration::from_micros(self.latency.load(Ordering::SeqCst)));
            let answer = json!({
                "id": "chatcmpl-1", "object": "chat.completion", "created": 0, "model": "instant",
                "choices": [{ "index": 0, "message": { "role": "assistant", "content": "345" }, "finish_reason": "stop" }],
                "usage": { "prompt_tokens": 11, "completion_tokens": 1, "total_tokens": 12 }
            });
            let answer = answer.to_string();
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
                answer.len()
            );
            stream.write_all((head + &answer).as_bytes())?;
        }
    }

    /// Tokens that say when they were sent; or one, and then nothing until the connection closes.
    fn stream(&self, stream: &mut TcpStream, endless: bool) -> Result<()> {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")?;
        let chunk = |content: &str| json!({ "choices": [{ "index": 0, "delta": { "content": content } }] });
        if endless {
            stream.write_all(format!("data: {}\n\n", chunk("One ")).as_bytes())?;
            // The client sends nothing more: this returns when it is gone.
            let _ = stream.read(&mut [0; 1]);
            self.closed_at.store(self.now(), Ordering::SeqCst);
            return Ok(());
        }
        for _ in 0..TOKENS {
            thread::sleep(TOKEN_EVERY);
            stream.write_all(format!("data: {}\n\n", chunk(&format!("{} ", self.now()))).as_bytes())?;
        }
        let end = json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": "stop" }] });
        stream.write_all(format!("data: {end}\n\ndata: [DONE]\n\n").as_bytes())?;
        Ok(())
    }
}

/// The body of one request.
fn read_request(reader: &mut impl BufRead) -> Result<Vec<u8>> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        ensure!(reader.read_line(&mut line)? > 0, "the client is gone");
        let line = line.trim().to_ascii_lowercase();
        if line.is_empty() {
            let mut body = vec![0; length];
            reader.read_exact(&mut body)?;
            return Ok(body);
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse()?;
        }
    }
}

/// An agent on that model.
pub fn agent(base: &str, stream: bool) -> Result<String> {
    let draft = json!({ "agent_type": "openai_chat", "model": "instant", "config_json": { "stream": stream, "tools": "calculate" } });
    let agent: Value = ureq::post(format!("{base}/api/v1/agents")).send_json(draft)?.body_mut().read_json()?;
    Ok(agent["id"].as_str().context("an agent without an id")?.to_owned())
}

/// A chat socket, as far as this needs one: text frames of one piece, nothing else.
struct Socket(BufReader<TcpStream>);

impl Socket {
    fn open(address: &str, agent: &str) -> Result<Self> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        write!(
            stream,
            "GET /api/v1/chat/ws/{agent} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        )?;
        let mut reader = BufReader::new(stream);
        let mut status = String::new();
        reader.read_line(&mut status)?;
        ensure!(status.contains("101"), "the chat socket was refused: {status}");
        let mut line = status;
        while !line.trim().is_empty() {
            line.clear();
            reader.read_line(&mut line)?;
        }
        Ok(Self(reader))
    }

    /// Masked, as a client must, with a mask of zeros.
    fn send(&mut self, text: &str) -> Result<()> {
        let length = u8::try_from(text.len()).ok().filter(|length| *length < 126).context("a short text")?;
        let mut frame = vec![0x81, 0x80 | length, 0, 0, 0, 0];
        frame.extend_from_slice(text.as_bytes());
        Ok(self.0.get_mut().write_all(&frame)?)
    }

    fn next(&mut self) -> Result<Value> {
        let mut head = [0; 2];
        self.0.read_exact(&mut head)?;
        let length = match head[1] & 0x7f {
            126 => {
                let mut long = [0; 2];
                self.0.read_exact(&mut long)?;
                usize::from(u16::from_be_bytes(long))
            }
            127 => bail!("a frame that is too long"),
            short => usize::from(short),
        };
        let mut body = vec![0; length];
        self.0.read_exact(&mut body)?;
        if head[0] & 0x0f == 1 { Ok(serde_json::from_slice(&body)?) } else { self.next() }
    }
}

/// How long each token was under way, over all streams.
pub fn token_delays(model: &Model, address: &str, agent: &str) -> Result<Vec<Duration>> {
    let watch = || -> Result<Vec<Duration>> {
        let mut socket = Socket::open(address, agent)?;
        socket.send(r#"{"message":"Go on."}"#)?;
        let mut delays = Vec::new();
        loop {
            let frame = socket.next()?;
            match frame["type"].as_str() {
                Some("token") => {
                    let now = model.now();
                    let sent = frame["text"].as_str().unwrap_or_default().trim().parse()?;
                    delays.push(Duration::from_micros(now.saturating_sub(sent)));
                }
                Some("response") => return Ok(delays),
                Some("error") => bail!("a stream failed: {frame}"),
                _ => {}
            }
        }
    };
    thread::scope(|scope| {
        let watching: Vec<_> = (0..STREAMS).map(|_| scope.spawn(watch)).collect();
        let mut all = Vec::new();
        for one in watching {
            all.extend(one.join().map_err(|_| anyhow::anyhow!("a stream's thread ended early"))??);
        }
        Ok(all)
    })
}

/// How long it takes from a stop until the model's connection is closed.
pub fn stop_delays(model: &Model, address: &str, agent: &str) -> Result<Vec<Duration>> {
    let mut delays = Vec::new();
    for _ in 0..STOPS {
        let mut socket = Socket::open(address, agent)?;
        socket.send(r#"{"message":"Go on until I say stop."}"#)?;
        while socket.next()?["type"] != "token" {}
        model.closed_at.store(0, Ordering::SeqCst);
        let asked = model.now();
        socket.send(r#"{"type":"stop"}"#)?;
        let deadline = Instant::now() + Duration::from_secs(10);
        while model.closed_at.load(Ordering::SeqCst) == 0 {
            ensure!(Instant::now() < deadline, "the connection was not closed within 10 s");
            thread::sleep(Duration::from_micros(100));
        }
        delays.push(Duration::from_micros(model.closed_at.load(Ordering::SeqCst).saturating_sub(asked)));
    }
    Ok(delays)
}

/// Turns per second of a loop with the Python client against the same model, over as many threads.
pub fn python_loop(python: &Path, model: &Model, threads: usize, count: usize) -> Result<f64> {
    const PROGRAM: &str = include_str!("direct.py");
    let run = Command::new(python)
        .args(["-c", PROGRAM, &model.base_url, &threads.to_string(), &count.to_string()])
        .output()
        .with_context(|| format!("running {}", python.display()))?;
    ensure!(run.status.success(), "the Python loop failed: {}", String::from_utf8_lossy(&run.stderr));
    Ok(String::from_utf8_lossy(&run.stdout).trim().parse()?)
}
