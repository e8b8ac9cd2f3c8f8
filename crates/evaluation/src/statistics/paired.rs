//! Two agents on the same cases: tests of their difference.

use super::random::Resampler;
use statrs::distribution::{Binomial, DiscreteCDF};

/// Resamples of a permutation test, where nothing else is asked for.
pub const PERMUTATIONS: u32 = 10_000;

/// McNemar's exact two-sided test of two agents on the same cases, from the discordant pairs: `b` where only the first
/// passed, `c` where only the second did. `p = min(1, 2·Σ_{i ≤ min(b,c)} C(b+c, i) / 2^{b+c})`.
pub fn mcnemar_exact(b: u32, c: u32) -> f64 {
    let pairs = u64::from(b) + u64::from(c);
    match Binomial::new(0.5, pairs) {
        Ok(coin) if pairs > 0 => (2.0 * coin.cdf(u64::from(b.min(c)))).min(1.0),
        _ => 1.0,
    }
}

/// The two-sided sign-flip permutation test of paired differences: were the agents equal, each difference could as well
/// have the other sign. `p = (1 + #{|Σ ±d| ≥ |Σ d|}) / (B + 1)` over `resamples` = B seeded draws.
///
/// # Source
/// Phipson and Smyth, Statistical Applications in Genetics 9 (2010), article 39, for the two ones.
pub fn sign_flip(differences: &[f64], resamples: u32, seed: u64) -> f64 {
    let differences: Vec<f64> = differences.iter().copied().filter(|d| d.is_finite() && *d != 0.0).collect();
    let observed = differences.iter().sum::<f64>().abs();
    // Sums in another order differ in their last digits, and must count as equal.
    let slack = 1e-12 * differences.iter().map(|d| d.abs()).sum::<f64>();
    let mut resampler = Resampler::new(differences.len(), seed);
    let as_great = (0..resamples).filter(|_| {
        let flipped: f64 = resampler.coins().zip(&differences).map(|(flip, d)| if flip { -d } else { *d }).sum();
        flipped.abs() >= observed - slack
    });
    (1.0 + f64::from(u32::try_from(as_great.count()).unwrap_or(u32::MAX))) / (f64::from(resamples) + 1.0)
}

/// Holm's step-down adjustment of p values, in the order they came.
///
/// # Source
/// Holm, Scandinavian Journal of Statistics 6 (1979), 65–70.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut ascending: Vec<(usize, f64)> = p_values.iter().copied().enumerate().collect();
    ascending.sort_by(|(_, a), (_, b)| a.total_cmp(b));
    let mut adjusted = vec![1.0; p_values.len()];
    let mut greatest: f64 = 0.0;
    let left = (1..=u32::try_from(p_values.len()).unwrap_or(u32::MAX)).rev();
    for ((place, p), left) in ascending.into_iter().zip(left) {
        greatest = greatest.max((p * f64::from(left)).min(1.0));
        if let Some(slot) = adjusted.get_mut(place) {
            *slot = greatest;
        }
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(actual: f64, expected: f64) {
        assert!((actual - expected).abs() < 1e-9, "{actual} is not {expected}");
    }

    #[test]
    fn the_paired_test_is_exact() {
        // By hand for 1 and 6: 2 · (C(7,0) + C(7,1)) / 2⁷ = 16/128. The others: scipy.stats.binomtest(min, b + c).
        for (b, c, p) in [
            (1, 6, 0.125),
            (6, 1, 0.125),
            (0, 5, 0.0625),
            (5, 5, 1.0),
            (0, 0, 1.0),
            (2, 12, 0.012_939_453_125),
            (10, 30, 0.002_221_433_773_229_364_3),
        ] {
            close(mcnemar_exact(b, c), p);
        }
    }

    #[test]
    fn holms_adjustment_is_monotone_and_keeps_the_order() {
        // Sorted 0.01, 0.02, 0.03, 0.04 times 4, 3, 2, 1 = 0.04, 0.06, 0.06, 0.04, then running maxima.
        let adjusted = holm(&[0.03, 0.01, 0.04, 0.02]);
        for (actual, expected) in adjusted.iter().zip([0.06, 0.04, 0.06, 0.06]) {
            close(*actual, expected);
        }
        assert_eq!(holm(&[0.9, 0.8]), [1.0, 1.0]);
        assert!(holm(&[]).is_empty());
    }

    #[test]
    fn without_a_difference_nothing_is_told_apart_and_a_seed_repeats() {
        assert_eq!(sign_flip(&[], 100, 1), 1.0);
        assert_eq!(sign_flip(&[0.0, 0.0], 100, 1), 1.0);
        assert_eq!(sign_flip(&[1.0, -1.0], 100, 1), 1.0);
        let differences: Vec<f64> = (0..90).map(|place| f64::from(place % 7) - 2.5).collect();
        assert_eq!(sign_flip(&differences, 500, 3), sign_flip(&differences, 500, 3));
        // Twenty equal differences: only all of one sign is as great, 2 of 2²⁰ draws. No draw of 1000 is, of this seed.
        close(sign_flip(&[1.0; 20], 1000, 5), 1.0 / 1001.0);
    }
}
