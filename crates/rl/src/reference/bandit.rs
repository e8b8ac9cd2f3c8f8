//! Episodes of one step: arms that pay with a certain probability.

use crate::stepwise::{Environment, Transition};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

fn pull(probability: f64, rng: &mut ChaCha8Rng) -> Transition {
    Transition { reward: f64::from(u8::from(rng.random_bool(probability))), terminated: true, truncated: false }
}

/// Arms without anything to see. Arm `i` of the ten pays 1 with probability `0.05 + 0.09 i`.
///
/// # Source
/// Sutton and Barto, "Reinforcement Learning", chapter 2.
#[derive(Clone, Default, Debug)]
pub struct BanditArms;

impl BanditArms {
    /// Expected reward of an arm.
    pub fn mean(arm: usize) -> f64 {
        0.05 + 0.09 * arm as f64
    }
}

impl Environment for BanditArms {
    fn observation_size(&self) -> usize {
        1
    }

    fn action_count(&self) -> usize {
        10
    }

    fn reset(&mut self, _: &mut ChaCha8Rng) {}

    fn step(&mut self, action: usize, rng: &mut ChaCha8Rng) -> Transition {
        pull(Self::mean(action), rng)
    }

    fn observe(&self, observation: &mut [f32]) {
        observation.fill(1.0);
    }

    fn state(&self) -> Vec<f64> {
        Vec::new()
    }

    fn restore(&mut self, _: &[f64]) {}
}

/// Eight contexts, four arms: each context has one arm that pays 1 with probability 0.9; the others pay with 0.2.
#[derive(Clone, Default, Debug)]
pub struct ContextualBandit {
    context: usize,
}

const CONTEXTS: usize = 8;
const ARMS: usize = 4;

impl ContextualBandit {
    /// Expected reward of an arm in a context.
    pub fn mean(context: usize, arm: usize) -> f64 {
        // Multiplied by an odd number, so that the good arm is not a straight line through the contexts.
        if (context * 3 + context / ARMS) % ARMS == arm { 0.9 } else { 0.2 }
    }
}

impl Environment for ContextualBandit {
    fn observation_size(&self) -> usize {
        CONTEXTS
    }

    fn action_count(&self) -> usize {
        ARMS
    }

    fn reset(&mut self, rng: &mut ChaCha8Rng) {
        self.context = rng.random_range(0..CONTEXTS);
    }

    fn step(&mut self, action: usize, rng: &mut ChaCha8Rng) -> Transition {
        pull(Self::mean(self.context, action), rng)
    }

    fn observe(&self, observation: &mut [f32]) {
        observation.fill(0.0);
        observation[self.context] = 1.0;
    }

    fn state(&self) -> Vec<f64> {
        vec![self.context as f64]
    }

    fn restore(&mut self, state: &[f64]) {
        self.context = state.first().map_or(0, |context| *context as usize);
    }
}
