//! Where a policy acts and is rewarded.

use crate::trainable::Policy;
use rand_chacha::ChaCha8Rng;
use types::Error;

/// A decision, with the log-probability it had when it was made.
#[derive(Clone, PartialEq, Debug)]
pub struct Step<O, A> {
    /// What was seen.
    pub observation: O,
    /// What was done.
    pub action: A,
    /// `log π(a|s)` then.
    pub log_prob: f32,
}

/// How a rollout ended. Only the first says that nothing more could have been earned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// The task ended.
    Terminated,
    /// A limit cut it off.
    Truncated,
}

/// One task, played once. The reward comes at the end, so it is the return of every step (no discount).
#[derive(Clone, PartialEq, Debug)]
pub struct Rollout<O, A> {
    /// The decisions in order.
    pub steps: Vec<Step<O, A>>,
    /// What it earned.
    pub reward: f64,
    /// How it ended.
    pub end: End,
}

/// The rollout type of a policy.
pub type RolloutOf<P> = Rollout<<P as Policy>::Observation, <P as Policy>::Action>;

/// Tasks that a policy can play.
pub trait Environment<P: Policy> {
    /// How many tasks there are.
    fn task_count(&self) -> usize;

    /// Plays a task, drawing every choice from the policy.
    ///
    /// # Errors
    /// `Cancelled`, or a fault of the environment itself. Playing badly is no error.
    fn rollout(&self, policy: &P, task: usize, rng: &mut ChaCha8Rng) -> Result<RolloutOf<P>, Error>;
}
