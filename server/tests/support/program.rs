//! The program as a child process with a folder, a database and a port of its own.

use futures::StreamExt;
use serde_json::Value;
use std::{
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
};
use tempfile::TempDir;
use tokio_tungstenite::{connect_async, tungstenite::Message};

/// A folder that outlives the processes started in it.
pub struct Place {
    folder: TempDir,
    settings: Vec<(String, String)>,
}

impl Place {
    pub fn new() -> Self {
        server::prepare_process();
        Self { folder: tempfile::tempdir().unwrap(), settings: Vec::new() }
    }

    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rl-chatbot"));
        command.args(arguments).current_dir(self.folder.path()).env_clear().env("PORT", "0");
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).stdin(Stdio::null()).output().unwrap()
    }

    /// Runs a command to its end with this on its standard input.
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = self.command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    /// Starts serving and waits until it says where.
    pub fn serve(&self, arguments: &[&str]) -> Server {
        let mut child = self.command(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().rsplit(':').next().and_then(|port| port.parse::<u16>().ok());
        let port = port.unwrap_or_else(|| panic!("no address in `{line}`"));
        Server { child, address: ([127, 0, 0, 1], port).into(), client: reqwest::Client::new() }
    }
}

/// A server at work; killed when dropped.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    client: reqwest::Client,
}

impl Server {
    pub async fn get(&self, path: &str) -> Value {
        let reply = self.client.get(format!("http://{}{path}", self.address)).send().await.unwrap();
        let status = reply.status();
        let text = reply.text().await.unwrap();
        assert!(status.is_success(), "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    pub async fn status(&self, path: &str) -> u16 {
        self.client.get(format!("http://{}{path}", self.address)).send().await.unwrap().status().as_u16()
    }

    pub async fn post(&self, path: &str, body: Value) -> Value {
        let reply = self.client.post(format!("http://{}{path}", self.address)).json(&body).send().await.unwrap();
        let status = reply.status();
        let text = reply.text().await.unwrap();
        assert!(status.is_success(), "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// What a refused request is told: its status and its problem.
    #[allow(dead_code)]
    pub async fn refused(&self, path: &str, body: Value) -> (u16, Value) {
        let reply = self.client.post(format!("http://{}{path}", self.address)).json(&body).send().await.unwrap();
        let status = reply.status();
        assert!(!status.is_success(), "{path} was not refused");
        (status.as_u16(), reply.json().await.unwrap())
    }

    /// The process of its Python worker, while there is one.
    #[allow(dead_code)]
    pub fn worker(&self) -> Option<u32> {
        let processes =
            std::fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        processes.filter(|pid| parent(*pid) == Some(self.child.id())).find(|pid| is_alive(*pid))
    }

    /// Events of a run after `after`, until `enough` says so or they end.
    pub async fn events(&self, run: &str, after: usize, enough: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let path = format!("ws://{}/api/v1/runs/{run}/events?after={after}", self.address);
        let (mut socket, _) = connect_async(path).await.unwrap();
        let mut events = Vec::new();
        while !enough(&events) {
            match socket.next().await {
                Some(Ok(Message::Text(text))) => events.push(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                Some(Ok(_)) => {}
            }
        }
        events
    }

    /// Process death, without warning.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The polite signal, and how the process ended.
    pub fn terminate(mut self) -> ExitStatus {
        signal(self.child.id(), "-TERM");
        self.child.wait().unwrap()
    }
}

/// The process that started this one.
fn parent(pid: u32) -> Option<u32> {
    after_name(pid)?.split(' ').nth(1)?.parse().ok()
}

/// Whether a process runs; one that ended and was not asked for its status does not.
#[allow(dead_code)]
pub fn is_alive(pid: u32) -> bool {
    after_name(pid).is_some_and(|state| !state.starts_with(['Z', 'X']))
}

/// What the system tells of a process after its name: state, parent, …
fn after_name(pid: u32) -> Option<String> {
    let told = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    Some(told.rsplit_once(") ")?.1.to_owned())
}

/// Sends a signal to a process.
#[allow(dead_code)]
pub fn signal(pid: u32, name: &str) {
    assert!(Command::new("kill").args([name, &pid.to_string()]).status().unwrap().success());
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already, which is what this wants.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Writes cases to a file of the place.
pub fn write_cases(place: &Place, name: &str, cases: &Value) -> PathBuf {
    let path = place.path(name);
    std::fs::write(&path, cases.to_string()).unwrap();
    path
}

/// What a process printed.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A file's JSON.
pub fn json_of(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}
