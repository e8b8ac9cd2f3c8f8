//! The same number of steps in every lane, with what the estimators need.

use super::actor::{ActorCritic, Tapes, draw};
use crate::{
    estimators::{Moment, generalized_advantages},
    stepwise::Lanes,
};
use rand_chacha::ChaCha8Rng;

/// Steps of all lanes: step after step, lane after lane within a step.
#[derive(Clone, Default, Debug)]
pub struct Rollout {
    /// Steps × lanes × size.
    pub observations: Vec<f32>,
    /// Steps × lanes × actions.
    pub allowed: Vec<bool>,
    /// What was done.
    pub actions: Vec<usize>,
    /// `log π(a|s)` then.
    pub log_probs: Vec<f32>,
    /// `V(s)` then.
    pub values: Vec<f32>,
    /// Advantage of each step.
    pub advantages: Vec<f32>,
    /// Advantage plus value: what the value should have been.
    pub returns: Vec<f32>,
    moments: Vec<Moment>,
    scratch: Vec<f32>,
}

impl Rollout {
    /// Acts `steps` times in every lane and estimates advantages.
    pub fn collect(
        &mut self,
        lanes: &mut Lanes,
        networks: &ActorCritic,
        tapes: &mut Tapes,
        rng: &mut ChaCha8Rng,
        steps: usize,
        (gamma, lambda): (f64, f64),
    ) {
        self.clear();
        for _ in 0..steps {
            self.observations.extend_from_slice(&lanes.observations);
            self.allowed.extend_from_slice(&lanes.allowed);
            let values = networks.critic.forward(&lanes.observations, &mut tapes.critic);
            self.values.extend_from_slice(values);
            networks.actor.forward(&lanes.observations, &mut tapes.actor);
            self.act(lanes, networks, tapes, rng);
        }
        let beyond = networks.critic.forward(&lanes.observations, &mut tapes.critic);
        self.estimate(beyond, lanes.count(), gamma, lambda);
    }

    fn clear(&mut self) {
        self.observations.clear();
        self.allowed.clear();
        self.actions.clear();
        self.log_probs.clear();
        self.values.clear();
        self.moments.clear();
    }

    fn act(&mut self, lanes: &mut Lanes, networks: &ActorCritic, tapes: &mut Tapes, rng: &mut ChaCha8Rng) {
        let first = self.values.len() - lanes.count();
        for lane in 0..lanes.count() {
            let logits = &tapes.actor.output()[lane * lanes.actions()..][..lanes.actions()];
            let (action, log_prob) = draw(logits, lanes.allowed(lane), &mut self.scratch, rng);
            let transition = lanes.step(lane, action);
            self.actions.push(action);
            self.log_probs.push(log_prob);
            // Where an episode was cut off, what would have come is foreseen from what was seen last.
            let cut = transition.truncated && !transition.terminated;
            let beyond = if cut { networks.critic.forward(lanes.last(lane), &mut tapes.critic)[0] } else { 0.0 };
            self.moments.push(Moment {
                reward: transition.reward,
                value: f64::from(self.values[first + lane]),
                next_value: f64::from(beyond),
                terminated: transition.terminated,
                ended: transition.ended(),
            });
        }
    }

    fn estimate(&mut self, beyond: &[f32], lanes: usize, gamma: f64, lambda: f64) {
        let count = self.moments.len();
        for at in 0..count {
            if !self.moments[at].ended {
                let next = if at + lanes < count { self.values[at + lanes] } else { beyond[at + lanes - count] };
                self.moments[at].next_value = f64::from(next);
            }
        }
        self.advantages.resize(count, 0.0);
        self.returns.resize(count, 0.0);
        for lane in 0..lanes {
            let own: Vec<Moment> = self.moments.iter().skip(lane).step_by(lanes).copied().collect();
            for (step, advantage) in generalized_advantages(&own, gamma, lambda).into_iter().enumerate() {
                let at = step * lanes + lane;
                self.advantages[at] = advantage as f32;
                self.returns[at] = (advantage + own[step].value) as f32;
            }
        }
    }
}
