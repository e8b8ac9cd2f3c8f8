//! What an agent did in one turn, as recorded: the one thing that evaluation judges and training rewards.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One tool call of a turn.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallRecord {
    /// Registered name, or whatever name the model made up.
    pub tool_name: String,
    /// The arguments; `None` when the model's text was not a JSON object (`malformed_call`).
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub arguments: Option<Map<String, Value>>,
    /// What the tool answered, or the error the model was given.
    pub result: String,
    /// The tool refused or failed.
    pub is_error: bool,
    /// How long it took.
    pub duration_ms: i64,
}

/// How a turn ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Ending {
    /// The agent replied.
    Replied,
    /// The step limit cut it off.
    MaxSteps,
    /// The time limit cut it off.
    Timeout,
    /// The provider failed; the message is for people and carries no key.
    ProviderError {
        /// Why.
        message: String,
    },
    /// The agent is not set up (a missing key); the message names what to set.
    NotConfigured {
        /// What to set.
        message: String,
    },
    /// A limit of the agent on tokens or money cut it off; the message names it.
    LimitReached {
        /// Which, and what it was.
        message: String,
    },
    /// It was stopped.
    Cancelled,
}

/// Tokens a turn cost, as the provider reported them.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Usage {
    /// Tokens read.
    pub input_tokens: u64,
    /// Of these, tokens the provider had read before.
    pub cached_input_tokens: u64,
    /// Tokens written, thoughts included.
    pub output_tokens: u64,
    /// US dollars by the price table; null when it has no price of the model.
    pub cost_usd: Option<f64>,
}

impl Usage {
    /// Adds what another step or turn cost. The sum has a price when one of them has.
    pub fn add(&mut self, other: Self) {
        self.input_tokens = self.input_tokens.saturating_add(other.input_tokens);
        self.cached_input_tokens = self.cached_input_tokens.saturating_add(other.cached_input_tokens);
        self.output_tokens = self.output_tokens.saturating_add(other.output_tokens);
        self.cost_usd = match (self.cost_usd, other.cost_usd) {
            (Some(one), Some(two)) => Some(one + two),
            (one, two) => one.or(two),
        };
    }
}

/// One recorded turn.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Transcript {
    /// What the person said.
    pub user_input: String,
    /// Calls in the order they were made.
    pub calls: Vec<CallRecord>,
    /// The reply; empty when there was none.
    pub reply: String,
    /// How it ended.
    pub ending: Ending,
    /// Decisions (model calls, or actions of a policy).
    pub steps: u32,
    /// Tokens.
    pub usage: Usage,
    /// From question to end.
    pub latency_ms: i64,
    /// Things worth telling, such as a parameter the model refused.
    pub notes: Vec<String>,
}

impl Transcript {
    /// What it cost; `None` when nothing was counted, as with a local policy.
    pub fn usage_counted(&self) -> Option<Usage> {
        Some(self.usage).filter(|usage| *usage != Usage::default())
    }
}

/// Limits of one turn.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TurnLimits {
    /// Most decisions (model calls).
    pub max_steps: u32,
    /// Longest time.
    pub timeout_ms: u64,
}

impl TurnLimits {
    /// Those of the agent decide, however many steps it may take.
    pub const OF_AGENT: Self = Self { max_steps: u32::MAX, timeout_ms: 60_000 };
}

impl Default for TurnLimits {
    fn default() -> Self {
        Self { max_steps: 8, timeout_ms: 60_000 }
    }
}
