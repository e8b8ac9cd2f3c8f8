//! Proximal policy optimisation.

use super::{
    Health, Learner,
    actor::{ActorCritic, Tapes},
    from_bytes,
    rollout::Rollout,
    to_bytes,
};
use crate::{
    categorical,
    estimators::{approximate_kl, clipped_surrogate, explained_variance, normalize},
    mlp::Mlp,
    stepwise::{Lanes, Make, SavedLanes},
};
use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use types::Error;

/// How PPO learns.
///
/// # Source
/// CleanRL's `ppo.py`, whose values the defaults are.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Settings {
    /// Environments side by side.
    pub lanes: usize,
    /// Steps in each before an update.
    pub steps: usize,
    /// Parts of a pass.
    pub minibatches: usize,
    /// Passes over the steps.
    pub epochs: usize,
    /// Width of both hidden layers.
    pub hidden: usize,
    /// Rate at the beginning; it falls to 0 over the run.
    pub rate: f64,
    /// Discount.
    pub gamma: f64,
    /// Of the advantages.
    pub lambda: f64,
    /// Bounds of the ratio and of how far a value moves.
    pub clip: f32,
    /// Weight of the entropy.
    pub entropy: f32,
    /// Weight of the values' loss.
    pub value: f32,
    /// Longest gradient.
    pub gradient: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            lanes: 4,
            steps: 128,
            minibatches: 4,
            epochs: 4,
            hidden: 64,
            rate: 2.5e-4,
            gamma: 0.99,
            lambda: 0.95,
            clip: 0.2,
            entropy: 0.01,
            value: 0.5,
            gradient: 0.5,
        }
    }
}

/// PPO at work.
pub struct Ppo {
    settings: Settings,
    planned: u64,
    lanes: Lanes,
    networks: ActorCritic,
    rng: ChaCha8Rng,
    tapes: Tapes,
    rollout: Rollout,
    part: Part,
}

/// A minibatch.
#[derive(Default)]
struct Part {
    observations: Vec<f32>,
    advantages: Vec<f32>,
    logits: Vec<f32>,
    values: Vec<f32>,
    scratch: Vec<f32>,
}

/// Sums over decisions.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Sums {
    /// Decisions.
    pub count: f64,
    /// Of `(ρ − 1) − log ρ`.
    pub kl: f64,
    /// Decisions outside the bounds.
    pub outside: f64,
    /// Of the entropy.
    pub entropy: f64,
    /// Of the values' loss.
    pub value_loss: f64,
    /// Length of the last gradient.
    pub gradient: f32,
    /// The largest `|ρ − 1|`.
    pub farthest: f32,
}

impl Ppo {
    /// Ready to begin.
    pub fn new(make: Make, seed: u64, planned: u64, settings: Settings) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let lanes = Lanes::new(make, settings.lanes, seed);
        let networks = ActorCritic::new(lanes.size(), lanes.actions(), settings.hidden, &mut rng);
        let (tapes, rollout, part) = (Tapes::default(), Rollout::default(), Part::default());
        Self { settings, planned, lanes, networks, rng, tapes, rollout, part }
    }

    fn rate(&self) -> f32 {
        // As CleanRL counts: the first update has the whole rate.
        let batch = (self.settings.lanes * self.settings.steps) as u64;
        let (all, done) = ((self.planned / batch).max(1), self.lanes.steps / batch);
        (self.settings.rate * (1.0 - done as f64 / all as f64).max(0.0)) as f32
    }

    /// Learns from one minibatch of the rollout's steps.
    fn learn(&mut self, chosen: &[usize], rate: f32, sums: &mut Sums) {
        self.gather(chosen);
        let Self { settings, networks, tapes, rollout, part, .. } = self;
        networks.actor.forward(&part.observations, &mut tapes.actor);
        networks.critic.forward(&part.observations, &mut tapes.critic);
        let (count, actions) = (chosen.len() as f32, networks.actor.outputs());
        part.logits.resize(chosen.len() * actions, 0.0);
        part.values.resize(chosen.len(), 0.0);
        for (row, at) in chosen.iter().copied().enumerate() {
            part.scratch.clear();
            part.scratch.extend_from_slice(&tapes.actor.output()[row * actions..][..actions]);
            categorical::log_softmax(&mut part.scratch, &rollout.allowed[at * actions..][..actions]);
            let action = rollout.actions[at];
            let log_ratio = part.scratch[action] - rollout.log_probs[at];
            let clipped = clipped_surrogate(log_ratio, part.advantages[row], settings.clip, settings.clip);
            let slopes = &mut part.logits[row * actions..][..actions];
            let weight = -settings.entropy / count;
            sums.entropy +=
                f64::from(categorical::pull_back(&part.scratch, action, clipped.slope / count, weight, slopes));
            sums.kl += f64::from(approximate_kl(log_ratio));
            sums.outside += f64::from(u8::from(clipped.outside));
            sums.farthest = sums.farthest.max(log_ratio.exp_m1().abs());
            let value = (tapes.critic.output()[row], rollout.values[at], rollout.returns[at]);
            let (loss, slope) = clipped_value(value, settings.clip);
            sums.value_loss += f64::from(loss);
            part.values[row] = slope * settings.value / count;
        }
        sums.count += f64::from(count);
        sums.gradient = networks.descend(&part.logits, &part.values, tapes, rate, settings.gradient);
    }

    fn gather(&mut self, chosen: &[usize]) {
        let size = self.lanes.size();
        self.part.observations.clear();
        self.part.advantages.clear();
        for at in chosen {
            self.part.observations.extend_from_slice(&self.rollout.observations[at * size..][..size]);
            self.part.advantages.push(self.rollout.advantages[*at]);
        }
        normalize(&mut self.part.advantages);
    }

    fn collect(&mut self) {
        let Self { settings, lanes, networks, tapes, rng, rollout, .. } = self;
        rollout.collect(lanes, networks, tapes, rng, settings.steps, (settings.gamma, settings.lambda));
    }
}

