//! `rl-chatbot migrate`: brings the database up to date and leaves.

use super::{Outcome, finish, start, terminal};
use crate::config::Config;

/// Opening the service migrates.
pub async fn run(config: Config) -> Outcome {
    let service = start(&config).await?;
    let health = service.health().await.map_err(|error| terminal::explained(&error));
    let outcome = health.map(|health| terminal::say(&format!("the {} database is up to date", health.database)));
    finish(service, outcome).await
}
