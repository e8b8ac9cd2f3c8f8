//! The only SQL: one file per table, SQLite and PostgreSQL with one text.
//!
//! What must stay true: every statement reads the same on both engines (`$1` placeholders, TEXT, BIGINT and DOUBLE
//! PRECISION only); ids and times come from the caller; what is written in one method is written in one transaction.
//! Row structs are private: callers see the types of the application and [`types::Error`], never a driver's.

mod added_tools;
mod address;
mod agents;
mod case_labels;
mod case_uploads;
mod column;
mod conversations;
mod documents;
mod evaluation_results;
mod evaluation_runs;
mod failure;
mod feedback;
mod gateway_calls;
mod jobs;
mod listing;
mod messages;
mod metrics;
mod providers;
mod reviews;
mod run_cells;
mod run_events;
mod run_views;
mod runs;
mod sessions;
mod settings;
mod test_cases;
mod tool_calls;
mod training_episodes;
mod training_runs;
mod votes;
mod writer;

pub use added_tools::StoredTool;
pub use address::Engine;
pub use case_labels::CaseLabels;
pub use conversations::NewConversation;
pub use evaluation_results::StoredScore;
pub use jobs::{Job, JobQueue, Reap};
pub use messages::NewMessage;
pub use providers::StoredProvider;
pub use run_cells::RunCell;
pub use run_events::{Judged, RunWrite};
pub use test_cases::{CaseChange, CaseGroup};

use address::Address;
use failure::failed;
use sqlx::{Any, AnyPool, Transaction, migrate::Migrator};
use std::{fmt, time::Duration};
use types::Error;

/// The database: a cheap handle, to be cloned freely.
///
/// On SQLite all writes go through one connection, whose queue is fair: writers of this process wait for each other
/// instead of failing with "database is locked", while readers go on (WAL). On PostgreSQL both pools are the same.
#[derive(Clone)]
pub struct Store {
    engine: Engine,
    read: AnyPool,
    write: AnyPool,
    /// Of SQLite only.
    queue: Option<writer::Queue>,
}

const READERS: u32 = 6;
const POSTGRES_CONNECTIONS: u32 = 16;
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(15);

impl Store {
    /// Opens the database at `url`, creates what is missing (a SQLite file with its folder) and runs the migrations.
    ///
    /// Understood: `sqlite:data/x.db`, `sqlite://data/x.db`, `sqlite:///absolute/x.db`, `sqlite::memory:`,
    /// `sqlite+aiosqlite:///./data/x.db`, `postgres://…`, `postgresql://…`, `postgresql+asyncpg://…`.
    ///
    /// # Errors
    /// `Invalid` for another spelling, `Unavailable` when the database cannot be reached or migrated. No message shows
    /// a password.
    pub async fn open(url: &str) -> Result<Self, Error> {
        let address = Address::parse(url)?;
        address.create_folder()?;
        sqlx::any::install_default_drivers();
        address.reach().await?;
        let write = address.pool(address.writers())?;
        migrate(&write).await?;
        let read = match address.readers() {
            Some(size) => address.pool(size)?,
            None => write.clone(),
        };
        let engine = address.engine();
        let queue = (engine == Engine::Sqlite).then(|| writer::start(write.clone()));
        Ok(Self { engine, read, write, queue })
    }

    /// Waits for what is under way, then closes every connection. Further calls answer `Unavailable`.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn ping(&self) -> Result<(), Error> {
        sqlx::query("SELECT COUNT(*) FROM agents WHERE id = ''").execute(&self.read).await.map_err(failed)?;
        Ok(())
    }

    /// Which engine it is.
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// A transaction that may write. On SQLite it holds the write lock from its first moment, so that reading before
    /// writing cannot fail with "database is locked".
    async fn begin(&self) -> Result<Transaction<'static, Any>, Error> {
        let begin = match self.engine {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN",
        };
        self.write.begin_with(begin).await.map_err(failed)
    }
}

async fn migrate(pool: &AnyPool) -> Result<(), Error> {
    static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");
    let mut done = MIGRATIONS.run(pool).await;
    for _ in MIGRATIONS.iter() {
        if done.is_ok() {
            break;
        }
        // SQLite locks nothing between looking and migrating: of several processes that find a new file, all but one
        // fail at a step, and then find that step done; so it may go at every step.
        done = MIGRATIONS.run(pool).await;
    }
    done.map_err(|error| failure::migration_failed(&error))
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("engine", &self.engine).finish_non_exhaustive()
    }
}
