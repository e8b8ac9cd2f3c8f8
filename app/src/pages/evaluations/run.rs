//! The page of one evaluation: how far it is, what it found, and every answer with its evidence.

use super::{
    reading::Reading,
    results::{Place, Results},
    summary::Summary,
};
use crate::{
    api::evaluations::{
        EvaluationDetail, evaluation_get, evaluation_rescore, evaluation_resume, evaluation_retry, evaluation_stop,
    },
    components::{
        Badge, Button, Card, LinkBadge, Loaded, PageHeader, ProgressBar, RunControls, RunStateBadge, TimeAgo, Tone,
        run_controls::Asked, use_toasts,
    },
    data::Data,
    error::AppError,
    live::{LinkState, use_run},
    present::time_left,
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;
use std::time::Duration;
use types::{Error, EvaluationRunListItem, RunId, RunState, RunView, number::Fixed};

/// One run.
#[component]
pub fn EvaluationPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let data = Data::new(move || id.get(), load);
    let again = Callback::new(move |()| data.refetch());
    view! { <Loaded data render=move |data| view! { <Run data again/> }.into_any()/> }
}

async fn load(id: String) -> Result<EvaluationDetail, AppError> {
    let id: RunId = id.parse().map_err(|_| AppError(Error::not_found("evaluation", &id).problem(None)))?;
    evaluation_get(id).await
}

#[component]
fn Run(data: EvaluationDetail, again: Callback<()>) -> impl IntoView {
    let (id, started_at) = (data.run.id, data.run.started_at);
    let (view, link) = use_run(id, data.view);
    let (run, judged) = (RwSignal::new(data.run), RwSignal::new(0));
    let place = Place::of_address();
    let state = Memo::new(move |_| view.with(|view| view.state));
    follow_run(id, state, run);
    follow_results(view, judged);
    let lead = format!("Answers and calls are judged by the checks of their test cases. Run {id}.");
    view! {
        <div class="run-page">
        <nav class="breadcrumb" aria-label="Breadcrumb"><a href="/evaluations">"Evaluations"</a></nav>
        <PageHeader title=format!("Evaluation of {}", data.agent) lead>
            <Show when=move || link.get() != LinkState::Ended><LinkBadge link/></Show>
            <RunControls id state resumed=again stop=|id| Box::pin(evaluation_stop(id)) resume=|id| Box::pin(evaluation_resume(id))/>
            {move || again_buttons(id, state.get(), view.with(has_failed), again)}
        </PageHeader>
        <Card>
            <div class="run-strip">
                <RunStateBadge state/>
                <ProgressBar
                    done=Signal::derive(move || view.with(|view| view.done))
                    total=Signal::derive(move || view.with(|view| view.total))
                    unit="cases"
                />
                <span class="muted run-eta">{move || view.with(RunView::eta_ms).map(time_left)}</span>
                <span class="muted nowrap">{move || view.with(|view| view.cost_usd).map(cost_so_far)}</span>
                <span class="outcome-counts">{move || view.with(outcome_counts)}</span>
                <span class="muted nowrap">"Started " <TimeAgo moment=started_at/></span>
            </div>
            {move || view.with(|view| view.message.clone()).map(|text| view! { <p class="run-message" role="status">{text}</p> })}
            {move || run.with(|run| run.error.clone()).map(|text| view! { <p class="run-message" data-tone="bad">{text}</p> })}
        </Card>
        <Summary run/>
        <Reading run=id judged place/>
        <Results run=id view judged place/>
        </div>
    }
}

/// What an ended run can still be asked for.
fn again_buttons(id: RunId, state: RunState, failed: bool, again: Callback<()>) -> impl IntoView + use<> {
    let (toasts, busy) = (use_toasts(), RwSignal::new(false));
    let button = move |label: &'static str, ask: fn(RunId) -> Asked| {
        let press = move |_| {
            busy.set(true);
            spawn_local(async move {
                match ask(id).await {
                    Ok(()) => {
                        again.try_run(());
                    }
                    Err(error) => toasts.fail(error.detail()),
                }
                busy.try_set(false);
            });
        };
        view! { <Button busy on:click=press>{label}</Button> }
    };
    let retry = (state == RunState::Completed && failed)
        .then(|| button("Ask errors again", |id| Box::pin(evaluation_retry(id))));
    let rescore = state.is_ended().then(|| button("Judge again", |id| Box::pin(evaluation_rescore(id))));
    (retry, rescore)
}

fn cost_so_far(cost: f64) -> String {
    format!("${} so far", Fixed(cost, 4))
}

fn has_failed(view: &RunView) -> bool {
    view.outcomes.get(types::Outcome::ProviderError.label()).is_some_and(|failed| *failed > 0)
}

fn outcome_counts(view: &RunView) -> impl IntoView + use<> {
    let badge = |(outcome, n): (&String, &u32)| {
        let tone = match outcome.as_str() {
            "pass" => Tone::Good,
            "provider error" => Tone::Warn,
            "unscored" | "cancelled" => Tone::Plain,
            _ => Tone::Bad,
        };
        view! { <Badge text=format!("{n} {outcome}") tone/> }
    };
    let mut outcomes: Vec<_> = view.outcomes.iter().collect();
    outcomes.sort_unstable_by_key(|(outcome, n)| (outcome.as_str() != "pass", std::cmp::Reverse(**n)));
    outcomes.into_iter().map(badge).collect_view()
}

/// Fetches the run again when its state changes: the end brings the means, or why it failed.
fn follow_run(id: RunId, state: Memo<RunState>, run: RwSignal<EvaluationRunListItem>) {
    Effect::new(move |before: Option<RunState>| {
        let now = state.get();
        if before.is_some_and(|before| before != now) {
            spawn_local(async move {
                if let Ok(page) = evaluation_get(id).await {
                    run.try_set(page.run);
                }
            });
        }
        now
    });
}

/// Counts up while cases are judged: at most every two seconds, and at once when the state changes.
fn follow_results(view: ReadSignal<RunView>, judged: RwSignal<u32>) {
    let waiting = StoredValue::new(false);
    let progress = Memo::new(move |_| view.with(|view| (view.done, view.state)));
    let tell = move || {
        waiting.try_set_value(false);
        judged.try_update(|judged| *judged += 1);
    };
    Effect::new(move |before: Option<(_, RunState)>| {
        let now = progress.get();
        match before {
            Some((_, state)) if state != now.1 => tell(),
            Some(before) if before != now && !waiting.get_value() => {
                waiting.set_value(true);
                set_timeout(tell, Duration::from_secs(2));
            }
            _ => {}
        }
        now
    });
}
