//! Evaluation runs against a model that answers after a set time: how much of the time is the model's, and what other
//! programs make of the same cases.

use super::{Program, Server, model, model::Model, pages, start, wait_until_healthy};
use anyhow::{Context, Result, ensure};
use clap::Args;
use serde_json::{Value, json};
use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

/// Cases of the runs that are measured; all pass.
const CASES: usize = 4096;
/// Cases that there are when pages are measured, and how many of them the long run is over; every tenth fails.
const MANY: usize = 50_000;
const LONG: usize = 20_000;
/// Cases of one request, when they are made.
const CASES_AT_ONCE: usize = 512;
/// What the others are given too: cases, and how many at once.
const SHARED: (usize, usize) = (400, 32);
/// Longest wait for a run.
const RUN_MAX: Duration = Duration::from_secs(300);

#[derive(Args)]
pub struct BenchRuns {
    #[command(flatten)]
    program: Program,
    /// A Python with `inspect_ai`; without it that row is left out.
    #[arg(long)]
    inspect: Option<PathBuf>,
    /// A folder with the npm packages `promptfoo` and `node`; without it that row is left out.
    #[arg(long)]
    promptfoo: Option<PathBuf>,
    /// Measure pages and lists over 50,000 cases and a run over 20,000 of them, instead of runs.
    #[arg(long)]
    pages: bool,
}

/// Runs of one server against one model.
pub struct World {
    base: String,
    agent: String,
    cases: Vec<Value>,
    model: std::sync::Arc<Model>,
    server: Server,
    client: ureq::Agent,
}

/// A run that ended well.
struct Ran {
    id: String,
    seconds: f64,
}

/// What a program made of the shared cases.
struct Measured {
    seconds: f64,
    peak_mb: f64,
}

/// Runs every combination and prints the tables.
pub fn measure(bench: &BenchRuns) -> Result<()> {
    if bench.pages {
        let world = World::start(bench, MANY)?;
        let long = world.run(Duration::ZERO, 64, LONG)?;
        println!("{MANY} cases; a run over {LONG} of them took {:.1} s", long.seconds);
        return pages::measure(&world, &long.id);
    }
    let world = World::start(bench, CASES)?;
    world.run(Duration::ZERO, 32, 256)?;
    println!(
        "{:>10}{:>13}{:>8}{:>10}{:>14}{:>12}",
        "latency", "concurrency", "cases", "seconds", "cases/s", "efficiency"
    );
    for latency in [20, 200].map(Duration::from_millis) {
        for concurrency in [8, 32, 128] {
            world.row(latency, concurrency, 32 * concurrency)?;
        }
    }
    world.row(Duration::ZERO, 32, 4000)?;
    println!("\n{} cases, {} at once", SHARED.0, SHARED.1);
    println!("{:<12}{:>10}{:>10}{:>14}{:>16}{:>10}", "", "latency", "seconds", "cases/s", "time (ours=1)", "peak MB");
    for latency in [0, 200].map(Duration::from_millis) {
        let ours = world.run(latency, SHARED.1, SHARED.0)?.seconds;
        let ours = Measured { seconds: ours, peak_mb: peak_mb(world.server.0.id())? };
        print_shared("rl-chatbot", latency, &ours, &ours);
        if let Some(python) = &bench.inspect {
            let mut command = Command::new(python);
            command.arg("-c").arg(include_str!("inspect_ai.py"));
            print_shared("inspect-ai", latency, &world.other(command, &bench.program.data)?, &ours);
        }
        if let Some(folder) = &bench.promptfoo {
            let script = folder.join("bench.mjs");
            fs::write(&script, include_str!("promptfoo.mjs"))?;
            let mut command = Command::new(folder.join("node_modules/node/bin/node"));
            command.arg(script);
            print_shared("promptfoo", latency, &world.other(command, &bench.program.data)?, &ours);
        }
    }
    Ok(())
}

fn print_shared(who: &str, latency: Duration, measured: &Measured, ours: &Measured) {
    println!(
        "{who:<12}{:>7} ms{:>10.2}{:>14.0}{:>16.1}{:>10.0}",
        latency.as_millis(),
        measured.seconds,
        SHARED.0 as f64 / measured.seconds,
        measured.seconds / ours.seconds,
        measured.peak_mb
    );
}

