//! What a service is started with.

use crate::{BridgeSettings, gateway::GatewayLimits};
use agents::{PriceTable, ProviderEndpoint};
use std::{
    path::PathBuf,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};
use tools::SourceSettings;
use types::Timestamp;

/// Says what time it is; passed in, so that tests own it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The machine's clock.
pub fn system_clock() -> Clock {
    Arc::new(|| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    })
}

/// What a service is started with.
#[derive(Clone)]
pub struct ServiceConfig {
    /// `sqlite://…` or `postgres://…`.
    pub database_url: String,
    /// The model providers of the environment; `openai` is among them.
    pub providers: Vec<ProviderEndpoint>,
    /// What models cost.
    pub prices: PriceTable,
    /// Model of a new `openai` agent that names none.
    pub openai_model: String,
    /// Temperature of a new `openai` agent that names none.
    pub openai_temperature: f64,
    /// Folder of saved weights: one folder a training run.
    pub checkpoint_dir: PathBuf,
    /// Where tools find what is not in this program.
    pub sources: SourceSettings,
    /// How much of the gateway's traffic is kept.
    pub gateway: GatewayLimits,
    /// The Python worker.
    pub bridge: BridgeSettings,
    /// The clock.
    pub clock: Clock,
}

impl ServiceConfig {
    /// The defaults over one database: no key, `gpt-4o`, the folder `checkpoints`, the machine's clock.
    pub fn new(database_url: impl Into<String>) -> Self {
        Self {
            database_url: database_url.into(),
            providers: vec![ProviderEndpoint::openai()],
            prices: PriceTable::built_in(),
            openai_model: "gpt-4o".into(),
            openai_temperature: 1.0,
            checkpoint_dir: PathBuf::from("checkpoints"),
            sources: SourceSettings::default(),
            gateway: GatewayLimits::default(),
            bridge: BridgeSettings { folder: PathBuf::from("data/bridge"), python: "python3".into(), modules: None },
            clock: system_clock(),
        }
    }
}
