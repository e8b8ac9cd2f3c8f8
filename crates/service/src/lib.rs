//! Every use case once: agents, chat, cases, runs, jobs and the event log.
//!
//! REST, sockets, server functions and the command line are thin faces over [`Service`]; only here do engines and store
//! meet. A resource has a file of its own. What must stay true: nothing is told before it is stored, and the state of a
//! run is set in one place ([`jobs`]).

mod added_tool;
mod agent;
mod agent_pool;
mod approval;
mod bridge;
mod case;
mod chat;
mod checkpoints;
mod config;
mod conversation;
mod document;
mod evaluation_breakdown;
mod evaluation_compare;
mod evaluation_rescore;
mod evaluation_result;
mod evaluation_review;
mod evaluation_run;
mod events;
mod feedback;
mod gateway;
mod jobs;
mod leaderboard;
mod metric;
mod model_judge;
mod overview;
mod preference;
mod provider;
mod run;
mod run_diff;
mod seed;
mod session;
mod tool;
mod tool_form;
mod training_run;
mod turns;
mod vote;

pub use agents::{PriceTable, ProviderEndpoint};
pub use bridge::BridgeSettings;
pub use case::{ImportWatch, Imported, TrialState};
pub use checkpoints::BEST as BEST_WEIGHTS;
pub use config::{Clock, ServiceConfig, system_clock};
pub use evaluation::{MetricLanguage, RuleSpec, answer_checks, argument_rules, bfcl, statistics::mean_interval};
pub use evaluation_run::{CONCURRENCY, CONCURRENCY_MAX};
pub use events::EventStream;
pub use gateway::{
    GatewayApi, GatewayEvent, GatewayLimits, GatewayReply, ToolAnswer, TrajectoryExport, TrajectoryFormat,
    openai_error, openai_refusal,
};
pub use leaderboard::{BoardFormat, LeaderboardScopes};
pub use rl::reproduce as reference;
pub use run::{evaluation_frame, training_frame};
pub use run_diff::DiffQuery;
pub use store::CaseGroup;
pub use tools::SourceSettings;
pub use turns::TurnWatch;

use added_tool::ToolBook;
use agents::{Dependencies, LentTools};
use approval::Approvals;
use bridge::PythonBridge;
use checkpoints::CheckpointFolder;
use events::EventHub;
use jobs::Jobs;
use provider::ProviderBook;
use std::sync::Arc;
use store::{Engine, Store};
use tools::SearchIndex;
use turns::TurnHub;
use types::{Error, Health, Timestamp};
use uuid::Uuid;

/// The result of every use case.
pub type Result<T, E = types::Error> = std::result::Result<T, E>;

/// Every use case. Cheap to clone; all clones share one state.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

struct Inner {
    config: ServiceConfig,
    store: Store,
    index: SearchIndex,
    dependencies: Dependencies,
    tools: ToolBook,
    providers: Arc<ProviderBook>,
    checkpoints: Arc<CheckpointFolder>,
    bridge: Arc<PythonBridge>,
    events: EventHub,
    shelf: gateway::Shelf,
    models: gateway::ModelBook,
    jobs: Jobs,
    /// The models that judge replies.
    judges: model_judge::Judges,
    turns: Arc<TurnHub>,
    approvals: Approvals,
    /// What editors of cases have under way, and can undo.
    editing: case::Editing,
    /// Held while an import is planned and written.
    importing: tokio::sync::Mutex<()>,
}

impl Service {
    /// Opens and migrates the database, fills it at the very first start, marks runs that a crash cut off as
    /// interrupted, and starts the job worker.
    ///
    /// # Errors
    /// The database or the folder of checkpoints cannot be opened, in words that say which and why.
    pub async fn start(config: ServiceConfig) -> Result<Self> {
        let checkpoints = Arc::new(CheckpointFolder::open(&config.checkpoint_dir)?);
        let store = Store::open(&config.database_url).await?;
        let index = blocking(SearchIndex::bundled).await?;
        let providers = Arc::new(ProviderBook::open(&config.providers, &store).await?);
        let http = agents::http_client()?;
        let bridge = PythonBridge::new(config.bridge.clone(), http.clone());
        let tools = ToolBook::open(&index, &config.sources, &store).await?;
        let dependencies = Dependencies {
            tools: tools.registry(),
            http,
            providers: providers.clone(),
            prices: Arc::new(config.prices.clone()),
            checkpoints: checkpoints.clone(),
            bridge: bridge.clone(),
            lent: LentTools::default(),
        };
        let jobs = Jobs::new(checkpoints.lock(&config.database_url)?);
        let judges = model_judge::Judges::new(store.judge_settings().await?);
        let inner = Inner {
            config,
            store,
            index,
            dependencies,
            tools,
            providers,
            checkpoints,
            bridge,
            events: EventHub::default(),
            shelf: gateway::Shelf::default(),
            models: gateway::ModelBook::default(),
            jobs,
            judges,
            turns: Arc::default(),
            approvals: Approvals::default(),
            editing: case::Editing::default(),
            importing: tokio::sync::Mutex::default(),
        };
        let service = Self { inner: Arc::new(inner) };
        service.begin().await?;
        Ok(service)
    }

    /// What is done before anybody asks.
    async fn begin(&self) -> Result<()> {
        self.documents_load().await?;
        self.seed().await?;
        self.gateway_make_room().await?;
        self.jobs_start().await
    }

    /// Stops claiming work, interrupts what runs so that it can be resumed, and closes the database.
    ///
    /// # Errors
    /// The state of a run could not be written.
    pub async fn shutdown(&self) -> Result<()> {
        self.jobs_drain().await;
        self.inner.bridge.stop().await;
        self.inner.store.close().await;
        Ok(())
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`types::Error::Unavailable`] when it does not.
    pub async fn health(&self) -> Result<Health> {
        self.store().ping().await?;
        let database = match self.store().engine() {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgres",
        };
        Ok(Health {
            status: "healthy".into(),
            service: "rl-chatbot-api".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            database: database.into(),
        })
    }

    fn store(&self) -> &Store {
        &self.inner.store
    }

    fn now(&self) -> Timestamp {
        (self.inner.config.clock)()
    }
}

/// Does work that waits for the disk, or long for the processor, on a thread for such work.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| Error::Internal(format!("work on a blocking thread: {error}")))?
}

/// A new id: later ones sort after earlier ones.
fn new_id() -> Uuid {
    Uuid::now_v7()
}
