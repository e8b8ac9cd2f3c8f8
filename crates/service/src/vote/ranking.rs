//! From votes to ratings.

use evaluation::{
    rank_range,
    statistics::{BOOTSTRAPS_MIN, Pairing, Rating, bradley_terry_of_ballots},
};
use types::{Agent, AgentId, Verdict, VoteDraft, VoteRanking, VoteRow};

/// The same votes give the same intervals.
const SEED: u64 = 1;

/// Ratings by Bradley and Terry's model, an undecided comparison being half a win for both.
pub fn ranking(votes: &[VoteDraft], agents: Vec<Agent>) -> VoteRanking {
    let ids: Vec<AgentId> = agents.iter().map(|agent| agent.id).collect();
    let ballots: Vec<Vec<Pairing>> = votes.iter().map(|vote| pairings(vote, &ids)).collect();
    let mut rows: Vec<VoteRow> =
        agents.into_iter().enumerate().map(|(place, agent)| counted(agent, place, &ballots)).collect();
    let num_votes = u32::try_from(votes.len()).unwrap_or(u32::MAX);
    let names: Vec<String> = rows.iter().map(|row| row.agent_name.clone()).collect();
    let named = |group: Vec<usize>| group.into_iter().filter_map(|place| names.get(place).cloned()).collect();
    let (not_ranked, groups) = match bradley_terry_of_ballots(ids.len(), &ballots, BOOTSTRAPS_MIN, SEED) {
        Ok(_) if ids.is_empty() => (Some(NOBODY_VOTED.to_owned()), Vec::new()),
        Ok(ratings) => {
            rate(&mut rows, &ratings);
            (None, vec![names.clone()])
        }
        Err(groups) => {
            let groups: Vec<Vec<String>> = groups.into_iter().map(named).collect();
            (Some(why_not(&groups)), groups)
        }
    };
    rows.sort_by(|a, b| {
        let rating = |row: &VoteRow| row.rating.unwrap_or_default();
        rating(b).total_cmp(&rating(a)).then_with(|| a.agent_name.cmp(&b.agent_name))
    });
    VoteRanking { rows, num_votes, not_ranked, groups }
}

const NOBODY_VOTED: &str = "Nobody has voted yet. Ask several agents side by side, and say whose answer is best.";

/// What a vote says of each two: the one that was best beat all others, which are not compared; equally good and equally bad are
/// ties of all.
fn pairings(vote: &VoteDraft, agents: &[AgentId]) -> Vec<Pairing> {
    let place = |id: AgentId| agents.iter().position(|other| *other == id);
    let places: Vec<usize> = vote.candidates.iter().filter_map(|candidate| place(candidate.agent_id)).collect();
    let pair = |first: usize, second: usize, share: f64| Pairing { first, second, share };
    match (vote.verdict, vote.winner.and_then(place)) {
        (Verdict::Winner, Some(winner)) => {
            places.iter().filter(|other| **other != winner).map(|other| pair(winner, *other, 1.0)).collect()
        }
        _ => {
            let rest = |after: usize| places.iter().skip(after + 1);
            let each = |(after, first): (usize, &usize)| {
                let first = *first;
                rest(after).filter(move |second| **second != first).map(move |second| pair(first, *second, 0.5))
            };
            places.iter().enumerate().flat_map(each).collect()
        }
    }
}

fn counted(agent: Agent, place: usize, ballots: &[Vec<Pairing>]) -> VoteRow {
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let share = |pairing: &Pairing| match place {
        _ if pairing.first == place => Some(pairing.share),
        _ if pairing.second == place => Some(1.0 - pairing.share),
        _ => None,
    };
    let shares: Vec<f64> = ballots.iter().flatten().filter_map(share).collect();
    let stood = |ballot: &&Vec<Pairing>| ballot.iter().any(|pairing| share(pairing).is_some());
    VoteRow {
        agent_id: agent.id,
        agent_name: agent.title(),
        agent_type: agent.agent_type,
        votes: number(ballots.iter().filter(stood).count()),
        wins: number(shares.iter().filter(|share| **share > 0.5).count()),
        ties: number(shares.iter().filter(|share| **share == 0.5).count()),
        losses: number(shares.iter().filter(|share| **share < 0.5).count()),
        rating: None,
        interval: None,
        rank_range: None,
    }
}

fn rate(rows: &mut [VoteRow], ratings: &[Rating]) {
    let intervals = ratings.iter().map(|rating| rating.interval);
    for (row, rating) in rows.iter_mut().zip(ratings) {
        row.rating = Some(rating.rating);
        row.interval = Some(rating.interval);
        row.rank_range = Some(rank_range(rating.interval, intervals.clone()));
    }
}

fn why_not(groups: &[Vec<String>]) -> String {
    let told: Vec<String> = groups.iter().map(|group| group.join(" and ")).collect();
    format!(
        "The agents cannot be rated yet: between these groups nobody both won and lost: {}. One agent of each must win, or tie, \
         against one of another and lose, or tie, in turn.",
        told.join("; ")
    )
}
