//! The command line: `serve`, `chat`, `evaluate`, `train`, `reproduce`, `score`, `migrate`. Thin faces over the service, like REST.

mod agent;
mod bridge;
mod cases;
mod chat;
mod evaluate;
mod files;
mod migrate;
mod progress;
mod reproduce;
mod score;
mod serve;
mod terminal;
mod train;

use crate::config::{Config, SETTINGS};
use clap::{Parser, Subcommand};
use service::Service;
use std::{fmt::Write, process::ExitCode};
use tracing_subscriber::EnvFilter;

/// What a command answers: nothing, or a sentence on standard error and exit code 1.
type Outcome = Result<(), String>;

/// Chat with agents that call tools, evaluate them, train them.
#[derive(Parser)]
#[command(name = "rl-chatbot", version, after_long_help = settings_help())]
struct Cli {
    /// Where data is kept, instead of DATABASE_URL.
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the application (the default).
    Serve(serve::Arguments),
    /// Talk to an agent.
    Chat(chat::Arguments),
    /// Judge an agent by the test cases.
    Evaluate(evaluate::Arguments),
    /// Train a local agent on the test cases.
    Train(train::Arguments),
    /// Run a learning algorithm on a reference environment with published results.
    Reproduce(reproduce::Arguments),
    /// Judge recorded calls by the cases of a function-calling benchmark.
    Score(score::Arguments),
    /// Import test cases from a file.
    Import(files::Import),
    /// Write the test cases into a file.
    Export(files::Export),
    /// Install the Python frameworks ahead of their first use.
    Bridge,
    /// Bring the database up to date.
    Migrate,
}

/// Runs the command the process was started with.
pub async fn run() -> ExitCode {
    let cli = Cli::parse();
    crate::prepare_process();
    match dispatch(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            terminal::complain(&message);
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(cli: Cli) -> Outcome {
    let mut config = Config::from_environment()?;
    if let Some(url) = cli.database_url {
        config.database_url = url;
    }
    let command = cli.command.unwrap_or_else(|| Command::Serve(serve::Arguments::default()));
    log_to_stderr(&config, matches!(command, Command::Serve(_)));
    match command {
        Command::Serve(arguments) => serve::run(config, arguments).await,
        Command::Chat(arguments) => chat::run(config, arguments).await,
        Command::Evaluate(arguments) => evaluate::run(config, arguments).await,
        Command::Train(arguments) => train::run(config, arguments).await,
        Command::Reproduce(arguments) => reproduce::run(&arguments),
        Command::Score(arguments) => score::run(&arguments),
        Command::Import(arguments) => files::import(config, arguments).await,
        Command::Export(arguments) => files::export(config, arguments).await,
        Command::Bridge => bridge::run(config).await,
        Command::Migrate => migrate::run(config).await,
    }
}

fn log_to_stderr(config: &Config, serves: bool) {
    // The SDK of MCP tells of every request, of refusals with what was asked, and of failures with the whole address,
    // which may hold a key; the tools say themselves what failed.
    let default = match (config.debug, serves) {
        (true, _) => "info,server=debug,service=debug,agents=debug,rmcp=off",
        (false, true) => "info,rmcp=off",
        (false, false) => "error",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

/// The service, for commands that use it and leave.
async fn start(config: &Config) -> Result<Service, String> {
    Service::start(config.service()).await.map_err(|error| terminal::explained(&error))
}

/// The service with its gateway beside it, for commands that let agents work.
async fn start_with_gateway(config: &Config) -> Result<Service, String> {
    let service = start(config).await?;
    match serve::beside(&service, config).await {
        Ok(()) => Ok(service),
        Err(problem) => Err(finish(service, Err(problem)).await.err().unwrap_or_default()),
    }
}

/// Leaves the service behind in order, whatever the command's outcome.
async fn finish(service: Service, outcome: Outcome) -> Outcome {
    let closed = service.shutdown().await.map_err(|error| terminal::explained(&error));
    outcome.and(closed)
}

fn settings_help() -> String {
    let mut text = "Settings (environment, or the file .env):\n".to_owned();
    for setting in SETTINGS {
        let default =
            if setting.default.is_empty() { String::new() } else { format!(" [default: {}]", setting.default) };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {:<20} {}{default}", setting.name, setting.description);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
