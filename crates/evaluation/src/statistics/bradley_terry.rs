//! Ratings from votes between two: Bradley and Terry's model, ties as half a win for both.
//!
//! The chance that `i` is preferred to `j` is `pᵢ/(pᵢ+pⱼ)`, `β = ln p`, and the rating is `R = 1000 + 400·β/ln 10`, so
//! that 400 points are odds of ten to one. Ratings are centred on 1000.

use super::{quantile, random::Resampler};
use std::f64::consts::LN_10;

/// Fewest bootstraps that an interval is made of.
pub const BOOTSTRAPS_MIN: u32 = 1000;
/// A bootstrap can lose what connects two groups. So in each, every pair that met at all starts with this share of a tie;
/// the ratings themselves have no prior.
pub const PRIOR_TIE: f64 = 0.1;
const ITERATIONS_MAX: usize = 10_000;
const CONFIDENCE: f64 = 0.95;

/// One vote.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Pairing {
    /// Index of one agent.
    pub first: usize,
    /// Index of the other.
    pub second: usize,
    /// What the first gets: 1 when it was preferred, 0 when the other was, ½ for a tie.
    pub share: f64,
}

/// The rating of one agent.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Rating {
    /// 1000 on average; 400 more are odds of ten to one.
    pub rating: f64,
    /// Percentile interval of the bootstraps, 95%.
    pub interval: (f64, f64),
}

/// Ratings of `agents` agents, or the groups that cannot be compared: without a chain of preferences from every agent to
/// every other one, no finite ratings are the likeliest (Ford, American Mathematical Monthly 64 (1957), 28–33).
///
/// # Errors
/// The groups within which all are connected, by index.
pub fn bradley_terry(
    agents: usize,
    votes: &[Pairing],
    bootstraps: u32,
    seed: u64,
) -> Result<Vec<Rating>, Vec<Vec<usize>>> {
    let ballots: Vec<Vec<Pairing>> = votes.iter().map(|vote| vec![*vote]).collect();
    bradley_terry_of_ballots(agents, &ballots, bootstraps, seed)
}

/// [`bradley_terry`] of votes among more than two: the pairings of one ballot are no independent evidence, so that
/// bootstraps draw whole ballots.
///
/// # Errors
/// As [`bradley_terry`].
pub fn bradley_terry_of_ballots(
    agents: usize,
    ballots: &[Vec<Pairing>],
    bootstraps: u32,
    seed: u64,
) -> Result<Vec<Rating>, Vec<Vec<usize>>> {
    let sound = |vote: &&Pairing| {
        vote.first != vote.second && vote.first < agents && vote.second < agents && (0.0..=1.0).contains(&vote.share)
    };
    let ballots: Vec<Vec<Pairing>> =
        ballots.iter().map(|ballot| ballot.iter().filter(sound).copied().collect()).collect();
    let ballots: Vec<Vec<Pairing>> = ballots.into_iter().filter(|ballot| !ballot.is_empty()).collect();
    let wins = Wins::of(agents, ballots.iter().flatten().copied());
    let groups = wins.groups();
    if groups.len() > 1 {
        return Err(groups);
    }
    let fitted = wins.strengths(vec![0.0; agents], 1e-12);
    let met = wins.prior();
    let mut resampler = Resampler::new(ballots.len(), seed);
    let mut drawn: Vec<Vec<f64>> = vec![Vec::new(); agents];
    for _ in 0..bootstraps.max(BOOTSTRAPS_MIN) {
        let mut again = met.clone();
        resampler.draw().filter_map(|place| ballots.get(place)).flatten().for_each(|vote| again.add(*vote));
        let strengths = again.strengths(fitted.clone(), 1e-7);
        drawn.iter_mut().zip(strengths).for_each(|(drawn, strength)| drawn.push(rating_of(strength)));
    }
    Ok(fitted.iter().zip(drawn).map(|(strength, drawn)| rating(*strength, drawn)).collect())
}

fn rating_of(strength: f64) -> f64 {
    1000.0 + 400.0 * strength / LN_10
}

fn rating(strength: f64, mut drawn: Vec<f64>) -> Rating {
    drawn.sort_by(f64::total_cmp);
    let rating = rating_of(strength);
    let tail = (1.0 - CONFIDENCE) / 2.0;
    let bound = |share| quantile(&drawn, share).unwrap_or(rating);
    Rating { rating, interval: (bound(tail), bound(1.0 - tail)) }
}

