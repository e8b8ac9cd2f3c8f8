//! Uncertainty: Wilson and t intervals, paired tests and the correction for several of them, repeats and clusters, ratings
//! from votes. `tests/reference/statistics.py` holds it against scipy and statsmodels.

mod bradley_terry;
mod difference;
mod paired;
mod random;
mod repeats;

pub use bradley_terry::{BOOTSTRAPS_MIN, PRIOR_TIE, Pairing, Rating, bradley_terry, bradley_terry_of_ballots};
pub use difference::{Difference, Pair, Stratum, difference, linear_interval, paired_p, paired_share_interval};
pub use paired::{PERMUTATIONS, holm, mcnemar_exact, sign_flip};
pub use repeats::{BOOTSTRAPS, cluster_interval, pass_at_k, pass_hat_k};

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// Wilson's interval of a share: `successes` of `n`. Without trials anything is possible: `(0, 1)`.
///
/// `(p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n)`
///
/// # Source
/// Wilson, JASA 22 (1927), 209–212.
pub fn wilson(successes: u32, n: u32, confidence: f64) -> (f64, f64) {
    let share = if n == 0 { 0.0 } else { f64::from(successes) / f64::from(n) };
    wilson_of_share(share, f64::from(n), confidence)
}

/// Wilson's interval of a share over `n` trials, which need not be whole: an effective number, when trials have
/// weights.
pub fn wilson_of_share(share: f64, n: f64, confidence: f64) -> (f64, f64) {
    if n <= 0.0 {
        return (0.0, 1.0);
    }
    let z = standard_quantile(f64::midpoint(1.0, confidence));
    let z2 = z * z;
    let centre = share + z2 / (2.0 * n);
    let half = z * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z2 / n;
    (((centre - half) / scale).max(0.0), ((centre + half) / scale).min(1.0))
}

/// The value below which a standard normal one lies with this chance.
fn standard_quantile(chance: f64) -> f64 {
    Normal::standard().inverse_cdf(chance)
}

/// Student's t interval of a mean; `None` below two values.
pub fn mean_interval(values: &[f64], confidence: f64) -> Option<(f64, f64)> {
    weighted_mean_interval(values.iter().map(|value| (*value, 1.0)), confidence)
}

/// Student's t interval of a weighted mean over Kish's effective number `(Σw)² / Σw²`; equal weights give the plain one.
pub fn weighted_mean_interval(values: impl Iterator<Item = (f64, f64)> + Clone, confidence: f64) -> Option<(f64, f64)> {
    let total: f64 = values.clone().map(|(_, weight)| weight).sum();
    let n = effective_number(values.clone().map(|(_, weight)| weight));
    if n <= 1.0 + 1e-9 {
        return None;
    }
    let mean = values.clone().map(|(value, weight)| value * weight).sum::<f64>() / total;
    let spread = values.map(|(value, weight)| weight * (value - mean).powi(2)).sum::<f64>() / total;
    let error = (spread / (n - 1.0)).sqrt();
    let t = StudentsT::new(0.0, 1.0, n - 1.0).ok()?.inverse_cdf(f64::midpoint(1.0, confidence));
    Some((mean - t * error, mean + t * error))
}

/// Kish's effective number of trials: `(Σw)² / Σw²`; the plain number when weights are equal.
pub fn effective_number(weights: impl Iterator<Item = f64>) -> f64 {
    let (sum, squares) = weights.fold((0.0, 0.0), |(sum, squares), w| (sum + w, squares + w * w));
    if squares > 0.0 { sum * sum / squares } else { 0.0 }
}

/// The value below which `share` of the sorted values lie, interpolated linearly; `None` without values.
pub fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 values")]
    let place = share.clamp(0.0, 1.0) * last as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to `last`")]
    let below = place.floor() as usize;
    let (low, high) = (sorted.get(below)?, sorted.get((below + 1).min(last))?);
    Some(low + (high - low) * place.fract())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(actual: f64, expected: f64) {
        assert!((actual - expected).abs() < 1e-9, "{actual} is not {expected}");
    }

    #[test]
    fn wilson_agrees_with_scipy() {
        // scipy.stats.binomtest(k, n).proportion_ci(c, method="wilson")
        for (successes, n, confidence, low, high) in [
            (8, 10, 0.95, 0.490_162_471_536_641_8, 0.943_317_848_545_624_8),
            (0, 10, 0.95, 0.0, 0.277_532_799_862_889_26),
            (10, 10, 0.95, 0.722_467_200_137_110_9, 1.0),
            (45, 50, 0.95, 0.786_397_685_625_204_3, 0.956_524_235_068_109_5),
            (3, 7, 0.9, 0.186_443_190_363_956_07, 0.710_522_908_986_407_1),
        ] {
            let (l, h) = wilson(successes, n, confidence);
            close(l, low);
            close(h, high);
        }
        assert_eq!(wilson(0, 0, 0.95), (0.0, 1.0));
    }

    #[test]
    fn the_mean_interval_agrees_with_scipy() {
        // scipy.stats.t.interval(0.95, n − 1, loc=mean, scale=sem)
        for (values, low, high) in [
            (&[0.2, 0.5, 0.9, 1.0, 0.4][..], 0.178_931_251_800_770_57, 1.021_068_748_199_229_3),
            (&[0.0, 1.0][..], -5.853_102_368_087_347, 6.853_102_368_087_347),
        ] {
            let (l, h) = mean_interval(values, 0.95).unwrap();
            close(l, low);
            close(h, high);
        }
        assert_eq!(mean_interval(&[0.5], 0.95), None);
        assert_eq!(mean_interval(&[], 0.95), None);
    }

    #[test]
    fn equal_weights_give_the_plain_interval() {
        let plain = mean_interval(&[0.2, 0.5, 0.9], 0.95).unwrap();
        let weighted = weighted_mean_interval([(0.2, 3.0), (0.5, 3.0), (0.9, 3.0)].into_iter(), 0.95).unwrap();
        close(weighted.0, plain.0);
        close(weighted.1, plain.1);
    }

    #[test]
    fn quantiles_interpolate() {
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[7.0], 0.95), Some(7.0));
        assert_eq!(quantile(&[1.0, 2.0, 3.0, 4.0], 0.5), Some(2.5));
        // 0.95 · 20 = place 19 of 0..=20.
        close(quantile(&(0..=20).map(f64::from).collect::<Vec<_>>(), 0.95).unwrap(), 19.0);
    }

    #[test]
    fn unequal_weights_count_as_fewer_trials() {
        // (3 + 1)² / (9 + 1) = 1.6.
        close(effective_number([3.0, 1.0].into_iter()), 1.6);
        close(effective_number([2.0; 5].into_iter()), 5.0);
    }
}
