//! The table of the ranking: the columns that it has, and a cell of each for every row.

use super::PATH;
use crate::{
    components::{Badge, TableFrame, Tone},
    pages::leaderboard::Whisker,
    present::{count, decimal, duration, p_value, percent, percent_interval},
    query::link,
};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use types::{
    AgentId, BaselineDelta, CaseMatch, Leaderboard, LeaderboardQuery, LeaderboardRow, LeaderboardSort, UnrankedRow,
    number::Fixed,
};

/// What a row is shown with.
struct Context<'a> {
    address: &'a ParamsMap,
    query: &'a LeaderboardQuery,
    board: &'a Leaderboard,
}

/// A column: its head, the word and the value of `sort` where rows can be sorted by it, and the cell of a row.
struct Column {
    head: String,
    sort: Option<(&'static str, LeaderboardSort)>,
    cell: Cell,
}

type Cell = Box<dyn Fn(&LeaderboardRow) -> AnyView>;

/// The ranked agents, then those that are not ranked.
pub fn ranking(address: &ParamsMap, query: &LeaderboardQuery, board: &Leaderboard) -> AnyView {
    let context = Context { address, query, board };
    let columns = columns(board);
    let heads = columns.iter().map(|column| context.head(column)).collect_view();
    let rows = board.rows.iter().map(|row| context.row(row, &columns)).collect_view();
    let unranked = board.unranked.iter().map(|row| context.unranked(row, columns.len())).collect_view();
    view! {
        <TableFrame label="Leaderboard" narrow="sticky">
            <thead>
                <tr>
                    <th scope="col">"Agent"</th>
                    {heads}
                </tr>
            </thead>
            <tbody>{rows} {unranked}</tbody>
        </TableFrame>
    }
    .into_any()
}

fn columns(board: &Leaderboard) -> Vec<Column> {
    let any = |has: &dyn Fn(&LeaderboardRow) -> bool| board.rows.iter().any(has);
    let mut columns = vec![
        sorted("Rank", "", LeaderboardSort::Rank, |row| number(rank_text(row.rank_range))),
        plain("Task success, 95% interval", success),
        plain("Cases", |row| number(row.n.to_string())),
        plain("Against the leader", tier),
    ];
    if let Some(baseline) = board.baseline.filter(|_| any(&|row| row.baseline.is_some())) {
        let cell = move |row: &LeaderboardRow| delta(row, baseline);
        columns.push(sorted("Against the baseline", "baseline", LeaderboardSort::Baseline, cell));
    }
    let categories = board.rows.first().map(|row| row.categories.as_slice()).unwrap_or_default();
    for (place, category) in categories.iter().enumerate() {
        let name = if category.name.is_empty() { "(none)" } else { &category.name };
        columns.push(plain(&format!("{name} × {}", category.weight), move |row| category_cell(row, place)));
    }
    if any(&|row| row.repeats > 1) {
        columns.push(plain("pass@k", |row| chances(&row.pass_at_k)));
        columns.push(plain("pass^k", |row| chances(&row.pass_hat_k)));
    }
    columns.push(sorted("Reward", "reward", LeaderboardSort::Reward, |row| number(decimal(row.reward))));
    let efficiency = |row: &LeaderboardRow| number(decimal(row.tool_usage_efficiency));
    columns.push(sorted("Tool efficiency", "efficiency", LeaderboardSort::Efficiency, efficiency));
    columns.push(sorted("Quality", "quality", LeaderboardSort::Quality, |row| number(decimal(row.response_quality))));
    if any(&|row| row.cost_usd.is_some() || row.input_tokens.is_some()) {
        columns.push(sorted("Cost of a case", "cost", LeaderboardSort::Cost, cost_cell));
    }
    columns.push(sorted("Latency", "latency", LeaderboardSort::Latency, latency_cell));
    columns
}

fn plain(head: &str, cell: impl Fn(&LeaderboardRow) -> AnyView + 'static) -> Column {
    Column { head: head.to_owned(), sort: None, cell: Box::new(cell) }
}

fn sorted(
    head: &str,
    word: &'static str,
    sort: LeaderboardSort,
    cell: impl Fn(&LeaderboardRow) -> AnyView + 'static,
) -> Column {
    Column { sort: Some((word, sort)), ..plain(head, cell) }
}

impl Context<'_> {
    fn head(&self, column: &Column) -> AnyView {
        let label = column.head.clone();
        let Some((word, sort)) = column.sort else {
            return view! { <th scope="col">{label}</th> }.into_any();
        };
        let href = link(PATH, self.address, &[("sort", Some(word.to_owned()))]);
        let rising = matches!(sort, LeaderboardSort::Rank | LeaderboardSort::Latency | LeaderboardSort::Cost);
        let order = if rising { "ascending" } else { "descending" };
        let state = (self.query.sort == sort).then_some(order);
        view! {
            <th scope="col" class="number" aria-sort=state>
                <a class="sort-link" href=href data-noscroll="" data-sorted=state>{label}</a>
            </th>
        }
        .into_any()
    }

