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

/// Decisions of which a gradient is taken at a time: it bounds the memory of an update.
pub const PART: usize = 16;

/// A decision and the weight of its log-probability.
pub type Weighted<'a, P> = (&'a <P as Policy>::Observation, &'a <P as Policy>::Action, f64);

/// `L = −Σ_i w_i log π(a_i|s_i) − c · Σ_i entropy_i`.
pub fn weighted<P: Policy>(policy: &P, decisions: &[Weighted<'_, P>], entropy_weight: f64) -> Tensor<1> {
    let pairs: Vec<_> = decisions.iter().map(|(observation, action, _)| (*observation, *action)).collect();
    let weights: Vec<f32> = decisions.iter().map(|(.., weight)| *weight as f32).collect();
    let evaluated = policy.evaluate(&pairs);
    let weights = Tensor::<1>::from_data(TensorData::new(weights, [pairs.len()]), &evaluated.log_prob.device());
    (evaluated.log_prob * weights).sum().neg() - evaluated.entropy.sum().mul_scalar(entropy_weight)
}

/// REINFORCE: `L = −Σ_i A_i Σ_t log π(a_t|s_t) / N`, over N rollouts: the decisions with their weights `A_i / N`. `∇L` is
/// the policy gradient's negative; the value of L itself means nothing.
///
/// # Source
/// Williams, "Simple statistical gradient-following algorithms" (1992).
pub fn reinforce<'a, P: Policy>(rollouts: &[(&'a RolloutOf<P>, f64)]) -> Vec<Weighted<'a, P>> {
    let count = rollouts.len() as f64;
    let steps = rollouts.iter().flat_map(|(rollout, advantage)| rollout.steps.iter().map(move |s| (s, *advantage)));
    steps.map(|(step, advantage)| (&step.observation, &step.action, advantage / count)).collect()
}

/// Behaviour cloning: the mean of `−log π(a|s)` over shown decisions, as decisions with their weights.
pub fn imitate<O, A>(shown: &[(O, A)]) -> Vec<(&O, &A, f64)> {
    shown.iter().map(|(observation, action)| (observation, action, 1.0 / shown.len() as f64)).collect()
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
