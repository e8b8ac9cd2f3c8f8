//! Several trials of one case, and cases that belong together.

use super::{quantile, random::Resampler};
use std::collections::BTreeMap;

/// Resamples of a bootstrap, where nothing else is asked for.
pub const BOOTSTRAPS: u32 = 10_000;

/// The chance that of `k` trials at least one succeeds, from `successes` of `trials`: `1 − C(n−c, k) / C(n, k)`. `None`
/// where fewer than `k` trials were made, or `k` is 0.
///
/// # Source
/// Chen et al., arXiv:2107.03374.
pub fn pass_at_k(trials: u32, successes: u32, k: u32) -> Option<f64> {
    chosen_share(trials, trials.checked_sub(successes)?, k).map(|none| 1.0 - none)
}

/// The chance that `k` trials all succeed: `C(c, k) / C(n, k)`. `None` as for [`pass_at_k`].
///
/// # Source
/// Yao et al., arXiv:2406.12045.
pub fn pass_hat_k(trials: u32, successes: u32, k: u32) -> Option<f64> {
    chosen_share(trials, successes.min(trials), k)
}

/// `C(part, k) / C(whole, k) = Π (part − i) / (whole − i)`, without a factorial that could overflow.
fn chosen_share(whole: u32, part: u32, k: u32) -> Option<f64> {
    (k > 0 && k <= whole).then(|| {
        // Once a factor is 0, it stays.
        (0..k.min(part.saturating_add(1))).map(|i| f64::from(part - i) / f64::from(whole - i)).product()
    })
}

/// Percentile interval of the mean by drawing whole clusters with replacement: values of one cluster are no independent
/// evidence. `None` below two clusters.
///
/// # Source
/// Davison and Hinkley, Bootstrap Methods and their Application (1997), section 3.8.
pub fn cluster_interval<C: Ord>(
    values: impl IntoIterator<Item = (C, f64)>,
    confidence: f64,
    resamples: u32,
    seed: u64,
) -> Option<(f64, f64)> {
    let mut clusters: BTreeMap<C, (f64, f64)> = BTreeMap::new();
    for (cluster, value) in values {
        let (sum, count) = clusters.entry(cluster).or_default();
        *sum += value;
        *count += 1.0;
    }
    let clusters: Vec<(f64, f64)> = clusters.into_values().collect();
    if clusters.len() < 2 || resamples == 0 {
        return None;
    }
    let mut resampler = Resampler::new(clusters.len(), seed);
    let mut means: Vec<f64> = (0..resamples)
        .map(|_| {
            let drawn = resampler.draw().filter_map(|place| clusters.get(place));
            let (sum, count) = drawn.fold((0.0, 0.0), |(sum, count), (s, c)| (sum + s, count + c));
            sum / count
        })
        .collect();
    means.sort_by(f64::total_cmp);
    let tail = (1.0 - confidence) / 2.0;
    Some((quantile(&means, tail)?, quantile(&means, 1.0 - tail)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_of_repeats_at_their_ends() {
        assert_eq!((pass_at_k(5, 5, 3), pass_hat_k(5, 5, 3)), (Some(1.0), Some(1.0)));
        assert_eq!((pass_at_k(5, 0, 3), pass_hat_k(5, 0, 3)), (Some(0.0), Some(0.0)));
        assert_eq!((pass_at_k(5, 3, 3), pass_hat_k(5, 2, 3)), (Some(1.0), Some(0.0)));
        assert_eq!((pass_at_k(2, 1, 3), pass_hat_k(2, 1, 3), pass_at_k(2, 1, 0)), (None, None, None));
        assert_eq!(pass_at_k(2, 3, 1), None);
    }

    #[test]
    fn one_cluster_says_nothing_and_equal_ones_leave_no_doubt() {
        assert_eq!(cluster_interval([("a", 1.0), ("a", 0.0)], 0.95, 100, 1), None);
        assert_eq!(cluster_interval([("a", 1.0), ("b", 1.0), ("b", 1.0)], 0.95, 100, 1), Some((1.0, 1.0)));
    }
}
