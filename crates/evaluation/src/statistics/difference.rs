//! How much better one agent is than another on the same cases, in one group of cases or over several weighted ones.

use super::{
    BOOTSTRAPS, PERMUTATIONS, cluster_interval, mcnemar_exact, sign_flip, standard_quantile, weighted_mean_interval,
};
use std::collections::BTreeMap;

const CONFIDENCE: f64 = 0.95;

/// One case that both were judged on.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Pair<'a> {
    /// Share of the first agent's trials that passed, 0 to 1.
    pub first: f64,
    /// The same of the second.
    pub second: f64,
    /// Weight of the case.
    pub weight: f64,
    /// What the case belongs to, where cases are not independent.
    pub cluster: Option<&'a str>,
}

/// A group of cases, and how much it weighs beside the others.
#[derive(Clone, PartialEq, Debug)]
pub struct Stratum<'a> {
    /// Its weight, of any scale; greater than 0.
    pub weight: f64,
    /// Its cases.
    pub pairs: Vec<Pair<'a>>,
}

/// The difference of the first agent to the second.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Difference {
    /// Cases that it is over.
    pub n: u32,
    /// Mean of the first minus mean of the second.
    pub mean: f64,
    /// 95% interval; `None` where one case says too little.
    pub interval: Option<(f64, f64)>,
    /// p of [`paired_p`], not corrected.
    pub p: f64,
}

