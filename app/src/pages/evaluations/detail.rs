//! One result with its evidence: what was asked, what was called, what was answered, and why it scored so.

use super::{results::page_of, run::Missing};
use crate::{
    components::{Badge, Glyph, Icon, OutcomeBadge, Tone},
    present::{decimal, duration},
    query::link,
};
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};
use types::{CallRecord, CheckResult, EvaluationResult, EvaluationRun, ResultId};

/// The chosen result; nothing while none is chosen.
#[component]
pub fn Detail(
    /// The results of the present filter, for previous and next.
    shown: Memo<Vec<ResultId>>,
    /// Which is chosen.
    chosen: Memo<Option<ResultId>>,
    /// The run.
    run: RwSignal<EvaluationRun>,
) -> impl IntoView {
    let found = Memo::new(move |_| {
        let id = chosen.get()?;
        Some(run.with(|run| run.results.iter().find(|result| result.id == id).cloned()))
    });
    move || {
        found.get().map(|result| match result {
            Some(result) => view! { <Panel result shown/> }.into_any(),
            None => view! { <aside class="result-panel"><Missing text="this result is not in this run"/></aside> }
                .into_any(),
        })
    }
}

#[component]
fn Panel(result: EvaluationResult, shown: Memo<Vec<ResultId>>) -> impl IntoView {
    let (query, path) = (use_query_map(), use_location().pathname);
    let close = move || query.with(|query| link(&path.get(), query, &[("result", None)]));
    let id = result.id;
    let step = move |target: Option<(usize, ResultId)>, text: &'static str| {
        let (place, id) = target?;
        let changes = [("result", Some(id.to_string())), ("page", page_of(place))];
        let href = query.with(|query| link(&path.get(), query, &changes));
        Some(view! { <a href=href data-noscroll="">{text}</a> })
    };
    let steps = move || {
        let (before, after) = shown.with(|shown| neighbours(shown, id));
        (step(before, "Previous"), step(after, "Next"))
    };
    let calls = result.tool_calls_json.clone().unwrap_or_default();
    let no_calls = calls.is_empty();
    view! {
        <aside class="result-panel" aria-label="The chosen result">
            <header class="result-panel-head">
                <OutcomeBadge outcome=result.outcome/>
                <span class="muted">{duration(result.latency_ms)}</span>
                <nav aria-label="Neighbouring results">{steps}</nav>
                <a class="icon-button" href=close data-noscroll="" aria-label="Close the result"><Glyph icon=Icon::Close/></a>
            </header>
            <h3>"Question"</h3>
            <p class="result-text">{result.user_input.clone()}</p>
            <h3>"Calls"</h3>
            {no_calls.then(|| view! { <p class="muted">"No tool was called."</p> })}
            <ol class="call-list">{calls.into_iter().map(|call| view! { <Call call/> }).collect_view()}</ol>
            <h3>"Reply"</h3>
            {reply(&result)}
            <h3>"Checks"</h3>
            <Checks checks=result.checks.clone()/>
            <Scores result/>
        </aside>
    }
}

/// The results before and after `id`, with their places in the list.
fn neighbours(shown: &[ResultId], id: ResultId) -> (Option<(usize, ResultId)>, Option<(usize, ResultId)>) {
    let Some(at) = shown.iter().position(|other| *other == id) else { return (None, None) };
    let at_place = |place: Option<usize>| place.and_then(|place| Some((place, *shown.get(place)?)));
    (at_place(at.checked_sub(1)), at_place(at.checked_add(1)))
}

fn reply(result: &EvaluationResult) -> impl IntoView + use<> {
    let text = result.response_text.clone().filter(|text| !text.is_empty());
    let error = result.error.clone().map(|error| view! { <p class="result-text" data-tone="bad">{error}</p> });
    let text = match text {
        Some(text) => view! { <p class="result-text">{text}</p> }.into_any(),
        None => view! { <p class="muted">"No reply."</p> }.into_any(),
    };
    (text, error)
}

#[component]
fn Call(call: CallRecord) -> impl IntoView {
    let icon = Icon::of_tool(&call.tool_name);
    let arguments = match &call.arguments {
        Some(arguments) => serde_json::to_string_pretty(arguments).unwrap_or_default(),
        None => "not a JSON object".into(),
    };
    let status = if call.is_error { ("failed", Tone::Bad) } else { ("done", Tone::Good) };
    view! {
        <li>
            <details class="call" open=call.is_error>
                <summary>
                    <Glyph icon/>
                    <span class="mono">{call.tool_name}</span>
                    <span class="muted">{duration(call.duration_ms)}</span>
                    <Badge text=status.0.to_owned() tone=status.1/>
                </summary>
                <h4>"Arguments"</h4>
                <pre tabindex="0">{arguments}</pre>
                <h4>"Result"</h4>
                <pre tabindex="0">{call.result}</pre>
            </details>
        </li>
    }
}

#[component]
fn Checks(checks: Vec<CheckResult>) -> impl IntoView {
    if checks.is_empty() {
        return view! { <p class="muted">"The case checks nothing, so nothing was scored."</p> }.into_any();
    }
    let item = |check: CheckResult| {
        let (word, tone) = if check.passed { ("passed", Tone::Good) } else { ("failed", Tone::Bad) };
        view! {
            <li>
                <Badge text=word.to_owned() tone/>
                <span class="mono">{check.scorer}</span>
                <span class="number">{decimal(Some(check.value))}</span>
                <p>{check.reason}</p>
            </li>
        }
    };
    view! { <ul class="check-list">{checks.into_iter().map(item).collect_view()}</ul> }.into_any()
}

#[component]
fn Scores(result: EvaluationResult) -> impl IntoView {
    let scored = result.scored;
    let parts = [
        ("Task success", scored.task_success.then_some(result.task_success)),
        ("Tool efficiency", scored.tool_usage_efficiency.then_some(result.tool_usage_efficiency)),
        ("Response quality", scored.response_quality.then_some(result.response_quality)),
        ("Reward", scored.reward.then_some(result.reward)),
    ];
    let part = |(label, value): (&'static str, Option<f64>)| {
        let value = value.map_or_else(|| "not scored".into(), |value| decimal(Some(value)));
        view! { <div><dt>{label}</dt><dd class="number">{value}</dd></div> }
    };
    view! {
        <h3>"Scores"</h3>
        <dl class="score-list">{parts.map(part).into_iter().collect_view()}</dl>
        <p><a href=format!("/cases/{}", result.test_case_id)>"Open the test case"</a></p>
    }
}
