//! `reinforce`: a few episodes of warm start, then the policy gradient of the recorded reward.
//!
//! # Source
//! Williams (1992), with the leave-one-out baseline of Kool et al. (2019). Differs: Adam instead of plain ascent, an
//! entropy bonus, and a global gradient clip.

use super::{Algorithm, Means, Report, Run, warm_start};
use crate::{
    environment::{End, Environment, RolloutOf},
    learner::{Learner, StepSize},
    parameters::{integer, number},
    surrogate::{PART, leave_one_out, reinforce, weighted},
    trainable::Policy,
};
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use types::{Error, ExtensionSpec, ParameterSpec};

/// The algorithm.
pub struct Reinforce;

/// How the policy gradient is taken.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Settings {
    /// Rollouts of each task.
    pub rollouts: usize,
    /// Tasks played before an update.
    pub tasks_per_update: usize,
    /// Weight of the entropy bonus.
    pub entropy_weight: f64,
    /// How far an update goes.
    pub size: StepSize,
}

/// What can be set of learning by reward.
fn parameters() -> [ParameterSpec; 6] {
    [
        integer(
            "warm_start_episodes",
            "Warm start: episodes",
            "Episodes of imitation before learning by reward; 0 learns by reward alone.",
            (0, 10_000, 20),
        ),
        number(
            "learning_rate",
            "Learning rate",
            "First step size of Adam while learning by reward; it falls to nothing by the last episode.",
            (1e-6, 0.1, 0.0003),
        ),
        integer(
            "imitation_passes",
            "Imitation beside",
            "How often each case is imitated in an episode of learning by reward, so that what was shown is kept.",
            (0, 100, 1),
        ),
        integer(
            "rollouts",
            "Rollouts a case",
            "How often each case is played in an episode; each is compared with the others of its case.",
            (1, 64, 4),
        ),
        integer("tasks_per_update", "Cases an update", "Cases played before each update.", (1, 1024, 32)),
        number(
            "entropy_weight",
            "Entropy bonus",
            "How much keeping other choices open is worth, so that exploration does not die early.",
            (0.0, 1.0, 0.003),
        ),
    ]
}

impl Algorithm for Reinforce {
    fn spec(&self) -> ExtensionSpec {
        let mut parameters = parameters().to_vec();
        parameters.extend(warm_start::parameters());
        ExtensionSpec {
            name: "reinforce".into(),
            label: "REINFORCE".into(),
            description:
                "After a short warm start, plays every case several times, and makes what earned more than the \
                          other tries of the same case more probable."
                    .into(),
            parameters,
        }
    }

    fn episode(&self, mut run: Run<'_>, episode: u32) -> Result<Report, Error> {
        let warm_start_episodes = run.parameters.count("warm_start_episodes");
        if (episode as usize) < warm_start_episodes {
            return warm_start::show(&mut run, 1.0 - f64::from(episode) / warm_start_episodes as f64);
        }
        let left = f64::from(run.episodes.saturating_sub(episode))
            / (run.episodes as f64 - warm_start_episodes as f64).max(1.0);
        let settings = Settings {
            rollouts: run.parameters.count("rollouts"),
            tasks_per_update: run.parameters.count("tasks_per_update"),
            entropy_weight: run.parameters.number("entropy_weight"),
            size: StepSize {
                learning_rate: run.parameters.number("learning_rate") * left.clamp(0.05, 1.0),
                gradient_norm_max: run.parameters.number("gradient_norm_max"),
            },
        };
        let mut report = policy_gradient(run.learner, run.environment, settings, run.rng)?;
        // What was shown is not to be forgotten meanwhile.
        let passes = run.parameters.count("imitation_passes");
        let shown = warm_start::imitate_all(&mut run, passes, settings.size.learning_rate)?;
        report
            .series
            .entry("loss/warm_start".to_owned())
            .or_insert_with(|| shown.series.get("loss/warm_start").copied().unwrap_or(f64::NAN));
        report.alerts.extend(shown.alerts);
        Ok(report)
    }
}

