//! A pole on a cart, to be kept upright by pushing left or right.

use crate::stepwise::{Environment, Transition};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

const GRAVITY: f64 = 9.8;
const POLE_MASS: f64 = 0.1;
const TOTAL_MASS: f64 = 1.1;
const HALF_LENGTH: f64 = 0.5;
const POLE_MOMENT: f64 = POLE_MASS * HALF_LENGTH;
const FORCE: f64 = 10.0;
/// Seconds of a step.
const TAU: f64 = 0.02;
const ANGLE_MAX: f64 = 12.0 * 2.0 * std::f64::consts::PI / 360.0;
const POSITION_MAX: f64 = 2.4;
const STEPS_MAX: u32 = 500;

/// CartPole-v1: +1 for every step, ended by a fallen pole or the edge, cut off after 500 steps.
///
/// # Source
/// Gymnasium, `envs/classic_control/cartpole.py` (Euler integration) and its registration; Barto, Sutton and Anderson,
/// "Neuronlike adaptive elements that can solve difficult learning control problems" (1983).
#[derive(Clone, Default, Debug)]
pub struct CartPole {
    /// Position, speed, angle, angular speed.
    state: [f64; 4],
    elapsed: u32,
}

impl Environment for CartPole {
    fn observation_size(&self) -> usize {
        4
    }

    fn action_count(&self) -> usize {
        2
    }

    fn reset(&mut self, rng: &mut ChaCha8Rng) {
        self.state = std::array::from_fn(|_| rng.random_range(-0.05..0.05));
        self.elapsed = 0;
    }

    fn step(&mut self, action: usize, _: &mut ChaCha8Rng) -> Transition {
        let [position, speed, angle, turning] = self.state;
        let force = if action == 1 { FORCE } else { -FORCE };
        let (sine, cosine) = angle.sin_cos();
        let push = (force + POLE_MOMENT * (turning * turning) * sine) / TOTAL_MASS;
        let inertia = HALF_LENGTH * (4.0 / 3.0 - POLE_MASS * (cosine * cosine) / TOTAL_MASS);
        let turn = (GRAVITY * sine - cosine * push) / inertia;
        let acceleration = push - POLE_MOMENT * turn * cosine / TOTAL_MASS;
        self.state = [position + TAU * speed, speed + TAU * acceleration, angle + TAU * turning, turning + TAU * turn];
        self.elapsed += 1;
        let terminated = self.state[0].abs() > POSITION_MAX || self.state[2].abs() > ANGLE_MAX;
        Transition { reward: 1.0, terminated, truncated: self.elapsed >= STEPS_MAX }
    }

    fn observe(&self, observation: &mut [f32]) {
        observation.iter_mut().zip(self.state).for_each(|(to, from)| *to = from as f32);
    }

    fn state(&self) -> Vec<f64> {
        [self.state.as_slice(), &[f64::from(self.elapsed)]].concat()
    }

    fn restore(&mut self, state: &[f64]) {
        self.state.iter_mut().zip(state).for_each(|(to, from)| *to = *from);
        self.elapsed = state.get(4).map_or(0, |steps| *steps as u32);
    }
}
