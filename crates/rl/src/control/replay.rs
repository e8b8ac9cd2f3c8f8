//! What happened lately, to learn from again.

use crate::bits;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// The newest steps, up to a number of them.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Replay {
    most: usize,
    next: usize,
    #[serde(with = "bits::singles")]
    observations: Vec<f32>,
    #[serde(with = "bits::singles")]
    following: Vec<f32>,
    allowed: Vec<bool>,
    actions: Vec<usize>,
    #[serde(with = "bits::singles")]
    rewards: Vec<f32>,
    terminated: Vec<bool>,
}

/// One step to remember.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// What was seen.
    pub observation: &'a [f32],
    /// What was done.
    pub action: usize,
    /// What it earned.
    pub reward: f64,
    /// What was seen next, or last.
    pub following: &'a [f32],
    /// What could be done next.
    pub allowed: &'a [bool],
    /// Whether the task ended.
    pub terminated: bool,
}

/// Steps that were drawn.
#[derive(Clone, Default, Debug)]
pub struct Drawn {
    /// Rows × size.
    pub observations: Vec<f32>,
    /// Rows × size.
    pub following: Vec<f32>,
    /// Rows × actions.
    pub allowed: Vec<bool>,
    /// What was done.
    pub actions: Vec<usize>,
    /// What it earned.
    pub rewards: Vec<f32>,
    /// Whether the task ended.
    pub terminated: Vec<bool>,
}

impl Replay {
    /// Empty.
    pub fn new(most: usize) -> Self {
        Self { most, ..Self::default() }
    }

    /// How many steps are kept now.
    pub fn len(&self) -> usize {
        self.actions.len()
    }

    /// Keeps a step, in place of the oldest when there are enough.
    pub fn push(&mut self, seen: Seen<'_>) {
        if self.len() < self.most {
            self.observations.extend_from_slice(seen.observation);
            self.following.extend_from_slice(seen.following);
            self.allowed.extend_from_slice(seen.allowed);
            self.actions.push(seen.action);
            self.rewards.push(seen.reward as f32);
            self.terminated.push(seen.terminated);
        } else {
            let (at, size, actions) = (self.next, seen.observation.len(), seen.allowed.len());
            self.observations[at * size..][..size].copy_from_slice(seen.observation);
            self.following[at * size..][..size].copy_from_slice(seen.following);
            self.allowed[at * actions..][..actions].copy_from_slice(seen.allowed);
            self.actions[at] = seen.action;
            self.rewards[at] = seen.reward as f32;
            self.terminated[at] = seen.terminated;
        }
        self.next = (self.next + 1) % self.most;
    }

    /// Draws steps, each as probable as any other.
    pub fn draw(&self, count: usize, rng: &mut ChaCha8Rng, drawn: &mut Drawn) {
        let (size, actions) = (self.observations.len() / self.len(), self.allowed.len() / self.len());
        *drawn = Drawn::default();
        for _ in 0..count {
            let at = rng.random_range(0..self.len());
            drawn.observations.extend_from_slice(&self.observations[at * size..][..size]);
            drawn.following.extend_from_slice(&self.following[at * size..][..size]);
            drawn.allowed.extend_from_slice(&self.allowed[at * actions..][..actions]);
            drawn.actions.push(self.actions[at]);
            drawn.rewards.push(self.rewards[at]);
            drawn.terminated.push(self.terminated[at]);
        }
    }
}