/// The difference of two agents: the weighted mean of the differences in each stratum, its interval by
/// [`linear_interval`]. `None` when a stratum has no pair.
pub fn difference(strata: &[Stratum<'_>], seed: u64) -> Option<Difference> {
    if strata.is_empty() || strata.iter().any(|stratum| stratum.pairs.is_empty()) {
        return None;
    }
    let n = strata.iter().map(|stratum| stratum.pairs.len()).sum::<usize>();
    let part = |stratum: &Stratum<'_>| Some((stratum.weight, stratum.mean(), stratum.interval(seed)?));
    let parts: Option<Vec<_>> = strata.iter().map(part).collect();
    let total: f64 = strata.iter().map(|stratum| stratum.weight).sum();
    Some(Difference {
        n: u32::try_from(n).unwrap_or(u32::MAX),
        mean: strata.iter().map(|stratum| stratum.weight * stratum.mean()).sum::<f64>() / total,
        interval: parts.and_then(|parts| linear_interval(&parts)).map(|(low, high)| (low.max(-1.0), high.min(1.0))),
        p: paired_p(strata, seed),
    })
}

/// Two-sided p of the two agents being equal: McNemar's exact test for one stratum of independent cases with one trial each;
/// else the sign-flip test of the differences, each with the weight that it has in the mean, those of a cluster together.
pub fn paired_p(strata: &[Stratum<'_>], seed: u64) -> f64 {
    match strata {
        [one] if one.is_binary() && !one.has_clusters() => {
            let (b, c) = one.discordant();
            mcnemar_exact(b, c)
        }
        _ => {
            let mut clusters: BTreeMap<&str, f64> = BTreeMap::new();
            let mut independent = Vec::new();
            for (cluster, share) in strata.iter().flat_map(Stratum::shares) {
                match cluster {
                    Some(cluster) => *clusters.entry(cluster).or_default() += share,
                    None => independent.push(share),
                }
            }
            independent.extend(clusters.into_values());
            sign_flip(&independent, PERMUTATIONS, seed)
        }
    }
}

/// Interval of `Σ wᵢmᵢ / Σ wᵢ` of independent means, from `(weight, mean, interval)` of each:
/// `m ± √(Σ wᵢ²·(distance of mᵢ to its bound)²) / Σ wᵢ`. `None` without parts.
///
/// # Source
/// Zou, Huang and Zhang, Computational Statistics & Data Analysis 53 (2009), 1080–1085.
pub fn linear_interval(parts: &[(f64, f64, (f64, f64))]) -> Option<(f64, f64)> {
    let total: f64 = parts.iter().map(|(weight, _, _)| weight).sum();
    if total <= 0.0 {
        return None;
    }
    let mean = parts.iter().map(|(weight, mean, _)| weight * mean).sum::<f64>() / total;
    let reach = |distance: &dyn Fn(f64, (f64, f64)) -> f64| {
        let squares = parts.iter().map(|(weight, mean, bounds)| (weight * distance(*mean, *bounds).max(0.0)).powi(2));
        squares.sum::<f64>().sqrt() / total
    };
    Some((mean - reach(&|mean, (low, _)| mean - low), mean + reach(&|mean, (_, high)| high - mean)))
}

/// Interval of the difference of two shares on the same `n` cases, from the cases where only the first (`b`) and only
/// the second (`c`) passed; `(−1, 1)` without cases.
///
/// `d ± z·√((p₁ + p₂ − d²)/(n + 2))` with `p₁ = (b + 1)/(n + 2)`, `p₂ = (c + 1)/(n + 2)`, `d = p₁ − p₂`
///
/// # Source
/// Bonett and Price, Journal of Educational and Behavioral Statistics 37 (2012), 479–488.
pub fn paired_share_interval(b: u32, c: u32, n: u32, confidence: f64) -> (f64, f64) {
    if n == 0 {
        return (-1.0, 1.0);
    }
    let trials = f64::from(n) + 2.0;
    let (first, second) = ((f64::from(b) + 1.0) / trials, (f64::from(c) + 1.0) / trials);
    let centre = first - second;
    let half = standard_quantile(f64::midpoint(1.0, confidence))
        * ((first + second - centre * centre) / trials).max(0.0).sqrt();
    ((centre - half).max(-1.0), (centre + half).min(1.0))
}

impl<'a> Stratum<'a> {
    fn total(&self) -> f64 {
        self.pairs.iter().map(|pair| pair.weight).sum()
    }

    fn mean(&self) -> f64 {
        self.pairs.iter().map(|pair| pair.weight * (pair.first - pair.second)).sum::<f64>() / self.total()
    }

    /// Each difference with its part of the overall mean, but for a factor that all strata share.
    fn shares(&self) -> impl Iterator<Item = (Option<&'a str>, f64)> {
        let scale = self.weight / self.total();
        self.pairs.iter().map(move |pair| (pair.cluster, scale * pair.weight * (pair.first - pair.second)))
    }

    fn has_clusters(&self) -> bool {
        self.pairs.iter().any(|pair| pair.cluster.is_some())
    }

    /// One trial a case.
    fn is_binary(&self) -> bool {
        let whole = |share: f64| share == 0.0 || share == 1.0;
        self.pairs.iter().all(|pair| whole(pair.first) && whole(pair.second))
    }

    fn weighs_all_alike(&self) -> bool {
        self.pairs.windows(2).all(|pair| matches!(pair, [one, other] if one.weight.total_cmp(&other.weight).is_eq()))
    }

    /// Cases where only the first, and only the second, passed.
    fn discordant(&self) -> (u32, u32) {
        let count = |won: &dyn Fn(&Pair) -> bool| {
            u32::try_from(self.pairs.iter().filter(|pair| won(pair)).count()).unwrap_or(u32::MAX)
        };
        (count(&|pair| pair.first > pair.second), count(&|pair| pair.first < pair.second))
    }

    /// Of paired shares; of means by Student's t; with clusters a bootstrap over them, a case without one being one.
    fn interval(&self, seed: u64) -> Option<(f64, f64)> {
        if self.has_clusters() {
            let of = |(place, pair): (usize, &Pair<'a>)| (pair.cluster.ok_or(place), pair.first - pair.second);
            return cluster_interval(self.pairs.iter().enumerate().map(of), CONFIDENCE, BOOTSTRAPS, seed);
        }
        if self.is_binary() && self.weighs_all_alike() {
            let (b, c) = self.discordant();
            let n = u32::try_from(self.pairs.len()).unwrap_or(u32::MAX);
            return Some(paired_share_interval(b, c, n, CONFIDENCE));
        }
        weighted_mean_interval(self.pairs.iter().map(|pair| (pair.first - pair.second, pair.weight)), CONFIDENCE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::wilson;

    fn close(actual: f64, expected: f64) {
        assert!((actual - expected).abs() < 1e-4, "{actual} is not {expected}");
    }

    fn stratum(weight: f64, shares: &[(f64, f64)]) -> Stratum<'static> {
        let pair = |(first, second): &(f64, f64)| Pair { first: *first, second: *second, weight: 1.0, cluster: None };
        Stratum { weight, pairs: shares.iter().map(pair).collect() }
    }

    #[test]
    fn cases_of_a_cluster_are_one_piece_of_evidence() {
        // Eight cases all speak for the first: alone p = 2/2⁸. In two clusters of four only the signs of two sums can differ.
        let mut one = stratum(1.0, &[(1.0, 0.0); 8]);
        close(paired_p(&[one.clone()], 1), 2.0 / 256.0);
        one.pairs
            .iter_mut()
            .enumerate()
            .for_each(|(place, pair)| pair.cluster = Some(if place < 4 { "a" } else { "b" }));
        let found = difference(&[one], 1).unwrap();
        assert!((found.p - 0.5).abs() < 0.03, "{}", found.p);
        assert_eq!((found.mean, found.interval), (1.0, Some((1.0, 1.0))));
    }

    #[test]
    fn the_interval_of_paired_shares_is_that_of_the_literature() {
        // The 21 children of Bentur et al. in Fagerland, Lydersen and Laake, Statistics in Medicine 33 (2014), 2850–2875:
        // 1 against 7. By hand: p₁ = 2/23, p₂ = 8/23, d = −6/23, √((10/23 − 36/529)/23) = 0.126272, times 1.959964.
        let (low, high) = paired_share_interval(1, 7, 21, 0.95);
        close(low, -0.5084);
        close(high, -0.0134);
        assert_eq!(paired_share_interval(0, 0, 0, 0.95), (-1.0, 1.0));
        // The plain difference is within, also where all speaks for one.
        for (b, c, n) in [(1, 0, 1), (5, 0, 5), (1000, 0, 1000), (3, 0, 400), (7, 7, 20)] {
            let (low, high) = paired_share_interval(b, c, n, 0.95);
            let plain = (f64::from(b) - f64::from(c)) / f64::from(n);
            assert!(low <= plain && plain <= high, "{b} {c} {n}: {low} {high}");
        }
    }

    #[test]
    fn one_stratum_of_single_trials_is_tested_by_mcnemar() {
        // Of ten cases six speak for the first and none for the second: mean 0.6, p = 2/2⁶.
        let shares: Vec<(f64, f64)> = (0..10).map(|case| (1.0, f64::from(u8::from(case >= 6)))).collect();
        let found = difference(&[stratum(1.0, &shares)], 1).unwrap();
        assert_eq!(found.n, 10);
        close(found.p, 2.0 / 64.0);
        close(found.mean, 0.6);
        // p₁ = 7/12, p₂ = 1/12, d = 0.5, √((2/3 − 1/4)/12) = 0.186339, times 1.959964 = 0.365218.
        let (low, high) = found.interval.unwrap();
        close(low, 0.1348);
        close(high, 0.8652);
    }

    #[test]
    fn repeats_are_compared_by_their_means() {
        // Differences 0.5, 0.5, 0, 0.5: mean 0.375, standard error 0.25/√4 = 0.125, t₃ = 3.182446.
        let found = difference(&[stratum(1.0, &[(1.0, 0.5), (0.5, 0.0), (0.5, 0.5), (0.5, 0.0)])], 1).unwrap();
        close(found.mean, 0.375);
        let (low, high) = found.interval.unwrap();
        close(low, 0.375 - 0.3978);
        close(high, 0.375 + 0.3978);
        // Three differences, of one sign in 2 of 2³ draws.
        assert!((found.p - 0.25).abs() < 0.02, "{}", found.p);
    }

    #[test]
    fn strata_weigh_as_they_are_told_and_not_by_their_cases() {
        let (won, lost) = (stratum(3.0, &[(1.0, 0.0); 2]), stratum(1.0, &[(0.0, 1.0); 8]));
        // (3·1 − 1·1)/4, though eight of ten cases speak against it.
        close(difference(&[won.clone(), lost], 1).unwrap().mean, 0.5);
        assert_eq!(difference(&[won, stratum(1.0, &[])], 1), None);
        assert_eq!(difference(&[], 1), None);
    }

    #[test]
    fn intervals_of_independent_means_are_put_together() {
        // One part keeps its interval.
        let (low, high) = linear_interval(&[(2.0, 0.8, wilson(8, 10, 0.95))]).unwrap();
        close(low, 0.4902);
        close(high, 0.9433);
        // Means 0.8 and 0.5, weights 2 and 1: 0.7; below √((2·0.3)² + (1·0.4)²)/3 = 0.2404, above √((2·0.1)² + 0.3²)/3 = 0.1202.
        let parts = [(2.0, 0.8, (0.5, 0.9)), (1.0, 0.5, (0.1, 0.8))];
        let (low, high) = linear_interval(&parts).unwrap();
        close(low, 0.7 - 0.2404);
        close(high, 0.7 + 0.1202);
        assert_eq!(linear_interval(&[]), None);
    }
}
