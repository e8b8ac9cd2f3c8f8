//! The evaluation runs, newest first.

use super::start::StartForm;
use crate::{
    api::evaluations::{EvaluationRow, evaluation_list},
    components::{EmptyState, Icon, Loaded, PageHeader, Pagination, RunStateBadge, TableFrame, TimeAgo},
    data::Data,
    pages::leaderboard::Whisker,
    present::{decimal, decimal_interval, duration, percent, percent_interval},
    query::{link, page, page_of_skip},
    refresh::refresh_while,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use types::{EvaluationRunListItem, Page, Paged};

/// Path of the list.
pub const PATH: &str = "/evaluations";
const PER_PAGE: u32 = 25;

/// The list.
#[component]
pub fn EvaluationsPage() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| query.with(|query| (query.get("of"), page(query, PER_PAGE))));
    let load = |(agent, page): (Option<String>, Page)| evaluation_list(agent.and_then(|id| id.parse().ok()), page);
    let runs = Data::new(move || wanted.get(), load);
    let active = move || {
        let some = |runs: &Paged<EvaluationRow>| runs.items.iter().any(|row| !row.run.state.is_ended());
        runs.read(some).unwrap_or_default()
    };
    refresh_while(active, move || runs.refetch());
    let render = move |found: Paged<EvaluationRow>| {
        if found.items.is_empty() {
            view! { <NoRuns/> }.into_any()
        } else {
            view! { <RunTable found page=wanted.get_untracked().1/> }.into_any()
        }
    };
    view! {
        <div class="list-page">
        <PageHeader
            title="Evaluations"
            lead="An evaluation asks one agent every chosen test case and judges each recorded answer by the checks of its case."
        >
            <a class="button" data-kind="secondary" href="/evaluations/metrics">"Metrics"</a>
            <a class="button" data-kind="secondary" href="/evaluations/disputed">"Disputed keys"</a>
        </PageHeader>
        <StartForm started=Callback::new(move |()| runs.refetch())/>
        <Loaded data=runs render/>
        </div>
    }
}

#[component]
fn NoRuns() -> impl IntoView {
    view! {
        <EmptyState
            icon=Icon::Evaluation
            title="No evaluation yet"
            text="Choose an agent above and start: every answer is kept with the reason for its score."
        >
            <a class="button" data-kind="secondary" href="/cases">"See the test cases"</a>
        </EmptyState>
    }
}

#[component]
fn RunTable(found: Paged<EvaluationRow>, page: Page) -> impl IntoView {
    let query = use_query_map();
    let href =
        move |skip: u32| query.with_untracked(|query| link(PATH, query, &[("page", page_of_skip(skip, PER_PAGE))]));
    let rows = found.items.into_iter().map(|row| view! { <RunRow row/> }).collect_view();
    let several = found.total > 1;
    view! {
        <form class="stack" action="/evaluations/compare" aria-label="Runs to compare">
        {several.then(|| view! { <div class="actions"><button class="button" data-kind="secondary">"Compare the chosen runs"</button></div> })}
        <TableFrame label="Evaluation runs">
            <thead>
                <tr>
                    <th scope="col" class="select-cell"><span class="visually-hidden">"Choose"</span></th>
                    <th scope="col">"Agent"</th>
                    <th scope="col">"State"</th>
                    <th scope="col" class="number">"Cases"</th>
                    <th scope="col">"Task success, 95% interval"</th>
                    <th scope="col" class="number">"Reward, 95% interval"</th>
                    <th scope="col" class="number">"Took"</th>
                    <th scope="col">"Started"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
        </form>
        <Pagination page total=found.total href/>
    }
}

#[component]
fn RunRow(row: EvaluationRow) -> impl IntoView {
    let EvaluationRow { run, agent } = row;
    let cases = if run.num_completed == run.num_test_cases {
        run.num_test_cases.to_string()
    } else {
        format!("{} of {}", run.num_completed, run.num_test_cases)
    };
    let took = run.completed_at.map_or_else(|| "–".into(), |end| duration(end.millis_since(run.started_at)));
    view! {
        <tr>
            <td class="select-cell"><input type="checkbox" name="run" value=run.id.to_string() aria-label=format!("Choose the run of {agent}")/></td>
            <th scope="row" data-label="Agent"><a href=format!("{PATH}/{}", run.id)>{agent}</a></th>
            <td data-label="State"><RunStateBadge state=run.state/></td>
            <td data-label="Cases" class="number">{cases}</td>
            <td data-label="Task success">{success_cell(&run)}</td>
            <td data-label="Reward" class="number">{reward_cell(&run)}</td>
            <td data-label="Took" class="number nowrap">{took}</td>
            <td data-label="Started" class="nowrap"><TimeAgo moment=run.started_at/></td>
        </tr>
    }
}

fn success_cell(run: &EvaluationRunListItem) -> AnyView {
    let Some(metrics) = run.aggregate_metrics_json.as_ref().filter(|metrics| metrics.n.task_success > 0) else {
        return view! { "–" }.into_any();
    };
    let interval = metrics.task_success_interval;
    view! {
        <span class="score-cell">
            <span class="number score-value">{percent(Some(metrics.task_success))}</span>
            {interval.map(|interval| view! {
                <Whisker value=metrics.task_success interval/>
                <span class="muted score-interval">{percent_interval(interval)}</span>
            })}
        </span>
    }
    .into_any()
}

fn reward_cell(run: &EvaluationRunListItem) -> AnyView {
    let Some(metrics) = run.aggregate_metrics_json.as_ref().filter(|metrics| metrics.n.reward > 0) else {
        return view! { "–" }.into_any();
    };
    view! {
        <span>
            {decimal(Some(metrics.reward))}
            {metrics.reward_interval.map(|interval| view! { " " <span class="muted">{decimal_interval(interval)}</span> })}
        </span>
    }
    .into_any()
}
