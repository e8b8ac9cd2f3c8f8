//! The real program: starting, refusing to start, being killed, going down in order, and its commands.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/program.rs"]
mod program;

#[path = "process/commands.rs"]
mod commands;
#[path = "process/killed.rs"]
mod killed;
#[path = "process/start.rs"]
mod start;
