//! Measures a server of its own over loopback: a bounded number of requests from a few connections.
//!
//! The absolute numbers are the machine's; the ratios between the rows are the program's.

#![allow(clippy::print_stdout, reason = "the table is what was asked for")]

mod model;
mod pages;
mod runs;

pub use runs::{BenchRuns, measure as measure_runs};

use anyhow::{Context, Result, ensure};
use clap::Args;
use serde_json::{Value, json};
use std::{
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// What a person might say: a calculation, the weather, a search, a greeting.
const MESSAGES: [&str; 4] =
    ["What is 15 * 23?", "What's the weather in New York?", "Search for reinforcement learning", "Hello, how are you?"];

/// The server that is measured.
#[derive(Args)]
struct Program {
    /// The server's program.
    #[arg(long)]
    server: PathBuf,
    /// The assembled site.
    #[arg(long)]
    site: PathBuf,
    /// A folder for the database; emptied by the caller.
    #[arg(long)]
    data: PathBuf,
}

#[derive(Args)]
pub struct Bench {
    #[command(flatten)]
    program: Program,
    /// Connections at a time.
    #[arg(long, default_value_t = 4)]
    connections: usize,
    /// Health requests in all; chat turns are a tenth.
    #[arg(long, default_value_t = 20_000)]
    requests: usize,
    /// A Python with the `openai` package, to measure a direct loop beside; without it that row is left out.
    #[arg(long)]
    python: Option<PathBuf>,
}

/// One row of the table.
struct Measured {
    what: &'static str,
    per_second: f64,
    median: Duration,
    p95: Duration,
}

/// Stops the server whatever happens.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing to do when it already ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the server, measures it, prints the table.
pub fn measure(bench: &Bench) -> Result<()> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let base = format!("http://127.0.0.1:{port}");
    let model = model::Model::start()?;
    let _server = start(&bench.program, port, &model.base_url)?;
    wait_until_healthy(&base)?;
    let agent = local_agent(&base)?;
    let health = load(bench, "GET /api/v1/health", bench.requests, |client, _| {
        client.get(format!("{base}/api/v1/health")).call()?.body_mut().read_to_vec()?;
        Ok(())
    })?;
    let page = load(bench, "GET / (rendered by the server)", bench.requests / 10, |client, _| {
        client.get(&base).call()?.body_mut().read_to_vec()?;
        Ok(())
    })?;
    let chat = load(bench, "POST /api/v1/chat (local agent)", bench.requests / 10, |client, turn| {
        let message = MESSAGES.get(turn % MESSAGES.len()).copied().unwrap_or_default();
        let body = json!({"agent_id": agent, "message": message});
        client.post(format!("{base}/api/v1/chat")).send_json(body)?.body_mut().read_to_vec()?;
        Ok(())
    })?;
    let instant = model::agent(&base, false)?;
    let turns = load(bench, "POST /api/v1/chat (instant model)", bench.requests / 4, |client, turn| {
        let message = MESSAGES.get(turn % MESSAGES.len()).copied().unwrap_or_default();
        let body = json!({"agent_id": instant, "message": message});
        client.post(format!("{base}/api/v1/chat")).send_json(body)?.body_mut().read_to_vec()?;
        Ok(())
    })?;
    print_table(bench.connections, &[health, page, chat, turns]);
    measure_model(bench, &model, &base)
}

/// What the program adds to a model that answers at once.
fn measure_model(bench: &Bench, model: &model::Model, base: &str) -> Result<()> {
    if let Some(python) = &bench.python {
        let turns = model::python_loop(python, model, bench.connections, bench.requests / 10)?;
        println!(
            "A loop with the Python openai client against the same model, nothing stored: {turns:.0} turns per second"
        );
    }
    let agent = model::agent(base, true)?;
    let address = base.trim_start_matches("http://");
    say("A token, from the model to the client, 50 streams at a time", model::token_delays(model, address, &agent)?);
    say("A stop, from the client until the model's connection is closed", model::stop_delays(model, address, &agent)?);
    Ok(())
}

fn say(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default().as_secs_f64() * 1000.0;
    println!("{what}: median {:.2} ms, 99 % {:.2} ms ({} measured)", at(50), at(99), times.len());
}

fn start(Program { server, site, data }: &Program, port: u16, model: &str) -> Result<Server> {
    let child = Command::new(server)
        .arg("serve")
        .current_dir(data)
        .env("HOST", "127.0.0.1")
        .env("PORT", port.to_string())
        .env("OPENAI_BASE_URL", model)
        .env("OPENAI_API_KEY", "bench")
        .env("SITE_ROOT", site)
        .env("DATABASE_URL", format!("sqlite://{}/bench.db", data.display()))
        .env("RUST_LOG", "warn")
        .stdout(Stdio::null())
        .spawn()
        .with_context(|| format!("starting {}", server.display()))?;
    Ok(Server(child))
}

fn wait_until_healthy(base: &str) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(60);
    while ureq::get(format!("{base}/api/v1/health")).call().is_err() {
        ensure!(Instant::now() < deadline, "the server did not answer within 60 s");
        thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// The id of the first local agent.
fn local_agent(base: &str) -> Result<String> {
    let agents: Vec<Value> = ureq::get(format!("{base}/api/v1/agents")).call()?.body_mut().read_json()?;
    let local = agents.iter().find(|agent| agent["agent_type"] == "local").context("there is no local agent")?;
    Ok(local["id"].as_str().context("an agent without an id")?.to_owned())
}

/// Sends `count` requests over the connections, and waits for every answer.
fn load(
    bench: &Bench,
    what: &'static str,
    count: usize,
    request: impl Fn(&ureq::Agent, usize) -> Result<()> + Sync,
) -> Result<Measured> {
    let each = count.div_ceil(bench.connections).max(1);
    let begun = Instant::now();
    let worker = || -> Result<Vec<Duration>> {
        let client = ureq::Agent::new_with_defaults();
        (0..each)
            .map(|turn| {
                let sent = Instant::now();
                request(&client, turn)?;
                Ok(sent.elapsed())
            })
            .collect()
    };
    let times: Result<Vec<Vec<Duration>>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..bench.connections).map(|_| scope.spawn(worker)).collect();
        workers
            .into_iter()
            .map(|w| w.join().map_err(|_| anyhow::anyhow!("a connection's thread ended early"))?)
            .collect()
    });
    let elapsed = begun.elapsed();
    let mut times: Vec<Duration> = times.with_context(|| format!("measuring {what}"))?.concat();
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    Ok(Measured { what, per_second: times.len() as f64 / elapsed.as_secs_f64(), median: at(50), p95: at(95) })
}

fn print_table(connections: usize, rows: &[Measured]) {
    let first = rows.first().map_or(1.0, |row| row.per_second);
    println!("{connections} connections over loopback");
    println!("{:<34}{:>12}{:>12}{:>12}{:>26}", "", "per second", "median ms", "95 % ms", "cost (health check = 1)");
    for row in rows {
        let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
        println!(
            "{:<34}{:>12.0}{:>12.2}{:>12.2}{:>26.1}",
            row.what,
            row.per_second,
            milliseconds(row.median),
            milliseconds(row.p95),
            first / row.per_second
        );
    }
}
