//! Runs at work, live, and the latest that ended.

use crate::{
    components::{EmptyState, Icon, LinkBadge, ProgressBar, RunStateBadge, TableFrame, TimeAgo},
    live::{LinkState, use_run},
    present::decimal,
};
use leptos::prelude::*;
use leptos_router::components::A;
use types::{RunKind, RunSummary, RunView};

const fn word(kind: RunKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        RunKind::Evaluation => ("Evaluation", "/evaluations", "cases"),
        RunKind::Training => ("Training", "/training", "episodes"),
    }
}

/// Runs at work.
#[component]
pub fn RunningRuns(
    /// The runs.
    runs: Vec<RunSummary>,
    /// Reads the page again: called when a run has ended.
    again: Callback<()>,
) -> impl IntoView {
    view! {
        <ul class="running">{runs.into_iter().map(|run| view! { <RunningRun run again /> }).collect_view()}</ul>
    }
}

#[component]
fn RunningRun(run: RunSummary, again: Callback<()>) -> impl IntoView {
    let (kind, path, unit) = word(run.kind);
    let initial = RunView { state: run.state, total: run.total, done: run.done, ..RunView::default() };
    let (view, link) = use_run(run.id, initial);
    Effect::new(move |_| {
        if link.get() == LinkState::Ended {
            again.run(());
        }
    });
    view! {
        <li class="running-run">
            <A href=format!("{path}/{}", run.id)>{format!("{kind} of {}", run.agent_name)}</A>
            <ProgressBar
                done=Signal::derive(move || view.with(|view| view.done))
                total=Signal::derive(move || view.with(|view| view.total))
                unit
            />
            <RunStateBadge state=Signal::derive(move || view.with(|view| view.state)) />
            <LinkBadge link />
        </li>
    }
}

/// The latest runs that ended.
#[component]
pub fn RecentRuns(
    /// The runs, newest first.
    runs: Vec<RunSummary>,
) -> impl IntoView {
    if runs.is_empty() {
        return view! {
            <EmptyState icon=Icon::Evaluation title="No results yet" text="Evaluations and training runs show up here with their reward.">
                <A href="/evaluations" attr:class="button" attr:data-kind="secondary">
                    "Evaluate an agent"
                </A>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <TableFrame label="Latest results">
            <thead>
                <tr>
                    <th scope="col">"Run"</th>
                    <th scope="col">"State"</th>
                    <th scope="col" class="number">
                        "Reward"
                    </th>
                    <th scope="col">"Ended"</th>
                </tr>
            </thead>
            <tbody>{runs.into_iter().map(|run| view! { <RecentRun run /> }).collect_view()}</tbody>
        </TableFrame>
    }
    .into_any()
}

#[component]
fn RecentRun(run: RunSummary) -> impl IntoView {
    let (kind, path, _) = word(run.kind);
    view! {
        <tr>
            <th scope="row">
                <A href=format!("{path}/{}", run.id)>{format!("{kind} of {}", run.agent_name)}</A>
            </th>
            <td data-label="State">
                <RunStateBadge state=run.state />
            </td>
            <td class="number" data-label="Reward">
                {decimal(run.reward)}
            </td>
            <td data-label="Ended">
                <TimeAgo moment=run.completed_at.unwrap_or(run.started_at) />
            </td>
        </tr>
    }
}
