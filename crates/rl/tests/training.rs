//! Facts about whole training runs, on a few cases of the sample suite and the real tools.
#![allow(clippy::unwrap_used)]

use burn::tensor::{Device, Tensor, TensorData};
use policy::{Action, ActionPolicy, Network, Prepared, Selection, State, ToolResult};
use rand::{Rng, SeedableRng};
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
    tools::built_in(tools::SearchIndex::bundled().unwrap()).restricted_to(&policy::TOOLS).unwrap()
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
    assert!(reward(10) > reward(1) + 0.3, "{} {}", reward(1), reward(10));
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

/// The sum of the log-probabilities of some decisions, as a function of the weights.
struct Measured {
    weights: Vec<Tensor<2>>,
    states: Vec<Prepared>,
    actions: Vec<Action>,
}

impl Measured {
    fn new(policy: &ActionPolicy) -> Self {
        let texts = ["What is 2 + 2?", "Weather in Rio de Janeiro", "hi", "Search for the history of Rust, please"];
        let state = |text: &str| State { user_input: text.into(), results: Vec::new(), tools: tools().specs() };
        let mut states: Vec<_> = texts.iter().map(|text| Prepared::new(&state(text))).collect();
        let text = r#"{"location":"Rio","temperature_c":31,"condition":"sunny","source":"a test"}"#;
        let answered = ToolResult { tool_name: "get_weather".into(), text: text.into(), is_error: false };
        let waiting = Prepared::new(&State { results: vec![answered], ..state(texts[1]) });
        // Every kind of decision is there: calls, and replies with and without values.
        let reply = |form: &str| {
            let form = waiting.forms.iter().position(|known| known.name == form);
            let pointers = waiting.pointers(0, form).iter().map(|_| 0).collect();
            Action { head: waiting.respond(), form, pointers }
        };
        let replies = [reply("weather"), reply("greeting")];
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        // Any allowed decision, however improbable: of what a trained policy is sure of, every slope is almost 0.
        let mut selection = Selection::Sample { rng: &mut rng, temperature: 1e12 };
        let mut actions: Vec<_> = states.iter().map(|state| policy.decide(state, &mut selection).0).collect();
        for action in replies {
            states.push(waiting.clone());
            actions.push(action);
        }
        Self { weights: policy.network().weights().to_vec(), states, actions }
    }

    fn evaluate(&self, weights: Vec<Tensor<2>>) -> Tensor<1> {
        let decisions: Vec<_> = self.states.iter().zip(&self.actions).collect();
        Network::new(weights).evaluate(&decisions).log_prob
    }

    fn gradients(&self) -> Vec<Vec<f32>> {
        let tracked: Vec<_> = self.weights.iter().map(|weight| weight.clone().autodiff().require_grad()).collect();
        let gradients = self.evaluate(tracked.clone()).sum().backward();
        let gradient =
            |weight: &Tensor<2>| weight.grad(&gradients).map_or(Vec::new(), |g| g.try_into_vec_as().unwrap());
        tracked.iter().map(gradient).collect()
    }

    /// The function after one matrix has moved by `step` along `direction`.
    fn moved(&self, index: usize, direction: &[f32], step: f32) -> f64 {
        let mut weights = self.weights.clone();
        let way = Tensor::<2>::from_data(TensorData::new(direction.to_vec(), weights[index].dims()), &Device::flex());
        weights[index] = weights[index].clone() + way.mul_scalar(step);
        let parts: Vec<f32> = self.evaluate(weights).try_into_vec_as().unwrap();
        parts.into_iter().map(f64::from).sum()
    }

    /// The slope of the function along `direction`; `None` where rectifiers change sides within the narrowest step: the
    /// slopes ahead and behind then differ, and there is no derivative to compare with.
    fn slope(&self, index: usize, direction: &[f32]) -> Option<f64> {
        let here = self.moved(index, direction, 0.0);
        [4e-3_f32, 2e-3, 1e-3, 5e-4].into_iter().find_map(|step| {
            let ahead = (self.moved(index, direction, step) - here) / f64::from(step);
            let behind = (here - self.moved(index, direction, -step)) / f64::from(step);
            ((ahead - behind).abs() < 0.02 * ahead.abs()).then_some((ahead + behind) / 2.0)
        })
    }
}

#[test]
fn the_gradient_of_the_log_probability_agrees_with_finite_differences() {
    // First weights are so small that the inputs of most rectifiers lie within any step of 0: they are made larger.
    let large = |seed: u64| {
        let weights = ActionPolicy::untrained(seed).network().weights().to_vec();
        ActionPolicy::from_weights(weights.into_iter().map(|weight| weight.mul_scalar(4.0)).collect())
    };
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    for policy in [ActionPolicy::load(policy::BUILTIN).unwrap(), large(1), large(2)] {
        let measured = Measured::new(&policy);
        for (index, gradient) in measured.gradients().into_iter().enumerate().filter(|(_, g)| !g.is_empty()) {
            let name = policy::SHAPES[index].0;
            // Along the gradient of half the entries, the slope is the norm of that half: no error can cancel another in
            // every half, and the slope is far above rounding.
            let mut compared = 0;
            for _ in 0..8 {
                let half: Vec<f32> =
                    gradient.iter().map(|entry| if rng.random_bool(0.5) { *entry } else { 0.0 }).collect();
                let norm = half.iter().map(|entry| f64::from(*entry).powi(2)).sum::<f64>().sqrt();
                if norm < 1e-3 {
                    continue;
                }
                let direction: Vec<f32> = half.iter().map(|entry| (f64::from(*entry) / norm) as f32).collect();
                let Some(slope) = measured.slope(index, &direction) else { continue };
                assert!((slope - norm).abs() < 0.02 * norm, "{name}: {slope} against {norm}");
                compared += 1;
            }
            assert!(compared > 0, "{name} has a kink in every direction, {gradient:?}");
        }
    }
}
