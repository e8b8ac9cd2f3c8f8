//! The Python worker's life: installed at its first use, started, heard, started again after a crash, stopped with us.
//!
//! It listens on loopback, answers only requests with its secret, and reaches models and tools through this server's own
//! gateway, with a key that opens nothing else. It ends with its standard input, so it cannot outlive this process.

mod install;
mod process;

use crate::{Result, Service};
use agents::bridge::{Bridge, BridgeAccess};
use install::{Installed, install, is_installed};
use process::{Line, Process};
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::PathBuf,
    process::Command,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};
use tokio::{sync::watch, task::JoinHandle, time::Instant};
use tokio_util::sync::CancellationToken;
use types::{BridgeState, BridgeStatus};

/// How long the worker may take to answer after it began to listen.
const HEALTH_TIMEOUT: Duration = Duration::from_secs(30);
/// How long it has to end by itself.
const GRACE: Duration = Duration::from_secs(5);
/// A worker that lived so long did not fail at its start.
const STEADY: Duration = Duration::from_secs(60);
/// Failures in a row after which it is left alone until it is used again.
const FAILURES_MAX: u32 = 5;
/// The wait before it is started again; doubled after every failure.
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// How long a failure is told before the next use tries again.
const FAILURE_HOLDS: Duration = Duration::from_secs(5);
/// Lines of its errors that one life of it may add to the log.
const LOG_LINES_MAX: u32 = 500;
/// What the worker's environment keeps of ours.
const HANDED_ON: [&str; 4] = ["PATH", "HOME", "LANG", "TMPDIR"];
/// No library of it tells anybody anything.
const SILENT: [(&str, &str); 6] = [
    ("LANGSMITH_TRACING", "false"),
    ("LANGCHAIN_TRACING_V2", "false"),
    ("OTEL_SDK_DISABLED", "true"),
    ("DO_NOT_TRACK", "1"),
    ("NO_PROXY", "*"),
    ("PYTHONUNBUFFERED", "1"),
];
const NOT_LISTENING: &str = "this agent reaches its model and its tools through the server, which does not listen yet; start `rl-chatbot serve`";

/// Where the worker lives and what it may import.
#[derive(Clone, Debug)]
pub struct BridgeSettings {
    /// Folder of the virtual environment.
    pub folder: PathBuf,
    /// The interpreter it is made with.
    pub python: String,
    /// Folder of the operator's own agents.
    pub modules: Option<PathBuf>,
}

/// The worker.
pub(crate) struct PythonBridge {
    settings: BridgeSettings,
    http: reqwest::Client,
    /// What the worker's requests to the gateway carry.
    gateway_key: String,
    gateway_url: OnceLock<String>,
    state: watch::Sender<State>,
    stop: CancellationToken,
    supervisor: Mutex<Option<JoinHandle<()>>>,
    /// Itself, for the supervisor's task.
    this: std::sync::Weak<Self>,
}

#[derive(Clone)]
enum State {
    Idle,
    Installing(String),
    Starting,
    Ready { url: String, secret: String, versions: BTreeMap<String, String> },
    Failed { message: String, until: Instant },
    Stopped,
}

/// What the worker says of itself.
#[derive(Deserialize)]
struct Health {
    versions: BTreeMap<String, String>,
}

/// The first line the worker says.
#[derive(Deserialize)]
struct Listening {
    port: u16,
}

impl Service {
    /// Tells where this server listens: the Python worker reaches models and tools there.
    pub fn listens_at(&self, address: SocketAddr) {
        self.inner.bridge.listens_at(address);
    }

    /// A key of this process that opens the gateway (`/g/…`) and nothing else.
    pub fn gateway_key(&self) -> &str {
        &self.inner.bridge.gateway_key
    }

    /// How far the Python worker is.
    pub fn bridge_status(&self) -> BridgeStatus {
        self.inner.bridge.status()
    }

