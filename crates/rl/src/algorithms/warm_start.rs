//! `warm_start`: behaviour cloning on what the training cases expect. The baseline that learning by reward must beat.

use super::{Algorithm, Means, Report, Run};
use crate::{
    environment::Environment,
    learner::StepSize,
    parameters::{integer, number},
    surrogate::imitate,
};
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
        measure(&mut run)?;
        let left = 1.0 - f64::from(episode) / f64::from(run.episodes.max(1));
        imitate_all(&mut run, left)
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
        integer("batch_size", "Batch size", "Decisions imitated in one update.", (1, 1024, 32)),
        number(
            "gradient_norm_max",
            "Gradient clip",
            "Gradients with a greater global norm are scaled down to it.",
            (0.01, 1000.0, 1.0),
        ),
    ]
}

/// Plays every case once, so that an episode of imitation shows its reward too.
pub fn measure(run: &mut Run<'_>) -> Result<(), Error> {
    let policy = run.learner.policy().clone();
    for task in 0..run.environment.task_count() {
        run.environment.rollout(&policy, task, run.rng)?;
    }
    Ok(())
}

/// One episode of imitation. The step size falls with `left`, the share of the imitation that is left.
pub fn imitate_all(run: &mut Run<'_>, left: f64) -> Result<Report, Error> {
    let size = StepSize {
        learning_rate: run.parameters.number("warm_start_learning_rate") * left.clamp(0.05, 1.0),
        gradient_norm_max: run.parameters.number("gradient_norm_max"),
    };
    let mut means = Means::default();
    let mut alerts = Vec::new();
    for _ in 0..run.parameters.count("warm_start_passes") {
        let mut shown: Vec<_> =
            run.demonstrations.iter().flat_map(|shown| run.augmenter.say_again(shown, run.rng)).collect();
        shown.shuffle(run.rng);
        for batch in shown.chunks(run.parameters.count("batch_size").max(1)) {
            run.environment.check_cancelled()?;
            let pairs: Vec<_> = batch.iter().map(|(state, action)| (state, action)).collect();
            match run.learner.update(|policy| imitate(policy, &pairs), size) {
                Some(update) => {
                    means.add("loss/warm_start", update.loss);
                    means.add("policy/gradient_norm", update.gradient_norm);
                }
                None => alerts.push("a warm start update was not finite and was left out".to_owned()),
            }
        }
    }
    Ok(Report { series: means.into_series(), alerts })
}
