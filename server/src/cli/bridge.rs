//! `rl-chatbot bridge`: installs the Python frameworks ahead of their first use.

use super::{Outcome, terminal};
use crate::config::Config;
use service::Service;

/// Installs them, unless they are there.
pub async fn run(config: Config) -> Outcome {
    let tell = |progress: String| terminal::note(&progress);
    Service::bridge_install(&config.bridge, tell).await.map_err(|error| terminal::explained(&error))?;
    terminal::say(&format!("the Python frameworks are installed in {}", config.bridge.folder.display()));
    Ok(())
}
