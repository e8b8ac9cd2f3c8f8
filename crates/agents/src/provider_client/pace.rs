//! How many requests a provider is asked at once: fewer after it said that it is busy, more again while all goes well.
//!
//! Additive increase, multiplicative decrease, as TCP does it: each success adds one place per full round of places, a
//! 429 halves them. Of the refusals of one round only the first counts: they all tell of the same moment. Shared by the
//! whole process, for a provider counts all of it.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Notify;

/// Most requests at once: as many as a run may have cases at work.
const PLACES_MAX: f64 = 256.0;
/// Most providers remembered; beyond it one is asked without memory.
const PROVIDERS_MAX: usize = 256;

static PACES: LazyLock<Mutex<BTreeMap<String, Arc<Pace>>>> = LazyLock::new(Mutex::default);

/// The pace of the provider at `base_url`.
pub fn of(base_url: &str) -> Arc<Pace> {
    let mut paces = PACES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(pace) = paces.get(base_url) {
        return Arc::clone(pace);
    }
    let pace = Arc::new(Pace::default());
    if paces.len() < PROVIDERS_MAX {
        paces.insert(base_url.to_owned(), Arc::clone(&pace));
    }
    pace
}

/// The places at one provider.
pub struct Pace {
    state: Mutex<State>,
    left: Notify,
}

struct State {
    places: f64,
    taken: u32,
    /// How often places were taken away.
    round: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { state: Mutex::new(State { places: PLACES_MAX, taken: 0, round: 0 }), left: Notify::new() }
    }
}

impl Pace {
    /// Waits for a place and takes it.
    pub async fn enter(self: &Arc<Self>) -> Permit {
        loop {
            let left = self.left.notified();
            if let Some(round) = self.take() {
                // There may be room for the next one too; places are not given back one by one only.
                self.left.notify_one();
                return Permit { pace: Arc::clone(self), round };
            }
            left.await;
        }
    }

    fn take(&self) -> Option<u64> {
        let mut state = self.lock();
        let is_free = f64::from(state.taken) < state.places.floor().max(1.0);
        is_free.then(|| {
            state.taken += 1;
            state.round
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place at a provider, given back when dropped.
pub struct Permit {
    pace: Arc<Pace>,
    round: u64,
}

impl Permit {
    /// The provider answered: there may be room for more.
    pub fn went_well(&self) {
        let mut state = self.pace.lock();
        state.places = (state.places + 1.0 / state.places).min(PLACES_MAX);
    }

    /// The provider was busy: half of what is under way must do.
    pub fn was_refused(&self) {
        let mut state = self.pace.lock();
        if state.round == self.round {
            state.places = (state.places.min(f64::from(state.taken)) / 2.0).max(1.0);
            state.round += 1;
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.pace.lock().taken -= 1;
        self.pace.left.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    async fn entered(pace: &Arc<Pace>, count: usize) -> Vec<Permit> {
        let mut permits = Vec::new();
        for _ in 0..count {
            permits.push(pace.enter().await);
        }
        permits
    }

    #[tokio::test]
    async fn a_refusal_halves_the_places_once_a_round_and_they_come_back_one_by_one() {
        let pace = Arc::new(Pace::default());
        let permits = entered(&pace, 8).await;
        permits.iter().for_each(Permit::was_refused);
        drop(permits);
        // Half of 8 are left.
        let mut permits = entered(&pace, 4).await;
        assert!(pace.enter().now_or_never().is_none());
        // 4 successes of 4 places add about one: 4 + 1/4 + 1/4.25 + 1/4.49 + 1/4.71 = 4.92; the fifth makes it 5.12.
        permits.iter().for_each(Permit::went_well);
        assert!(pace.enter().now_or_never().is_none());
        permits[0].went_well();
        permits.push(pace.enter().now_or_never().unwrap());
        assert!(pace.enter().now_or_never().is_none());
    }

    #[tokio::test]
    async fn one_place_is_always_left_and_whoever_waits_gets_it() {
        let pace = Arc::new(Pace::default());
        for _ in 0..4 {
            pace.enter().await.was_refused();
        }
        let only = pace.enter().await;
        let mut waiting = Box::pin(pace.enter());
        assert!(waiting.as_mut().now_or_never().is_none());
        drop(only);
        assert!(waiting.now_or_never().is_some());
    }

    #[test]
    fn the_same_provider_has_one_pace() {
        assert!(Arc::ptr_eq(&of("http://one.example"), &of("http://one.example")));
        assert!(!Arc::ptr_eq(&of("http://one.example"), &of("http://two.example")));
    }
}