    fn row(&self, row: &LeaderboardRow, columns: &[Column]) -> AnyView {
        let cells = columns.iter().map(|column| (column.cell)(row)).collect_view();
        view! {
            <tr>
                <th scope="row">
                    <a href=format!("/agents/{}", row.agent_id)>{row.agent_name.clone()}</a>
                    <span class="muted agent-type">{row.agent_type.clone()}</span>
                    <span class="agent-links">{self.pin(row)} {history(row.agent_id, &row.agent_name)} {self.leave_out(row)}</span>
                </th>
                {cells}
            </tr>
        }
        .into_any()
    }

    fn pin(&self, row: &LeaderboardRow) -> AnyView {
        let is_baseline = self.board.baseline == Some(row.agent_id);
        let (label, pinned) = if is_baseline { ("Unpin", None) } else { ("Pin", Some(row.agent_id.to_string())) };
        let name = format!("{label} {} as the baseline", row.agent_name);
        let href = link(PATH, self.address, &[("baseline", pinned)]);
        view! { <a href=href data-noscroll="" aria-label=name title="Baseline: all others are compared with it">{label}</a> }.into_any()
    }

    /// Of many agents, the others: with fewer of them there is more in common.
    fn leave_out(&self, row: &LeaderboardRow) -> Option<AnyView> {
        let others = self.board.rows.iter().map(|other| other.agent_id).filter(|id| *id != row.agent_id);
        let others: Vec<AgentId> = others.collect();
        (self.query.cases == CaseMatch::Shared && others.len() > 1).then(|| {
            let href = link(PATH, self.address, &[("agents", Some(joined(&others)))]);
            let name = format!("Leave out {}", row.agent_name);
            view! { <a href=href data-noscroll="" aria-label=name>"Leave out"</a> }.into_any()
        })
    }

    fn unranked(&self, row: &UnrankedRow, columns: usize) -> AnyView {
        let evidence =
            row.run_id.map(|id| view! { " " <a href=format!("/evaluations/{id}")>"See its evaluation"</a> }.into_any());
        let offer = (self.query.cases == CaseMatch::Same && row.shared_cases > 0).then(|| {
            let mut agents: Vec<AgentId> = self.board.rows.iter().map(|row| row.agent_id).collect();
            agents.push(row.agent_id);
            let changes = [("cases", Some("shared".to_owned())), ("agents", Some(joined(&agents)))];
            let href = link(PATH, self.address, &changes);
            let label = format!("Compare on the {} in common", count(i64::from(row.shared_cases), "case"));
            view! { " " <a href=href>{label}</a> }.into_any()
        });
        view! {
            <tr data-unranked="">
                <th scope="row">
                    <a href=format!("/agents/{}", row.agent_id)>{row.agent_name.clone()}</a>
                    <span class="muted agent-type">{row.agent_type.clone()}</span>
                </th>
                <td class="number">"–"</td>
                <td colspan=columns.saturating_sub(1).to_string()>"Not ranked: " {row.reason.clone()} {evidence} {offer}</td>
            </tr>
        }
        .into_any()
    }
}

fn history(agent: AgentId, name: &str) -> AnyView {
    let label = format!("History of {name}");
    view! { <a href=format!("{PATH}?agent={agent}") aria-label=label>"History"</a> }.into_any()
}

