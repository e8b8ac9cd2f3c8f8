//! The front page: what is running, what came out, what to do next.

mod next_steps;
mod runs;

use crate::{
    api::overview::overview,
    components::{Card, Loaded, PageHeader},
    data::Data,
};
use leptos::prelude::*;
use leptos_router::components::A;
use next_steps::NextSteps;
use runs::{RecentRuns, RunningRuns};
use types::Overview;

/// The page.
#[component]
pub fn HomePage() -> impl IntoView {
    let data = Data::new(|| (), |()| overview());
    let again = Callback::new(move |()| data.refetch());
    view! {
        <PageHeader title="Home" lead="Chat with agents that call tools, judge them on test cases, and train them." />
        <Loaded data render=move |overview| view! { <Dashboard overview again /> }.into_any() />
    }
    .into_any()
}

#[component]
fn Dashboard(overview: Overview, again: Callback<()>) -> impl IntoView {
    let idle = overview.running.is_empty();
    view! {
        <div class="dashboard">
            <Counts overview=overview.clone() />
            <NextSteps overview=overview.clone() />
            {(!idle).then(|| {
                view! {
                    <Card title="Running now">
                        <RunningRuns runs=overview.running again />
                    </Card>
                }
            })}
            <Card title="Latest results">
                <RecentRuns runs=overview.recent />
            </Card>
        </div>
    }
}

#[component]
fn Counts(overview: Overview) -> impl IntoView {
    let tiles = [
        ("/agents", "Agents", overview.agents),
        ("/chat", "Conversations", overview.conversations),
        ("/cases", "Test cases", overview.test_cases),
        ("/evaluations", "Evaluations", overview.evaluations),
        ("/training", "Training runs", overview.trainings),
    ];
    let tile = |(path, label, count): (&'static str, &'static str, u64)| {
        view! {
            <li>
                <A href=path attr:class="count-tile">
                    <span class="count-number">{count}</span>
                    <span class="muted">{label}</span>
                </A>
            </li>
        }
    };
    view! { <ul class="counts" aria-label="How much there is">{tiles.into_iter().map(tile).collect_view()}</ul> }
}
