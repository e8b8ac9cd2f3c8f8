//! `rl-chatbot train`: trains a local agent on the test cases, says what held-out cases gained, saves the best weights.
//!
//! Without `--agent` each seed starts from fresh, untrained weights: the same command gives the same weights again.

use super::{Outcome, agent, cases, finish, progress, start, terminal, terminal::explained};
use crate::config::Config;
use clap::Args;
use serde_json::{Map, Value, json};
use service::Service;
use std::path::{Path, PathBuf};
use types::{Agent, AgentCreate, AgentId, RunId, RunState, TestCaseId, TrainingCreate, TrainingRunListItem};

/// What to train on what.
#[derive(Args)]
pub struct Arguments {
    /// Name or id of the agent to train; a new, untrained one when absent.
    #[arg(long)]
    agent: Option<String>,
    /// Passes over the training cases.
    #[arg(long, default_value_t = 30)]
    episodes: u32,
    /// Seed of everything random: the same seed gives the same weights.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Several seeds one after the other, each from the same start; one JSON line each, then one over all.
    #[arg(long, value_delimiter = ',', conflicts_with_all = ["seed", "save"])]
    seeds: Vec<u64>,
    /// Registered algorithm.
    #[arg(long, default_value = "reinforce")]
    algorithm: String,
    /// A parameter of the algorithm, as name=value; may be repeated.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = parameter)]
    parameters: Vec<(String, Value)>,
    /// A file of test cases; all active cases when absent.
    #[arg(long, value_name = "FILE")]
    cases: Option<PathBuf>,
    /// Where to put a copy of the best weights (safetensors).
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
}

fn parameter(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or_else(|| format!("`{text}` is not NAME=VALUE"))?;
    let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
    Ok((name.to_owned(), value))
}

/// Trains once per seed.
pub async fn run(config: Config, arguments: Arguments) -> Outcome {
    let service = start(&config).await?;
    let outcome = train(&service, &config, arguments).await;
    finish(service, outcome).await
}

async fn train(service: &Service, config: &Config, arguments: Arguments) -> Outcome {
    let test_case_ids = cases::chosen(service, arguments.cases.as_deref()).await?;
    let seeds = if arguments.seeds.is_empty() { vec![arguments.seed] } else { arguments.seeds.clone() };
    let source = match &arguments.agent {
        Some(wanted) => Some(agent::find(service, Some(wanted)).await?),
        None => None,
    };
    let mut runs = Vec::new();
    for seed in seeds {
        let request = request(&arguments, seed, test_case_ids.clone());
        let run = once(service, source.as_ref(), &arguments, request).await?;
        terminal::say(&line(seed, &run).to_string());
        if let Some(file) = &arguments.save {
            save(&config.checkpoint_dir, run.id, file)?;
        }
        runs.push(run);
    }
    if let Some(summary) = summary(&runs) {
        terminal::say(&summary.to_string());
    }
    Ok(())
}

fn request(arguments: &Arguments, seed: u64, test_case_ids: Option<Vec<TestCaseId>>) -> TrainingCreate {
    TrainingCreate {
        agent_id: AgentId(uuid::Uuid::nil()),
        num_episodes: arguments.episodes,
        test_case_ids,
        reward_weights: None,
        algorithm: arguments.algorithm.clone(),
        seed,
        parameters: arguments.parameters.iter().cloned().collect::<Map<_, _>>(),
    }
}

/// One training run to its end. Among several, each trains a copy, so that all start from the same weights.
async fn once(
    service: &Service,
    source: Option<&Agent>,
    arguments: &Arguments,
    request: TrainingCreate,
) -> Result<TrainingRunListItem, String> {
    let learner = match source {
        Some(agent) if arguments.seeds.is_empty() => agent.clone(),
        source => copy_of(service, source, request.seed).await?,
    };
    let request = TrainingCreate { agent_id: learner.id, ..request };
    let run = service.training_start(request).await.map_err(|error| explained(&error))?;
    terminal::note(&format!("Training {}, run {}", learner.title(), run.id));
    progress::follow(service, run.id, "episodes").await?;
    if !arguments.seeds.is_empty() {
        service.agent_delete(learner.id).await.map_err(|error| explained(&error))?;
    }
    let run = service.training_get(run.id).await.map_err(|error| explained(&error))?.run;
    match run.state {
        RunState::Completed | RunState::Cancelled => Ok(run),
        state => Err(format!("the training ended as {}: {}", state.as_str(), run.error.unwrap_or_default())),
    }
}

async fn copy_of(service: &Service, source: Option<&Agent>, seed: u64) -> Result<Agent, String> {
    let draft = AgentCreate {
        name: Some(format!("{}, trained with seed {seed}", source.map_or("Local".to_owned(), Agent::title))),
        agent_type: source.map_or("local", |agent| agent.agent_type.as_str()).to_owned(),
        model: source.map_or("untrained", |agent| agent.model.as_str()).to_owned(),
        temperature: source.map_or(0.0, |agent| agent.temperature),
        system_prompt: source.and_then(|agent| agent.system_prompt.clone()),
        config_json: source.and_then(|agent| agent.config_json.clone()),
    };
    service.agent_create(draft).await.map_err(|error| explained(&error))
}

fn line(seed: u64, run: &TrainingRunListItem) -> Value {
    json!({
        "seed": seed,
        "run_id": run.id,
        "state": run.state,
        "episodes": run.current_episode,
        "reward_best": run.best_avg_reward,
        "held_out_before": run.held_out_before,
        "held_out_after": run.held_out_after,
    })
}

/// Means over the seeds with their 95% intervals; `None` for a single run.
fn summary(runs: &[TrainingRunListItem]) -> Option<Value> {
    let over = |value: fn(&TrainingRunListItem) -> Option<f64>| {
        let values: Vec<f64> = runs.iter().filter_map(value).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        (!values.is_empty()).then(|| json!({ "mean": mean, "interval": service::mean_interval(&values, 0.95) }))
    };
    (runs.len() > 1).then(|| {
        json!({
            "seeds": runs.len(),
            "held_out_before": over(|run| run.held_out_before),
            "held_out_after": over(|run| run.held_out_after),
        })
    })
}

/// Copies the best weights of a run.
fn save(checkpoints: &Path, run: RunId, file: &Path) -> Outcome {
    let source = checkpoints.join(run.to_string()).join(service::BEST_WEIGHTS);
    std::fs::copy(&source, file)
        .map_err(|error| format!("{} cannot be copied to {}: {error}", source.display(), file.display()))?;
    terminal::note(&format!("The best weights are in {}", file.display()));
    Ok(())
}
