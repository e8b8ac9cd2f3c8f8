//! Group relative policy optimisation: rollouts of the same task are compared with each other; nothing is foreseen.

use super::{
    Health, Learner,
    actor::{ActorCritic, Tapes},
    episodes::{Episode, play},
    from_bytes, mean, to_bytes,
};
use crate::{
    categorical,
    estimators::{approximate_kl, clipped_surrogate, group_advantages, has_spread, k3},
    mlp::{Mlp, Tape},
    stepwise::{Lanes, Make, SavedLanes},
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use types::Error;

/// How GRPO learns.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Settings {
    /// Tasks before an update.
    pub groups: usize,
    /// Rollouts of each task.
    pub group: usize,
    /// Passes over the decisions.
    pub epochs: usize,
    /// Width of both hidden layers.
    pub hidden: usize,
    /// Rate at the beginning; it falls to 0 over the run.
    pub rate: f64,
    /// How far below 1 a ratio may count.
    pub low: f32,
    /// How far above 1 a ratio may count.
    pub high: f32,
    /// Weight of the divergence from the policy of the beginning.
    pub kl: f32,
    /// Longest gradient.
    pub gradient: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { groups: 8, group: 8, epochs: 4, hidden: 64, rate: 2.5e-3, low: 0.2, high: 0.2, kl: 0.0, gradient: 0.5 }
    }
}

/// GRPO at work.
pub struct Grpo {
    settings: Settings,
    planned: u64,
    lanes: Lanes,
    networks: ActorCritic,
    reference: Mlp,
    rng: ChaCha8Rng,
    tapes: Tapes,
    reference_tape: Tape,
}

/// Sums over the decisions of one pass.
#[derive(Default)]
struct Sums {
    kl: f64,
    outside: f64,
    entropy: f64,
    gradient: f64,
}

/// Decisions of all rollouts whose group has spread.
#[derive(Default)]
struct Decisions {
    observations: Vec<f32>,
    allowed: Vec<bool>,
    actions: Vec<usize>,
    log_probs: Vec<f32>,
    advantages: Vec<f32>,
}

impl Decisions {
    fn add(&mut self, episode: &Episode, advantage: f64) {
        self.observations.extend_from_slice(&episode.observations);
        self.allowed.extend_from_slice(&episode.allowed);
        self.actions.extend_from_slice(&episode.actions);
        self.log_probs.extend_from_slice(&episode.log_probs);
        self.advantages.extend(episode.actions.iter().map(|_| advantage as f32));
    }
}

impl Grpo {
    /// Ready to begin.
    pub fn new(make: Make, seed: u64, planned: u64, settings: Settings) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let lanes = Lanes::new(make, settings.groups * settings.group, seed);
        let networks = ActorCritic::new(lanes.size(), lanes.actions(), settings.hidden, &mut rng);
        let (reference, tapes, reference_tape) = (networks.actor.clone(), Tapes::default(), Tape::default());
        Self { settings, planned, lanes, networks, reference, rng, tapes, reference_tape }
    }

    /// Every group begins where its first rollout does.
    fn begin(&mut self) {
        for first in (0..self.lanes.count()).step_by(self.settings.group) {
            self.lanes.reset(first);
            (first + 1..first + self.settings.group).for_each(|lane| self.lanes.copy(first, lane));
        }
    }

    fn learn(&mut self, decisions: &Decisions, rate: f64) -> Sums {
        let Self { settings, networks, reference, tapes, reference_tape, .. } = self;
        let (count, actions) = (decisions.actions.len() as f32, networks.actor.outputs());
        let mut logits = networks.actor.forward(&decisions.observations, &mut tapes.actor).to_vec();
        let anchored = settings.kl > 0.0;
        let mut anchors =
            if anchored { reference.forward(&decisions.observations, reference_tape).to_vec() } else { Vec::new() };
        let mut slopes = vec![0.0; actions];
        let mut sums = Sums::default();
        for (row, action) in decisions.actions.iter().copied().enumerate() {
            let allowed = &decisions.allowed[row * actions..][..actions];
            let own = &mut logits[row * actions..][..actions];
            categorical::log_softmax(own, allowed);
            let log_ratio = own[action] - decisions.log_probs[row];
            let clipped = clipped_surrogate(log_ratio, decisions.advantages[row], settings.low, settings.high);
            let mut slope = clipped.slope;
            if anchored {
                let anchor = &mut anchors[row * actions..][..actions];
                categorical::log_softmax(anchor, allowed);
                // The derivative of e^d − d − 1 by log π, where d = log π_ref − log π.
                slope += settings.kl * (1.0 - (anchor[action] - own[action]).exp());
                sums.kl += f64::from(k3(own[action], anchor[action]));
            } else {
                sums.kl += f64::from(approximate_kl(log_ratio));
            }
            sums.outside += f64::from(u8::from(clipped.outside));
            sums.entropy += f64::from(categorical::pull_back(own, action, slope / count, 0.0, &mut slopes));
            own.copy_from_slice(&slopes);
        }
        sums.gradient = f64::from(networks.descend_actor(&logits, tapes, rate as f32, settings.gradient));
        sums
    }
}

impl Learner for Grpo {
    fn advance(&mut self) -> Health {
        let left = (1.0 - self.lanes.steps as f64 / self.planned as f64).max(0.0);
        self.begin();
        let episodes = play(&mut self.lanes, &self.networks.actor, &mut self.tapes, &mut self.rng);
        let mut decisions = Decisions::default();
        let mut flat = Vec::new();
        for group in episodes.chunks(self.settings.group) {
            let rewards: Vec<f64> = group.iter().map(Episode::total).collect();
            flat.push(f64::from(u8::from(!has_spread(&rewards))));
            if has_spread(&rewards) {
                let advantages = group_advantages(&rewards);
                group.iter().zip(advantages).for_each(|(episode, advantage)| decisions.add(episode, advantage));
            }
        }
        let mut health =
            Health { steps: self.lanes.steps, zero_spread: Some(mean(flat.into_iter())), ..Health::default() };
        if decisions.actions.is_empty() {
            return health;
        }
        let mut sums = Sums::default();
        for _ in 0..self.settings.epochs {
            sums = self.learn(&decisions, self.settings.rate * left);
        }
        let count = decisions.actions.len() as f64;
        health.approx_kl = Some(sums.kl / count);
        health.clip_fraction = Some(sums.outside / count);
        health.entropy = Some(sums.entropy / count);
        health.gradient_norm = Some(sums.gradient);
        health
    }

    fn lanes(&self) -> &Lanes {
        &self.lanes
    }

    fn policy(&self) -> &Mlp {
        &self.networks.actor
    }

    fn save(&self) -> Vec<u8> {
        to_bytes(&(&self.networks, &self.reference, &self.rng, self.lanes.save()))
    }

    fn restore(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let (networks, reference, rng, lanes): (_, _, _, SavedLanes) = from_bytes(bytes)?;
        self.lanes.restore(lanes)?;
        (self.networks, self.reference, self.rng) = (networks, reference, rng);
        Ok(())
    }
}