/// Half the squared error of a value that may not move far, and its derivative.
fn clipped_value((value, before, aim): (f32, f32, f32), clip: f32) -> (f32, f32) {
    let held = before + (value - before).clamp(-clip, clip);
    let (free, bound) = ((value - aim).powi(2), (held - aim).powi(2));
    let inside = (value - before).abs() <= clip;
    let slope = if free >= bound || inside { value - aim } else { 0.0 };
    (0.5 * free.max(bound), slope)
}

impl Learner for Ppo {
    fn advance(&mut self) -> Health {
        let rate = self.rate();
        self.collect();
        let values: Vec<f64> = self.rollout.values.iter().map(|value| f64::from(*value)).collect();
        let returns: Vec<f64> = self.rollout.returns.iter().map(|value| f64::from(*value)).collect();
        let mut order: Vec<usize> = (0..values.len()).collect();
        let part = order.len().div_ceil(self.settings.minibatches);
        let mut sums = Sums::default();
        for _ in 0..self.settings.epochs {
            order.shuffle(&mut self.rng);
            sums = Sums::default();
            order.chunks(part).for_each(|chosen| self.learn(chosen, rate, &mut sums));
        }
        let per_decision = |sum: f64| Some(sum / sums.count);
        Health {
            steps: self.lanes.steps,
            approx_kl: per_decision(sums.kl),
            clip_fraction: per_decision(sums.outside),
            entropy: per_decision(sums.entropy),
            value_loss: per_decision(sums.value_loss),
            explained_variance: Some(explained_variance(&values, &returns)),
            gradient_norm: Some(f64::from(sums.gradient)),
            zero_spread: None,
        }
    }

    fn lanes(&self) -> &Lanes {
        &self.lanes
    }

    fn policy(&self) -> &Mlp {
        &self.networks.actor
    }

    fn save(&self) -> Vec<u8> {
        to_bytes(&(&self.networks, &self.rng, self.lanes.save()))
    }

    fn restore(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let (networks, rng, lanes): (_, _, SavedLanes) = from_bytes(bytes)?;
        self.lanes.restore(lanes)?;
        (self.networks, self.rng) = (networks, rng);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::CartPole;

    #[test]
    fn the_first_minibatch_finds_the_policy_it_was_played_with() {
        let mut ppo = Ppo::new(|| Box::new(CartPole::default()), 3, 10_000, Settings::default());
        ppo.collect();
        let chosen: Vec<usize> = (0..128).collect();
        let mut sums = Sums::default();
        ppo.learn(&chosen, 2.5e-4, &mut sums);
        assert_eq!((sums.farthest, sums.kl, sums.outside), (0.0, 0.0, 0.0));
        // After a step the policy is another one, so the same look finds a difference.
        let mut again = Sums::default();
        ppo.learn(&chosen, 2.5e-4, &mut again);
        assert!(again.farthest > 0.0 && again.kl > 0.0);
    }

    #[test]
    fn a_value_that_moved_too_far_is_no_longer_pulled() {
        // Seen 1 before, 1.5 now, aim 0: the free error is larger and pulls back.
        assert_eq!(clipped_value((1.5, 1.0, 0.0), 0.2), (1.125, 1.5));
        // Aim 3: the held value 1.2 is farther from it, and it does not move.
        let (loss, slope) = clipped_value((1.5, 1.0, 3.0), 0.2);
        assert!((loss - 1.62).abs() < 1e-6);
        assert_eq!(slope, 0.0);
    }
}
