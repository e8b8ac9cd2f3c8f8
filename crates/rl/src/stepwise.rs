//! Environments that are acted in step by step, and many of them side by side.

use crate::bits;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use types::Error;

/// What a step brought. Ending for good is kept apart from being cut off: only the first says that nothing more could
/// have been earned.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Transition {
    /// Earned by the step.
    pub reward: f64,
    /// The task ended.
    pub terminated: bool,
    /// A limit cut it off.
    pub truncated: bool,
}

impl Transition {
    /// Whether the episode is over, for either reason.
    pub fn ended(&self) -> bool {
        self.terminated || self.truncated
    }
}

/// A task with numbers to see and numbered actions to choose from.
pub trait Environment: Send {
    /// Length of what [`Environment::observe`] writes.
    fn observation_size(&self) -> usize;

    /// Actions are `0..action_count()`.
    fn action_count(&self) -> usize;

    /// Begins an episode.
    fn reset(&mut self, rng: &mut ChaCha8Rng);

    /// Acts.
    fn step(&mut self, action: usize, rng: &mut ChaCha8Rng) -> Transition;

    /// What is seen now.
    fn observe(&self, observation: &mut [f32]);

    /// Which actions are possible now: all, unless an environment says otherwise. At least one must be.
    fn allowed(&self, allowed: &mut [bool]) {
        allowed.fill(true);
    }

    /// All that changes, as numbers: with it an episode goes on elsewhere bit for bit.
    fn state(&self) -> Vec<f64>;

    /// Goes on from a state that [`Environment::state`] gave.
    fn restore(&mut self, state: &[f64]);
}

/// How an environment is made.
pub type Make = fn() -> Box<dyn Environment>;

/// An episode that is over.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Finished {
    /// Steps of all lanes when it ended.
    pub at: u64,
    /// Sum of its rewards.
    #[serde(with = "bits::one")]
    pub total: f64,
}

/// Environments side by side. A lane whose episode ends begins the next one by itself; what it saw last is kept.
pub struct Lanes {
    environments: Vec<Box<dyn Environment>>,
    chances: Vec<ChaCha8Rng>,
    size: usize,
    actions: usize,
    /// What each lane sees: lanes × size.
    pub observations: Vec<f32>,
    /// What each lane may do: lanes × actions.
    pub allowed: Vec<bool>,
    /// What each lane saw when its episode ended: lanes × size.
    pub last: Vec<f32>,
    totals: Vec<f64>,
    /// Steps of all lanes so far.
    pub steps: u64,
    /// Episodes that are over.
    pub finished: Vec<Finished>,
}

/// [`Lanes`] between two steps.
#[derive(Serialize, Deserialize)]
pub struct SavedLanes {
    states: Vec<Vec<u64>>,
    chances: Vec<ChaCha8Rng>,
    #[serde(with = "bits::doubles")]
    totals: Vec<f64>,
    steps: u64,
    finished: Vec<Finished>,
}

impl Lanes {
    /// `count` environments, each with chances of its own, all begun.
    pub fn new(make: Make, count: usize, seed: u64) -> Self {
        let environments: Vec<_> = (0..count).map(|_| make()).collect();
        let chance = |lane: usize| {
            let mut chance = ChaCha8Rng::seed_from_u64(seed);
            chance.set_stream(lane as u64 + 1);
            chance
        };
        let model = make();
        let (size, actions) = (model.observation_size(), model.action_count());
        let mut lanes = Self {
            environments,
            chances: (0..count).map(chance).collect(),
            size,
            actions,
            observations: vec![0.0; count * size],
            allowed: vec![true; count * actions],
            last: vec![0.0; count * size],
            totals: vec![0.0; count],
            steps: 0,
            finished: Vec::new(),
        };
        (0..count).for_each(|lane| lanes.reset(lane));
        lanes
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.environments.len()
    }

    /// Length of one observation.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Actions of one lane.
    pub fn actions(&self) -> usize {
        self.actions
    }

    /// What a lane sees.
    pub fn observation(&self, lane: usize) -> &[f32] {
        &self.observations[lane * self.size..][..self.size]
    }

    /// What a lane may do.
    pub fn allowed(&self, lane: usize) -> &[bool] {
        &self.allowed[lane * self.actions..][..self.actions]
    }

    /// What a lane saw at the end of its last episode.
    pub fn last(&self, lane: usize) -> &[f32] {
        &self.last[lane * self.size..][..self.size]
    }

    /// Begins a lane anew.
    pub fn reset(&mut self, lane: usize) {
        self.environments[lane].reset(&mut self.chances[lane]);
        self.totals[lane] = 0.0;
        self.see(lane);
    }

    /// Begins a lane where another one stands, so that both play the same task.
    pub fn copy(&mut self, from: usize, to: usize) {
        let state = self.environments[from].state();
        self.environments[to].restore(&state);
        self.totals[to] = self.totals[from];
        self.see(to);
    }

    /// Acts in one lane.
    pub fn step(&mut self, lane: usize, action: usize) -> Transition {
        let transition = self.environments[lane].step(action, &mut self.chances[lane]);
        self.steps += 1;
        self.totals[lane] += transition.reward;
        if transition.ended() {
            self.environments[lane].observe(&mut self.last[lane * self.size..][..self.size]);
            self.finished.push(Finished { at: self.steps, total: self.totals[lane] });
            self.reset(lane);
        } else {
            self.see(lane);
        }
        transition
    }

    fn see(&mut self, lane: usize) {
        self.environments[lane].observe(&mut self.observations[lane * self.size..][..self.size]);
        self.environments[lane].allowed(&mut self.allowed[lane * self.actions..][..self.actions]);
    }

    /// Everything, to go on from.
    pub fn save(&self) -> SavedLanes {
        let bits = |state: Vec<f64>| state.iter().map(|number| number.to_bits()).collect();
        SavedLanes {
            states: self.environments.iter().map(|environment| bits(environment.state())).collect(),
            chances: self.chances.clone(),
            totals: self.totals.clone(),
            steps: self.steps,
            finished: self.finished.clone(),
        }
    }

    /// Goes on from what was saved.
    ///
    /// # Errors
    /// Another number of lanes.
    pub fn restore(&mut self, saved: SavedLanes) -> Result<(), Error> {
        if saved.states.len() != self.count() || saved.chances.len() != self.count() {
            return Err(Error::Invalid("the saved state has another number of environments".into()));
        }
        for (lane, state) in saved.states.iter().enumerate() {
            let state: Vec<f64> = state.iter().map(|bits| f64::from_bits(*bits)).collect();
            self.environments[lane].restore(&state);
            self.see(lane);
        }
        (self.chances, self.totals) = (saved.chances, saved.totals);
        (self.steps, self.finished) = (saved.steps, saved.finished);
        Ok(())
    }
}
