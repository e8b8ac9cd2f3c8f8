//! Two networks with one optimiser: one decides, one foresees the return.

use crate::{
    categorical,
    estimators::clip_length,
    mlp::{Activation, Adam, Mlp, Moments, Tape},
};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// Policy and values, with what the optimiser remembers.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ActorCritic {
    /// Logits of the actions.
    pub actor: Mlp,
    /// `V(s)`.
    pub critic: Mlp,
    actor_moments: Moments,
    critic_moments: Moments,
}

/// Room of both networks.
#[derive(Clone, Default, Debug)]
pub struct Tapes {
    /// Of the actor.
    pub actor: Tape,
    /// Of the critic.
    pub critic: Tape,
    actor_gradient: Vec<f32>,
    critic_gradient: Vec<f32>,
}

const ADAM: Adam = Adam { epsilon: 1e-5 };

impl ActorCritic {
    /// Two hidden layers each; the actor begins almost uniform.
    pub fn new(observation: usize, actions: usize, hidden: usize, rng: &mut ChaCha8Rng) -> Self {
        Self {
            actor: Mlp::new(&[observation, hidden, hidden, actions], Activation::Tanh, 0.01, rng),
            critic: Mlp::new(&[observation, hidden, hidden, 1], Activation::Tanh, 1.0, rng),
            actor_moments: Moments::default(),
            critic_moments: Moments::default(),
        }
    }

    /// Steps both against slopes by their last outputs; the length of the gradient before it was shortened.
    pub fn descend(&mut self, logits: &[f32], values: &[f32], tapes: &mut Tapes, rate: f32, most: f32) -> f32 {
        self.actor.backward(logits, &mut tapes.actor, &mut tapes.actor_gradient);
        self.critic.backward(values, &mut tapes.critic, &mut tapes.critic_gradient);
        let length = clip_length(&mut [&mut tapes.actor_gradient, &mut tapes.critic_gradient], most);
        ADAM.step(&mut self.actor.parameters, &tapes.actor_gradient, rate, &mut self.actor_moments);
        ADAM.step(&mut self.critic.parameters, &tapes.critic_gradient, rate, &mut self.critic_moments);
        length
    }

    /// Steps the actor alone.
    pub fn descend_actor(&mut self, logits: &[f32], tapes: &mut Tapes, rate: f32, most: f32) -> f32 {
        self.actor.backward(logits, &mut tapes.actor, &mut tapes.actor_gradient);
        let length = clip_length(&mut [&mut tapes.actor_gradient], most);
        ADAM.step(&mut self.actor.parameters, &tapes.actor_gradient, rate, &mut self.actor_moments);
        length
    }

    /// Steps the critic alone.
    pub fn descend_critic(&mut self, values: &[f32], tapes: &mut Tapes, rate: f32, most: f32) -> f32 {
        self.critic.backward(values, &mut tapes.critic, &mut tapes.critic_gradient);
        let length = clip_length(&mut [&mut tapes.critic_gradient], most);
        ADAM.step(&mut self.critic.parameters, &tapes.critic_gradient, rate, &mut self.critic_moments);
        length
    }
}

/// Draws an action from logits: the action and its log-probability.
pub fn draw(logits: &[f32], allowed: &[bool], scratch: &mut Vec<f32>, rng: &mut ChaCha8Rng) -> (usize, f32) {
    scratch.clear();
    scratch.extend_from_slice(logits);
    categorical::log_softmax(scratch, allowed);
    let action = categorical::choose(scratch, rng.random());
    (action, scratch[action])
}