/// One pass over all tasks: plays each, and follows the policy gradient after every `tasks_per_update` of them.
///
/// # Errors
/// `Cancelled`, or a fault of the environment.
pub fn policy_gradient<P: Policy, E: Environment<P>>(
    learner: &mut Learner<P>,
    environment: &E,
    settings: Settings,
    rng: &mut ChaCha8Rng,
) -> Result<Report, Error> {
    let mut tasks: Vec<usize> = (0..environment.task_count()).collect();
    tasks.shuffle(rng);
    let mut means = Means::default();
    let mut alerts = Vec::new();
    // A single rollout has no others: it is compared with what tasks earned so far in this pass.
    let (mut earned, mut played) = (0.0, 0.0);
    for chunk in tasks.chunks(settings.tasks_per_update.max(1)) {
        let policy = learner.policy().clone();
        let mut judged = Vec::new();
        for task in chunk {
            let group = play_group(&policy, environment, *task, settings.rollouts, rng)?;
            let rewards: Vec<f64> = group.iter().map(|rollout| rollout.reward).collect();
            let baseline = if played > 0.0 { earned / played } else { 0.0 };
            earned += rewards.iter().sum::<f64>();
            played += rewards.len() as f64;
            let spread = rewards.iter().any(|reward| *reward != rewards[0]);
            means.add("policy/zero_spread_groups", if spread { 0.0 } else { 1.0 });
            judged.extend(group.into_iter().zip(leave_one_out(&rewards, baseline)));
        }
        follow(learner, &judged, settings, (&mut means, &mut alerts));
    }
    Ok(Report { series: means.into_series(), alerts })
}

fn play_group<P: Policy, E: Environment<P>>(
    policy: &P,
    environment: &E,
    task: usize,
    rollouts: usize,
    rng: &mut ChaCha8Rng,
) -> Result<Vec<RolloutOf<P>>, Error> {
    (0..rollouts.max(1)).map(|_| environment.rollout(policy, task, rng)).collect()
}