    /// Installs the Python worker ahead of its first use; `tell` hears how far it is.
    ///
    /// # Errors
    /// What is missing or failed, in words that say what to do.
    pub async fn bridge_install(settings: &BridgeSettings, tell: impl Fn(String)) -> Result<()> {
        install(&settings.folder, &settings.python, tell).await.map(|_| ()).map_err(types::Error::Unavailable)
    }
}

impl PythonBridge {
    pub fn new(settings: BridgeSettings, http: reqwest::Client) -> Arc<Self> {
        Arc::new_cyclic(|this| Self {
            settings,
            http,
            gateway_key: secret(),
            gateway_url: OnceLock::new(),
            state: watch::Sender::new(State::Idle),
            stop: CancellationToken::new(),
            supervisor: Mutex::default(),
            this: this.clone(),
        })
    }

    /// Ends the worker and waits until it is gone.
    pub async fn stop(&self) {
        self.stop.cancel();
        let supervisor = self.supervisor.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(supervisor) = supervisor {
            // It ends by itself, within the worker's grace.
            let _ = supervisor.await;
        }
    }

    fn listens_at(&self, mut address: SocketAddr) {
        match address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
            IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
            _ => {}
        }
        // A process listens once.
        let _ = self.gateway_url.set(format!("http://{address}"));
    }

    fn status(&self) -> BridgeStatus {
        let mut status =
            BridgeStatus { state: BridgeState::Idle, progress: None, versions: BTreeMap::new(), error: None };
        (status.state, status.progress, status.error) = match self.state.borrow().clone() {
            State::Idle => (BridgeState::Idle, None, None),
            State::Installing(progress) => (BridgeState::Installing, Some(progress), None),
            State::Starting => (BridgeState::Starting, None, None),
            State::Ready { versions, .. } => {
                status.versions = versions;
                (BridgeState::Ready, None, None)
            }
            State::Failed { message, .. } => (BridgeState::Failed, None, Some(message)),
            State::Stopped => (BridgeState::Stopped, None, None),
        };
        status
    }

    /// How far it is, in a sentence.
    pub fn told(&self) -> String {
        match self.state.borrow().clone() {
            State::Idle if is_installed(&self.settings.folder) => "It is installed.".into(),
            State::Idle => "It is not installed yet: the first answer takes about a minute longer.".into(),
            State::Installing(progress) => progress,
            State::Starting | State::Stopped => "It is installed.".into(),
            State::Ready { .. } => "It is installed and running.".into(),
            State::Failed { message, .. } => format!("It does not run: {message}."),
        }
    }

    /// Begins to supervise a worker, unless that is under way.
    fn begin(&self) {
        let begins = self.state.send_if_modified(|state| {
            let idle = match state {
                State::Idle => true,
                State::Failed { until, .. } => Instant::now() >= *until,
                _ => false,
            };
            if idle {
                *state = State::Starting;
            }
            idle
        });
        if let Some(this) = self.this.upgrade().filter(|_| begins) {
            let supervisor = tokio::spawn(async move { this.supervise().await });
            *self.supervisor.lock().unwrap_or_else(PoisonError::into_inner) = Some(supervisor);
        }
    }

    async fn supervise(&self) {
        let tell = |progress: String| self.set(State::Installing(progress));
        let installed = tokio::select! {
            () = self.stop.cancelled() => return self.set(State::Stopped),
            installed = install(&self.settings.folder, &self.settings.python, tell) => installed,
        };
        match installed {
            Ok(installed) => self.keep_alive(&installed).await,
            Err(message) => self.fail(message),
        }
    }

    async fn keep_alive(&self, installed: &Installed) {
        let mut failures = 0;
        while !self.stop.is_cancelled() {
            self.set(State::Starting);
            let begun = Instant::now();
            let why = self.live(installed).await;
            if self.stop.is_cancelled() {
                break;
            }
            failures = if begun.elapsed() > STEADY { 1 } else { failures + 1 };
            tracing::warn!(why, failures, "the Python worker ended");
            if failures == FAILURES_MAX {
                return self.fail(format!("the Python worker ended {failures} times in a row: {why}"));
            }
            self.set(State::Starting);
            tokio::select! {
                () = self.stop.cancelled() => {}
                () = tokio::time::sleep(FIRST_WAIT * 2_u32.pow(failures)) => {}
            }
        }
        self.set(State::Stopped);
    }

    /// One life of the worker; what it said last.
    async fn live(&self, installed: &Installed) -> String {
        let secret = secret();
        let mut process = match Process::start(&mut self.command(installed, &secret)) {
            Ok(process) => process,
            Err(error) => return format!("it cannot be started: {error}"),
        };
        let (mut last, mut lines) = (String::new(), 0);
        loop {
            let line = tokio::select! {
                () = self.stop.cancelled() => {
                    process.end(GRACE).await;
                    return last;
                }
                line = process.line() => line,
            };
            match line {
                Some(Line::Output(line)) => match self.greet(&line, &secret).await {
                    Ok(ready) => self.set(ready),
                    Err(why) => return why,
                },
                Some(Line::Error(line)) => {
                    last = agents::redacted(&line, Some(&secret)).replace(&self.gateway_key, "[redacted]");
                    lines += 1;
                    if lines <= LOG_LINES_MAX {
                        tracing::warn!(line = last, "the Python worker says");
                    }
                }
                None => {
                    process.end(GRACE).await;
                    return last;
                }
            }
        }
    }

    /// Asks the worker that told its port whether it is well.
    async fn greet(&self, line: &str, secret: &str) -> Result<State, String> {
        let Listening { port } = serde_json::from_str(line).map_err(|_| "it said something unexpected".to_owned())?;
        let url = format!("http://127.0.0.1:{port}");
        let asked = self.http.get(format!("{url}/health")).bearer_auth(secret).timeout(HEALTH_TIMEOUT).send().await;
        let answer = asked.map_err(|_| "it listens but does not answer".to_owned())?;
        let health: Health = answer.json().await.map_err(|_| "it is not well".to_owned())?;
        tracing::info!(url, versions = ?health.versions, "the Python worker is ready");
        Ok(State::Ready { url, secret: secret.to_owned(), versions: health.versions })
    }

    fn command(&self, installed: &Installed, secret: &str) -> Command {
        let mut command = Command::new(&installed.python);
        command.args(["-m", "rl_chatbot_bridge"]).env_clear().envs(SILENT);
        command.envs(HANDED_ON.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        command.env("PYTHONPATH", &installed.sources).env("RL_CHATBOT_BRIDGE_SECRET", secret);
        if let Some(modules) = &self.settings.modules {
            command.env("RL_CHATBOT_BRIDGE_MODULES", modules);
        }
        command
    }

    fn set(&self, state: State) {
        self.state.send_replace(state);
    }

    fn fail(&self, message: String) {
        tracing::warn!(message, "there is no Python worker");
        self.set(State::Failed { message, until: Instant::now() + FAILURE_HOLDS });
    }
}

#[async_trait::async_trait]
impl Bridge for PythonBridge {
    async fn open(&self, note: &mut (dyn FnMut(String) + Send)) -> Result<BridgeAccess, String> {
        let gateway_url = self.gateway_url.get().ok_or(NOT_LISTENING)?;
        self.begin();
        let mut states = self.state.subscribe();
        loop {
            let state = states.borrow_and_update().clone();
            match state {
                State::Ready { url, secret, .. } => {
                    let (gateway_url, gateway_key) = (gateway_url.clone(), self.gateway_key.clone());
                    return Ok(BridgeAccess { url, secret, gateway_url, gateway_key });
                }
                State::Failed { message, .. } => return Err(message),
                State::Stopped => return Err("the server is stopping".into()),
                State::Installing(progress) => note(progress),
                State::Idle | State::Starting => {}
            }
            if states.changed().await.is_err() {
                return Err("the server is stopping".into());
            }
        }
    }
}

/// 256 random bits.
fn secret() -> String {
    rand::random::<[u8; 32]>().iter().map(|byte| format!("{byte:02x}")).collect()
}
