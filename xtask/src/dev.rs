//! Builds and serves, and does both again whenever a source changes. Reload the page to see the change.

use anyhow::{Context, Result};
use clap::Args;
use notify_debouncer_mini::{DebounceEventResult, new_debouncer, notify::RecursiveMode};
use std::{
    path::{Path, PathBuf},
    process::{Child, Command},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

/// Editors write a file several times; one build answers them all.
const QUIET_FOR: Duration = Duration::from_millis(300);
/// What a build reads.
const WATCHED: [&str; 9] =
    ["app", "crates", "frontend", "migrations", "public", "samples", "server", "style", "Cargo.toml"];

#[derive(Args)]
pub struct Dev {
    /// The repository.
    #[arg(long)]
    root: PathBuf,
    /// The server's program, once built.
    #[arg(long)]
    server: PathBuf,
}

/// Watches until interrupted.
pub fn watch(dev: &Dev) -> Result<()> {
    let (sender, changes) = channel::<DebounceEventResult>();
    let mut debouncer = new_debouncer(QUIET_FOR, sender).context("watching the sources")?;
    for name in WATCHED {
        let path = dev.root.join(name);
        if path.exists() {
            debouncer.watcher().watch(&path, RecursiveMode::Recursive)?;
        }
    }
    let mut server = None;
    loop {
        if build(&dev.root)? {
            stop(server.take())?;
            server = Some(Command::new(&dev.server).arg("serve").current_dir(&dev.root).spawn()?);
        } else {
            eprintln!("The build failed; what was served before stays. Waiting for a change.");
        }
        wait(&changes)?;
    }
}

fn build(root: &Path) -> Result<bool> {
    let status = Command::new(root.join("scripts/build.sh")).current_dir(root).status().context("scripts/build.sh")?;
    Ok(status.success())
}

/// Asks the server to drain, and waits for its end.
fn stop(server: Option<Child>) -> Result<()> {
    let Some(mut server) = server else { return Ok(()) };
    Command::new("kill").args(["-TERM", &server.id().to_string()]).status()?;
    server.wait()?;
    Ok(())
}

/// Waits for a change, then takes in those that came with it.
fn wait(changes: &Receiver<DebounceEventResult>) -> Result<()> {
    let first = changes.recv()?.map_err(|error| anyhow::anyhow!("watching the sources: {error}"))?;
    if let Some(event) = first.first() {
        eprintln!("changed: {}", event.path.display());
    }
    while changes.try_recv().is_ok() {}
    Ok(())
}