/// One update from judged rollouts. Those without an advantage have no gradient and are left out of the pass.
fn follow<P: Policy>(
    learner: &mut Learner<P>,
    judged: &[(RolloutOf<P>, f64)],
    settings: Settings,
    (means, alerts): (&mut Means, &mut Vec<String>),
) {
    for (rollout, _) in judged {
        means.add("rollout/steps", rollout.steps.len() as f64);
        means.add("rollout/truncated", if rollout.end == End::Truncated { 1.0 } else { 0.0 });
        for step in &rollout.steps {
            // −log π(a|s), averaged over what the policy itself did, estimates the entropy without bias.
            means.add("policy/entropy", -f64::from(step.log_prob));
        }
    }
    let useful: Vec<_> = judged
        .iter()
        .filter(|(rollout, advantage)| *advantage != 0.0 && !rollout.steps.is_empty())
        .map(|(rollout, advantage)| (rollout, *advantage))
        .collect();
    if useful.is_empty() {
        return;
    }
    // The mean is over all rollouts of the update, those without a gradient included.
    let share = useful.len() as f64 / judged.len() as f64;
    let mut decisions = reinforce::<P>(&useful);
    decisions.iter_mut().for_each(|(.., weight)| *weight *= share);
    let entropy_weight = settings.entropy_weight * share / decisions.len() as f64;
    let parts: Vec<_> = decisions.chunks(PART).collect();
    let loss = |policy: &P, part: usize| weighted(policy, parts[part], entropy_weight);
    match learner.update(parts.len(), loss, settings.size) {
        Some(update) => {
            means.add("loss/policy", update.loss);
            means.add("policy/gradient_norm", update.gradient_norm);
        }
        None => alerts.push("a policy gradient was not finite and was left out".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::{Rollout, Step};
    use burn::tensor::{Device, Int, Tensor, TensorData, activation::log_softmax};
    use policy::Evaluated;
    use rand::{Rng, SeedableRng};

    /// One choice between two arms; nothing is seen.
    #[derive(Clone)]
    struct Arms(Vec<Tensor<2>>);

    impl Arms {
        fn even() -> Self {
            Self(vec![Tensor::zeros([1, 2], &Device::flex())])
        }

        fn probability(&self, arm: usize) -> f32 {
            log_softmax(self.0[0].clone(), 1).exp().try_into_vec_as::<f32>().unwrap()[arm]
        }
    }

    impl Policy for Arms {
        type Observation = ();
        type Action = usize;

        fn with_weights(&self, weights: Vec<Tensor<2>>) -> Self {
            Self(weights)
        }

        fn weights(&self) -> &[Tensor<2>] {
            &self.0
        }

        fn evaluate(&self, decisions: &[(&(), &usize)]) -> Evaluated {
            let arms: Vec<i32> = decisions.iter().map(|(_, arm)| **arm as i32).collect();
            let count = arms.len();
            let arms = Tensor::<2, Int>::from_data(TensorData::new(arms, [count, 1]), &Device::flex());
            let log_probs = log_softmax(self.0[0].clone(), 1).repeat_dim(0, count);
            let entropy = (log_probs.clone().exp() * log_probs.clone()).sum_dim(1).reshape([count]).neg();
            Evaluated { log_prob: log_probs.gather(1, arms).reshape([count]), entropy }
        }
    }

    /// The second arm pays 1 and the first nothing, or chance pays whatever the arm.
    enum Bandit {
        SecondPays,
        ChancePays,
    }

    impl Environment<Arms> for Bandit {
        fn task_count(&self) -> usize {
            8
        }

        fn rollout(&self, policy: &Arms, _task: usize, rng: &mut ChaCha8Rng) -> Result<RolloutOf<Arms>, Error> {
            let arm = usize::from(rng.random::<f32>() >= policy.probability(0));
            let reward = match self {
                Self::SecondPays => arm as f64,
                Self::ChancePays => f64::from(u8::from(rng.random_bool(0.5))),
            };
            let step = Step { observation: (), action: arm, log_prob: policy.probability(arm).ln() };
            Ok(Rollout { steps: vec![step], reward, end: End::Terminated })
        }
    }

    fn learned(bandit: &Bandit, seed: u64, episodes: u32) -> f32 {
        let size = StepSize { learning_rate: 0.05, gradient_norm_max: 1.0 };
        let settings = Settings { rollouts: 4, tasks_per_update: 8, entropy_weight: 0.0, size };
        let mut learner = Learner::new(Arms::even());
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        for _ in 0..episodes {
            policy_gradient(&mut learner, bandit, settings, &mut rng).unwrap();
        }
        learner.policy().probability(1)
    }

    #[test]
    fn the_arm_that_pays_is_found() {
        for seed in 0..5 {
            let probability = learned(&Bandit::SecondPays, seed, 60);
            assert!(probability > 0.95, "seed {seed}: {probability}");
        }
    }

    #[test]
    fn rewards_of_chance_teach_nothing() {
        let mean = (0..8).map(|seed| learned(&Bandit::ChancePays, seed, 60)).sum::<f32>() / 8.0;
        assert!((0.2..0.8).contains(&mean), "{mean}");
    }

    #[test]
    fn the_gradient_is_that_of_the_expected_reward() {
        // θ = (0, ln 3): π = (1/4, 3/4). r = (1, 0): J = 1/4.
        // dJ/dθ_a = π(a)(r_a − J): 1/4 · 3/4 = 0.1875 and 3/4 · (−1/4) = −0.1875.
        let device = Device::flex();
        let theta = Tensor::<2>::from_data([[0.0, 3.0_f32.ln()]], &device).autodiff().require_grad();
        let arms = Arms(vec![theta.clone()]);
        let rollout = |arm, reward| Rollout {
            steps: vec![Step { observation: (), action: arm, log_prob: 0.0 }],
            reward,
            end: End::Terminated,
        };
        let (first, second) = (rollout(0, 1.0), rollout(1, 0.0));
        // Each arm weighted by its probability, times 2 because the loss is a mean over two rollouts.
        let judged = [(&first, 0.25 * 2.0), (&second, 0.0)];
        let gradients = weighted(&arms, &reinforce::<Arms>(&judged), 0.0).backward();
        let gradient: Vec<f32> = theta.grad(&gradients).unwrap().try_into_vec_as().unwrap();
        for (got, expected) in gradient.iter().zip([-0.1875, 0.1875]) {
            assert!((got - expected).abs() < 1e-6, "{gradient:?}");
        }
    }

    #[test]
    fn a_loss_that_is_not_finite_changes_nothing() {
        let size = StepSize { learning_rate: 0.05, gradient_norm_max: 1.0 };
        let mut learner = Learner::new(Arms::even());
        let nan = |arms: &Arms, _| arms.weights()[0].clone().sum().mul_scalar(f32::NAN);
        assert_eq!(learner.update(1, nan, size), None);
        assert_eq!(learner.policy().probability(0), 0.5);
    }

    #[test]
    fn a_learner_goes_on_from_its_saved_state_bit_for_bit() {
        let size = StepSize { learning_rate: 0.05, gradient_norm_max: 1.0 };
        let step = |learner: &mut Learner<Arms>| {
            let loss = |arms: &Arms, _| (arms.weights()[0].clone() - 0.3).square().sum();
            learner.update(1, loss, size).unwrap();
        };
        let mut learner = Learner::new(Arms::even());
        step(&mut learner);
        let mut again = Learner::load(&Arms::even(), &learner.save()).unwrap();
        for _ in 0..3 {
            step(&mut learner);
            step(&mut again);
        }
        assert_eq!(learner.save(), again.save());
        assert!(Learner::load(&Arms::even(), b"else").is_err());
    }
}
