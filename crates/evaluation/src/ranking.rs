//! Ranking of agents that were judged on the same cases. Sorting never hides a tie.

use crate::statistics::{holm, mcnemar_exact};
use std::collections::BTreeMap;
use types::TestCaseId;

/// Below this, the leader is better; above, the two are not told apart.
pub const SIGNIFICANCE: f64 = 0.05;

/// One agent to rank.
#[derive(Clone, PartialEq, Debug)]
pub struct RankEntry {
    /// Mean of `task_success`.
    pub score: f64,
    /// Interval of it.
    pub interval: (f64, f64),
    /// Decides the order of equal scores, greater first: the mean reward.
    pub tie_break: f64,
    /// Whether each counted case was passed.
    pub passed: BTreeMap<TestCaseId, bool>,
}

/// What the order of agents and their rank ranges are made of.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Standing {
    /// Mean of `task_success`.
    pub score: f64,
    /// Interval of it.
    pub interval: (f64, f64),
    /// Decides the order of equal scores, greater first: the mean reward.
    pub tie_break: f64,
}

/// The place of one agent.
#[derive(Clone, PartialEq, Debug)]
pub struct RankRow {
    /// Index into the entries.
    pub entry: usize,
    /// Best and worst rank that the intervals leave open, from 1.
    pub rank_range: (u32, u32),
    /// p of the exact paired test against the leader, Holm-adjusted; `None` for the leader.
    pub p_against_leader: Option<f64>,
    /// Not told apart from the leader.
    pub in_top_tier: bool,
}

/// The entries, best first, told apart from the leader by McNemar's exact test.
pub fn rank(entries: &[RankEntry]) -> Vec<RankRow> {
    let standing =
        |entry: &RankEntry| Standing { score: entry.score, interval: entry.interval, tie_break: entry.tie_break };
    let standings: Vec<Standing> = entries.iter().map(standing).collect();
    rank_by(&standings, |leader, other| match (entries.get(leader), entries.get(other)) {
        (Some(leader), Some(other)) => paired(leader, other),
        _ => 1.0,
    })
}

/// Agents, best first. `paired_p` is the p of a test of two of them on the same cases, by index, the leader first.
///
/// Rank range: `best = 1 + #{j: lo_j > hi_i}`, `worst = N − #{j: hi_j < lo_i}`.
pub fn rank_by(standings: &[Standing], paired_p: impl Fn(usize, usize) -> f64) -> Vec<RankRow> {
    let mut order: Vec<(usize, &Standing)> = standings.iter().enumerate().collect();
    order.sort_by(|(_, a), (_, b)| b.score.total_cmp(&a.score).then(b.tie_break.total_cmp(&a.tie_break)));
    let Some((leader, _)) = order.first().copied() else { return Vec::new() };
    let raw: Vec<f64> = order.iter().skip(1).map(|(other, _)| paired_p(leader, *other)).collect();
    let against_leader = std::iter::once(None).chain(holm(&raw).into_iter().map(Some));
    order
        .iter()
        .zip(against_leader)
        .map(|((index, standing), p)| RankRow {
            entry: *index,
            rank_range: rank_range(standing.interval, standings.iter().map(|other| other.interval)),
            p_against_leader: p,
            in_top_tier: p.is_none_or(|p| p > SIGNIFICANCE),
        })
        .collect()
}

fn paired(leader: &RankEntry, other: &RankEntry) -> f64 {
    let only_one = |winner: &RankEntry, loser: &RankEntry| {
        let won = winner.passed.iter().filter(|(case, passed)| **passed && loser.passed.get(case) == Some(&false));
        u32::try_from(won.count()).unwrap_or(u32::MAX)
    };
    mcnemar_exact(only_one(leader, other), only_one(other, leader))
}

/// Best and worst rank that intervals leave open, from 1: of `one` among `all`, itself included.
pub fn rank_range(one: (f64, f64), all: impl Iterator<Item = (f64, f64)> + Clone) -> (u32, u32) {
    let count = |chosen: &dyn Fn((f64, f64)) -> bool| {
        u32::try_from(all.clone().filter(|other| chosen(*other)).count()).unwrap_or(u32::MAX)
    };
    let (above, below) = (count(&|(low, _)| low > one.1), count(&|(_, high)| high < one.0));
    (1 + above, count(&|_| true) - below)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::wilson;
    use uuid::Uuid;

    fn entry(passes: &[bool]) -> RankEntry {
        let n = u32::try_from(passes.len()).unwrap();
        let successes = u32::try_from(passes.iter().filter(|p| **p).count()).unwrap();
        let score = f64::from(successes) / f64::from(n);
        let passed = passes.iter().enumerate().map(|(i, p)| (TestCaseId(Uuid::from_u128(i as u128)), *p)).collect();
        RankEntry { score, interval: wilson(successes, n, 0.95), tie_break: score, passed }
    }

    fn first(passed: usize, of: usize) -> RankEntry {
        entry(&(0..of).map(|place| place < passed).collect::<Vec<_>>())
    }

    #[test]
    fn the_better_agent_leads_and_the_worse_is_told_apart() {
        // 10 discordant pairs, all for the leader: p = 2 / 2¹⁰.
        let rows = rank(&[first(0, 10), first(10, 10)]);
        assert_eq!((rows[0].entry, rows[0].p_against_leader, rows[0].in_top_tier), (1, None, true));
        assert!((rows[1].p_against_leader.unwrap() - 2.0 / 1024.0).abs() < 1e-12);
        assert!(!rows[1].in_top_tier);
        // Intervals (0.72, 1) and (0, 0.28) do not touch.
        assert_eq!((rows[0].rank_range, rows[1].rank_range), ((1, 1), (2, 2)));
    }

    #[test]
    fn agents_that_cannot_be_told_apart_share_tier_and_ranks() {
        let rows = rank(&[first(8, 10), first(7, 10)]);
        assert_eq!(rows[1].rank_range, (1, 2));
        assert!((rows[1].p_against_leader.unwrap() - 1.0).abs() < 1e-9);
        assert!(rows[1].in_top_tier);
    }

    #[test]
    fn several_comparisons_are_corrected() {
        // Six discordant pairs: p = 2/64 = 0.03125, below 0.05 alone; twice it with two comparisons.
        let alone = rank(&[first(10, 10), first(4, 10)]);
        let together = rank(&[first(10, 10), first(4, 10), first(4, 10)]);
        assert!(!alone[1].in_top_tier);
        assert!((together[1].p_against_leader.unwrap() - 0.0625).abs() < 1e-9 && together[1].in_top_tier);
    }

    #[test]
    fn nobody_is_ranked_first_of_none() {
        assert!(rank(&[]).is_empty());
    }
}
