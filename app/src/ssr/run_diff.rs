//! Runs side by side as HTML: what is chosen is in the address, and every cell opens its evidence.

use super::run_reading::beside;
use crate::{
    components::{OutcomeBadge, Pagination, Tab, TableFrame, Tabs},
    present::{count, decimal, decimal_interval, one_line, p_value, percent, percent_interval},
};
use leptos::prelude::*;
use service::DiffQuery;
use types::{DiffCell, DiffRow, DiffRun, DiffShow, Error, Page, RunDiff, RunId};

const PATH: &str = "/evaluations/compare";
const PER_PAGE: u32 = 50;
const SHOWS: [(&str, &str, DiffShow); 4] = [
    ("", "All", DiffShow::All),
    ("different", "Different", DiffShow::Different),
    ("failures", "Failures", DiffShow::Failures),
    ("errors", "Errors", DiffShow::Errors),
];

/// What the address says.
struct Address {
    runs: Vec<String>,
    baseline: String,
    show: String,
    page: u32,
}

impl Address {
    fn link(&self, baseline: &str, show: &str, page: u32) -> String {
        let runs: String = self.runs.iter().map(|run| format!("run={run}&")).collect();
        let part = |key: &str, value: &str| if value.is_empty() { String::new() } else { format!("{key}={value}&") };
        let page = if page > 1 { page.to_string() } else { String::new() };
        let query = format!("{runs}{}{}{}", part("baseline", baseline), part("show", show), part("page", &page));
        format!("{PATH}?{}", query.trim_end_matches('&'))
    }
}

/// The comparison; `asked` are baseline, which cases, page, then the runs.
pub async fn html(asked: &[String]) -> Result<String, Error> {
    let text = |place: usize| asked.get(place).cloned().unwrap_or_default();
    let runs: Vec<String> = asked.get(3..).unwrap_or_default().to_vec();
    let ids: Result<Vec<RunId>, Error> =
        runs.iter().map(|run| run.parse().map_err(|_| Error::not_found("evaluation", run))).collect();
    let page = text(2).parse().unwrap_or(1_u32).max(1);
    let show = SHOWS.iter().find(|(word, _, _)| *word == text(1)).map(|(_, _, show)| *show).unwrap_or_default();
    let query = DiffQuery {
        runs: ids?,
        baseline: text(0).parse().ok(),
        show,
        page: Page { skip: (page - 1).saturating_mul(PER_PAGE), limit: PER_PAGE },
    };
    let address = Address { runs, baseline: text(0), show: text(1), page };
    let diff = super::service().run_diff(&query).await?;
    Ok(section(&address, &query, &diff).to_html())
}

fn section(address: &Address, query: &DiffQuery, diff: &RunDiff) -> AnyView {
    let baseline = query.baseline.or(query.runs.first().copied());
    let tab = |(word, label, show): (&str, &str, DiffShow)| Tab {
        label: label.to_owned(),
        href: address.link(&address.baseline, word, 1),
        current: show == query.show,
    };
    let tabs = SHOWS.map(tab).to_vec();
    view! {
        <p class="leaderboard-verdict">{verdict(diff, baseline)}</p>
        {summary(address, diff, baseline)}
        <Tabs label="Which cases" tabs=tabs />
        {cases(address, diff)}
    }
    .into_any()
}

/// What can be said with the usual certainty.
fn verdict(diff: &RunDiff, baseline: Option<RunId>) -> String {
    let on = format!("{} of {} that any of them was asked", count(as_i64(diff.shared), "case"), diff.of);
    if diff.shared == 0 {
        return "No case was asked and judged, at the same version, in all of these runs: there is nothing to compare."
            .into();
    }
    let name =
        |wanted: Option<RunId>| diff.runs.iter().find(|run| Some(run.run.id) == wanted).map(|run| run.agent.clone());
    let base = name(baseline).unwrap_or_default();
    let said: Vec<String> = diff
        .runs
        .iter()
        .filter_map(|run| {
            let against = run.success_against.filter(|against| against.p < 0.05)?;
            let word = if against.difference > 0.0 { "more" } else { "fewer" };
            Some(format!("{} passes {word} cases than {base} ({})", run.agent, p_value(against.p)))
        })
        .collect();
    match said.as_slice() {
        [] => format!("On {on}: no run differs from {base} by more than chance explains."),
        said => format!("On {on}: {}.", said.join("; ")),
    }
}

