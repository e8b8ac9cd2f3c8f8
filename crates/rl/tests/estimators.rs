//! The formulas of the algorithms, checked against what they must equal.

use rl::{
    categorical::{choose, log_softmax, pull_back},
    estimators::{
        Moment, clipped_surrogate, explained_variance, generalized_advantages, group_advantages, has_spread, huber, k3,
    },
};

const GAMMA: f64 = 0.9;

fn moments() -> Vec<Moment> {
    let values = [0.5, -1.0, 2.0, 0.25, 1.5];
    let rewards = [1.0, 0.0, -2.0, 3.0, 0.5];
    let moment = |at: usize| Moment {
        reward: rewards[at],
        value: values[at],
        next_value: if at + 1 < values.len() { values[at + 1] } else { 0.0 },
        terminated: at + 1 == values.len(),
        ended: at + 1 == values.len(),
    };
    (0..values.len()).map(moment).collect()
}

#[test]
fn with_lambda_1_an_advantage_is_the_discounted_return_less_the_value() {
    let moments = moments();
    for (at, advantage) in generalized_advantages(&moments, GAMMA, 1.0).into_iter().enumerate() {
        let later = moments[at..].iter().enumerate();
        let sum: f64 = later.map(|(ahead, moment)| GAMMA.powi(ahead as i32) * moment.reward).sum();
        assert!((advantage - (sum - moments[at].value)).abs() < 1e-12, "{at}");
    }
}

#[test]
fn with_lambda_0_an_advantage_is_the_error_of_one_step() {
    let moments = moments();
    for (advantage, moment) in generalized_advantages(&moments, GAMMA, 0.0).into_iter().zip(&moments) {
        let next = if moment.terminated { 0.0 } else { GAMMA * moment.next_value };
        assert!((advantage - (moment.reward + next - moment.value)).abs() < 1e-12);
    }
}

#[test]
fn being_cut_off_is_foreseen_beyond_and_ending_is_not() {
    let end = |terminated| Moment { reward: 1.0, value: 0.0, next_value: 10.0, terminated, ended: true };
    // What follows belongs to another episode: it must not leak into this one.
    let next = Moment { reward: 100.0, value: 0.0, next_value: 0.0, terminated: true, ended: true };
    assert_eq!(generalized_advantages(&[end(true), next], 0.5, 0.9)[0], 1.0);
    assert_eq!(generalized_advantages(&[end(false), next], 0.5, 0.9)[0], 6.0);
}

#[test]
fn impossible_actions_have_probability_0_and_no_gradient() {
    let mut log_probs = [1.0, 50.0, -2.0, 0.5];
    let allowed = [true, false, true, true];
    log_softmax(&mut log_probs, &allowed);
    let probabilities = log_probs.map(f32::exp);
    assert_eq!(probabilities[1], 0.0);
    assert!((probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    for chance in 0..1000 {
        assert_ne!(choose(&log_probs, chance as f32 / 1000.0), 1);
    }
    let mut gradient = [9.0; 4];
    let entropy = pull_back(&log_probs, 0, 1.0, 0.3, &mut gradient);
    assert_eq!(gradient[1], 0.0);
    assert!(entropy.is_finite() && entropy < 3.0_f32.ln());
}

#[test]
fn the_gradient_of_a_softmax_bandit_is_the_known_one() {
    // J = Σ π(a) r_a; its derivative by logit a is π(a) (r_a − J). REINFORCE must have that as its expectation.
    let (logits, rewards) = ([0.3_f32, -1.0, 0.8], [1.0_f32, 0.2, -0.5]);
    let mut log_probs = logits;
    log_softmax(&mut log_probs, &[true; 3]);
    let pi = log_probs.map(f32::exp);
    let mean: f32 = pi.iter().zip(rewards).map(|(p, r)| p * r).sum();
    let mut expected = [0.0; 3];
    for action in 0..3 {
        let mut gradient = [0.0; 3];
        pull_back(&log_probs, action, rewards[action], 0.0, &mut gradient);
        expected.iter_mut().zip(gradient).for_each(|(sum, slope)| *sum += pi[action] * slope);
    }
    for action in 0..3 {
        assert!((expected[action] - pi[action] * (rewards[action] - mean)).abs() < 1e-6);
    }
}

#[test]
fn the_gradient_of_the_entropy_is_that_of_finite_differences() {
    let logits = [0.3_f64, -1.0, 0.8];
    let value = |logits: [f64; 3]| {
        let sum: f64 = logits.iter().map(|x| x.exp()).sum();
        let p = logits.map(|x| x.exp() / sum);
        2.0 * p[1].ln() - 0.7 * p.iter().map(|p| p * p.ln()).sum::<f64>()
    };
    let mut log_probs = logits.map(|x| x as f32);
    log_softmax(&mut log_probs, &[true; 3]);
    let mut gradient = [0.0; 3];
    pull_back(&log_probs, 1, 2.0, 0.7, &mut gradient);
    for at in 0..3 {
        let moved = |by: f64| {
            let mut other = logits;
            other[at] += by;
            value(other)
        };
        assert!((f64::from(gradient[at]) - (moved(1e-5) - moved(-1e-5)) / 2e-5).abs() < 1e-5);
    }
}

#[test]
fn the_clipped_objective_stops_where_the_ratio_has_gone_far_enough() {
    let at = |ratio: f32, advantage: f32| clipped_surrogate(ratio.ln(), advantage, 0.2, 0.2);
    assert_eq!((at(1.0, 2.0).loss, at(1.0, 2.0).slope, at(1.0, 2.0).outside), (-2.0, -2.0, false));
    assert_eq!((at(1.5, 1.0).slope, at(1.5, 1.0).outside), (0.0, true));
    assert_eq!(at(0.5, -1.0).slope, 0.0);
    // On the way back to the bounds the gradient is there.
    assert!(at(1.5, -1.0).slope > 1.49 && at(0.5, 1.0).slope < -0.49);
    assert_eq!(clipped_surrogate(1.25_f32.ln(), 1.0, 0.2, 0.28).slope, -1.25_f32.ln().exp());
}

#[test]
fn groups_are_compared_within_themselves() {
    let advantages = group_advantages(&[1.0, 0.0, 0.0, 1.0]);
    let deviation = (1.0_f64 / 3.0).sqrt();
    assert!((advantages[0] - 0.5 / (deviation + 1e-4)).abs() < 1e-12);
    assert!(advantages.iter().sum::<f64>().abs() < 1e-12);
    assert_eq!(group_advantages(&[0.3, 0.3, 0.3]), [0.0; 3]);
    assert!(!has_spread(&[0.3, 0.3]) && has_spread(&[0.3, 0.2]));
}

#[test]
fn the_smaller_formulas() {
    assert_eq!((huber(0.5), huber(-3.0)), ((0.125, 0.5), (2.5, -1.0)));
    assert_eq!(k3(-1.0, -1.0), 0.0);
    assert!(k3(-1.0, -2.0) > 0.0 && k3(-2.0, -1.0) > 0.0);
    assert_eq!(explained_variance(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0]), 1.0);
    assert_eq!(explained_variance(&[2.0, 2.0, 2.0], &[1.0, 2.0, 3.0]), 0.0);
}
