//! From what agents were judged to their places.

use super::{
    CaseKey, Contender, Loaded,
    categories::Categories,
    standings::{Candidate, Field},
    words,
};
use crate::Result;
use std::collections::{BTreeSet, HashMap};
use types::{
    CaseMatch, Leaderboard, LeaderboardQuery, LeaderboardRow, LeaderboardSort, SharedCases, Timestamp, UnrankedRow,
};

/// The ranking.
///
/// # Errors
/// Refused fields: a weight of a category that there is not.
pub fn board(loaded: Loaded) -> Result<Leaderboard> {
    let Loaded { query, mut contenders, mut unranked, labels, baseline } = loaded;
    leave_out_strangers(&mut contenders, &mut unranked);
    let (shared, common) = shared_cases(&contenders);
    let chosen = if query.cases == CaseMatch::Shared { common } else { most_shared(&contenders) };
    let categories = Categories::new(&query, &labels, &chosen)?;
    let mut field = Field::new(&labels, categories.as_ref());
    for mut contender in contenders {
        if let Some(reason) = not_comparable(&mut contender, &chosen, query.cases) {
            let shared = contender.cases.intersection(&chosen).count();
            unranked.push(contender.not_ranked(reason, shared));
            continue;
        }
        match field.candidate(contender) {
            Ok(candidate) => field.candidates.push(candidate),
            Err(row) => unranked.push(*row),
        }
    }
    let mut rows = field.rows(query.baseline);
    let paired_test = field.paired_test();
    let notes = words::notes(&rows, &query, baseline.as_deref());
    let verdict = words::verdict(&rows, chosen.len(), &paired_test);
    sort(&mut rows, query.sort);
    let num_test_cases = i64::try_from(chosen.len()).unwrap_or(i64::MAX);
    let LeaderboardQuery { baseline, .. } = query;
    Ok(Leaderboard { rows, unranked, num_test_cases, verdict, notes, paired_test, baseline, shared })
}

/// Agents without any case of the scope cannot be compared with anybody.
fn leave_out_strangers(contenders: &mut Vec<Contender>, unranked: &mut Vec<UnrankedRow>) {
    contenders.retain(|contender| {
        if contender.cases.is_empty() {
            unranked.push(contender.not_ranked("none of the cases it was judged on is among those chosen".into(), 0));
        }
        !contender.cases.is_empty()
    });
}

/// What all have in common, counted and as a set.
fn shared_cases(contenders: &[Contender]) -> (SharedCases, BTreeSet<CaseKey>) {
    let mut common: BTreeSet<CaseKey> = contenders.first().map(|first| first.cases.clone()).unwrap_or_default();
    contenders.iter().for_each(|contender| common.retain(|case| contender.cases.contains(case)));
    let any: BTreeSet<&CaseKey> = contenders.iter().flat_map(|contender| &contender.cases).collect();
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let counted = SharedCases { agents: number(contenders.len()), cases: number(common.len()), of: number(any.len()) };
    (counted, common)
}

/// The set of cases that most runs share; among equals, that of the run that ended last.
fn most_shared(contenders: &[Contender]) -> BTreeSet<CaseKey> {
    let mut votes: HashMap<&BTreeSet<CaseKey>, (usize, Option<Timestamp>)> = HashMap::new();
    for contender in contenders {
        let (count, latest) = votes.entry(&contender.cases).or_default();
        *count += 1;
        *latest = (*latest).max(contender.run.completed_at);
    }
    votes.into_iter().max_by_key(|(_, vote)| *vote).map(|(cases, _)| cases.clone()).unwrap_or_default()
}

/// Why an agent cannot be ranked over these cases; one that was judged on more of them is cut down to those in common.
fn not_comparable(contender: &mut Contender, chosen: &BTreeSet<CaseKey>, cases: CaseMatch) -> Option<String> {
    if cases == CaseMatch::Shared && !chosen.is_empty() {
        contender.keep(|case| chosen.contains(case));
        return None;
    }
    if cases == CaseMatch::Shared {
        return Some("the agents have no case in common; leave out one that was judged on others".into());
    }
    let (own, chosen_number) = (contender.cases.len(), chosen.len());
    (contender.cases != *chosen).then(|| {
        format!(
            "it was judged on other cases ({own}) than the ranking is over ({chosen_number}); evaluate it on the same ones"
        )
    })
}

/// The best first; who has no value comes last, and equals stay by rank.
fn sort(rows: &mut [LeaderboardRow], by: LeaderboardSort) {
    let highest = |value: Option<f64>| value.map(|value| -value);
    let key = |row: &LeaderboardRow| {
        let value = match by {
            LeaderboardSort::Rank => None,
            LeaderboardSort::Reward => highest(row.reward),
            LeaderboardSort::Efficiency => highest(row.tool_usage_efficiency),
            LeaderboardSort::Quality => highest(row.response_quality),
            LeaderboardSort::Latency => row.latency_ms_p50,
            LeaderboardSort::Cost => row.cost_usd,
            LeaderboardSort::Baseline => highest(row.baseline.map(|delta| delta.difference)),
        };
        value.unwrap_or(f64::INFINITY)
    };
    rows.sort_by(|a, b| key(a).total_cmp(&key(b)));
}

/// An agent that could not be scored, and the row that says so.
pub type NotScored = Box<UnrankedRow>;

/// A candidate, or why it is none.
pub type Scored = std::result::Result<Candidate, NotScored>;

#[cfg(test)]
mod tests {
    use super::{super::words::tests::row, *};

    #[test]
    fn sorting_puts_the_best_first_and_who_has_no_value_last() {
        let timed = |name, latency_ms_p50| LeaderboardRow { latency_ms_p50, ..row(name, 0.5, false) };
        let rows = [timed("none", None), timed("slow", Some(20.0)), timed("fast", Some(5.0))];
        let names = |by| {
            let mut rows = rows.clone();
            sort(&mut rows, by);
            rows.map(|row| row.agent_name)
        };
        assert_eq!(names(LeaderboardSort::Latency), ["fast", "slow", "none"]);
        assert_eq!(names(LeaderboardSort::Rank), ["none", "slow", "fast"]);
    }
}
