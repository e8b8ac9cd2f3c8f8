//! The state of the Python worker, as a person is shown it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How far the Python worker is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum BridgeState {
    /// Nobody has asked for it yet.
    Idle,
    /// Its packages are being installed.
    Installing,
    /// It is starting, or waiting to be started again after a crash.
    Starting,
    /// It answers.
    Ready,
    /// It could not be installed or does not stay up; the next use tries again.
    Failed,
    /// The server is stopping.
    Stopped,
}

/// The Python worker that hosts Pydantic AI and LangGraph.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BridgeStatus {
    /// How far it is.
    pub state: BridgeState,
    /// What is being done, while it is installed.
    pub progress: Option<String>,
    /// Versions by package, while it answers.
    pub versions: BTreeMap<String, String>,
    /// Why it failed and what to do.
    pub error: Option<String>,
}
