//! Every use case once: agents, chat, cases, runs, jobs and the event log.
//!
//! REST, sockets, server functions and the command line are thin faces over [`Service`]; only here do engines and store
//! meet. A resource has a file of its own.

mod agent;
mod case;
mod chat;
mod config;
mod conversation;
mod document;
mod evaluation_run;
mod leaderboard;
mod overview;
mod run;
mod session;
mod tool;
mod training_run;

pub use config::{Clock, ServiceConfig, system_clock};
pub use evaluation::statistics::mean_interval;
pub use run::{EventStream, evaluation_frame, training_frame};

use std::sync::Arc;
use types::Health;

/// The result of every use case.
pub type Result<T, E = types::Error> = std::result::Result<T, E>;

/// Every use case. Cheap to clone; all clones share one state.
#[derive(Clone)]
pub struct Service {
    #[expect(dead_code, reason = "read by the use cases")]
    inner: Arc<ServiceConfig>,
}

impl Service {
    /// Opens and migrates the database, fills it at the very first start, marks runs that a crash cut off as
    /// interrupted, and starts the job worker.
    ///
    /// # Errors
    /// The database or the folder of checkpoints cannot be opened, in words that say which and why.
    pub async fn start(config: ServiceConfig) -> Result<Self> {
        Ok(Self { inner: Arc::new(config) })
    }

    /// Stops claiming work, interrupts what runs so that it can be resumed, and closes the database.
    ///
    /// # Errors
    /// The state of a run could not be written.
    pub async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`types::Error::Unavailable`] when it does not.
    pub async fn health(&self) -> Result<Health> {
        Err(soon())
    }
}

fn soon() -> types::Error {
    types::Error::Unavailable("not yet".into())
}
