//! A training run: episodes of an algorithm, held-out evaluation, checkpoints.

use crate::{
    Progress, TrainingJob, TrainingOutcome,
    algorithms::{Algorithm, Report, Run, algorithm, algorithms},
    augment::Augmenter,
    cached::cached,
    cases::{CaseEnvironment, Table, Tally},
    demonstration::{Demonstration, demonstrate},
    learner::Learner,
    parameters::{self, Parameters},
    split::{Cases, split},
    state::{Header, Saved},
};
use policy::{ActionPolicy, Network, Selection};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;
use types::{Ending, Error, EventKind, FieldError, TestCaseCreate, Transcript, Usage};

/// Streams of chance beside those of the episodes.
const STREAM_CONTROL: u64 = u64::MAX;
/// A temperature at which every allowed choice is equally probable.
const UNIFORM: f64 = 1e12;

type Emit<'a> = dyn FnMut(Progress) -> Result<(), Error> + 'a;

/// Everything about a job that would be refused; empty = valid.
pub fn validate(name: &str, given: &Map<String, Value>, cases: &[TestCaseCreate]) -> Vec<FieldError> {
    let specs = algorithms();
    let mut errors = match specs.iter().find(|spec| spec.name == name) {
        Some(spec) => parameters::check(spec, given),
        None => {
            let known = specs.iter().map(|spec| spec.name.as_str()).collect::<Vec<_>>().join(", ");
            vec![FieldError::new("algorithm", format!("is `{name}`, expected one of {known}"))]
        }
    };
    if split(cases, 0).train.is_empty() {
        let message = if cases.is_empty() { "there is no test case" } else { "every test case is held out" };
        errors
            .push(FieldError::new("test_case_ids", format!("{message}; training needs at least one of split `train`")));
    }
    errors
}

/// Trains, on the calling (blocking) thread. `runtime` drives the tools; `emit` returning `Err` stops it.
///
/// # Errors
/// A job that [`validate`] refuses, a damaged checkpoint, or the error of `emit`.
pub fn train(
    job: &TrainingJob,
    runtime: &Handle,
    emit: &mut Emit<'_>,
    cancel: &CancellationToken,
) -> Result<TrainingOutcome, Error> {
    let refused = validate(&job.algorithm, &job.parameters, &job.cases);
    let Some(algorithm) = algorithm(&job.algorithm).filter(|_| refused.is_empty()) else {
        return Err(Error::Fields(refused));
    };
    let table = Table {
        tools: cached(&job.tools),
        runtime: runtime.clone(),
        cancel: cancel.clone(),
        weights: job.reward_weights,
    };
    let mut training = Training::new(job, algorithm.as_ref(), table)?;
    match training.run(emit) {
        Ok(()) => Ok(training.outcome(false)),
        // The token tells a stop from a fault; what was acknowledged before stays.
        Err(Error::Cancelled) if cancel.is_cancelled() => Ok(training.outcome(true)),
        Err(error) => Err(error),
    }
}

/// How the present weights do on cases never learned from.
struct Evaluated {
    /// Points of the series.
    values: BTreeMap<String, f64>,
    /// Reward on the held-out cases.
    held_out: Option<f64>,
    /// The reward to choose weights by.
    choosing: Option<f64>,
}

struct Training<'a> {
    job: &'a TrainingJob,
    algorithm: &'a dyn Algorithm,
    table: Table,
    cases: Cases,
    left_out: usize,
    demonstrations: Vec<Demonstration>,
    augmenter: Augmenter,
    environment: CaseEnvironment,
    parameters: Parameters,
    learner: Learner<Network>,
    header: Header,
    best_policy: Vec<u8>,
    controls: BTreeMap<String, f64>,
}

