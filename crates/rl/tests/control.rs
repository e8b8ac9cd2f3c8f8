//! The algorithms at work: they learn, they repeat themselves bit for bit, and they go on from what was saved.

use learners::{curve, learner};
use rl::{
    control::{Health, LEARNERS, greedy_totals},
    reference::{BanditArms, CartPole},
    reproduce::reproduce,
    stepwise::{Lanes, Make},
};

const CART_POLE: Make = || Box::new(CartPole::default());

#[cfg(test)]
mod learners {
    use rl::{
        control::{LEARNERS, Learner},
        stepwise::Make,
    };

    pub fn learner(algorithm: &str, make: Make, seed: u64, steps: u64) -> Box<dyn Learner> {
        LEARNERS.iter().find(|(name, _)| *name == algorithm).unwrap().1(make, seed, steps)
    }

    /// Numbers of a run as text, so that NaN equals NaN and every digit counts.
    pub fn curve(learner: &mut dyn Learner, updates: usize) -> Vec<String> {
        (0..updates).map(|_| serde_json::to_string(&learner.advance()).unwrap()).collect()
    }
}

#[test]
fn the_same_seed_gives_the_same_curve_and_another_seed_another() {
    for (algorithm, _) in LEARNERS {
        let run = |seed| {
            let mut learner = learner(algorithm, CART_POLE, seed, 20_000);
            (curve(learner.as_mut(), 6), learner.save())
        };
        assert_eq!(run(1), run(1), "{algorithm}");
        assert_ne!(run(1).0, run(2).0, "{algorithm}");
    }
}

#[test]
fn what_was_saved_goes_on_as_if_nothing_had_happened() {
    for (algorithm, _) in LEARNERS {
        let mut whole = learner(algorithm, CART_POLE, 5, 20_000);
        curve(whole.as_mut(), 5);
        let saved = whole.save();
        let rest = curve(whole.as_mut(), 4);
        let mut other = learner(algorithm, CART_POLE, 5, 20_000);
        other.restore(&saved).unwrap();
        assert_eq!(curve(other.as_mut(), 4), rest, "{algorithm}");
        assert_eq!(other.save(), whole.save(), "{algorithm}");
        assert!(other.restore(&saved[..saved.len() / 2]).is_err(), "{algorithm}");
    }
}

#[test]
fn ppo_learns_to_balance_a_pole() {
    let mut ppo = learner("ppo", CART_POLE, 1, 500_000);
    let before = greedy_totals(ppo.policy(), CART_POLE, 9, 20);
    let mut health = Health::default();
    while ppo.lanes().steps < 120_000 {
        health = ppo.advance();
    }
    let after = greedy_totals(ppo.policy(), CART_POLE, 9, 20);
    let mean = |totals: &[f64]| totals.iter().sum::<f64>() / totals.len() as f64;
    assert!(mean(&before) < 120.0 && mean(&after) > 400.0, "{} then {}", mean(&before), mean(&after));
    assert!(health.approx_kl.unwrap() >= 0.0 && health.entropy.unwrap() < 0.69);
    assert!(health.explained_variance.unwrap() <= 1.0 && health.gradient_norm.unwrap() > 0.0);
}

#[test]
fn groups_learn_the_best_arms_of_a_bandit() {
    let arms = reproduce("arms", "grpo", 1, 40_000, &mut |_| {}).unwrap();
    assert!((arms.greedy_mean - BanditArms::mean(9)).abs() < 0.12, "{arms:?}");
    let mut flat = Vec::new();
    let contextual = reproduce("bandit", "grpo", 1, 60_000, &mut |health| flat.extend(health.zero_spread)).unwrap();
    // The best arm of every context pays 0.9; chance 0.375.
    assert!(contextual.greedy_mean > 0.78, "{contextual:?}");
    assert!(flat.iter().all(|share| (0.0..=1.0).contains(share)) && flat.iter().any(|share| *share > 0.0));
}

#[test]
fn names_that_are_not_registered_are_refused() {
    let run = |env, algorithm, steps| reproduce(env, algorithm, 1, steps, &mut |_| {});
    assert!(run("atari", "ppo", 10).is_err() && run("cartpole", "a3c", 10).is_err());
    assert!(run("cartpole", "ppo", 0).is_err());
}

#[test]
fn a_lane_keeps_what_it_saw_last_and_begins_anew() {
    let mut lanes = Lanes::new(CART_POLE, 2, 3);
    while lanes.finished.is_empty() {
        lanes.step(0, 1);
    }
    // Always pushed to one side the pole falls: beyond 12 degrees, while the next episode begins upright.
    assert!(lanes.last(0)[2].abs() > 0.2 && lanes.observation(0)[2].abs() <= 0.05);
    assert_eq!(lanes.finished[0].total, lanes.finished[0].at as f64);
    lanes.copy(0, 1);
    assert_eq!(lanes.observation(0), lanes.observation(1));
}