fn joined(agents: &[AgentId]) -> String {
    agents.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

fn number(text: String) -> AnyView {
    view! { <td class="number nowrap">{text}</td> }.into_any()
}

/// A number, and what else there is to it.
fn number_with(text: String, more: Option<String>) -> AnyView {
    let more = more.map(|more| view! { <span class="muted cell-more">{more}</span> }.into_any());
    view! { <td class="number nowrap">{text} {more}</td> }.into_any()
}

fn success(row: &LeaderboardRow) -> AnyView {
    let share = percent(Some(row.task_success));
    let label = format!("{}: {share} task success, the evaluation", row.agent_name);
    view! {
        <td>
            <a class="score-link" href=format!("/evaluations/{}", row.run_id) aria-label=label>
                <span class="number score-value">{share}</span>
                <Whisker value=row.task_success interval=row.interval/>
                <span class="muted score-interval">{percent_interval(row.interval)}</span>
            </a>
        </td>
    }
    .into_any()
}

fn tier(row: &LeaderboardRow) -> AnyView {
    let (tier, tone) = match (row.p_against_leader, row.in_top_tier) {
        (None, _) => ("leader", Tone::Good),
        (Some(_), true) => ("same tier", Tone::Accent),
        (Some(_), false) => ("behind", Tone::Plain),
    };
    let p = row.p_against_leader.map(p_value).unwrap_or_default();
    view! {
        <td class="nowrap"><span><Badge text=tier.to_owned() tone/> " " <span class="muted">{p}</span></span></td>
    }
    .into_any()
}

fn delta(row: &LeaderboardRow, baseline: AgentId) -> AnyView {
    let badge =
        (row.agent_id == baseline).then(|| view! { <Badge text="baseline".to_owned() tone=Tone::Plain/> }.into_any());
    let told = row.baseline.map(|BaselineDelta { difference, interval, p, .. }| {
        let bounds = interval.map(|(low, high)| format!("{} to {}", points(low), points(high))).unwrap_or_default();
        let more = format!("{bounds} · {}", p_value(p));
        view! { <span class="score-value">{points(difference)}</span> <span class="muted cell-more">{more}</span> }
            .into_any()
    });
    view! { <td class="number nowrap">{badge} {told}</td> }.into_any()
}

/// `+12.5`: percentage points with their sign.
fn points(share: f64) -> String {
    let sign = if share > 0.0 { "+" } else { "" };
    format!("{sign}{}", Fixed(share * 100.0, 1))
}

fn category_cell(row: &LeaderboardRow, place: usize) -> AnyView {
    let found = row.categories.get(place);
    let n = found.map(|category| format!("n\u{a0}=\u{a0}{}", category.n));
    number_with(percent(found.and_then(|category| category.task_success)), n)
}

/// The chances of 1, 2, 4, 8 … trials and of all.
fn chances(of_k: &[f64]) -> AnyView {
    let shown = (1..).zip(of_k).filter(|(k, _): &(usize, &f64)| k.is_power_of_two() || *k == of_k.len());
    let told: Vec<String> = shown.map(|(k, chance)| format!("{k}: {}", percent(Some(*chance)))).collect();
    number(if told.is_empty() { "–".into() } else { told.join(" · ") })
}

fn cost_cell(row: &LeaderboardRow) -> AnyView {
    let whole = |tokens: f64| Fixed(tokens, 0).to_string().trim_end_matches('.').to_owned();
    let tokens = row.input_tokens.zip(row.output_tokens);
    let more = tokens.map(|(input, output)| format!("{} in, {} out", whole(input), whole(output)));
    number_with(row.cost_usd.map_or_else(|| "–".into(), dollars), more)
}

fn latency_cell(row: &LeaderboardRow) -> AnyView {
    number_with(
        row.latency_ms_p50.map_or_else(|| "–".into(), millis),
        row.latency_ms_p95.map(|p95| format!("p95 {}", millis(p95))),
    )
}

/// Milliseconds in words.
pub fn millis(millis: f64) -> String {
    // Whole milliseconds of a latency fit an i64.
    duration(millis.round() as i64)
}

/// Dollars with as many decimals as tell something.
pub fn dollars(amount: f64) -> String {
    let decimals = match amount {
        0.0 => return "$0".into(),
        1.0.. => 2,
        0.01.. => 4,
        _ => 6,
    };
    format!("${}", Fixed(amount, decimals))
}

/// `1`, or `1–2` when the intervals leave more open.
pub fn rank_text((best, worst): (u32, u32)) -> String {
    if best == worst { best.to_string() } else { format!("{best}–{worst}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_a_ranking_in_words() {
        assert_eq!((rank_text((1, 1)), rank_text((1, 3))), ("1".into(), "1–3".into()));
        assert_eq!((points(0.125), points(-0.5), points(0.0)), ("+12.5".into(), "-50.0".into(), "0.0".into()));
        let shown = [0.0, 0.000_123, 0.012_34, 2.5].map(dollars);
        assert_eq!(shown, ["$0", "$0.000123", "$0.0123", "$2.50"]);
    }
}
