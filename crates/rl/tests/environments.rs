//! The reference environments against transitions that Gymnasium computed (`gymnasium_transitions.py`).

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rl::reference::ENVIRONMENTS;
use serde::Deserialize;

/// Observation, reward, terminated, truncated.
type Seen = (Vec<f32>, f64, bool, bool);

#[derive(Deserialize)]
struct Episode {
    env: String,
    first: Vec<f64>,
    actions: Vec<usize>,
    /// What was seen after each action; of long episodes only the last three.
    steps: Vec<Option<Seen>>,
}

#[test]
fn every_step_is_the_one_gymnasium_takes() {
    let rng = &mut ChaCha8Rng::seed_from_u64(0);
    let (mut compared, mut terminated, mut truncated) = (0, 0, 0);
    for line in include_str!("gymnasium_transitions.jsonl").lines() {
        let episode: Episode = serde_json::from_str(line).unwrap();
        let (name, make) = ENVIRONMENTS.iter().find(|(name, _)| *name == episode.env).unwrap();
        let mut environment = make();
        environment.reset(rng);
        environment.restore(&[episode.first.as_slice(), &[0.0]].concat());
        let mut seen = vec![0.0; environment.observation_size()];
        for (at, (action, expected)) in episode.actions.iter().zip(&episode.steps).enumerate() {
            let step = environment.step(*action, rng);
            environment.observe(&mut seen);
            let Some((observation, reward, ends, cut)) = expected else {
                assert!(!step.ended(), "{name} ended at step {at}");
                continue;
            };
            assert_eq!((step.reward, step.terminated, step.truncated), (*reward, *ends, *cut), "{name}, step {at}");
            for (ours, theirs) in seen.iter().zip(observation) {
                assert!((ours - theirs).abs() <= 1e-6 * theirs.abs().max(1.0), "{name}, step {at}: {ours}, {theirs}");
            }
            compared += 1;
            terminated += usize::from(*ends);
            truncated += usize::from(*cut);
        }
    }
    assert!(compared > 400 && terminated >= 6 && truncated >= 3, "{compared} {terminated} {truncated}");
}

#[test]
fn first_states_are_within_their_bounds_and_differ() {
    let rng = &mut ChaCha8Rng::seed_from_u64(4);
    for (name, low, high) in [("cartpole", -0.05, 0.05), ("mountain_car", -0.6, -0.4), ("acrobot", -0.1, 0.1)] {
        let mut environment = ENVIRONMENTS.iter().find(|(known, _)| *known == name).unwrap().1();
        let firsts: Vec<f64> = (0..200)
            .map(|_| {
                environment.reset(rng);
                environment.state()[0]
            })
            .collect();
        assert!(firsts.iter().all(|first| (low..=high).contains(first)), "{name}");
        let middle = (low + high) / 2.0;
        assert!(firsts.iter().any(|first| *first < middle) && firsts.iter().any(|first| *first > middle), "{name}");
    }
}
