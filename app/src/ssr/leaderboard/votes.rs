//! What people prefer: ratings from votes on answers side by side.

use super::{PATH, table::rank_text, tabs};
use crate::{components::TableFrame, present::count};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use types::{VoteRanking, VoteRow, number::Fixed};

const HEADS: [&str; 5] = ["Rank", "Rating, 95% interval", "Votes", "Won, tied, lost", "Framework"];

/// The ratings, or why there are none.
pub fn section(address: &ParamsMap, ranking: VoteRanking) -> AnyView {
    let verdict = ranking.not_ranked.clone().unwrap_or_else(|| verdict(&ranking));
    let table = (!ranking.rows.is_empty()).then(|| table(&ranking.rows));
    view! {
        {tabs(address, "votes")}
        <p class="leaderboard-verdict">{verdict}</p>
        {table}
        <p class="muted leaderboard-note">
            "Ratings by Bradley and Terry's model: 1000 on average, 400 more are odds of ten to one to be preferred. Equally good and equally bad are half a win for both. Intervals are of 1000 bootstraps over whole votes, with a tenth of a tie between all that met as a weak prior; a rank range holds every rank that they leave open."
        </p>
        <p><a class="button" data-kind="secondary" href="/chat/compare">"Compare answers side by side"</a></p>
    }
    .into_any()
}

fn verdict(ranking: &VoteRanking) -> String {
    let votes = count(i64::from(ranking.num_votes), "vote");
    let first = ranking.rows.first().map(|row| row.agent_name.as_str()).unwrap_or_default();
    let level = ranking.rows.iter().filter(|row| row.rank_range.is_some_and(|(best, _)| best == 1)).count();
    match level {
        0 | 1 => format!("{first} is preferred to every other agent, by {votes}."),
        n => format!("{first} is rated highest by {votes}, but {n} agents may be first: more votes would decide."),
    }
}

fn table(rows: &[VoteRow]) -> AnyView {
    let heads = HEADS.map(|head| view! { <th scope="col">{head}</th> }.into_any()).into_iter().collect_view();
    let lines = rows.iter().map(row).collect_view();
    view! {
        <TableFrame label="People's votes" narrow="sticky">
            <thead>
                <tr>
                    <th scope="col">"Agent"</th>
                    {heads}
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableFrame>
    }
    .into_any()
}

fn row(row: &VoteRow) -> AnyView {
    let whole = |value: f64| (value.round() as i64).to_string();
    let rating = row.rating.zip(row.interval).map_or_else(
        || "–".into(),
        |(rating, (low, high))| format!("{} ({} to {})", whole(rating), whole(low), whole(high)),
    );
    let games = f64::from(row.wins + row.ties + row.losses);
    let share = if games > 0.0 { (f64::from(row.wins) + f64::from(row.ties) / 2.0) / games } else { 0.0 };
    let cells = [
        row.rank_range.map_or_else(|| "–".into(), rank_text),
        rating,
        row.votes.to_string(),
        format!("{}, {}, {} ({}%)", row.wins, row.ties, row.losses, Fixed(share * 100.0, 1)),
        row.agent_type.clone(),
    ];
    view! {
        <tr>
            <th scope="row">
                <a href=format!("/agents/{}", row.agent_id)>{row.agent_name.clone()}</a>
                <span class="agent-links"><a href=format!("{PATH}?agent={}", row.agent_id)>"History"</a></span>
            </th>
            {cells.map(|cell| view! { <td class="nowrap">{cell}</td> }.into_any()).into_iter().collect_view()}
        </tr>
    }
    .into_any()
}
