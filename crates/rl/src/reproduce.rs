//! A whole run on a reference environment, as the figures that are published for it.

pub use crate::control::Health;

use crate::{
    control::{LEARNERS, greedy_totals},
    reference::ENVIRONMENTS,
};
use serde::Serialize;
use types::Error;

/// Episodes that a mean is taken over.
const WINDOW: usize = 100;
/// Mean return that counts as solved on CartPole-v1.
const SOLVED: f64 = 475.0;

/// What a run came to.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Reproduced {
    /// Environment.
    pub env: String,
    /// Algorithm.
    pub algorithm: String,
    /// Of everything random.
    pub seed: u64,
    /// Steps of all environments side by side.
    pub steps: u64,
    /// Steps when the mean of the last 100 episodes was at least 475 for the first time.
    pub first_step_at_475: Option<u64>,
    /// Mean return of the last 100 episodes of training.
    pub last_100_mean: f64,
    /// Mean return of 100 episodes that take the best action of the final weights.
    pub greedy_mean: f64,
}

/// Names of the reference environments.
pub fn environments() -> Vec<&'static str> {
    ENVIRONMENTS.iter().map(|(name, _)| *name).collect()
}

/// Names of the algorithms.
pub fn algorithms() -> Vec<&'static str> {
    LEARNERS.iter().map(|(name, _)| *name).collect()
}

fn found<T: Copy>(registry: &[(&str, T)], name: &str, what: &str) -> Result<T, Error> {
    let names = || registry.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let entry = registry.iter().find(|(known, _)| *known == name);
    entry.map(|(_, value)| *value).ok_or_else(|| Error::Invalid(format!("no {what} `{name}`; there are {}", names())))
}

/// Trains an algorithm on a reference environment for at least `steps` steps, telling `report` how each update went.
///
/// # Errors
/// Names that are not registered, and no steps.
pub fn reproduce(
    env: &str,
    algorithm: &str,
    seed: u64,
    steps: u64,
    report: &mut dyn FnMut(&Health),
) -> Result<Reproduced, Error> {
    let make = found(&ENVIRONMENTS, env, "reference environment")?;
    let make_learner = found(&LEARNERS, algorithm, "algorithm")?;
    if steps == 0 {
        return Err(Error::Invalid("a run takes at least one step".into()));
    }
    let mut learner = make_learner(make, seed, steps);
    while learner.lanes().steps < steps {
        report(&learner.advance());
    }
    let finished = &learner.lanes().finished;
    let mean = |totals: &[f64]| totals.iter().sum::<f64>() / totals.len() as f64;
    let totals: Vec<f64> = finished.iter().map(|episode| episode.total).collect();
    let solved = totals.windows(WINDOW).position(|window| mean(window) >= SOLVED);
    let greedy = greedy_totals(learner.policy(), make, seed ^ GREEDY, WINDOW);
    Ok(Reproduced {
        env: env.to_owned(),
        algorithm: algorithm.to_owned(),
        seed,
        steps: learner.lanes().steps,
        first_step_at_475: solved.map(|at| finished[at + WINDOW - 1].at),
        last_100_mean: mean(&totals[totals.len().saturating_sub(WINDOW)..]),
        greedy_mean: mean(&greedy),
    })
}

/// Makes the chances of the last look others than those of training.
const GREEDY: u64 = 0x5eed_0000_0000_0000;