fn as_i64(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn signed(value: f64, text: String) -> String {
    if value > 0.0 { format!("+{text}") } else { text }
}

fn summary(address: &Address, diff: &RunDiff, baseline: Option<RunId>) -> AnyView {
    let rows: Vec<AnyView> = diff.runs.iter().map(|run| summary_row(address, run, baseline)).collect();
    view! {
        <TableFrame label="Runs on the shared cases" narrow="sticky">
            <thead>
                <tr>
                    <th scope="col">"Run"</th>
                    <th scope="col" class="number">"Task success, 95% interval"</th>
                    <th scope="col" class="number">"To the baseline"</th>
                    <th scope="col" class="number">"Test (Holm)"</th>
                    <th scope="col" class="number">"Reward"</th>
                    <th scope="col" class="number">"To the baseline"</th>
                    <th scope="col" class="number">"Test (Holm)"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
    }
    .into_any()
}

fn summary_row(address: &Address, run: &DiffRun, baseline: Option<RunId>) -> AnyView {
    let id = run.run.id;
    let is_baseline = baseline == Some(id);
    let none = || "–".to_owned();
    let success = beside(percent(run.success), run.success_interval.map(percent_interval));
    let reward = beside(decimal(run.reward), run.reward_interval.map(decimal_interval));
    let success_delta =
        run.success_against.map_or_else(none, |against| signed(against.difference, percent(Some(against.difference))));
    let reward_delta =
        run.reward_against.map_or_else(none, |against| signed(against.difference, decimal(Some(against.difference))));
    let p = |against: Option<f64>| against.map_or_else(none, p_value);
    let hold = if is_baseline {
        view! { <span class="muted">"baseline"</span> }.into_any()
    } else {
        let href = address.link(&id.to_string(), &address.show, 1);
        view! { <a href=href aria-label=format!("Hold the others against {}", run.agent)>"as baseline"</a> }.into_any()
    };
    view! {
        <tr>
            <th scope="row"><a href=format!("/evaluations/{id}")>{run.agent.clone()}</a> " " {hold}</th>
            <td class="number nowrap">{success}</td>
            <td class="number">{success_delta}</td>
            <td class="number">{p(run.success_against.map(|against| against.p))}</td>
            <td class="number nowrap">{reward}</td>
            <td class="number">{reward_delta}</td>
            <td class="number">{p(run.reward_against.map(|against| against.p))}</td>
        </tr>
    }
    .into_any()
}

fn cases(address: &Address, diff: &RunDiff) -> AnyView {
    if diff.rows.is_empty() {
        return view! { <p class="muted">"No shared case is of this kind."</p> }.into_any();
    }
    let heads: Vec<AnyView> =
        diff.runs.iter().map(|run| view! { <th scope="col">{run.agent.clone()}</th> }.into_any()).collect();
    let rows: Vec<AnyView> = diff.rows.iter().map(|row| case_row(row, diff)).collect();
    let (baseline, show) = (address.baseline.clone(), address.show.clone());
    let runs = Address { runs: address.runs.clone(), baseline: String::new(), show: String::new(), page: 1 };
    let href = move |skip: u32| runs.link(&baseline, &show, skip / PER_PAGE + 1);
    let page = Page { skip: (address.page - 1).saturating_mul(PER_PAGE), limit: PER_PAGE };
    view! {
        <TableFrame label="Cases side by side" narrow="sticky">
            <thead><tr><th scope="col">"Case"</th>{heads}</tr></thead>
            <tbody>{rows}</tbody>
        </TableFrame>
        <Pagination page total=diff.total href />
    }
    .into_any()
}

fn case_row(row: &DiffRow, diff: &RunDiff) -> AnyView {
    let cells: Vec<AnyView> = row.cells.iter().zip(&diff.runs).map(|(cell, run)| case_cell(cell, run)).collect();
    view! {
        <tr>
            <th scope="row"><a href=format!("/cases/{}", row.test_case_id)>{one_line(&row.question, 100)}</a></th>
            {cells}
        </tr>
    }
    .into_any()
}

fn case_cell(cell: &DiffCell, run: &DiffRun) -> AnyView {
    let href = format!("/evaluations/{}?result={}", run.run.id, cell.result);
    let trials = (cell.trials > 1).then(|| format!("{} of {}", cell.passed, cell.trials));
    view! {
        <td>
            <a href=href class="diff-cell">
                <OutcomeBadge outcome=cell.outcome />
                <span class="muted">{trials} " " {decimal(cell.reward)}</span>
            </a>
        </td>
    }
    .into_any()
}
