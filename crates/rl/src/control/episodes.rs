//! Whole episodes, one in every lane.

use super::actor::{Tapes, draw};
use crate::{mlp::Mlp, stepwise::Lanes};
use rand_chacha::ChaCha8Rng;

/// One episode.
#[derive(Clone, Default, Debug)]
pub struct Episode {
    /// Steps × size.
    pub observations: Vec<f32>,
    /// Steps × actions.
    pub allowed: Vec<bool>,
    /// What was done.
    pub actions: Vec<usize>,
    /// `log π(a|s)` then.
    pub log_probs: Vec<f32>,
    /// What each step earned.
    pub rewards: Vec<f64>,
    /// Whether the task ended, rather than being cut off.
    pub terminated: bool,
    /// What was seen last.
    pub last: Vec<f32>,
}

impl Episode {
    /// Sum of what was earned.
    pub fn total(&self) -> f64 {
        self.rewards.iter().sum()
    }
}

/// Plays every lane from where it stands to the end of its episode. Lanes that are over wait for the others.
pub fn play(lanes: &mut Lanes, actor: &Mlp, tapes: &mut Tapes, rng: &mut ChaCha8Rng) -> Vec<Episode> {
    let mut episodes = vec![Episode::default(); lanes.count()];
    let mut playing: Vec<usize> = (0..lanes.count()).collect();
    let (mut seen, mut scratch) = (Vec::new(), Vec::new());
    while !playing.is_empty() {
        seen.clear();
        playing.iter().for_each(|lane| seen.extend_from_slice(lanes.observation(*lane)));
        let logits = actor.forward(&seen, &mut tapes.actor);
        let mut row = 0;
        playing.retain(|lane| {
            let episode = &mut episodes[*lane];
            episode.observations.extend_from_slice(lanes.observation(*lane));
            episode.allowed.extend_from_slice(lanes.allowed(*lane));
            let own = &logits[row * lanes.actions()..][..lanes.actions()];
            let (action, log_prob) = draw(own, lanes.allowed(*lane), &mut scratch, rng);
            let transition = lanes.step(*lane, action);
            episode.actions.push(action);
            episode.log_probs.push(log_prob);
            episode.rewards.push(transition.reward);
            episode.terminated = transition.terminated;
            row += 1;
            if transition.ended() {
                episode.last = lanes.last(*lane).to_vec();
            }
            !transition.ended()
        });
    }
    episodes
}
