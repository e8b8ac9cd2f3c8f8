//! Two links that hang; only the joint between them has a motor.

use crate::stepwise::{Environment, Transition};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use std::f64::consts::PI;

/// Seconds of a step.
const STEP: f64 = 0.2;
const MASS: f64 = 1.0;
const LENGTH: f64 = 1.0;
const CENTRE: f64 = 0.5;
const MOMENT: f64 = 1.0;
const GRAVITY: f64 = 9.8;
const SPEED_1_MAX: f64 = 4.0 * PI;
const SPEED_2_MAX: f64 = 9.0 * PI;
const STEPS_MAX: u32 = 500;

/// Acrobot-v1: −1 for every step until the tip is one link above the joint, cut off after 500 steps.
///
/// # Source
/// Gymnasium, `envs/classic_control/acrobot.py` ("book" dynamics, no noise) and its registration; Sutton, "Generalization
/// in reinforcement learning" (1996).
#[derive(Clone, Default, Debug)]
pub struct Acrobot {
    /// Angle of each link, then its speed.
    state: [f64; 4],
    elapsed: u32,
}

/// Derivatives of angles and speeds under a torque.
fn derivative([first, second, speed_1, speed_2]: [f64; 4], torque: f64) -> [f64; 4] {
    let (sine, cosine) = second.sin_cos();
    let coupling = MASS * LENGTH * CENTRE;
    let d1 = MASS * CENTRE.powi(2)
        + MASS * (LENGTH.powi(2) + CENTRE.powi(2) + 2.0 * LENGTH * CENTRE * cosine)
        + 2.0 * MOMENT;
    let d2 = MASS * (CENTRE.powi(2) + LENGTH * CENTRE * cosine) + MOMENT;
    let phi2 = MASS * CENTRE * GRAVITY * (first + second - PI / 2.0).cos();
    let phi1 = -coupling * speed_2.powi(2) * sine - 2.0 * coupling * speed_2 * speed_1 * sine
        + (MASS * CENTRE + MASS * LENGTH) * GRAVITY * (first - PI / 2.0).cos()
        + phi2;
    let turn_2 = (torque + d2 / d1 * phi1 - coupling * speed_1.powi(2) * sine - phi2)
        / (MASS * CENTRE.powi(2) + MOMENT - d2.powi(2) / d1);
    [speed_1, speed_2, -(d2 * turn_2 + phi1) / d1, turn_2]
}

/// One step of the classic Runge–Kutta method.
fn runge_kutta(state: [f64; 4], torque: f64) -> [f64; 4] {
    let moved = |by: [f64; 4], much: f64| std::array::from_fn(|at| state[at] + much * by[at]);
    let k1 = derivative(state, torque);
    let k2 = derivative(moved(k1, STEP / 2.0), torque);
    let k3 = derivative(moved(k2, STEP / 2.0), torque);
    let k4 = derivative(moved(k3, STEP), torque);
    std::array::from_fn(|at| state[at] + STEP / 6.0 * (k1[at] + 2.0 * k2[at] + 2.0 * k3[at] + k4[at]))
}

/// An angle between −π and π.
fn wrapped(mut angle: f64) -> f64 {
    while angle > PI {
        angle -= 2.0 * PI;
    }
    while angle < -PI {
        angle += 2.0 * PI;
    }
    angle
}

impl Environment for Acrobot {
    fn observation_size(&self) -> usize {
        6
    }

    fn action_count(&self) -> usize {
        3
    }

    fn reset(&mut self, rng: &mut ChaCha8Rng) {
        // Gymnasium keeps the first state in single precision.
        self.state = std::array::from_fn(|_| f64::from(rng.random_range(-0.1_f64..0.1) as f32));
        self.elapsed = 0;
    }

    fn step(&mut self, action: usize, _: &mut ChaCha8Rng) -> Transition {
        let [first, second, speed_1, speed_2] = runge_kutta(self.state, action as f64 - 1.0);
        self.state = [
            wrapped(first),
            wrapped(second),
            speed_1.clamp(-SPEED_1_MAX, SPEED_1_MAX),
            speed_2.clamp(-SPEED_2_MAX, SPEED_2_MAX),
        ];
        self.elapsed += 1;
        let terminated = -self.state[0].cos() - (self.state[1] + self.state[0]).cos() > 1.0;
        Transition { reward: if terminated { 0.0 } else { -1.0 }, terminated, truncated: self.elapsed >= STEPS_MAX }
    }

    fn observe(&self, observation: &mut [f32]) {
        let [first, second, speed_1, speed_2] = self.state;
        let seen = [first.cos(), first.sin(), second.cos(), second.sin(), speed_1, speed_2];
        observation.iter_mut().zip(seen).for_each(|(to, from)| *to = from as f32);
    }

    fn state(&self) -> Vec<f64> {
        [self.state.as_slice(), &[f64::from(self.elapsed)]].concat()
    }

    fn restore(&mut self, state: &[f64]) {
        self.state.iter_mut().zip(state).for_each(|(to, from)| *to = *from);
        self.elapsed = state.get(4).map_or(0, |steps| *steps as u32);
    }
}
