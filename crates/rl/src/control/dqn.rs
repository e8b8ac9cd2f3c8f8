//! Deep Q-learning, with two networks against overestimation.

use super::{
    Health, Learner, from_bytes,
    replay::{Drawn, Replay, Seen},
    to_bytes,
};
use crate::{
    categorical::best,
    estimators::{clip_length, huber, td_target},
    mlp::{Activation, Adam, Mlp, Moments, Tape},
    stepwise::{Lanes, Make, SavedLanes},
};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use types::Error;

/// How DQN learns.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Settings {
    /// Width of both hidden layers.
    pub hidden: usize,
    /// Rate at the beginning; it falls to 0 over the run.
    pub rate: f64,
    /// Discount.
    pub gamma: f64,
    /// Steps that are remembered.
    pub replay: usize,
    /// Steps of an update.
    pub batch: usize,
    /// Steps before the first update.
    pub first: u64,
    /// Steps between updates.
    pub every: u64,
    /// Steps between copies of the network to its target.
    pub copy: u64,
    /// Chance of a random action at the end.
    pub explore: f64,
    /// Part of the run over which that chance falls from 1.
    pub exploring: f64,
    /// Longest gradient.
    pub gradient: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            hidden: 64,
            rate: 5e-4,
            gamma: 0.99,
            replay: 10_000,
            batch: 128,
            first: 1_000,
            every: 4,
            copy: 500,
            explore: 0.05,
            exploring: 0.5,
            gradient: 10.0,
        }
    }
}

const ADAM: Adam = Adam { epsilon: 1e-8 };

/// DQN at work.
pub struct Dqn {
    settings: Settings,
    planned: u64,
    lanes: Lanes,
    network: Mlp,
    target: Mlp,
    moments: Moments,
    replay: Replay,
    rng: ChaCha8Rng,
    tape: Tape,
    target_tape: Tape,
    drawn: Drawn,
    gradient: Vec<f32>,
}

impl Dqn {
    /// Ready to begin.
    pub fn new(make: Make, seed: u64, planned: u64, settings: Settings) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let lanes = Lanes::new(make, 1, seed);
        let sizes = [lanes.size(), settings.hidden, settings.hidden, lanes.actions()];
        let network = Mlp::new(&sizes, Activation::Tanh, 1.0, &mut rng);
        Self {
            settings,
            planned,
            lanes,
            target: network.clone(),
            network,
            moments: Moments::default(),
            replay: Replay::new(settings.replay),
            rng,
            tape: Tape::default(),
            target_tape: Tape::default(),
            drawn: Drawn::default(),
            gradient: Vec::new(),
        }
    }

    /// Chance of a random action now.
    fn exploration(&self) -> f64 {
        let part = self.lanes.steps as f64 / (self.planned as f64 * self.settings.exploring);
        1.0 - (1.0 - self.settings.explore) * part.min(1.0)
    }

    fn act(&mut self) {
        let explore = self.rng.random_bool(self.exploration());
        let action = if explore {
            let possible: Vec<usize> = (0..self.lanes.actions()).filter(|at| self.lanes.allowed(0)[*at]).collect();
            possible[self.rng.random_range(0..possible.len())]
        } else {
            best(self.network.forward(&self.lanes.observations, &mut self.tape), self.lanes.allowed(0))
        };
        let observation = self.lanes.observations.clone();
        let transition = self.lanes.step(0, action);
        let following = if transition.ended() { self.lanes.last(0) } else { self.lanes.observation(0) };
        let allowed = self.lanes.allowed(0);
        let (reward, terminated) = (transition.reward, transition.terminated);
        self.replay.push(Seen { observation: &observation, action, reward, following, allowed, terminated });
    }

    /// `(1 − γ) r + γ (1 − terminated) Q_target(s', argmax Q(s', ·))` of what was drawn.
    ///
    /// The factor makes values means of rewards instead of sums, so that errors stay below Huber's threshold. Above it
    /// the loss seeks the median, to which the few steps that end an episode mean nothing: values then grow without end.
    fn targets(&mut self) -> Vec<f32> {
        let actions = self.lanes.actions();
        let Self { settings, network, target, tape, target_tape, drawn, .. } = self;
        let own = network.forward(&drawn.following, tape);
        let judged = target.forward(&drawn.following, target_tape);
        let of = |row: usize| {
            let range = row * actions..(row + 1) * actions;
            let chosen = best(&own[range.clone()], &drawn.allowed[range.clone()]);
            let next = f64::from(judged[range][chosen]);
            let reward = (1.0 - settings.gamma) * f64::from(drawn.rewards[row]);
            td_target(reward, settings.gamma, drawn.terminated[row], next) as f32
        };
        (0..drawn.actions.len()).map(of).collect()
    }

    /// One update: its mean loss and the gradient's length.
    fn learn(&mut self) -> (f64, f64) {
        let left = (1.0 - self.lanes.steps as f64 / self.planned as f64).max(0.0);
        self.replay.draw(self.settings.batch, &mut self.rng, &mut self.drawn);
        let targets = self.targets();
        let actions = self.lanes.actions();
        let values = self.network.forward(&self.drawn.observations, &mut self.tape);
        let (mut slopes, mut sum) = (vec![0.0; values.len()], 0.0);
        for (row, (action, target)) in self.drawn.actions.iter().zip(&targets).enumerate() {
            let (loss, slope) = huber(values[row * actions + action] - target);
            slopes[row * actions + action] = slope / targets.len() as f32;
            sum += f64::from(loss);
        }
        self.network.backward(&slopes, &mut self.tape, &mut self.gradient);
        let length = clip_length(&mut [&mut self.gradient], self.settings.gradient);
        let rate = (self.settings.rate * left) as f32;
        ADAM.step(&mut self.network.parameters, &self.gradient, rate, &mut self.moments);
        (sum / targets.len() as f64, f64::from(length))
    }
}

impl Learner for Dqn {
    /// One round of `copy` steps, so that the target changes between rounds.
    fn advance(&mut self) -> Health {
        let mut learned = None;
        for _ in 0..self.settings.copy {
            self.act();
            let enough = self.replay.len() as u64 >= self.settings.first;
            if enough && self.lanes.steps.is_multiple_of(self.settings.every) {
                learned = Some(self.learn());
            }
        }
        self.target.parameters.copy_from_slice(&self.network.parameters);
        Health {
            steps: self.lanes.steps,
            value_loss: learned.map(|(loss, _)| loss),
            gradient_norm: learned.map(|(_, length)| length),
            ..Health::default()
        }
    }

    fn lanes(&self) -> &Lanes {
        &self.lanes
    }

    fn policy(&self) -> &Mlp {
        &self.network
    }

    fn save(&self) -> Vec<u8> {
        to_bytes(&(&self.network, &self.target, &self.moments, &self.replay, &self.rng, self.lanes.save()))
    }

    fn restore(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let (network, target, moments, replay, rng, lanes): (_, _, _, _, _, SavedLanes) = from_bytes(bytes)?;
        self.lanes.restore(lanes)?;
        (self.network, self.target, self.moments) = (network, target, moments);
        (self.replay, self.rng) = (replay, rng);
        Ok(())
    }
}
