//! Facts about whole training runs, on a few cases of the sample suite and the real tools.

use policy::{Action, ActionPolicy, Network, Prepared, Selection, State};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rl::{Progress, TrainingJob, TrainingOutcome, train, validate};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use tokio::runtime::{Builder, Runtime};
use tokio_util::sync::CancellationToken;
use types::{Error, EventKind, RewardWeights, TestCaseCreate};

fn samples() -> Vec<TestCaseCreate> {
    serde_json::from_str(include_str!("../../../samples/cases.json")).unwrap()
}

/// Every `nth` sample case.
fn some_samples(nth: usize) -> Vec<TestCaseCreate> {
    samples().into_iter().step_by(nth).collect()
}

fn tools() -> tools::ToolRegistry {
    tools::built_in(tools::SearchIndex::bundled().unwrap())
}

fn parameters(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap()
}

fn job(episodes: u32, seed: u64, given: Value) -> TrainingJob {
    TrainingJob {
        episodes,
        seed,
        algorithm: "reinforce".into(),
        parameters: parameters(given),
        reward_weights: RewardWeights::default(),
        cases: some_samples(8),
        tools: tools(),
        policy: ActionPolicy::untrained(seed).save(),
        resume: None,
    }
}

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

#[derive(Default)]
struct Told {
    series: BTreeMap<i64, BTreeMap<String, f64>>,
    checkpoints: Vec<(i64, Vec<u8>)>,
    order: Vec<&'static str>,
}

fn run_until(job: &TrainingJob, stop_after: i64) -> (TrainingOutcome, Told) {
    let mut told = Told::default();
    let cancel = CancellationToken::new();
    let mut emit = |progress: Progress| {
        match progress {
            Progress::Kind(EventKind::Series { step, values }) => {
                told.series.insert(step, values);
            }
            Progress::Kind(EventKind::EpisodeFinished { .. }) => told.order.push("episode"),
            Progress::Checkpoint { episode, resume, .. } => {
                told.order.push("checkpoint");
                told.checkpoints.push((episode, resume));
                if episode == stop_after {
                    cancel.cancel();
                }
            }
            Progress::Kind(_) => {}
        }
        Ok(())
    };
    let outcome = train(job, runtime().handle(), &mut emit, &cancel).unwrap();
    (outcome, told)
}

fn run(job: &TrainingJob) -> (TrainingOutcome, Told) {
    run_until(job, i64::MAX)
}

#[test]
fn the_same_seed_gives_the_same_curve_and_a_resumed_run_the_uninterrupted_one() {
    // One episode of imitation and two by reward, so that both kinds of update are cut.
    let whole = job(3, 5, json!({"warm_start_episodes": 1, "rollouts": 2}));
    let (outcome, told) = run(&whole);
    assert_eq!((outcome.episodes_done, outcome.stopped), (3, false));
    let (again, told_again) = run(&whole);
    assert_eq!(outcome, again);
    assert_eq!(told.series, told_again.series);
    for cut in [1, 2] {
        let (stopped, before) = run_until(&whole, cut);
        assert_eq!((stopped.episodes_done, stopped.stopped), (cut, true));
        let (_, state) = before.checkpoints.last().cloned().unwrap();
        let (resumed, after) = run(&TrainingJob { resume: Some(state), ..whole.clone() });
        assert_eq!(resumed, outcome, "cut after {cut}");
        for (step, values) in after.series {
            assert!(step > cut);
            assert_eq!(values, told.series[&step], "cut after {cut}, step {step}");
        }
    }
}

#[test]
fn an_episode_is_saved_before_it_is_acknowledged() {
    let (_, told) = run(&job(2, 1, json!({"warm_start_episodes": 2})));
    assert_eq!(told.order, ["checkpoint", "episode", "checkpoint", "episode"]);
}

#[test]
fn imitation_and_reward_raise_the_reward() {
    let (outcome, told) = run(&job(10, 3, json!({"warm_start_episodes": 7, "warm_start_passes": 6})));
    let reward = |step: i64| told.series[&step]["reward/mean"];
    assert!(reward(1) < 0.5, "{}", reward(1));
    assert!(reward(10) > reward(1) + 0.15, "{} {}", reward(1), reward(10));
    assert!(outcome.held_out_after > outcome.held_out_before, "{outcome:?}");
    let controls = &told.series[&0];
    assert!(controls["control/random"] < 0.4 && controls["control/oracle"] > 0.95, "{controls:?}");
}

