//! `rl-chatbot evaluate`: judges an agent by the test cases and writes the results to a file.

use super::{Outcome, agent, cases, finish, start_with_gateway, terminal, terminal::explained};
use crate::{cli::progress, config::Config};
use clap::Args;
use service::Service;
use std::path::{Path, PathBuf};
use types::{AggregateMetrics, EvaluationCreate, EvaluationOptions, RunState};

/// What to judge by what.
#[derive(Args)]
pub struct Arguments {
    /// Name or id of the agent; the first one when absent.
    #[arg(long)]
    agent: Option<String>,
    /// A file of test cases; all active cases when absent.
    #[arg(long, value_name = "FILE")]
    cases: Option<PathBuf>,
    /// How many cases are at work at once, at most 256.
    #[arg(long, value_name = "NUMBER", default_value_t = service::CONCURRENCY)]
    concurrency: u32,
    /// How often each case is asked; without it, as often as the case says.
    #[arg(long, value_name = "NUMBER")]
    repeats: Option<u32>,
    /// The run stops once it has cost this many US dollars.
    #[arg(long, value_name = "DOLLARS")]
    max_cost: Option<f64>,
    /// Where the results go.
    #[arg(long, value_name = "FILE", default_value = "data/evaluation_results.json")]
    output: PathBuf,
}

/// Judges, shows the means, writes the file.
pub async fn run(config: Config, arguments: Arguments) -> Outcome {
    let service = start_with_gateway(&config).await?;
    let outcome = evaluate(&service, arguments).await;
    finish(service, outcome).await
}

async fn evaluate(service: &Service, arguments: Arguments) -> Outcome {
    let agent = agent::find(service, arguments.agent.as_deref()).await?;
    let test_case_ids = cases::chosen(service, arguments.cases.as_deref()).await?;
    let options = EvaluationOptions { repeats: arguments.repeats, max_cost_usd: arguments.max_cost };
    let request = EvaluationCreate { agent_id: agent.id, test_case_ids, options };
    let run = service.evaluation_start_with(request, arguments.concurrency).await.map_err(|error| explained(&error))?;
    let cases = if run.num_test_cases == 1 { "case" } else { "cases" };
    terminal::note(&format!("Evaluating {} on {} {cases}, run {}", agent.title(), run.num_test_cases, run.id));
    let view = progress::follow(service, run.id, "cases").await?;
    let results = service.evaluation_export(run.id).await.map_err(|error| explained(&error))?;
    write(&arguments.output, &results)?;
    if let Some(means) = &view.aggregate {
        present(means);
    }
    terminal::note(&format!("Results are in {}", arguments.output.display()));
    match view.state {
        RunState::Completed => Ok(()),
        state => Err(format!("the evaluation ended as {}: {}", state.as_str(), view.message.unwrap_or_default())),
    }
}

fn present(means: &AggregateMetrics) {
    let interval =
        |bounds: Option<(f64, f64)>| bounds.map_or(String::new(), |(low, high)| format!("  [{low:.3}, {high:.3}]"));
    terminal::say(&format!(
        "task success           {:.3}{}",
        means.task_success,
        interval(means.task_success_interval)
    ));
    terminal::say(&format!("tool usage efficiency  {:.3}", means.tool_usage_efficiency));
    terminal::say(&format!("response quality       {:.3}", means.response_quality));
    terminal::say(&format!("reward                 {:.3}{}", means.reward, interval(means.reward_interval)));
}

/// Whole or not at all: written beside, then renamed.
fn write(path: &Path, results: &serde_json::Value) -> Outcome {
    let text = serde_json::to_string_pretty(results).map_err(|error| error.to_string())?;
    let failed = |error: std::io::Error| format!("{} cannot be written: {error}", path.display());
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let beside = path.with_extension("json.part");
    std::fs::write(&beside, text + "\n").map_err(failed)?;
    std::fs::rename(&beside, path).map_err(failed)
}