impl<'a> Training<'a> {
    fn new(job: &'a TrainingJob, algorithm: &'a dyn Algorithm, table: Table) -> Result<Self, Error> {
        let start = ActionPolicy::load(&job.policy).map_err(|error| Error::Invalid(error.to_string()))?;
        let mut cases = split(&job.cases, job.seed);
        let all = cases.train.len();
        cases.train.retain(|case| is_scored(&table, case));
        let demonstrations: Vec<_> = cases.train.iter().filter_map(|case| demonstrate(&table, case)).collect();
        let parameters = Parameters::new(&algorithm.spec(), &job.parameters);
        let mut training = Self {
            job,
            algorithm,
            left_out: all - cases.train.len(),
            augmenter: Augmenter::new(&demonstrations, parameters.number("augmentation")),
            demonstrations,
            environment: CaseEnvironment::new(table.clone(), cases.train.clone()),
            parameters,
            learner: Learner::new(start.network().clone()),
            header: Header {
                algorithm: job.algorithm.clone(),
                seed: job.seed,
                episodes_done: 0,
                best: None,
                held_out_before: None,
                held_out_best: None,
            },
            best_policy: job.policy.clone(),
            controls: BTreeMap::new(),
            cases,
            table,
        };
        if let Some(bytes) = &job.resume {
            training.resume(&Saved::from_bytes(bytes)?, start.network())?;
        }
        Ok(training)
    }

    fn resume(&mut self, saved: &Saved, start: &Network) -> Result<(), Error> {
        let header = &saved.header;
        if (header.algorithm.as_str(), header.seed) != (self.job.algorithm.as_str(), self.job.seed) {
            return Err(Error::Invalid(format!(
                "the saved state is of algorithm {} with seed {}, expected {} with {}",
                header.algorithm, header.seed, self.job.algorithm, self.job.seed
            )));
        }
        self.learner = Learner::load(start, &saved.learner)?;
        self.best_policy.clone_from(&saved.best_policy);
        self.header = header.clone();
        Ok(())
    }

    fn run(&mut self, emit: &mut Emit<'_>) -> Result<(), Error> {
        self.controls = self.measure_controls()?;
        if self.job.resume.is_none() {
            self.begin(emit)?;
        }
        while self.header.episodes_done < self.job.episodes {
            self.episode(emit)?;
        }
        Ok(())
    }

    /// What stands before the first episode: what was left out, and how the start does on held-out cases.
    fn begin(&mut self, emit: &mut Emit<'_>) -> Result<(), Error> {
        let shown = self.demonstrations.len();
        let mut message = format!(
            "{} cases to learn from, {} of them can be shown; {} held out, {} to choose by.",
            self.cases.train.len(),
            shown,
            self.cases.held_out.len(),
            self.cases.dev.len()
        );
        if self.left_out > 0 {
            message.push_str(&format!(" {} cases have nothing to score and were left out.", self.left_out));
        }
        emit(Progress::Kind(EventKind::Message { message }))?;
        let Evaluated { values, held_out, choosing } = self.evaluate()?;
        self.header.held_out_before = held_out.map(f64::to_bits);
        self.header.held_out_best = held_out.map(f64::to_bits);
        // Any trained policy may replace the start when nothing can choose between them.
        self.header.best = choosing.map(|reward| (reward.to_bits(), f64::NEG_INFINITY.to_bits()));
        if !values.is_empty() {
            emit(Progress::Kind(EventKind::Series { step: 0, values }))?;
        }
        Ok(())
    }

    fn episode(&mut self, emit: &mut Emit<'_>) -> Result<(), Error> {
        let episode = self.header.episodes_done;
        let mut rng = self.rng(u64::from(episode));
        self.environment.take_tally();
        let run = Run {
            learner: &mut self.learner,
            environment: &self.environment,
            demonstrations: &self.demonstrations,
            augmenter: &self.augmenter,
            parameters: &self.parameters,
            episodes: self.job.episodes,
            rng: &mut rng,
        };
        let Report { series: mut values, alerts } = self.algorithm.episode(run, episode)?;
        let tally = self.environment.take_tally();
        let reward = tally.reward().unwrap_or(0.0);
        values.extend(tally.means().map(|(name, mean)| (format!("reward/{name}"), mean)));
        let Evaluated { values: evaluated, held_out, choosing } = self.evaluate()?;
        values.extend(evaluated);
        values.retain(|_, value| value.is_finite());
        self.header.episodes_done += 1;
        let checkpoint = self.checkpoint(reward, held_out, choosing);
        for message in alerts {
            emit(Progress::Kind(EventKind::Alert { message }))?;
        }
        emit(checkpoint)?;
        emit(Progress::Kind(EventKind::Series { step: i64::from(self.header.episodes_done), values }))?;
        emit(Progress::Kind(EventKind::EpisodeFinished {
            episode_num: i64::from(episode),
            avg_reward: reward,
            total_reward: tally.rewards.iter().sum(),
            num_test_cases: i64::try_from(self.cases.train.len()).unwrap_or(i64::MAX),
        }))
    }