#[test]
fn reward_alone_teaches_when_no_tool_is_needed() {
    let mut job = job(40, 2, json!({"warm_start_episodes": 0, "rollouts": 8, "learning_rate": 0.005}));
    job.cases = samples().into_iter().filter(|case| case.tags.contains(&"greeting".to_owned())).take(6).collect();
    let (_, told) = run(&job);
    assert!(told.series[&1]["reward/mean"] < 0.4, "{:?}", told.series[&1]);
    assert!(told.series[&40]["reward/mean"] > 0.9, "{:?}", told.series[&40]);
}

#[test]
fn a_job_that_cannot_work_is_refused_with_reasons() {
    let fields = |algorithm: &str, given: Value, cases: &[TestCaseCreate]| {
        validate(algorithm, &parameters(given), cases).into_iter().map(|error| error.field).collect::<Vec<_>>()
    };
    let cases = some_samples(8);
    assert_eq!(fields("reinforce", json!({"rollouts": 3}), &cases), [""; 0]);
    assert_eq!(fields("alchemy", json!({}), &cases), ["algorithm"]);
    assert_eq!(
        fields("reinforce", json!({"rollouts": 0, "gold": 1}), &cases),
        ["parameters.gold", "parameters.rollouts"]
    );
    assert_eq!(fields("warm_start", json!({}), &[]), ["test_case_ids"]);
    let broken = TrainingJob { policy: b"else".to_vec(), ..job(1, 0, json!({})) };
    let refused = train(&broken, runtime().handle(), &mut |_| Ok(()), &CancellationToken::new());
    assert!(matches!(refused, Err(Error::Invalid(_))));
}

#[test]
fn an_error_of_the_listener_ends_the_run() {
    let mut emit = |_: Progress| Err(Error::Conflict("the disk is full".into()));
    let ended = train(&job(3, 0, json!({})), runtime().handle(), &mut emit, &CancellationToken::new());
    assert_eq!(ended, Err(Error::Conflict("the disk is full".into())));
}

#[test]
fn the_gradient_of_the_log_probability_agrees_with_finite_differences() {
    // Trained weights: those of a fresh policy are so small that its rectifiers change sides within any step.
    let policy = ActionPolicy::load(policy::BUILTIN).unwrap();
    let texts = ["What is 2 + 2?", "Weather in Rio de Janeiro", "hi"];
    let states = texts
        .map(|text| Prepared::new(&State { user_input: text.into(), results: Vec::new(), tools: tools().specs() }));
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut selection = Selection::Sample { rng: &mut rng, temperature: 1.0 };
    let actions: Vec<Action> = states.iter().map(|state| policy.decide(state, &mut selection).0).collect();
    let decisions: Vec<_> = states.iter().zip(&actions).collect();
    let weights = policy.network().weights().to_vec();
    let tracked: Vec<_> = weights.iter().map(|weight| weight.clone().autodiff().require_grad()).collect();
    let gradients = Network::new(tracked.clone()).evaluate(&decisions).log_prob.sum().backward();
    let log_prob = |index: usize, at: usize, change: f32| -> f64 {
        let mut weights = weights.clone();
        let mut values: Vec<f32> = weights[index].clone().try_into_vec_as().unwrap();
        values[at] += change;
        let shape = weights[index].dims();
        weights[index] = burn::tensor::Tensor::from_data(
            burn::tensor::TensorData::new(values, shape),
            &burn::tensor::Device::flex(),
        );
        let parts: Vec<f32> = Network::new(weights).evaluate(&decisions).log_prob.try_into_vec_as().unwrap();
        parts.into_iter().map(f64::from).sum()
    };
    for (index, weight) in tracked.iter().enumerate() {
        let Some(gradient) = weight.grad(&gradients) else { continue };
        let gradient: Vec<f32> = gradient.try_into_vec_as().unwrap();
        // The entry with the greatest gradient of each matrix, where an error would show most.
        let at = (0..gradient.len()).fold(0, |best, i| if gradient[i].abs() > gradient[best].abs() { i } else { best });
        // Narrow, so that few rectifiers change sides between the two points.
        let width = 5e-4_f32;
        let slope = (log_prob(index, at, width) - log_prob(index, at, -width)) / (2.0 * f64::from(width));
        let error = (slope - f64::from(gradient[at])).abs();
        let name = policy::SHAPES[index].0;
        assert!(error < 0.01 + 0.02 * slope.abs(), "{name}[{at}]: {slope} against {}", gradient[at]);
    }
}
