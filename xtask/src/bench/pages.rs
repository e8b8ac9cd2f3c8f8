//! Pages and lists over many cases and a long run: how long the server takes for each, against a limit of 100 ms.

use super::runs::World;
use anyhow::{Context, Result};
use std::time::{Duration, Instant};

/// What a page may take.
const LIMIT: Duration = Duration::from_millis(100);
/// How often each is asked for.
const TIMES: usize = 20;

/// Asks for each page and list and prints how long it took.
pub fn measure(world: &World, run: &str) -> Result<()> {
    println!("\n{:<78}{:>10}{:>10}{:>12}", "", "first ms", "median ms", "of 100 ms");
    for path in [
        "/cases",
        "/cases?page=900",
        "/api/v1/test-cases?limit=50",
        "/api/v1/test-cases?limit=50&skip=49900",
        "/api/v1/test-cases?limit=50&active_only=false&sort=oldest&skip=25000",
        "/api/v1/test-cases?limit=50&sort=question&skip=25000",
        "/api/v1/test-cases?limit=50&sort=task_type&skip=25000",
        "/api/v1/test-cases?limit=50&search=15%20*%2023",
        "/api/v1/test-cases?limit=50&search=there%20is%20none",
        "/evaluations",
        "/api/v1/evaluations?limit=100",
        "/leaderboard",
        "/",
    ] {
        row(world, path)?;
    }
    row(world, &format!("/evaluations/{run}"))?;
    for query in [
        "limit=50",
        "limit=50&skip=19900",
        "limit=50&sort=reward&skip=10000",
        "limit=50&sort=latency&skip=10000",
        "limit=50&show=failures",
    ] {
        row(world, &format!("/api/v1/evaluations/{run}/results?{query}"))?;
    }
    Ok(())
}

fn row(world: &World, path: &str) -> Result<()> {
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let sent = Instant::now();
        let mut answer = world.get(path).with_context(|| format!("asking for {path}"))?;
        answer.body_mut().read_to_vec()?;
        times.push(sent.elapsed());
    }
    let first = times.first().copied().unwrap_or_default();
    times.sort_unstable();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
    let of_limit = median.as_secs_f64() / LIMIT.as_secs_f64();
    println!("{path:<78}{:>10.1}{:>10.1}{of_limit:>12.2}", milliseconds(first), milliseconds(median));
    Ok(())
}
