//! The training runs, newest first.

use super::start::StartForm;
use crate::{
    api::training::{TrainingRow, training_list},
    components::{EmptyState, Icon, Loaded, PageHeader, Pagination, RunStateBadge, TableFrame, TimeAgo},
    data::Data,
    present::{decimal, duration},
    query::{link, page, page_of_skip},
    refresh::refresh_while,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use types::{Page, Paged, TrainingRunListItem};

/// Path of the list.
pub const PATH: &str = "/training";
const PER_PAGE: u32 = 25;

/// The list.
#[component]
pub fn TrainingsPage() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| query.with(|query| (query.get("of"), page(query, PER_PAGE))));
    let load = |(agent, page): (Option<String>, Page)| training_list(agent.and_then(|id| id.parse().ok()), page);
    let runs = Data::new(move || wanted.get(), load);
    let active = move || {
        let some = |runs: &Paged<TrainingRow>| runs.items.iter().any(|row| !row.run.state.is_ended());
        runs.read(some).unwrap_or_default()
    };
    refresh_while(active, move || runs.refetch());
    let render = move |found: Paged<TrainingRow>| {
        if found.items.is_empty() {
            view! { <NoRuns/> }.into_any()
        } else {
            view! { <RunTable found page=wanted.get_untracked().1/> }.into_any()
        }
    };
    view! {
        <div class="list-page">
        <PageHeader
            title="Training"
            lead="Training changes the weights of a local agent by reward on the training cases. Held-out cases are only ever measured, so their curve is the honest one."
        />
        <StartForm/>
        <Loaded data=runs render/>
        </div>
    }
}

#[component]
fn NoRuns() -> impl IntoView {
    view! {
        <EmptyState
            icon=Icon::Training
            title="No training run yet"
            text="Choose an agent above and start: the reward curve draws itself while it learns. The untrained agent has most to gain."
        >
            <a class="button" data-kind="secondary" href="/agents">"See the agents"</a>
        </EmptyState>
    }
}

#[component]
fn RunTable(found: Paged<TrainingRow>, page: Page) -> impl IntoView {
    let query = use_query_map();
    let href =
        move |skip: u32| query.with_untracked(|query| link(PATH, query, &[("page", page_of_skip(skip, PER_PAGE))]));
    let rows = found.items.into_iter().map(|row| view! { <RunRow row/> }).collect_view();
    view! {
        <TableFrame label="Training runs">
            <thead>
                <tr>
                    <th scope="col">"Agent"</th>
                    <th scope="col">"State"</th>
                    <th scope="col">"Algorithm"</th>
                    <th scope="col" class="number">"Episodes"</th>
                    <th scope="col" class="number">"Reward, last 10"</th>
                    <th scope="col" class="number">"Best"</th>
                    <th scope="col" class="number">"Held out, before → after"</th>
                    <th scope="col" class="number">"Took"</th>
                    <th scope="col">"Started"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
        <Pagination page total=found.total href/>
    }
}

#[component]
fn RunRow(row: TrainingRow) -> impl IntoView {
    let TrainingRow { run, agent } = row;
    let episodes = if run.current_episode == run.num_episodes {
        run.num_episodes.to_string()
    } else {
        format!("{} of {}", run.current_episode, run.num_episodes)
    };
    let took = run.completed_at.map_or_else(|| "–".into(), |end| duration(end.millis_since(run.started_at)));
    view! {
        <tr>
            <th scope="row" data-label="Agent"><a href=format!("{PATH}/{}", run.id)>{agent}</a></th>
            <td data-label="State"><RunStateBadge state=run.state/></td>
            <td data-label="Algorithm" class="mono">{run.algorithm.clone()}</td>
            <td data-label="Episodes" class="number">{episodes}</td>
            <td data-label="Reward, last 10" class="number">{decimal(run.last_window_avg_reward)}</td>
            <td data-label="Best" class="number">{decimal(run.best_avg_reward)}</td>
            <td data-label="Held out" class="number nowrap">{held_out_text(&run)}</td>
            <td data-label="Took" class="number nowrap">{took}</td>
            <td data-label="Started" class="nowrap"><TimeAgo moment=run.started_at/></td>
        </tr>
    }
}

/// `0.214 → 0.930`, or a dash when nothing was held out.
pub fn held_out_text(run: &TrainingRunListItem) -> String {
    match (run.held_out_before, run.held_out_after) {
        (None, None) => "–".into(),
        (before, after) => format!("{} → {}", decimal(before), decimal(after)),
    }
}