    /// Keeps the best policy. It is chosen by the cases of split `dev`, so that the held-out numbers stay honest; where
    /// there are none by the held-out ones; where there are none of those either by the training reward. Of equals, the
    /// one that earned more in training is kept.
    fn checkpoint(&mut self, reward: f64, held_out: Option<f64>, choosing: Option<f64>) -> Progress {
        let policy = ActionPolicy::from_weights(self.learner.averaged().weights().to_vec()).save();
        let merit = (choosing.unwrap_or(reward), reward);
        let best = self.header.best.is_none_or(|(a, b)| merit >= (f64::from_bits(a), f64::from_bits(b)));
        if best {
            self.header.best = Some((merit.0.to_bits(), merit.1.to_bits()));
            self.header.held_out_best = held_out.map(f64::to_bits);
            self.best_policy.clone_from(&policy);
        }
        let saved =
            Saved { header: self.header.clone(), learner: self.learner.save(), best_policy: self.best_policy.clone() };
        Progress::Checkpoint {
            episode: i64::from(self.header.episodes_done),
            reward: held_out.unwrap_or(reward),
            best,
            policy,
            resume: saved.to_bytes(),
        }
    }

    /// Greedy scores on cases never learned from.
    fn evaluate(&self) -> Result<Evaluated, Error> {
        let policy = ActionPolicy::from_weights(self.learner.averaged().weights().to_vec());
        let held_out = self.table.mean(&policy, &self.cases.held_out, || Selection::Greedy)?;
        let dev = self.table.mean(&policy, &self.cases.dev, || Selection::Greedy)?;
        let mut values = named("held_out", &held_out);
        values.extend(named("dev", &dev));
        values.extend(self.controls.clone());
        Ok(Evaluated { values, held_out: held_out.reward(), choosing: dev.reward().or(held_out.reward()) })
    }

    /// What chance and the teacher earn on the same cases: the floor and the ceiling of the curve.
    fn measure_controls(&self) -> Result<BTreeMap<String, f64>, Error> {
        let cases = if self.cases.held_out.is_empty() { &self.cases.train } else { &self.cases.held_out };
        let policy = ActionPolicy::from_weights(self.learner.averaged().weights().to_vec());
        let mut rng = self.rng(STREAM_CONTROL);
        let mut random = Tally::default();
        for case in cases {
            let once = std::slice::from_ref(case);
            let mut chance = Some(Selection::Sample { rng: &mut rng, temperature: UNIFORM });
            random.extend(self.table.mean(&policy, once, || chance.take().unwrap_or(Selection::Greedy))?);
        }
        let shown: Vec<f64> =
            cases.iter().map(|case| demonstrate(&self.table, case).map_or(0.0, |shown| shown.reward)).collect();
        let oracle = shown.iter().sum::<f64>() / shown.len().max(1) as f64;
        let random = random.reward().unwrap_or(0.0);
        Ok([("control/random".to_owned(), random), ("control/oracle".to_owned(), oracle)].into())
    }

    fn rng(&self, stream: u64) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::seed_from_u64(self.job.seed);
        rng.set_stream(stream);
        rng
    }

    fn outcome(self, stopped: bool) -> TrainingOutcome {
        TrainingOutcome {
            episodes_done: i64::from(self.header.episodes_done),
            stopped,
            held_out_before: self.header.held_out_before.map(f64::from_bits),
            held_out_after: self.header.held_out_best.map(f64::from_bits),
            policy: self.best_policy,
        }
    }
}

fn named(prefix: &str, tally: &Tally) -> BTreeMap<String, f64> {
    let name = |name| if name == "mean" { "reward" } else { name };
    tally.means().map(|(part, mean)| (format!("{prefix}/{}", name(part)), mean)).collect()
}

/// Whether a turn of this case can earn anything.
fn is_scored(table: &Table, case: &TestCaseCreate) -> bool {
    let nothing = Transcript {
        user_input: case.user_input.clone(),
        calls: Vec::new(),
        reply: String::new(),
        ending: Ending::Replied,
        steps: 1,
        usage: Usage::default(),
        latency_ms: 0,
        notes: Vec::new(),
    };
    evaluation::score(case, &nothing, &table.weights).reward.is_some()
}
