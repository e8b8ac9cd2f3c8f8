//! Ids of tool calls, from the turn's seed: the same seed gives the same ids, different seeds give different ones.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use types::ToolCallId;

/// Keeps ids apart from whatever else is drawn from the same seed.
const STREAM: u64 = 1;

/// Keeps the name of a rollout apart from both.
const ROLLOUT_STREAM: u64 = 2;

/// What the turn with this seed is called where its model calls and tool calls are recorded.
pub fn rollout(seed: u64) -> uuid::Uuid {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(ROLLOUT_STREAM);
    uuid::Builder::from_random_bytes(rng.random()).into_uuid()
}

/// The ids of one turn's calls, in order.
pub struct CallIds(ChaCha8Rng);

impl CallIds {
    /// The ids of the turn with this seed.
    pub fn of(seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(STREAM);
        Self(rng)
    }

    /// The id of the next call.
    pub fn draw(&mut self) -> ToolCallId {
        ToolCallId(uuid::Builder::from_random_bytes(self.0.random()).into_uuid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_from_the_seed_and_differ_from_each_other() {
        let drawn = |seed: u64| {
            let mut ids = CallIds::of(seed);
            [ids.draw(), ids.draw()]
        };
        assert_eq!(drawn(7), drawn(7));
        let mut all = [drawn(7), drawn(8)].concat();
        all.sort_unstable_by_key(|id| id.0);
        all.dedup();
        assert_eq!(all.len(), 4);
        assert_eq!(rollout(7), rollout(7));
        assert!(rollout(7) != rollout(8) && rollout(7) != drawn(7)[0].0);
    }
}