/// For each agent, what it won against each it met: `(other, won, lost)`.
#[derive(Clone, Debug)]
struct Wins(Vec<Vec<(usize, f64, f64)>>);

impl Wins {
    fn of(agents: usize, votes: impl Iterator<Item = Pairing>) -> Self {
        let mut wins = Self(vec![Vec::new(); agents]);
        votes.for_each(|vote| wins.add(vote));
        wins
    }

    fn add(&mut self, vote: Pairing) {
        self.add_one(vote.first, vote.second, vote.share);
        self.add_one(vote.second, vote.first, 1.0 - vote.share);
    }

    fn add_one(&mut self, one: usize, other: usize, share: f64) {
        let Some(met) = self.0.get_mut(one) else { return };
        match met.binary_search_by_key(&other, |(other, _, _)| *other) {
            Ok(place) => {
                if let Some((_, won, lost)) = met.get_mut(place) {
                    *won += share;
                    *lost += 1.0 - share;
                }
            }
            Err(place) => met.insert(place, (other, share, 1.0 - share)),
        }
    }

    /// The weak prior: [`PRIOR_TIE`] between all that met.
    fn prior(&self) -> Self {
        let half = PRIOR_TIE / 2.0;
        Self(self.0.iter().map(|met| met.iter().map(|(other, _, _)| (*other, half, half)).collect()).collect())
    }

    /// Whom one leads to, itself included, along wins or along losses.
    fn reached(&self, from: usize, along: impl Fn(f64, f64) -> bool) -> Vec<bool> {
        let mut reached = vec![false; self.0.len()];
        let mut open = vec![from];
        while let Some(at) = open.pop() {
            match reached.get_mut(at) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            let next = self.0.get(at).into_iter().flatten().filter(|(_, won, lost)| along(*won, *lost));
            open.extend(next.map(|(other, _, _)| *other));
        }
        reached
    }

    /// The strongly connected groups.
    fn groups(&self) -> Vec<Vec<usize>> {
        let mut grouped = vec![false; self.0.len()];
        let mut groups = Vec::new();
        for start in 0..self.0.len() {
            if grouped.get(start).copied().unwrap_or(true) {
                continue;
            }
            let (over, under) = (self.reached(start, |won, _| won > 0.0), self.reached(start, |_, lost| lost > 0.0));
            let both = over.iter().zip(&under).enumerate().filter(|(_, (over, under))| **over && **under);
            let group: Vec<usize> = both.map(|(place, _)| place).collect();
            group.iter().for_each(|place| {
                if let Some(grouped) = grouped.get_mut(*place) {
                    *grouped = true;
                }
            });
            groups.push(group);
        }
        groups
    }

    /// The likeliest `β`, centred on 0, from `start` on: `pᵢ ← Σⱼ wᵢⱼ pⱼ/(pᵢ+pⱼ) / Σⱼ wⱼᵢ/(pᵢ+pⱼ)`, one after the other.
    ///
    /// # Source
    /// Newman, Journal of Machine Learning Research 24 (2023), no. 238.
    fn strengths(&self, start: Vec<f64>, precision: f64) -> Vec<f64> {
        let mut strengths = start;
        for _ in 0..ITERATIONS_MAX {
            let mut moved: f64 = 0.0;
            for place in 0..strengths.len() {
                let now = self.step(place, &strengths);
                if let Some(strength) = strengths.get_mut(place) {
                    moved = moved.max((now - *strength).abs());
                    *strength = now;
                }
            }
            centre(&mut strengths);
            if moved < precision {
                break;
            }
        }
        strengths
    }

    fn step(&self, place: usize, strengths: &[f64]) -> f64 {
        let own = strengths.get(place).copied().unwrap_or(0.0);
        let (mut above, mut below) = (0.0, 0.0);
        for (other, won, lost) in self.0.get(place).into_iter().flatten() {
            // pⱼ/(pᵢ+pⱼ) and, as a multiple of 1/pᵢ, pᵢ/(pᵢ+pⱼ).
            let other_is_better = 1.0 / (1.0 + (own - strengths.get(*other).copied().unwrap_or(0.0)).exp());
            above += won * other_is_better;
            below += lost * (1.0 - other_is_better);
        }
        if above > 0.0 && below > 0.0 { own + (above / below).ln() } else { own }
    }
}

