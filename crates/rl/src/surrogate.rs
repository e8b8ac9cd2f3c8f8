//! The losses: what is minimised so that good decisions become more probable.

use crate::{environment::RolloutOf, trainable::Policy};
use burn::tensor::{Tensor, TensorData};

/// Advantage of each rollout of one task over the mean of the others: `A_i = r_i − mean(r_j, j ≠ i)`.
///
/// A rollout alone has no others; its advantage is `r − baseline`.
///
/// # Source
/// Kool et al., "Buy 4 REINFORCE samples, get a baseline for free" (2019), equation 8.
pub fn leave_one_out(rewards: &[f64], baseline: f64) -> Vec<f64> {
    let count = rewards.len() as f64;
    let sum: f64 = rewards.iter().sum();
    let others = |reward: f64| if rewards.len() > 1 { (sum - reward) / (count - 1.0) } else { baseline };
    rewards.iter().map(|reward| reward - others(*reward)).collect()
}

/// REINFORCE: `L = −Σ_i A_i Σ_t log π(a_t|s_t) / N − c · mean entropy`, over N rollouts. `∇L` is the policy gradient's
/// negative; the value of L itself means nothing.
///
/// # Source
/// Williams, "Simple statistical gradient-following algorithms" (1992).
pub fn reinforce<P: Policy>(policy: &P, rollouts: &[(&RolloutOf<P>, f64)], entropy_weight: f64) -> Tensor<1> {
    let steps =
        rollouts.iter().flat_map(|(rollout, advantage)| rollout.steps.iter().map(move |step| (step, advantage)));
    let decisions: Vec<_> = steps.clone().map(|(step, _)| (&step.observation, &step.action)).collect();
    let weights: Vec<f32> = steps.map(|(_, advantage)| (*advantage / rollouts.len() as f64) as f32).collect();
    let evaluated = policy.evaluate(&decisions);
    let weights = Tensor::<1>::from_data(TensorData::new(weights, [decisions.len()]), &evaluated.log_prob.device());
    (evaluated.log_prob * weights).sum().neg() - evaluated.entropy.mean().mul_scalar(entropy_weight)
}

/// Behaviour cloning: the mean of `−log π(a|s)` over shown decisions.
pub fn imitate<P: Policy>(policy: &P, shown: &[(&P::Observation, &P::Action)]) -> Tensor<1> {
    policy.evaluate(shown).log_prob.mean().neg()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rollout_is_compared_with_the_others() {
        // Others of the first: (0 + 0.5) / 2 = 0.25.
        assert_eq!(leave_one_out(&[1.0, 0.0, 0.5], 9.0), [0.75, -0.75, 0.0]);
        assert_eq!(leave_one_out(&[1.0], 0.25), [0.75]);
        assert_eq!(leave_one_out(&[0.5, 0.5], 0.0), [0.0, 0.0]);
    }
}
