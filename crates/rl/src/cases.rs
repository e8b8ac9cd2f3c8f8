//! The environment of test cases: a task is a case, played in the very loop that answers in a chat, and its reward is
//! the evaluation's score of the recorded transcript.

use crate::environment::{End, Environment, Rollout, Step};
use agents::{
    EventSink, Turn,
    frameworks::local::{Play, Recorded, play},
};
use policy::{Action, ActionPolicy, Network, Prepared, Selection};
use rand_chacha::ChaCha8Rng;
use std::cell::RefCell;
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;
use tools::ToolRegistry;
use types::{CaseScore, Ending, Error, RewardWeights, TestCaseCreate, Transcript, TurnLimits};

/// What is needed to play a case.
#[derive(Clone)]
pub struct Table {
    /// The tools on offer.
    pub tools: ToolRegistry,
    /// Drives them.
    pub runtime: Handle,
    /// Stops them.
    pub cancel: CancellationToken,
    /// Weights of the reward's parts.
    pub weights: RewardWeights,
}

impl Table {
    /// Plays one case and judges it.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn play(&self, how: Play<'_>, case: &TestCaseCreate) -> Result<(Transcript, CaseScore), Error> {
        let turn = Turn {
            history: Vec::new(),
            user_input: case.user_input.clone(),
            limits: TurnLimits::default(),
            seed: 0,
            tools: None,
        };
        // Nobody watches a rollout.
        let (events, _): (EventSink, _) = tokio::sync::mpsc::unbounded_channel();
        let transcript = self.runtime.block_on(play(how, &turn, &events, &self.cancel));
        if transcript.ending == Ending::Cancelled {
            return Err(Error::Cancelled);
        }
        let score = evaluation::score(case, &transcript, &self.weights);
        Ok((transcript, score))
    }

    /// Mean scores of `cases` when every decision is made by `selection`.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn mean<'a>(
        &self,
        policy: &ActionPolicy,
        cases: &[TestCaseCreate],
        mut selection: impl FnMut() -> Selection<'a>,
    ) -> Result<Tally, Error> {
        let mut tally = Tally::default();
        for case in cases {
            let how = Play { policy, tools: &self.tools, selection: selection(), record: None };
            tally.add(&self.play(how, case)?.1);
        }
        Ok(tally)
    }
}

/// Sums of scores.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Tally {
    /// Rewards in the order they came.
    pub rewards: Vec<f64>,
    task_success: Vec<f64>,
    tool_usage_efficiency: Vec<f64>,
    response_quality: Vec<f64>,
}

impl Tally {
    fn add(&mut self, score: &CaseScore) {
        self.rewards.push(score.reward.unwrap_or(0.0));
        self.task_success.extend(score.task_success);
        self.tool_usage_efficiency.extend(score.tool_usage_efficiency);
        self.response_quality.extend(score.response_quality);
    }

    /// Adds the scores of `other`.
    pub fn extend(&mut self, other: Self) {
        self.rewards.extend(other.rewards);
        self.task_success.extend(other.task_success);
        self.tool_usage_efficiency.extend(other.tool_usage_efficiency);
        self.response_quality.extend(other.response_quality);
    }

    /// Mean reward; `None` over nothing.
    pub fn reward(&self) -> Option<f64> {
        mean(&self.rewards)
    }

    /// Means by name, those over nothing left out.
    pub fn means(&self) -> impl Iterator<Item = (&'static str, f64)> {
        let parts = [
            ("mean", &self.rewards),
            ("task_success", &self.task_success),
            ("tool_usage_efficiency", &self.tool_usage_efficiency),
            ("response_quality", &self.response_quality),
        ];
        parts.map(|(name, values)| (name, mean(values))).into_iter().filter_map(|(name, mean)| Some((name, mean?)))
    }
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Test cases as tasks.
pub struct CaseEnvironment {
    table: Table,
    cases: Vec<TestCaseCreate>,
    tally: RefCell<Tally>,
}

impl CaseEnvironment {
    /// Over `cases`.
    pub fn new(table: Table, cases: Vec<TestCaseCreate>) -> Self {
        Self { table, cases, tally: RefCell::default() }
    }

    /// # Errors
    /// `Cancelled`, once someone asked to stop.
    pub fn check_cancelled(&self) -> Result<(), Error> {
        if self.table.cancel.is_cancelled() { Err(Error::Cancelled) } else { Ok(()) }
    }

    /// Scores of the rollouts since this was last asked.
    pub fn take_tally(&self) -> Tally {
        self.tally.take()
    }
}

impl Environment<Network> for CaseEnvironment {
    fn task_count(&self) -> usize {
        self.cases.len()
    }

    fn rollout(&self, policy: &Network, task: usize, rng: &mut ChaCha8Rng) -> Result<Rollout<Prepared, Action>, Error> {
        let policy = ActionPolicy::from_weights(policy.weights().to_vec());
        let mut record = Vec::new();
        let selection = Selection::Sample { rng, temperature: 1.0 };
        let how = Play { policy: &policy, tools: &self.table.tools, selection, record: Some(&mut record) };
        let (transcript, score) = self.table.play(how, &self.cases[task])?;
        self.tally.borrow_mut().add(&score);
        let end = if transcript.ending == Ending::Replied { End::Terminated } else { End::Truncated };
        let step = |Recorded { state, action, log_prob }| Step { observation: state, action, log_prob };
        Ok(Rollout { steps: record.into_iter().map(step).collect(), reward: score.reward.unwrap_or(0.0), end })
    }
}