fn centre(strengths: &mut [f64]) {
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 agents")]
    let count = strengths.len().max(1) as f64;
    let mean = strengths.iter().sum::<f64>() / count;
    strengths.iter_mut().for_each(|strength| *strength -= mean);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn votes(counted: &[(usize, usize, f64, usize)]) -> Vec<Pairing> {
        let many = |(first, second, share, times): &(usize, usize, f64, usize)| {
            vec![Pairing { first: *first, second: *second, share: *share }; *times]
        };
        counted.iter().flat_map(many).collect()
    }

    #[test]
    fn odds_of_ten_to_one_are_400_points() {
        let ratings = bradley_terry(2, &votes(&[(0, 1, 1.0, 10), (0, 1, 0.0, 1)]), 0, 1).unwrap();
        assert!((ratings[0].rating - 1200.0).abs() < 1e-6 && (ratings[1].rating - 800.0).abs() < 1e-6, "{ratings:?}");
        assert!(ratings[0].interval.0 < 1200.0 && ratings[0].interval.1 > 1200.0);
    }

    #[test]
    fn a_tie_is_half_a_win_for_both_and_order_does_not_matter() {
        let ties = bradley_terry(2, &votes(&[(0, 1, 0.5, 4)]), 0, 1).unwrap();
        assert!(ties.iter().all(|rating| (rating.rating - 1000.0).abs() < 1e-9));
        let one = bradley_terry(2, &votes(&[(0, 1, 1.0, 3), (0, 1, 0.0, 1)]), 0, 1).unwrap();
        let other = bradley_terry(2, &votes(&[(1, 0, 0.0, 3), (1, 0, 1.0, 1)]), 0, 1).unwrap();
        assert!((one[0].rating - other[0].rating).abs() < 1e-9);
    }

    #[test]
    fn who_never_lost_or_never_met_is_not_ranked() {
        // 0 beat 1, and never lost.
        assert_eq!(bradley_terry(2, &votes(&[(0, 1, 1.0, 9)]), 0, 1), Err(vec![vec![0], vec![1]]));
        // Two pairs that never met.
        let apart = votes(&[(0, 1, 0.5, 2), (2, 3, 0.5, 2)]);
        assert_eq!(bradley_terry(4, &apart, 0, 1), Err(vec![vec![0, 1], vec![2, 3]]));
        // A circle of preferences connects all.
        assert!(bradley_terry(3, &votes(&[(0, 1, 1.0, 1), (1, 2, 1.0, 1), (2, 0, 1.0, 1)]), 0, 1).is_ok());
        assert_eq!(bradley_terry(0, &[], 0, 1), Ok(Vec::new()));
    }

    #[test]
    fn what_is_voted_at_once_is_drawn_at_once() {
        // Ten ballots of two equal pairings are ten pieces of evidence and not twenty: the interval is wider.
        let pairings = votes(&[(0, 1, 1.0, 12), (0, 1, 0.0, 8)]);
        let ballots: Vec<Vec<Pairing>> = pairings.chunks(2).map(<[Pairing]>::to_vec).collect();
        let single = bradley_terry(2, &pairings, 0, 1).unwrap();
        let double = bradley_terry_of_ballots(2, &ballots, 0, 1).unwrap();
        assert!((single[0].rating - double[0].rating).abs() < 1e-9);
        let width = |rating: &Rating| rating.interval.1 - rating.interval.0;
        assert!(width(&double[0]) > 1.2 * width(&single[0]), "{single:?} {double:?}");
    }

    #[test]
    fn votes_that_make_no_sense_are_left_out() {
        let strange = [
            Pairing { first: 0, second: 0, share: 1.0 },
            Pairing { first: 0, second: 9, share: 1.0 },
            Pairing { first: 0, second: 1, share: f64::NAN },
        ];
        let sound = votes(&[(0, 1, 0.5, 2)]);
        let all: Vec<Pairing> = strange.into_iter().chain(sound.clone()).collect();
        assert_eq!(bradley_terry(2, &all, 0, 1), bradley_terry(2, &sound, 0, 1));
    }
}
