//! `rl-chatbot reproduce`: an algorithm on a reference environment, one line of JSON per seed.

use super::{Outcome, terminal, terminal::explained};
use clap::{Args, builder::PossibleValuesParser};
use serde_json::{Map, Value, json};
use service::reference;
use std::time::Instant;
use types::Error;

/// What to run, how often.
#[derive(Args)]
pub struct Arguments {
    /// Reference environment.
    #[arg(value_parser = PossibleValuesParser::new(reference::environments()))]
    environment: String,
    /// Algorithm.
    #[arg(long, default_value = "ppo", value_parser = PossibleValuesParser::new(reference::algorithms()))]
    algorithm: String,
    /// One run per seed.
    #[arg(long, value_delimiter = ',', default_value = "1,2,3,4,5")]
    seeds: Vec<u64>,
    /// Steps of a run, all environments side by side counted.
    #[arg(long, default_value_t = 500_000)]
    steps: u64,
    /// Tell how every update went on standard error, a line of JSON each.
    #[arg(long)]
    health: bool,
}

/// Runs every seed.
pub fn run(arguments: &Arguments) -> Outcome {
    for seed in &arguments.seeds {
        let line = once(arguments, *seed).map_err(|error| explained(&error))?;
        terminal::say(&Value::Object(line).to_string());
    }
    Ok(())
}

fn once(arguments: &Arguments, seed: u64) -> Result<Map<String, Value>, Error> {
    let mut tell = |health: &reference::Health| {
        if arguments.health {
            terminal::note(&json!(health).to_string());
        }
    };
    let begun = Instant::now();
    let done = reference::reproduce(&arguments.environment, &arguments.algorithm, seed, arguments.steps, &mut tell)?;
    let mut line = match json!(done) {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    line.insert("seconds".into(), json!((begun.elapsed().as_secs_f64() * 1000.0).round() / 1000.0));
    Ok(line)
}
