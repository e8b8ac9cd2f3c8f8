//! The leaderboard: ranks with their uncertainty, and what they say in words.

use crate::{
    api::leaderboard::leaderboard_get,
    components::{Badge, EmptyState, Icon, Loaded, PageHeader, TableFrame, Tone},
    data::Data,
    present::{count, decimal, duration, p_value, percent, percent_interval},
    query::link,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use types::{Leaderboard, LeaderboardRow, UnrankedRow, number::Fixed};

/// The ranking.
#[component]
pub fn LeaderboardPage() -> impl IntoView {
    let ranking = Data::new(|| (), |()| leaderboard_get());
    let render = |ranking: Leaderboard| {
        if ranking.rows.is_empty() && ranking.unranked.is_empty() {
            view! { <NoRanking/> }.into_any()
        } else {
            view! { <Ranking ranking/> }.into_any()
        }
    };
    view! {
        <div class="list-page">
        <PageHeader
            title="Leaderboard"
            lead="Agents judged on the same test cases, by how many they pass. Each agent's latest completed evaluation counts."
        >
            <a class="button" data-kind="primary" href="/evaluations">"Evaluate an agent"</a>
        </PageHeader>
        <Loaded data=ranking render/>
        </div>
    }
}

#[component]
fn NoRanking() -> impl IntoView {
    view! {
        <EmptyState
            icon=Icon::Leaderboard
            title="No agent has been judged yet"
            text="Evaluate two agents on the same test cases; they are ranked here as soon as both are done."
        >
            <a class="button" data-kind="primary" href="/evaluations">"Evaluate an agent"</a>
            <a class="button" data-kind="secondary" href="/cases">"See the test cases"</a>
        </EmptyState>
    }
}

#[component]
fn Ranking(ranking: Leaderboard) -> impl IntoView {
    let sentence = verdict(&ranking.rows, ranking.num_test_cases);
    let (query, ranked) = (use_query_map(), StoredValue::new(ranking.rows));
    let sort = Memo::new(move |_| query.with(|query| sort_of(query.get_str("sort"))));
    let rows =
        move || sorted(ranked.get_value(), sort.get()).into_iter().map(|row| view! { <RankedRow row/> }).collect_view();
    let head = move |label, word| view! { <SortHead label word sort/> };
    let unranked = ranking.unranked.into_iter().map(|row| view! { <GreyRow row/> }).collect_view();
    view! {
        <div class="stack">
        <p class="leaderboard-verdict">{sentence}</p>
        <TableFrame label="Leaderboard" narrow="sticky">
            <thead>
                <tr>
                    <th scope="col">"Agent"</th>
                    {head("Rank", RANK)}
                    <th scope="col">"Task success, 95% interval"</th>
                    <th scope="col" class="number">"Cases"</th>
                    <th scope="col">"Against the leader"</th>
                    {head("Reward", "reward")}
                    {head("Tool efficiency", "efficiency")}
                    {head("Quality", "quality")}
                    {head("Latency", "latency")}
                </tr>
            </thead>
            <tbody>{rows} {unranked}</tbody>
        </TableFrame>
        <p class="muted leaderboard-note">
            "A rank range holds every rank that the intervals leave open. Agents are compared pairwise on the same cases by McNemar's exact test, with Holm's correction; “same tier” means the test cannot tell them from the leader at 5%."
        </p>
        </div>
    }
}

/// Value of `sort` in the address, and whether the best value is the highest.
const SORTS: [(&str, Order); 5] = [
    (RANK, Order::Up),
    ("reward", Order::Down),
    ("efficiency", Order::Down),
    ("quality", Order::Down),
    ("latency", Order::Up),
];

/// The order that needs no word.
const RANK: &str = "";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Up,
    Down,
}

/// The order that the address asks for; what it does not understand is the rank.
fn sort_of(word: Option<&str>) -> (&'static str, Order) {
    let word = word.unwrap_or_default();
    SORTS.into_iter().find(|(name, _)| *name == word).unwrap_or((RANK, Order::Up))
}

