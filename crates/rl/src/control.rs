//! Learning to act step by step: the algorithms over any [`Environment`](crate::stepwise::Environment).

mod actor;
mod dqn;
mod episodes;
mod grpo;
mod ppo;
mod reinforce;
mod replay;
mod rollout;

use crate::{
    categorical::best,
    mlp::{Mlp, Tape},
    stepwise::{Lanes, Make},
};
use serde::{Serialize, de::DeserializeOwned};
use types::Error;

pub use dqn::Dqn;
pub use grpo::Grpo;
pub use ppo::Ppo;
pub use reinforce::Reinforce;

/// How an update went. What an algorithm does not have stays `None`.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize)]
pub struct Health {
    /// Steps of the environment so far.
    pub steps: u64,
    /// Mean of `(ρ − 1) − log ρ`.
    pub approx_kl: Option<f64>,
    /// Share of decisions whose ratio left the bounds.
    pub clip_fraction: Option<f64>,
    /// Mean entropy of the decisions, in nats.
    pub entropy: Option<f64>,
    /// `1 − Var(return − V) / Var(return)`.
    pub explained_variance: Option<f64>,
    /// Length of the last gradient before it was shortened.
    pub gradient_norm: Option<f64>,
    /// Share of groups whose rollouts all earned the same.
    pub zero_spread: Option<f64>,
    /// Mean loss of the values.
    pub value_loss: Option<f64>,
}

/// An algorithm at work.
pub trait Learner {
    /// Acts for a while, then learns from it.
    fn advance(&mut self) -> Health;

    /// Where it acts.
    fn lanes(&self) -> &Lanes;

    /// The network whose highest output is the greedy action.
    fn policy(&self) -> &Mlp;

    /// Everything, to go on from bit for bit.
    fn save(&self) -> Vec<u8>;

    /// Goes on from what [`Learner::save`] gave, for a learner made with the same values.
    ///
    /// # Errors
    /// Bytes of something else.
    fn restore(&mut self, bytes: &[u8]) -> Result<(), Error>;
}

/// How a learner is made: environment, seed, steps planned.
pub type MakeLearner = fn(Make, u64, u64) -> Box<dyn Learner>;

/// The algorithms by name, with their default settings. A new one is a file in `control/` and a line here.
pub const LEARNERS: [(&str, MakeLearner); 4] = [
    ("ppo", |make, seed, steps| Box::new(Ppo::new(make, seed, steps, ppo::Settings::default()))),
    ("dqn", |make, seed, steps| Box::new(Dqn::new(make, seed, steps, dqn::Settings::default()))),
    ("reinforce", |make, seed, steps| Box::new(Reinforce::new(make, seed, steps, reinforce::Settings::default()))),
    ("grpo", |make, seed, steps| Box::new(Grpo::new(make, seed, steps, grpo::Settings::default()))),
];

/// Total reward of episodes that always take the action with the highest output.
pub fn greedy_totals(policy: &Mlp, make: Make, seed: u64, episodes: usize) -> Vec<f64> {
    let mut lanes = Lanes::new(make, 1, seed);
    let mut tape = Tape::default();
    while lanes.finished.len() < episodes {
        let action = best(policy.forward(&lanes.observations, &mut tape), lanes.allowed(0));
        lanes.step(0, action);
    }
    lanes.finished.iter().map(|episode| episode.total).collect()
}

fn to_bytes(state: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(state).unwrap_or_default()
}

fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(bytes).map_err(|_| Error::Invalid("the saved training state is damaged".into()))
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len().max(1) as f64;
    values.sum::<f64>() / count
}
