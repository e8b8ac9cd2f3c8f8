//! `warm_start`: behaviour cloning on what the training cases expect. The baseline that learning by reward must beat.

use super::{Algorithm, Means, Report, Run};
use crate::{
    environment::Environment,
    learner::StepSize,
    parameters::{integer, number},
    surrogate::{PART, imitate, weighted},
};
use policy::Network;
use rand::seq::SliceRandom;
use types::{Error, ExtensionSpec, ParameterSpec};

/// The algorithm.
pub struct WarmStart;

impl Algorithm for WarmStart {
    fn spec(&self) -> ExtensionSpec {
        ExtensionSpec {
            name: "warm_start".into(),
            label: "Supervised warm start".into(),
            description:
                "Imitates the expected calls and the replies that satisfy each case's checks. Needs cases with \
                          expected arguments."
                    .into(),
            parameters: parameters(),
        }
    }

    fn episode(&self, mut run: Run<'_>, episode: u32) -> Result<Report, Error> {
        let left = 1.0 - f64::from(episode) / f64::from(run.episodes.max(1));
        show(&mut run, left)
    }
}

/// Parameters of the imitation, also part of those of `reinforce`.
pub fn parameters() -> Vec<ParameterSpec> {
    vec![
        number(
            "warm_start_learning_rate",
            "Warm start: learning rate",
            "First step size of Adam while imitating; it falls to nothing by the last such episode.",
            (1e-6, 0.1, 0.003),
        ),
        integer(
            "warm_start_passes",
            "Warm start: passes",
            "How often each case is imitated in one episode, said in other words each time.",
            (1, 100, 2),
        ),
        number(
            "augmentation",
            "Other words",
            "How much of what is shown is said in other words (other names and numbers, polite words, misspellings, hidden \
             words): 0 shows it as it stands, 1 changes most of it.",
            (0.0, 1.0, 1.0),
        ),
        integer("batch_size", "Batch size", "Decisions imitated in one update.", (1, 1024, 32)),
        number(
            "gradient_norm_max",
            "Gradient clip",
            "Gradients with a greater global norm are scaled down to it.",
            (0.01, 1000.0, 1.0),
        ),
    ]
}

/// One episode of the warm start: every case played once, so that its reward is known, and imitated. The step size falls
/// with `left`, the share of the imitation that is left.
pub fn show(run: &mut Run<'_>, left: f64) -> Result<Report, Error> {
    let policy = run.learner.policy().clone();
    for task in 0..run.environment.task_count() {
        run.environment.rollout(&policy, task, run.rng)?;
    }
    let learning_rate = run.parameters.number("warm_start_learning_rate") * left.clamp(0.05, 1.0);
    imitate_all(run, run.parameters.count("warm_start_passes"), learning_rate)
}

/// Imitates every case `passes` times, in other words each time.
pub fn imitate_all(run: &mut Run<'_>, passes: usize, learning_rate: f64) -> Result<Report, Error> {
    let size = StepSize { learning_rate, gradient_norm_max: run.parameters.number("gradient_norm_max") };
    let mut means = Means::default();
    let mut alerts = Vec::new();
    let batch_size = run.parameters.count("batch_size").max(1);
    for _ in 0..passes {
        let mut order: Vec<usize> = (0..run.demonstrations.len()).collect();
        order.shuffle(run.rng);
        let mut left = order.into_iter();
        let mut shown = Vec::new();
        while let Some(next) = left.next() {
            shown.extend(run.augmenter.say_again(&run.demonstrations[next], run.rng));
            if shown.len() < batch_size && left.len() > 0 {
                continue;
            }
            run.environment.check_cancelled()?;
            let decisions = imitate(&shown);
            let parts: Vec<_> = decisions.chunks(PART).collect();
            let loss = |policy: &Network, part: usize| weighted(policy, parts[part], 0.0);
            match run.learner.update(parts.len(), loss, size) {
                Some(update) => {
                    means.add("loss/warm_start", update.loss);
                    means.add("policy/gradient_norm", update.gradient_norm);
                }
                None => alerts.push("a warm start update was not finite and was left out".to_owned()),
            }
            shown.clear();
        }
    }
    Ok(Report { series: means.into_series(), alerts })
}
