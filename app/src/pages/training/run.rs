//! The page of one training run: its live curves, its checkpoints and its episodes.

use super::{
    curves::{Curves, SMOOTHING_DEFAULT},
    list::held_out_text,
    record::{Checkpoints, Episodes, Settings},
};
use crate::{
    api::training::{TrainingDetail, training_get, training_resume, training_stop},
    components::{Card, LinkBadge, Loaded, PageHeader, ProgressBar, RunControls, RunStateBadge, TimeAgo},
    data::Data,
    error::AppError,
    live::{LinkState, use_run},
    present::{decimal, time_left},
    query::link,
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_params_map, use_query_map},
};
use types::{
    Error, RunId, RunState, RunView, TrainingRunListItem,
    number::{self, Fixed, Plain},
};

/// One run.
#[component]
pub fn TrainingPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let data = Data::new(move || id.get(), load);
    let again = Callback::new(move |()| data.refetch());
    view! { <Loaded data render=move |data| view! { <Run data again/> }.into_any()/> }
}

async fn load(id: String) -> Result<TrainingDetail, AppError> {
    let id: RunId = id.parse().map_err(|_| AppError(Error::not_found("training run", &id).problem(None)))?;
    training_get(id).await
}

#[component]
fn Run(data: TrainingDetail, again: Callback<()>) -> impl IntoView {
    let TrainingDetail { run, config, agent, view } = data;
    let (id, started_at) = (run.id, run.started_at);
    let (view, link) = use_run(id, view);
    let state = Memo::new(move |_| view.with(|view| view.state));
    let totals = RwSignal::new(run);
    follow_totals(id, state, totals);
    let (smoothing, slider) = use_smoothing();
    view! {
        <div class="run-page">
        <nav class="breadcrumb" aria-label="Breadcrumb"><a href="/training">"Training"</a></nav>
        <PageHeader title=format!("Training of {agent}") lead=format!("Run {id}.")>
            <Show when=move || link.get() != LinkState::Ended><LinkBadge link/></Show>
            <RunControls id state resumed=again stop=|id| Box::pin(training_stop(id)) resume=|id| Box::pin(training_resume(id))/>
        </PageHeader>
        <Card>
            <div class="run-strip">
                <RunStateBadge state/>
                <ProgressBar done=part(view, |view| view.done) total=part(view, |view| view.total) unit="episodes"/>
                <span class="muted run-eta">{move || view.with(RunView::eta_ms).map(time_left)}</span>
                <span class="muted nowrap">"Started " <TimeAgo moment=started_at/></span>
            </div>
            {move || view.with(|view| view.message.clone()).map(|text| view! { <p class="run-message" role="status">{text}</p> })}
            {move || totals.with(|run| run.error.clone()).map(|text| view! { <p class="run-message" data-tone="bad">{text}</p> })}
            <Alerts view/>
            <Totals view totals/>
        </Card>
        <Card title="Curves" lead="Faint lines are the values as they came, full lines their smoothed course.">
            {slider}
            <Curves view smoothing/>
        </Card>
        <div class="record-grid">
            <Checkpoints view/>
            <Settings config/>
        </div>
        <Episodes view/>
        </div>
    }
}

fn part(view: ReadSignal<RunView>, of: fn(&RunView) -> i64) -> Signal<i64> {
    Signal::derive(move || view.with(of))
}

/// The smoothing that the address says, and the slider that changes it: at once on the charts, in the address when it
/// is let go.
fn use_smoothing() -> (Signal<f64>, impl IntoView) {
    let (query, path, navigate) = (use_query_map(), use_location().pathname, use_navigate());
    let said = Memo::new(move |_| {
        let word = query.with(|query| query.get_str("smoothing").and_then(number::read));
        word.filter(|s| (0.0..=0.99).contains(s)).unwrap_or(SMOOTHING_DEFAULT)
    });
    let held = RwSignal::new(None::<f64>);
    let smoothing = Signal::derive(move || held.get().unwrap_or(said.get()));
    let slide = move |event| held.set(number::read(&event_target_value(&event)));
    let keep = move |event| {
        let word = Some(event_target_value(&event));
        let target = query.with_untracked(|query| link(&path.get_untracked(), query, &[("smoothing", word)]));
        navigate(&target, NavigateOptions { replace: true, scroll: false, ..Default::default() });
        held.set(None);
    };
    let slider = view! {
        <div class="smoothing">
            <label for="smoothing">"Smoothing"</label>
            <input
                id="smoothing"
                type="range"
                min="0"
                max="0.99"
                step="0.01"
                value=Plain(said.get_untracked()).to_string()
                prop:value=move || Plain(smoothing.get()).to_string()
                on:input=slide
                on:change=keep
            />
            <output for="smoothing" class="number">
                {move || Fixed(smoothing.get(), 2).to_string()}
            </output>
        </div>
    };
    (smoothing, slider)
}

/// Fetches the stored totals when the state changes: the end fills in what was held out and why it failed.
fn follow_totals(id: RunId, state: Memo<RunState>, totals: RwSignal<TrainingRunListItem>) {
    Effect::new(move |before: Option<RunState>| {
        let now = state.get();
        if before.is_some_and(|before| before != now) {
            spawn_local(async move {
                if let Ok(page) = training_get(id).await {
                    totals.try_set(page.run);
                }
            });
        }
        now
    });
}

#[component]
fn Alerts(view: ReadSignal<RunView>) -> impl IntoView {
    let alerts = Memo::new(move |_| view.with(|view| view.alerts.clone()));
    move || {
        alerts.with(|alerts| {
            let item = |text: &String| view! { <li>{text.clone()}</li> };
            (!alerts.is_empty())
                .then(|| view! { <ul class="alerts" role="alert">{alerts.iter().map(item).collect_view()}</ul> })
        })
    }
}

#[component]
fn Totals(view: ReadSignal<RunView>, totals: RwSignal<TrainingRunListItem>) -> impl IntoView {
    let latest = move |path: &'static str| {
        view.with(|view| view.series.get(path).and_then(|points| points.last()).map(|(_, value)| *value))
    };
    let best = move || {
        let values = |view: &RunView| {
            view.series.get("reward/mean").and_then(|points| points.iter().map(|(_, y)| *y).max_by(f64::total_cmp))
        };
        view.with(values)
    };
    view! {
        <dl class="metric-grid">
            <div class="metric"><dt>"Reward, latest episode"</dt><dd><span class="metric-value">{move || decimal(latest("reward/mean"))}</span></dd></div>
            <div class="metric"><dt>"Best episode"</dt><dd><span class="metric-value">{move || decimal(best())}</span></dd></div>
            <div class="metric"><dt>"Held out, latest"</dt><dd><span class="metric-value">{move || decimal(latest("held_out/reward"))}</span></dd></div>
            <div class="metric"><dt>"Held out, before → after"</dt><dd><span class="metric-value">{move || totals.with(held_out_text)}</span></dd></div>
        </dl>
    }
}