impl World {
    fn start(bench: &BenchRuns, count: usize) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let base = format!("http://127.0.0.1:{port}");
        let model = Model::start()?;
        let server = start(&bench.program, port, &model.base_url)?;
        wait_until_healthy(&base)?;
        let agent = model::agent(&base, false)?;
        let cases = (0..count).map(case).collect::<Vec<_>>();
        let mut ids = Vec::new();
        for some in cases.chunks(CASES_AT_ONCE) {
            let made = ureq::post(format!("{base}/api/v1/test-cases/bulk")).send_json(json!({ "test_cases": some }))?;
            let made: Vec<Value> = made.into_body().read_json()?;
            ids.extend(made.into_iter().map(|mut case| case["id"].take()));
        }
        Ok(Self { base, agent, cases: ids, model, server, client: ureq::Agent::new_with_defaults() })
    }

    /// The answer to a GET.
    pub fn get(&self, path: &str) -> Result<ureq::http::Response<ureq::Body>> {
        Ok(self.client.get(format!("{}{path}", self.base)).call()?)
    }

    /// A run from its request until it reads as completed; every result must be stored and right.
    fn run(&self, latency: Duration, concurrency: usize, cases: usize) -> Result<Ran> {
        self.model.answer_after(latency);
        let ids = self.cases.get(..cases).context("there are fewer cases")?;
        let body = json!({ "agent_id": self.agent, "test_case_ids": ids, "concurrency": concurrency });
        let begun = Instant::now();
        self.client.post(format!("{}/api/v1/evaluations", self.base)).send_json(body)?.body_mut().read_to_vec()?;
        loop {
            let mut listed: Vec<Value> = self.get("/api/v1/evaluations?limit=1")?.body_mut().read_json()?;
            let run = listed.pop().context("no run is listed")?;
            if run["status"] == "completed" {
                let seconds = begun.elapsed().as_secs_f64();
                ensure!(run["num_completed"] == cases, "not every result is stored: {run}");
                let right = (0..cases).filter(|number| passes(*number)).count();
                ensure!(
                    run["aggregate_metrics_json"]["outcomes"]["pass"] == right,
                    "not every case is judged right: {run}"
                );
                return Ok(Ran { id: run["id"].as_str().context("a run without an id")?.to_owned(), seconds });
            }
            ensure!(run["status"] != "failed" && begun.elapsed() < RUN_MAX, "the run did not complete: {run}");
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn row(&self, latency: Duration, concurrency: usize, cases: usize) -> Result<()> {
        let seconds = self.run(latency, concurrency, cases)?.seconds;
        let ideal = cases as f64 * latency.as_secs_f64() / concurrency as f64;
        println!(
            "{:>7} ms{concurrency:>13}{cases:>8}{seconds:>10.2}{:>14.0}{:>11.1}%",
            latency.as_millis(),
            cases as f64 / seconds,
            100.0 * ideal / seconds
        );
        Ok(())
    }

    /// Another program over the shared cases; it prints how many were right, the seconds and its peak memory in KiB.
    fn other(&self, mut command: Command, data: &Path) -> Result<Measured> {
        let cases = data.join("cases.json");
        fs::write(&cases, Value::from((0..SHARED.0).map(case).collect::<Vec<_>>()).to_string())?;
        command.args([self.model.base_url.as_str(), &cases.to_string_lossy(), &SHARED.1.to_string()]);
        command.current_dir(data).env("HOME", data).env("OPENAI_API_KEY", "bench");
        let output = command.output().with_context(|| format!("starting {command:?}"))?;
        let printed = String::from_utf8_lossy(&output.stdout);
        let last = printed.lines().last().unwrap_or_default();
        let numbers: Vec<f64> = last.split(' ').filter_map(|number| number.parse().ok()).collect();
        let [right, seconds, peak] = *numbers.as_slice() else {
            anyhow::bail!("it printed `{printed}` and {}", String::from_utf8_lossy(&output.stderr));
        };
        ensure!(right == SHARED.0 as f64, "{right} of {} were right", SHARED.0);
        Ok(Measured { seconds, peak_mb: peak / 1024.0 })
    }
}

const fn passes(number: usize) -> bool {
    number < CASES || !number.is_multiple_of(10)
}

fn case(number: usize) -> Value {
    json!({
        "user_input": format!("{number}: What is 15 * 23?"),
        "expected_output": if passes(number) { "345" } else { "543" },
        "task_type": "exact_match"
    })
}

/// Most memory that a process had so far.
fn peak_mb(process: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no peak is told")?;
    Ok(peak.trim().trim_end_matches(" kB").trim().parse::<f64>()? / 1024.0)
}
