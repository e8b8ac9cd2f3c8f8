//! The action policy: which tool with which arguments, or which reply form with which values.
//!
//! It acts and tells the probability of what it did; learning lives in `rl`, over the same forward pass, so that
//! training and use cannot differ. Weights are safetensors with versioned metadata.

mod batch;
mod candidates;
mod checkpoint;
mod decide;
mod features;
mod forms;
mod network;
mod prepared;
mod state;
mod text;
mod weights;

pub use candidates::{Candidate, SPAN_TOKENS_MAX};
pub use checkpoint::{LoadError, read_tensors, write_tensors};
pub use decide::{ActionPolicy, Selection, UNTRAINED_SEED};
pub use forms::{reply_form, reply_forms};
pub use network::{Evaluated, Network};
pub use prepared::{Action, Head, Move, Pointer, Prepared};
pub use state::{Leaf, State, ToolResult, leaves};
pub use text::TOKENS_MAX;
pub use weights::SHAPES;

/// The tools that a policy chooses among unless its agent names others: those the built-in weights were taught. Every tool
/// on offer is part of what it decides about, so one more is another policy.
pub const TOOLS: [&str; 3] = ["calculate", "get_weather", "search"];

/// The trained checkpoint that comes with the application.
///
/// Made by `rl-chatbot train --seed 7 --save crates/policy/assets/builtin.safetensors`.
pub static BUILTIN: &[u8] = include_bytes!("../assets/builtin.safetensors");
