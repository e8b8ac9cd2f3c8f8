//! The statistics against scipy and statsmodels (`reference/statistics.py` makes the numbers), and what becomes of two
//! agents that are the same.
#![allow(clippy::unwrap_used)]

use evaluation::{RankEntry, rank, statistics::*};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use types::TestCaseId;
use uuid::Uuid;

fn vectors<T: DeserializeOwned>(name: &str) -> Vec<T> {
    let mut all: BTreeMap<String, serde_json::Value> =
        serde_json::from_str(include_str!("reference/statistics.json")).unwrap();
    let vectors: Vec<T> = serde_json::from_value(all.remove(name).unwrap()).unwrap();
    assert!(!vectors.is_empty());
    vectors
}

#[track_caller]
fn close(actual: f64, expected: f64) {
    assert!((actual - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{actual} is not {expected}");
}

#[test]
fn wilsons_interval() {
    for (successes, n, confidence, low, high) in vectors::<(u32, u32, f64, f64, f64)>("wilson") {
        let found = wilson(successes, n, confidence);
        close(found.0, low);
        close(found.1, high);
    }
}

#[test]
fn the_t_interval() {
    for (values, confidence, low, high) in vectors::<(Vec<f64>, f64, f64, f64)>("t_interval") {
        let found = mean_interval(&values, confidence).unwrap();
        close(found.0, low);
        close(found.1, high);
    }
}

#[test]
fn mcnemars_test() {
    for (b, c, p) in vectors::<(u32, u32, f64)>("mcnemar_exact") {
        let found = mcnemar_exact(b, c);
        assert!((found - p).abs() <= 1e-9 * p, "{found} is not {p}");
    }
}

#[test]
fn holms_correction() {
    for (raw, adjusted) in vectors::<(Vec<f64>, Vec<f64>)>("holm") {
        holm(&raw).into_iter().zip(adjusted).for_each(|(found, expected)| close(found, expected));
    }
}

#[test]
fn the_permutation_test_comes_as_near_to_the_exact_one_as_its_draws_allow() {
    for (differences, exact) in vectors::<(Vec<f64>, f64)>("sign_flip") {
        let draws = 100_000;
        let found = sign_flip(&differences, draws, 7);
        // Four standard errors of a share of that many draws, and the one that is added.
        let error = 4.0 * (exact * (1.0 - exact) / f64::from(draws)).sqrt() + 1.0 / f64::from(draws);
        assert!((found - exact).abs() < error, "{found} is not {exact} ± {error}");
    }
}

#[test]
fn chances_of_repeats() {
    for (n, c, k, at, hat) in vectors::<(u32, u32, u32, f64, f64)>("repeats") {
        close(pass_at_k(n, c, k).unwrap(), at);
        close(pass_hat_k(n, c, k).unwrap(), hat);
    }
}

#[test]
fn the_cluster_bootstrap_ends_where_the_exact_distribution_does() {
    for (clusters, bounds) in vectors::<(Vec<Vec<f64>>, [f64; 4])>("cluster_bootstrap") {
        let values =
            clusters.iter().enumerate().flat_map(|(name, values)| values.iter().map(move |value| (name, *value)));
        let (low, high) = cluster_interval(values, 0.95, BOOTSTRAPS, 11).unwrap();
        let slack = 1e-12;
        assert!(low >= bounds[0] - slack && low <= bounds[1] + slack, "{low} is not within {bounds:?}");
        assert!(high >= bounds[2] - slack && high <= bounds[3] + slack, "{high} is not within {bounds:?}");
    }
}

#[test]
fn ratings_from_votes() {
    type Votes = Vec<(usize, usize, usize, usize, usize)>;
    for (counted, expected) in vectors::<(Votes, Vec<f64>)>("bradley_terry") {
        let shares = |(first, second, won, lost, tied): (usize, usize, usize, usize, usize)| {
            let vote = move |share| Pairing { first, second, share };
            let outcomes = std::iter::repeat_n(1.0, won).chain(std::iter::repeat_n(0.0, lost));
            outcomes.chain(std::iter::repeat_n(0.5, tied)).map(vote)
        };
        let votes: Vec<Pairing> = counted.into_iter().flat_map(shares).collect();
        let ratings = bradley_terry(expected.len(), &votes, BOOTSTRAPS_MIN, 3).unwrap();
        for (found, expected) in ratings.iter().zip(expected) {
            assert!((found.rating - expected).abs() < 1e-6, "{found:?} is not {expected}");
            assert!(found.interval.0 < expected && expected < found.interval.1, "{found:?}");
        }
    }
}

fn entry(passed: &[u8]) -> RankEntry {
    let successes = passed.iter().map(|passed| u32::from(*passed)).sum();
    let n = u32::try_from(passed.len()).unwrap();
    let score = f64::from(successes) / f64::from(n);
    let by_case = |(place, passed): (usize, &u8)| (TestCaseId(Uuid::from_u128(place as u128)), *passed == 1);
    RankEntry {
        score,
        interval: wilson(successes, n, 0.95),
        tie_break: 0.0,
        passed: passed.iter().enumerate().map(by_case).collect(),
    }
}

#[test]
fn rank_ranges_and_tiers() {
    type Row = (u32, u32, Option<f64>, bool, u32);
    for (agents, rows) in vectors::<(Vec<Vec<u8>>, Vec<Row>)>("leaderboard") {
        let ranked = rank(&agents.iter().map(|passed| entry(passed)).collect::<Vec<_>>());
        assert_eq!(ranked.len(), rows.len());
        for (found, (best, worst, p, in_top_tier, successes)) in ranked.iter().zip(rows) {
            assert_eq!((found.rank_range, found.in_top_tier), ((best, worst), in_top_tier), "{found:?}");
            assert_eq!(agents[found.entry].iter().map(|passed| u32::from(*passed)).sum::<u32>(), successes);
            match (found.p_against_leader, p) {
                (Some(found), Some(p)) => close(found, p),
                (found, p) => assert_eq!(found, p),
            }
        }
    }
}

/// 200 comparisons of an agent with itself: every winner is one too many, and 5% of 200 are 10. More than 18 or fewer than
/// 3 happen to a test of exactly 5% in less than one of a hundred series.
#[test]
fn an_agent_seldom_wins_against_itself() {
    let mut random = ChaCha8Rng::seed_from_u64(2024);
    let (mut by_mcnemar, mut by_rank, mut by_permutation) = (0, 0, 0);
    for comparison in 0..200 {
        // Cases are easy or hard for both alike.
        let chances: Vec<f64> = (0..60).map(|_| random.random::<f64>()).collect();
        let mut trial =
            || -> Vec<u8> { chances.iter().map(|chance| u8::from(random.random::<f64>() < *chance)).collect() };
        let (one, other) = (trial(), trial());
        let only = |a: &[u8], b: &[u8]| u32::try_from(a.iter().zip(b).filter(|(a, b)| a > b).count()).unwrap();
        by_mcnemar += u32::from(mcnemar_exact(only(&one, &other), only(&other, &one)) <= 0.05);
        by_rank += u32::from(rank(&[entry(&one), entry(&other)]).iter().any(|row| !row.in_top_tier));
        let differences: Vec<f64> =
            chances.iter().map(|chance| chance * (random.random::<f64>() - random.random::<f64>())).collect();
        by_permutation += u32::from(sign_flip(&differences, PERMUTATIONS, comparison) <= 0.05);
    }
    assert!(by_mcnemar <= 18 && by_rank <= 18, "McNemar {by_mcnemar}, ranking {by_rank}");
    assert!((3..=18).contains(&by_permutation), "permutation {by_permutation}");
    eprintln!("of 200 A/A comparisons: McNemar {by_mcnemar}, ranking {by_rank}, permutation {by_permutation}");
}

/// The same, where the agents differ: what never finds a winner would pass the test above.
#[test]
fn a_better_agent_is_told_apart() {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let trial = |random: &mut ChaCha8Rng, chance: f64| -> Vec<u8> {
        (0..200).map(|_| u8::from(random.random::<f64>() < chance)).collect()
    };
    let found = (0..50).filter(|_| {
        let (good, bad) = (trial(&mut random, 0.8), trial(&mut random, 0.6));
        rank(&[entry(&good), entry(&bad)]).iter().any(|row| !row.in_top_tier)
    });
    assert!(found.count() >= 45);
}
