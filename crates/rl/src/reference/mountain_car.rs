//! A car too weak for its hill: it has to swing.

use crate::stepwise::{Environment, Transition};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

const POSITION_MIN: f64 = -1.2;
const POSITION_MAX: f64 = 0.6;
const SPEED_MAX: f64 = 0.07;
const GOAL: f64 = 0.5;
const FORCE: f64 = 0.001;
const GRAVITY: f64 = 0.0025;
const STEPS_MAX: u32 = 200;

/// MountainCar-v0: −1 for every step until the goal, cut off after 200 steps.
///
/// # Source
/// Gymnasium, `envs/classic_control/mountain_car.py` and its registration; Moore, "Efficient memory-based learning for
/// robot control" (1990).
#[derive(Clone, Default, Debug)]
pub struct MountainCar {
    position: f64,
    speed: f64,
    elapsed: u32,
}

impl Environment for MountainCar {
    fn observation_size(&self) -> usize {
        2
    }

    fn action_count(&self) -> usize {
        3
    }

    fn reset(&mut self, rng: &mut ChaCha8Rng) {
        *self = Self { position: rng.random_range(-0.6..-0.4), speed: 0.0, elapsed: 0 };
    }

    fn step(&mut self, action: usize, _: &mut ChaCha8Rng) -> Transition {
        let speed = self.speed + ((action as f64 - 1.0) * FORCE + (3.0 * self.position).cos() * -GRAVITY);
        self.speed = speed.clamp(-SPEED_MAX, SPEED_MAX);
        self.position = (self.position + self.speed).clamp(POSITION_MIN, POSITION_MAX);
        if self.position <= POSITION_MIN && self.speed < 0.0 {
            self.speed = 0.0;
        }
        self.elapsed += 1;
        let terminated = self.position >= GOAL && self.speed >= 0.0;
        Transition { reward: -1.0, terminated, truncated: self.elapsed >= STEPS_MAX }
    }

    fn observe(&self, observation: &mut [f32]) {
        observation.copy_from_slice(&[self.position as f32, self.speed as f32]);
    }

    fn state(&self) -> Vec<f64> {
        vec![self.position, self.speed, f64::from(self.elapsed)]
    }

    fn restore(&mut self, state: &[f64]) {
        if let [position, speed, elapsed] = *state {
            *self = Self { position, speed, elapsed: elapsed as u32 };
        }
    }
}
