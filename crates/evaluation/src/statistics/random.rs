//! Randomness of resampling: a seed is given, so the same data gives the same numbers again.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Draws from `0..count`, as many as `count`, and again for every resample.
pub struct Resampler {
    random: ChaCha8Rng,
    count: usize,
}

impl Resampler {
    /// Of `count` things.
    pub fn new(count: usize, seed: u64) -> Self {
        Self { random: ChaCha8Rng::seed_from_u64(seed), count }
    }

    /// The next resample with replacement.
    pub fn draw(&mut self) -> impl Iterator<Item = usize> {
        let Self { random, count } = self;
        (0..*count).map(|_| random.random_range(0..*count))
    }

    /// A coin for each.
    pub fn coins(&mut self) -> impl Iterator<Item = bool> {
        let Self { random, count } = self;
        let mut bits = 0_u64;
        (0..*count).map(move |place| {
            if place % 64 == 0 {
                bits = random.random();
            }
            let coin = bits & 1 == 1;
            bits >>= 1;
            coin
        })
    }
}
