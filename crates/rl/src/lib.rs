//! Reinforcement learning: environments, rollouts, rewards, algorithms, training.
//!
//! Values in, [`Progress`] out; no store, no socket, no clock. The reward is the evaluation's own score of the recorded
//! transcript, and rollouts are turns of the same loop that answers in a chat.

mod algorithms;
mod augment;
pub mod bits;
mod cached;
mod cases;
pub mod categorical;
pub mod control;
mod demonstration;
mod environment;
pub mod estimators;
mod learner;
pub mod mlp;
mod parameters;
pub mod reference;
pub mod reproduce;
mod split;
mod state;
pub mod stepwise;
mod surrogate;
mod train;
mod trainable;

pub use algorithms::algorithms;
pub use augment::{CLOSERS, OPENERS};
pub use train::{train, validate};

use serde_json::{Map, Value};
use tools::ToolRegistry;
use types::{EventKind, RewardWeights, TestCaseCreate};

/// What to learn, from what, and how.
#[derive(Clone)]
pub struct TrainingJob {
    /// Passes over the training cases.
    pub episodes: u32,
    /// Of everything random: the same seed gives the same curve.
    pub seed: u64,
    /// Registered algorithm.
    pub algorithm: String,
    /// The algorithm's declared parameters; absent ones have their defaults.
    pub parameters: Map<String, Value>,
    /// Weights of the reward's parts.
    pub reward_weights: RewardWeights,
    /// All cases; those of split `test` are held out.
    pub cases: Vec<TestCaseCreate>,
    /// The tools on offer.
    pub tools: ToolRegistry,
    /// The checkpoint to start from.
    pub policy: Vec<u8>,
    /// Full training state that was saved earlier, to go on from.
    pub resume: Option<Vec<u8>>,
}

/// What training tells while it works.
#[derive(Clone, Debug)]
pub enum Progress {
    /// An event for people: `EpisodeFinished`, `Series`, `Alert` or `Message`.
    Kind(EventKind),
    /// State after an episode, to be kept before the episode is acknowledged.
    Checkpoint {
        /// Episodes completed.
        episode: i64,
        /// Held-out reward then (or the training reward when nothing is held out).
        reward: f64,
        /// Whether it is the best so far.
        best: bool,
        /// The policy's checkpoint.
        policy: Vec<u8>,
        /// Full training state: give it as [`TrainingJob::resume`] and the run goes on bit for bit.
        resume: Vec<u8>,
    },
}

/// How training ended.
#[derive(Clone, PartialEq, Debug)]
pub struct TrainingOutcome {
    /// Episodes completed, those before a resume included.
    pub episodes_done: i64,
    /// Whether it was cancelled before the last episode.
    pub stopped: bool,
    /// Held-out reward of the starting policy.
    pub held_out_before: Option<f64>,
    /// Held-out reward of `policy`.
    pub held_out_after: Option<f64>,
    /// The best policy.
    pub policy: Vec<u8>,
}
