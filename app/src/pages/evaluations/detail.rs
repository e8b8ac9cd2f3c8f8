//! One result with its evidence: what was asked, what was called, what was answered, and why it scored so.

use super::results::{Place, page_of};
use crate::{
    api::evaluations::{evaluation_result_get, evaluation_review},
    components::{Badge, Button, Glyph, Icon, Loaded, OutcomeBadge, TextField, Tone, use_toasts},
    data::Data,
    present::{decimal, duration},
};
use leptos::{prelude::*, task::spawn_local};
use types::{
    CallRecord, CheckResult, EvaluationResult, HumanVerdict, Page, ResultId, ResultInList, ResultPlace, ResultQuery,
    ResultTurn, Review, ReviewDraft, RunId,
};

/// The chosen result; nothing while none is chosen.
#[component]
pub fn Detail(
    /// Of which run.
    run: RunId,
    /// The list it was chosen from.
    place: Place,
) -> impl IntoView {
    // The page of the list says nothing about the result.
    let wanted = Memo::new(move |_| ResultQuery { page: Page::default(), ..place.wanted.get() });
    let found = Data::new(
        move || (place.chosen.get(), wanted.get(), place.said.get()),
        move |(chosen, query, _)| async move {
            match chosen {
                Some(id) => evaluation_result_get(run, id, query).await.map(Some),
                None => Ok(None),
            }
        },
    );
    let render = move |found: Option<ResultInList>| found.map(|found| view! { <Panel run found place/> }).into_any();
    let is_open = Memo::new(move |_| place.chosen.get().is_some());
    move || {
        is_open.get().then(|| {
            view! { <aside class="result-panel" aria-label="The chosen result"><Loaded data=found render/></aside> }
        })
    }
}

#[component]
fn Panel(run: RunId, found: ResultInList, place: Place) -> impl IntoView {
    let ResultInList { result, before, after, review, version_now, rollout } = found;
    let step = move |target: Option<ResultPlace>, text: &'static str| {
        let target = target?;
        let changes = [("result", Some(target.id.to_string())), ("page", page_of(target.place))];
        let href = untrack(|| place.link(&changes));
        Some(view! { <a href=href data-noscroll="">{text}</a> })
    };
    let turns = turns_of(&result);
    let turns = turns.into_iter().map(|turn| view! { <Turn turn/> }).collect_view();
    let error = result.error.clone().map(|error| view! { <p class="result-text" data-tone="bad">{error}</p> });
    view! {
            <header class="result-panel-head">
                <OutcomeBadge outcome=result.outcome/>
                <span class="muted">{duration(result.latency_ms)}</span>
                <nav aria-label="Neighbouring results">{step(before, "Previous")} {step(after, "Next")}</nav>
                <a class="icon-button" href=move || place.link(&[("result", None)]) data-noscroll="" aria-label="Close the result"><Glyph icon=Icon::Close/></a>
            </header>
            {turns}
            {error}
            <h3>"Checks"</h3>
            <Checks checks=result.checks.clone()/>
            <YourVerdict run id=result.id review said=place.said/>
            <Scores result version_now rollout/>
    }
}

/// The turns; a case of one is one.
fn turns_of(result: &EvaluationResult) -> Vec<ResultTurn> {
    let mut turns = result.turns.clone();
    if turns.is_empty() {
        turns.push(ResultTurn {
            user_input: result.user_input.clone(),
            calls: result.tool_calls_json.clone().unwrap_or_default(),
            reply: result.response_text.clone().unwrap_or_default(),
            latency_ms: result.latency_ms,
        });
    }
    turns
}

/// A result on its own, without a list around it.
#[component]
pub fn Evidence(
    /// The result.
    result: EvaluationResult,
) -> impl IntoView {
    let turns = turns_of(&result).into_iter().map(|turn| view! { <Turn turn/> }).collect_view();
    let error = result.error.clone().map(|error| view! { <p class="result-text" data-tone="bad">{error}</p> });
    view! {
        <header class="result-panel-head">
            <OutcomeBadge outcome=result.outcome/>
            <span class="muted">{duration(result.latency_ms)}</span>
        </header>
        {turns}
        {error}
        <h3>"Checks"</h3>
        <Checks checks=result.checks/>
    }
}