/// The best first; who has no value comes last.
fn sorted(mut rows: Vec<LeaderboardRow>, (word, order): (&str, Order)) -> Vec<LeaderboardRow> {
    let key = |row: &LeaderboardRow| {
        let value = match word {
            "reward" => row.reward,
            "efficiency" => row.tool_usage_efficiency,
            "quality" => row.response_quality,
            "latency" => row.latency_ms_p50,
            _ => None,
        };
        value.map_or(f64::INFINITY, |value| if order == Order::Down { -value } else { value })
    };
    if word != RANK {
        rows.sort_by(|a, b| key(a).total_cmp(&key(b)));
    }
    rows
}

#[component]
fn SortHead(label: &'static str, word: &'static str, sort: Memo<(&'static str, Order)>) -> impl IntoView {
    let query = use_query_map();
    let href = move || query.with(|query| link("/leaderboard", query, &[("sort", Some(word.to_owned()))]));
    let order = if sort_of(Some(word)).1 == Order::Up { "ascending" } else { "descending" };
    let state = move || (sort.get().0 == word).then_some(order);
    view! {
        <th scope="col" class="number" aria-sort=state>
            <a class="sort-link" href=href data-noscroll="" data-sorted=state>{label}</a>
        </th>
    }
}

#[component]
fn RankedRow(row: LeaderboardRow) -> impl IntoView {
    let run = format!("/evaluations/{}", row.run_id);
    let (tier, tone) = match (row.p_against_leader, row.in_top_tier) {
        (None, _) => ("leader", Tone::Good),
        (Some(_), true) => ("same tier", Tone::Accent),
        (Some(_), false) => ("behind", Tone::Plain),
    };
    let p = row.p_against_leader.map(p_value).unwrap_or_default();
    view! {
        <tr>
            <th scope="row">
                <a href=format!("/agents/{}", row.agent_id)>{row.agent_name.clone()}</a>
                <span class="muted agent-type">{row.agent_type}</span>
            </th>
            <td class="number">{rank_text(row.rank_range)}</td>
            <td>
                <a class="score-link" href=run.clone() aria-label=format!("{}: {} task success, the evaluation", row.agent_name, percent(Some(row.task_success)))>
                    <span class="number score-value">{percent(Some(row.task_success))}</span>
                    <Whisker value=row.task_success interval=row.interval/>
                    <span class="muted score-interval">{percent_interval(row.interval)}</span>
                </a>
            </td>
            <td class="number"><a href=run.clone()>{row.n}</a></td>
            <td class="nowrap"><span><Badge text=tier.to_owned() tone/> " " <span class="muted">{p}</span></span></td>
            <td class="number">{decimal(row.reward)}</td>
            <td class="number">{decimal(row.tool_usage_efficiency)}</td>
            <td class="number">{decimal(row.response_quality)}</td>
            <td class="number nowrap">{latency(row.latency_ms_p50)}</td>
        </tr>
    }
}

#[component]
fn GreyRow(row: UnrankedRow) -> impl IntoView {
    let evidence = row.run_id.map(|id| view! { " " <a href=format!("/evaluations/{id}")>"See its evaluation"</a> });
    view! {
        <tr data-unranked="">
            <th scope="row">
                <a href=format!("/agents/{}", row.agent_id)>{row.agent_name}</a>
                <span class="muted agent-type">{row.agent_type}</span>
            </th>
            <td class="number">"–"</td>
            <td colspan="7">"Not ranked: " {row.reason} {evidence}</td>
        </tr>
    }
}

/// A point with its interval on a scale from 0 to 1; the numbers stand beside it in words.
#[component]
pub fn Whisker(
    /// The point.
    value: f64,
    /// Its interval.
    interval: (f64, f64),
) -> impl IntoView {
    let at = |share: f64| format!("{}%", Fixed(share.clamp(0.0, 1.0) * 100.0, 1));
    let (low, high) = (at(interval.0), at(interval.1));
    view! {
        <svg class="whisker-scale" aria-hidden="true" focusable="false">
            <line class="scale" x1="0" x2="100%" y1="50%" y2="50%"></line>
            <line class="whisker" x1=low.clone() x2=high.clone() y1="50%" y2="50%"></line>
            <line class="whisker" x1=low.clone() x2=low y1="25%" y2="75%"></line>
            <line class="whisker" x1=high.clone() x2=high y1="25%" y2="75%"></line>
            <circle class="point" cx=at(value) cy="50%" r="3"></circle>
        </svg>
    }
}

/// `1`, or `1–2` when the intervals leave more open.
fn rank_text((best, worst): (u32, u32)) -> String {
    if best == worst { best.to_string() } else { format!("{best}–{worst}") }
}

fn latency(millis: Option<f64>) -> String {
    // Whole milliseconds of a latency fit an i64.
    millis.map_or_else(|| "–".into(), |millis| duration(millis.round() as i64))
}

/// What the ranking says, as a sentence or two.
fn verdict(rows: &[LeaderboardRow], cases: i64) -> String {
    let on = format!("on {}", count(cases, "test case"));
    let Some((leader, others)) = rows.split_first() else {
        return "No agent can be ranked yet: a completed evaluation over the active test cases is needed.".into();
    };
    let lead = format!("{} leads with {} passed {on}", leader.agent_name, percent(Some(leader.task_success)));
    if others.is_empty() {
        return format!("{lead}. Evaluate a second agent on the same cases to compare.");
    }
    let level: Vec<&str> = others.iter().filter(|row| row.in_top_tier).map(|row| row.agent_name.as_str()).collect();
    match level.len() {
        0 => format!("{lead}, distinguishably ahead of every other agent (exact McNemar test, 5%)."),
        1 => format!("{lead}, but {} cannot be told from it on these cases: more cases would decide.", level.concat()),
        n => format!("{lead}, but {n} other agents cannot be told from it on these cases: more cases would decide."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::{AgentId, RunId, Timestamp};

    fn row(name: &str, task_success: f64, in_top_tier: bool) -> LeaderboardRow {
        LeaderboardRow {
            agent_id: AgentId(Default::default()),
            agent_name: name.into(),
            agent_type: "local".into(),
            run_id: RunId(Default::default()),
            n: 20,
            task_success,
            interval: (0.0, 1.0),
            rank_range: (1, 1),
            reward: None,
            tool_usage_efficiency: None,
            response_quality: None,
            latency_ms_p50: None,
            p_against_leader: None,
            in_top_tier,
            evaluated_at: Timestamp::default(),
        }
    }

    #[test]
    fn the_verdict_never_hides_a_tie() {
        let clear = verdict(&[row("A", 0.9, true), row("B", 0.1, false)], 20);
        assert!(clear.starts_with("A leads with 90.0% passed on 20 test cases, distinguishably ahead"));
        let tie = verdict(&[row("A", 0.9, true), row("B", 0.85, true)], 20);
        assert!(tie.contains("but B cannot be told from it"));
        assert!(verdict(&[row("A", 0.9, true)], 1).contains("on 1 test case. Evaluate a second agent"));
    }

    #[test]
    fn sorting_puts_the_best_first_and_who_has_no_value_last() {
        let timed = |name, latency_ms_p50| LeaderboardRow { latency_ms_p50, ..row(name, 0.5, false) };
        let rows = vec![timed("none", None), timed("slow", Some(20.0)), timed("fast", Some(5.0))];
        let names =
            |word| sorted(rows.clone(), sort_of(Some(word))).into_iter().map(|row| row.agent_name).collect::<Vec<_>>();
        assert_eq!(names("latency"), ["fast", "slow", "none"]);
        assert_eq!(names("nonsense"), ["none", "slow", "fast"]);
    }

    #[test]
    fn rank_ranges() {
        assert_eq!(rank_text((1, 1)), "1");
        assert_eq!(rank_text((1, 3)), "1–3");
    }
}
