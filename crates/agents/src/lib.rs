//! Agents that converse and call tools: trait, tool loop, model clients, one file per framework.
//!
//! An agent takes values in ([`Turn`]), emits [`AgentEvent`]s while it works, obeys a cancellation token and returns the
//! recorded [`Transcript`]. It never sees the store or a socket.

pub mod ag_ui;
pub mod bridge;
mod call_ids;
mod factory;
pub mod frameworks;
mod http;
mod model_settings;
pub mod prices;
pub mod provider;
pub mod provider_client;
mod redact;
mod settings;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod tool_loop;
mod turn_tools;

pub use call_ids::rollout;
pub use factory::{AgentFactory, AgentPool, Conversing};
pub use frameworks::{framework, frameworks};
pub use http::http_client;
pub use prices::PriceTable;
pub use provider::{ProviderEndpoint, Providers};
pub use redact::redacted;
pub use turn_tools::{Lent, LentTools, TurnTools};

use async_trait::async_trait;
use serde_json::{Map, Value};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use types::{Agent as AgentRecord, ExtensionSpec, Role, ToolCallId, Transcript, TurnLimits, Usage};

/// One earlier message of the conversation. Calls of earlier turns are not replayed: their answers are in the text.
#[derive(Clone, PartialEq, Debug)]
pub struct PastMessage {
    /// Who said it.
    pub role: Role,
    /// The text.
    pub content: String,
}

/// What an agent is asked.
#[derive(Clone, Debug)]
pub struct Turn {
    /// Earlier messages, oldest first.
    pub history: Vec<PastMessage>,
    /// What the person says now.
    pub user_input: String,
    /// Limits of this turn.
    pub limits: TurnLimits,
    /// Seed of whatever is random in the agent (a local agent with a temperature above 0), and of its calls' ids.
    pub seed: u64,
    /// Tools that are there for this turn; `None` = those of the agent.
    pub tools: Option<TurnTools>,
}

/// What happens while an agent works, as it happens.
#[derive(Clone, PartialEq, Debug)]
pub enum AgentEvent {
    /// A piece of the reply.
    Token(String),
    /// A call is about to run.
    ToolCall {
        /// Joins call and result.
        id: ToolCallId,
        /// Registered name.
        tool_name: String,
        /// The arguments; `None` when malformed.
        arguments: Option<Map<String, Value>>,
    },
    /// A call came back.
    ToolResult {
        /// Of which call.
        id: ToolCallId,
        /// Registered name.
        tool_name: String,
        /// The answer, or the error the model was given.
        result: String,
        /// How long it took.
        duration_ms: i64,
        /// Whether it failed.
        is_error: bool,
    },
    /// What the turn cost so far; told after each step of a model.
    Usage(Usage),
    /// Something worth telling the person.
    Note(String),
}

/// Where an agent's events go. Must not block; a closed receiver is not an error.
pub type EventSink = tokio::sync::mpsc::UnboundedSender<AgentEvent>;

/// An agent ready to work.
#[async_trait]
pub trait Agent: Send + Sync {
    /// Answers one turn. Never fails: whatever went wrong is the transcript's `ending`.
    async fn respond(&self, turn: Turn, events: &EventSink, cancel: &CancellationToken) -> Transcript;
}

/// What frameworks are built from: everything with a clock, a network or weights is passed in.
#[derive(Clone)]
pub struct Dependencies {
    /// The shared tools.
    pub tools: tools::ToolRegistry,
    /// HTTP client for model providers.
    pub http: reqwest::Client,
    /// Where models are asked.
    pub providers: Arc<dyn Providers>,
    /// What models cost.
    pub prices: Arc<PriceTable>,
    /// Weights of local agents by the record's `model` name.
    pub checkpoints: Arc<dyn Checkpoints>,
    /// The worker that hosts Python frameworks.
    pub bridge: Arc<dyn bridge::Bridge>,
    /// Where the worker's turns find tools of their own.
    pub lent: LentTools,
}

/// Loads the weights of a local agent.
pub trait Checkpoints: Send + Sync {
    /// The policy named by an agent record (its `model` and `config_json`); loading is cached by the implementation.
    ///
    /// # Errors
    /// A sentence saying which file is missing or damaged.
    fn policy(&self, agent: &AgentRecord) -> Result<Arc<policy::ActionPolicy>, String>;
}

/// A registered framework: makes agents of one `agent_type`.
pub trait Framework: Send + Sync {
    /// Name, description and declared parameters (keys of `config_json`).
    fn spec(&self) -> ExtensionSpec;

    /// The model that a new agent starts with; `None` = the configured one.
    fn model(&self) -> Option<&'static str> {
        None
    }

    /// Whether its agents run in the Python worker.
    fn is_bridged(&self) -> bool {
        false
    }

    /// Whether training can change this agent's weights or prompt.
    fn can_train(&self) -> bool;

    /// An agent from its record.
    ///
    /// # Errors
    /// A setting that is wrong or missing, in words for people.
    fn create(&self, record: &AgentRecord, dependencies: &Dependencies) -> Result<Arc<dyn Agent>, types::Error>;
}