/// What was asked, called and answered; a case may have several turns.
#[component]
fn Turn(turn: ResultTurn) -> impl IntoView {
    let ResultTurn { user_input, calls, reply, .. } = turn;
    let no_calls = calls.is_empty();
    let reply = if reply.is_empty() {
        view! { <p class="muted">"No reply."</p> }.into_any()
    } else {
        view! { <p class="result-text">{reply}</p> }.into_any()
    };
    view! {
        <h3>"Question"</h3>
        <p class="result-text">{user_input}</p>
        <h3>"Calls"</h3>
        {no_calls.then(|| view! { <p class="muted">"No tool was called."</p> })}
        <ol class="call-list">{calls.into_iter().map(|call| view! { <Call call/> }).collect_view()}</ol>
        <h3>"Reply"</h3>
        {reply}
    }
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

/// What a person says of the result, beside the machine's checks.
#[component]
fn YourVerdict(run: RunId, id: ResultId, review: Option<Review>, said: RwSignal<u32>) -> impl IntoView {
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let now = review.as_ref().map_or_else(ReviewDraft::default, |review| ReviewDraft {
        verdict: review.verdict,
        disputed: review.disputed,
        comment: review.comment.clone(),
    });
    let comment = RwSignal::new(now.comment.clone());
    let button = |label: &'static str, pressed: bool, draft: ReviewDraft| {
        let press = move |_| {
            busy.set(true);
            let draft = ReviewDraft { comment: comment.get_untracked(), ..draft.clone() };
            spawn_local(async move {
                match evaluation_review(run, id, draft).await {
                    Ok(()) => {
                        said.try_update(|said| *said += 1);
                    }
                    Err(error) => toasts.fail(error.detail()),
                }
                busy.try_set(false);
            });
        };
        view! { <Button busy on:click=press attr:aria-pressed=pressed.to_string()>{label}</Button> }
    };
    // Pressed once more, it is taken back.
    let verdict = |label, verdict: HumanVerdict| {
        let pressed = now.verdict == Some(verdict);
        button(label, pressed, ReviewDraft { verdict: (!pressed).then_some(verdict), ..now.clone() })
    };
    let dispute = button("The key is wrong", now.disputed, ReviewDraft { disputed: !now.disputed, ..now.clone() });
    view! {
        <h3>"Your verdict"</h3>
        <TextField name="verdict-comment" label="Why" value=comment placeholder="kept with your verdict"/>
        <div class="actions">
            {verdict("Should pass", HumanVerdict::Pass)}
            {verdict("Should fail", HumanVerdict::Fail)}
            {dispute}
        </div>
    }
}

#[component]
fn Scores(result: EvaluationResult, version_now: Option<u32>, rollout: Option<String>) -> impl IntoView {
    let scored = result.scored;
    let parts = [
        ("Task success", scored.task_success.then_some(result.task_success)),
        ("Tool efficiency", scored.tool_usage_efficiency.then_some(result.tool_usage_efficiency)),
        ("Response quality", scored.response_quality.then_some(result.response_quality)),
        ("Reward", scored.reward.then_some(result.reward)),
    ];
    let own = result.metrics.iter().map(|(name, value)| {
        view! { <div><dt class="mono">{name.clone()}</dt><dd class="number">{decimal(Some(*value))}</dd></div> }
    });
    let own = own.collect_view();
    let part = |(label, value): (&'static str, Option<f64>)| {
        let value = value.map_or_else(|| "not scored".into(), |value| decimal(Some(value)));
        view! { <div><dt>{label}</dt><dd class="number">{value}</dd></div> }
    };
    view! {
        <h3>"Scores"</h3>
        <dl class="score-list">{parts.map(part).into_iter().collect_view()} {own}</dl>
        <p>
            <a href=format!("/cases/{}", result.test_case_id)>"Open the test case"</a>
            {version_now.map(|now| format!(" (asked at version {}, now {now})", result.case_version))}
        </p>
        {rollout.map(|rollout| view! {
            <p><a href=format!("/trajectories?rollout={rollout}")>"Requests and responses of this sample"</a></p>
        })}
    }
}
