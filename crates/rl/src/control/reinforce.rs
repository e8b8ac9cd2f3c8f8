//! REINFORCE with reward-to-go and a learned baseline.

use super::{
    Health, Learner,
    actor::{ActorCritic, Tapes},
    episodes::{Episode, play},
    from_bytes, to_bytes,
};
use crate::{
    categorical,
    estimators::{Moment, explained_variance, generalized_advantages, normalize},
    mlp::Mlp,
    stepwise::{Lanes, Make, SavedLanes},
};
use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use types::Error;

/// How REINFORCE learns.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Settings {
    /// Episodes before an update.
    pub episodes: usize,
    /// Width of both hidden layers.
    pub hidden: usize,
    /// Rate of the policy at the beginning; it falls to 0 over the run.
    pub rate: f64,
    /// Rate of the baseline.
    pub value_rate: f64,
    /// Passes of the baseline over the steps.
    pub value_epochs: usize,
    /// Steps of a part of such a pass.
    pub value_batch: usize,
    /// Discount.
    pub gamma: f64,
    /// Weight of the entropy.
    pub entropy: f32,
    /// Longest gradient.
    pub gradient: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            episodes: 8,
            hidden: 64,
            rate: 5e-3,
            value_rate: 1e-3,
            value_epochs: 4,
            value_batch: 256,
            gamma: 0.99,
            entropy: 0.0,
            gradient: 0.5,
        }
    }
}

/// REINFORCE at work.
pub struct Reinforce {
    settings: Settings,
    planned: u64,
    lanes: Lanes,
    networks: ActorCritic,
    rng: ChaCha8Rng,
    tapes: Tapes,
}

/// The steps of all episodes, one after the other.
#[derive(Default)]
struct Steps {
    observations: Vec<f32>,
    allowed: Vec<bool>,
    actions: Vec<usize>,
    values: Vec<f64>,
    returns: Vec<f64>,
    advantages: Vec<f32>,
}

impl Reinforce {
    /// Ready to begin.
    pub fn new(make: Make, seed: u64, planned: u64, settings: Settings) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let lanes = Lanes::new(make, settings.episodes, seed);
        let networks = ActorCritic::new(lanes.size(), lanes.actions(), settings.hidden, &mut rng);
        Self { settings, planned, lanes, networks, rng, tapes: Tapes::default() }
    }

    /// Reward-to-go and advantages. λ = 1: the return less the baseline; a cut-off episode goes on as foreseen.
    fn estimate(&mut self, episodes: &[Episode]) -> Steps {
        let mut steps = Steps::default();
        for episode in episodes {
            let beyond = f64::from(self.networks.critic.forward(&episode.last, &mut self.tapes.critic)[0]);
            let values = self.networks.critic.forward(&episode.observations, &mut self.tapes.critic);
            let count = values.len();
            let moment = |at: usize| Moment {
                reward: episode.rewards[at],
                value: f64::from(values[at]),
                next_value: if at + 1 < count { f64::from(values[at + 1]) } else { beyond },
                terminated: at + 1 == count && episode.terminated,
                ended: at + 1 == count,
            };
            let moments: Vec<Moment> = (0..count).map(moment).collect();
            let advantages = generalized_advantages(&moments, self.settings.gamma, 1.0);
            steps.returns.extend(advantages.iter().zip(&moments).map(|(advantage, moment)| advantage + moment.value));
            steps.values.extend(moments.iter().map(|moment| moment.value));
            steps.advantages.extend(advantages.iter().map(|advantage| *advantage as f32));
            steps.observations.extend_from_slice(&episode.observations);
            steps.allowed.extend_from_slice(&episode.allowed);
            steps.actions.extend_from_slice(&episode.actions);
        }
        steps
    }

    /// One step of the policy: the gradient's length and the mean entropy.
    fn learn_policy(&mut self, steps: &mut Steps, rate: f64) -> (f64, f64) {
        normalize(&mut steps.advantages);
        let (count, actions) = (steps.actions.len(), self.lanes.actions());
        let mut logits = self.networks.actor.forward(&steps.observations, &mut self.tapes.actor).to_vec();
        let mut slopes = vec![0.0; actions];
        let mut entropy = 0.0;
        for (row, action) in steps.actions.iter().enumerate() {
            let logits = &mut logits[row * actions..][..actions];
            categorical::log_softmax(logits, &steps.allowed[row * actions..][..actions]);
            let weight = -steps.advantages[row] / count as f32;
            let bonus = -self.settings.entropy / count as f32;
            entropy += f64::from(categorical::pull_back(logits, *action, weight, bonus, &mut slopes));
            logits.copy_from_slice(&slopes);
        }
        let length = self.networks.descend_actor(&logits, &mut self.tapes, rate as f32, self.settings.gradient);
        (f64::from(length), entropy / count as f64)
    }

    /// Passes of the baseline; the mean loss of the last.
    fn learn_values(&mut self, steps: &Steps, rate: f64) -> f64 {
        let size = self.lanes.size();
        let mut order: Vec<usize> = (0..steps.actions.len()).collect();
        let mut loss = 0.0;
        for _ in 0..self.settings.value_epochs {
            order.shuffle(&mut self.rng);
            loss = 0.0;
            for part in order.chunks(self.settings.value_batch) {
                let rows: Vec<f32> =
                    part.iter().flat_map(|at| &steps.observations[at * size..][..size]).copied().collect();
                let values = self.networks.critic.forward(&rows, &mut self.tapes.critic);
                let errors = values.iter().zip(part).map(|(value, at)| value - steps.returns[*at] as f32);
                let errors: Vec<f32> = errors.collect();
                loss += errors.iter().map(|error| 0.5 * f64::from(error * error)).sum::<f64>();
                let slopes: Vec<f32> = errors.iter().map(|error| error / part.len() as f32).collect();
                self.networks.descend_critic(&slopes, &mut self.tapes, rate as f32, self.settings.gradient);
            }
        }
        loss / steps.actions.len() as f64
    }
}

impl Learner for Reinforce {
    fn advance(&mut self) -> Health {
        let left = (1.0 - self.lanes.steps as f64 / self.planned as f64).max(0.0);
        (0..self.lanes.count()).for_each(|lane| self.lanes.reset(lane));
        let episodes = play(&mut self.lanes, &self.networks.actor, &mut self.tapes, &mut self.rng);
        let mut steps = self.estimate(&episodes);
        let (length, entropy) = self.learn_policy(&mut steps, self.settings.rate * left);
        let value_loss = self.learn_values(&steps, self.settings.value_rate);
        Health {
            steps: self.lanes.steps,
            entropy: Some(entropy),
            gradient_norm: Some(length),
            value_loss: Some(value_loss),
            explained_variance: Some(explained_variance(&steps.values, &steps.returns)),
            ..Health::default()
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
