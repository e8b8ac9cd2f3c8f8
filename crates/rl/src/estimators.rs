//! The formulas of the algorithms as functions over plain numbers: whatever is learned, they are the same.

/// One step as the estimators see it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Moment {
    /// Earned by the step.
    pub reward: f64,
    /// `V(s)`.
    pub value: f64,
    /// `V` of what was seen next; at the end of an episode of what was seen last, not of the next episode's beginning.
    pub next_value: f64,
    /// The task ended here: nothing more could be earned.
    pub terminated: bool,
    /// The episode ended here, for whichever reason.
    pub ended: bool,
}

/// Generalised advantages of the steps of one lane, in order:
/// `δ_t = r_t + γ (1 − terminated_t) V(s_{t+1}) − V(s_t)`, `A_t = δ_t + γ λ (1 − ended_t) A_{t+1}`.
///
/// # Source
/// Schulman et al., arXiv:1506.02438, equation 16; the bootstrap at time limits: Pardo et al., arXiv:1712.00378.
pub fn generalized_advantages(moments: &[Moment], gamma: f64, lambda: f64) -> Vec<f64> {
    let mut advantages = vec![0.0; moments.len()];
    let mut following = 0.0;
    for (advantage, moment) in advantages.iter_mut().zip(moments).rev() {
        let target = td_target(moment.reward, gamma, moment.terminated, moment.next_value);
        let carried = if moment.ended { 0.0 } else { gamma * lambda * following };
        following = target - moment.value + carried;
        *advantage = following;
    }
    advantages
}

/// `r + γ (1 − terminated) · next`.
pub fn td_target(reward: f64, gamma: f64, terminated: bool, next: f64) -> f64 {
    if terminated { reward } else { reward + gamma * next }
}

/// Advantages within a group of rollouts of one task: `(r − mean) / (std + 1e-4)`, the standard deviation over n − 1.
/// Without spread there is nothing to prefer: all are 0.
///
/// # Source
/// Shao et al., arXiv:2402.03300, section 4.1.2.
pub fn group_advantages(rewards: &[f64]) -> Vec<f64> {
    let count = rewards.len() as f64;
    let mean = rewards.iter().sum::<f64>() / count;
    if !has_spread(rewards) {
        return vec![0.0; rewards.len()];
    }
    let deviation = (rewards.iter().map(|reward| (reward - mean).powi(2)).sum::<f64>() / (count - 1.0)).sqrt();
    rewards.iter().map(|reward| (reward - mean) / (deviation + 1e-4)).collect()
}

/// Whether the rewards of a group differ, so that it carries a gradient.
pub fn has_spread(rewards: &[f64]) -> bool {
    rewards.iter().any(|reward| *reward != rewards[0])
}

/// Makes the mean 0 and the standard deviation (over n − 1) 1; `1e-8` is added to the latter.
pub fn normalize(values: &mut [f32]) {
    let count = values.len() as f32;
    if values.len() < 2 {
        return;
    }
    let mean = values.iter().sum::<f32>() / count;
    let deviation = (values.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / (count - 1.0)).sqrt();
    values.iter_mut().for_each(|value| *value = (*value - mean) / (deviation + 1e-8));
}

/// What a decision contributes to the clipped objective.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Clipped {
    /// `max(−A ρ, −A clip(ρ))`, to be minimised.
    pub loss: f32,
    /// Its derivative by `log π`.
    pub slope: f32,
    /// Whether the ratio lies outside the bounds.
    pub outside: bool,
}

/// The clipped surrogate for one decision, with `ρ = π / π_old = e^log_ratio` and bounds `1 − low`, `1 + high`.
///
/// # Source
/// Schulman et al., arXiv:1707.06347, equation 7; a wider high side: arXiv:2503.14476.
pub fn clipped_surrogate(log_ratio: f32, advantage: f32, low: f32, high: f32) -> Clipped {
    let ratio = log_ratio.exp();
    let bounded = ratio.clamp(1.0 - low, 1.0 + high);
    let (free, held) = (-advantage * ratio, -advantage * bounded);
    let slope = if free >= held { free } else { 0.0 };
    Clipped { loss: free.max(held), slope, outside: ratio < 1.0 - low || ratio > 1.0 + high }
}

/// `e^d − d − 1` with `d = log π_ref − log π`: an estimate of KL(π ‖ π_ref) that is never negative.
///
/// # Source
/// Schulman, "Approximating KL divergence" (2020), estimator k3.
pub fn k3(log_prob: f32, reference: f32) -> f32 {
    let difference = reference - log_prob;
    difference.exp_m1() - difference
}

/// `(ρ − 1) − log ρ` of one decision, the share of the approximate KL divergence of the old policy from the new one.
pub fn approximate_kl(log_ratio: f32) -> f32 {
    log_ratio.exp_m1() - log_ratio
}

/// Huber's loss with threshold 1, and its derivative.
pub fn huber(error: f32) -> (f32, f32) {
    let loss = if error.abs() <= 1.0 { 0.5 * error * error } else { error.abs() - 0.5 };
    (loss, error.clamp(-1.0, 1.0))
}

/// `1 − Var(y − ŷ) / Var(y)`: 1 says that values are foreseen, 0 that a constant would do as well. `NaN` without variance.
pub fn explained_variance(foreseen: &[f64], actual: &[f64]) -> f64 {
    let variance = |values: &[f64]| {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64
    };
    let errors: Vec<f64> = actual.iter().zip(foreseen).map(|(actual, foreseen)| actual - foreseen).collect();
    let whole = variance(actual);
    if whole == 0.0 { f64::NAN } else { 1.0 - variance(&errors) / whole }
}

/// Shortens a gradient to a length; its length before.
pub fn clip_length(gradients: &mut [&mut [f32]], most: f32) -> f32 {
    let squares: f32 = gradients.iter().map(|part| part.iter().map(|slope| slope * slope).sum::<f32>()).sum();
    let length = squares.sqrt();
    if length > most {
        let scale = most / (length + 1e-6);
        gradients.iter_mut().flat_map(|part| part.iter_mut()).for_each(|slope| *slope *= scale);
    }
    length
}
