//! The form that starts an evaluation.

use super::list::PATH;
use crate::{
    api::{
        evaluations::{CaseChoice, EvaluationOffer, evaluation_cases, evaluation_choices, evaluation_start},
        scope::{ALL, PICKED},
    },
    components::{Button, Card, EmptyState, Icon, Kind, Loaded, SelectField, TextField, error_of},
    data::Data,
    request::{Refusal, Request},
};
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};
use types::{Agent, TestCaseId};

/// The form, with the agent that `?agent=` names already chosen.
#[component]
pub fn StartForm() -> impl IntoView {
    let choices = Data::new(|| (), |()| evaluation_choices());
    let render = |choices: EvaluationOffer| {
        match (choices.agents.is_empty(), choices.num_cases) {
        (true, _) => view! {
            <EmptyState icon=Icon::Agent title="No agent to evaluate" text="Create an agent first.">
                <a class="button" data-kind="primary" href="/agents/new">"New agent"</a>
            </EmptyState>
        }
        .into_any(),
        (false, 0) => view! {
            <EmptyState icon=Icon::Cases title="No test cases" text="An evaluation needs at least one active test case.">
                <a class="button" data-kind="primary" href="/cases/import">"Import test cases"</a>
            </EmptyState>
        }
        .into_any(),
        _ => view! { <ReadyForm choices/> }.into_any(),
    }
    };
    view! { <Card title="Start an evaluation"><Loaded data=choices render/></Card> }
}

/// Value and label of each agent, for a select field.
pub fn agent_options(agents: &[Agent]) -> Vec<(String, String)> {
    let option =
        |agent: &Agent| (agent.id.to_string(), format!("{} ({}, {})", agent.title(), agent.agent_type, agent.model));
    agents.iter().map(option).collect()
}

/// The agent that the form begins with: the one that the address names, or the first.
fn first_agent(options: &[(String, String)]) -> String {
    let named = use_query_map().with_untracked(|query| query.get("agent"));
    let mut ids = options.iter().map(|(id, _)| id);
    ids.clone().find(|id| Some(*id) == named.as_ref()).or(ids.next()).cloned().unwrap_or_default()
}

#[component]
fn ReadyForm(choices: EvaluationOffer) -> impl IntoView {
    let options = agent_options(&choices.agents);
    let agent = RwSignal::new(first_agent(&options));
    let scope = RwSignal::new(ALL.to_owned());
    let picked = RwSignal::new(Vec::<TestCaseId>::new());
    let (repeats, max_cost) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let request = Request::new(move || {
        agent.track();
        scope.track();
        picked.track();
        repeats.track();
        max_cost.track();
    });
    let nothing = Signal::derive(move || scope.get() == PICKED && picked.with(Vec::is_empty));
    let navigate = use_navigate();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let navigate = navigate.clone();
        if let Ok(agent_id) = agent.get_untracked().parse() {
            let (scope, picked) = (scope.get_untracked(), picked.get_untracked());
            let started = evaluation_start(agent_id, scope, picked, repeats.get_untracked(), max_cost.get_untracked());
            request.send(started, move |run| navigate(&format!("{PATH}/{}", run.id), Default::default()));
        }
    };
    let error = move |field: &'static str| Signal::derive(move || error_of(&request.fields(), field));
    view! {
        <form class="start-form" on:submit=submit>
            <div class="form-row start-row">
                <SelectField name="agent_id" label="Agent" value=agent options=options error=error("agent_id")/>
                <SelectField name="scope" label="Test cases" value=scope options=choices.scopes error=error("test_case_ids")/>
                <Bounds repeats max_cost request/>
                <Button kind=Kind::Primary r#type="submit" busy=request.busy disabled=nothing>
                    "Start evaluation"
                </Button>
            </div>
            {move || (scope.get() == PICKED).then(|| view! { <CasePicker picked/> })}
            <Refusal request/>
        </form>
    }
}

/// How often cases are asked, and what that may cost.
#[component]
fn Bounds(repeats: RwSignal<String>, max_cost: RwSignal<String>, request: Request) -> impl IntoView {
    let error = move |field: &'static str| Signal::derive(move || error_of(&request.fields(), field));
    view! {
        <TextField
            name="repeats" label="Times each case is asked" value=repeats placeholder="as the case says"
            r#type="number" error=error("options.repeats")
        />
        <TextField
            name="max_cost" label="Stop at a cost of (US dollars)" value=max_cost placeholder="no limit"
            r#type="number" step="any" error=error("options.max_cost_usd")
        />
    }
}

#[component]
fn CasePicker(picked: RwSignal<Vec<TestCaseId>>) -> impl IntoView {
    let cases = Data::new(|| (), |()| evaluation_cases());
    let render = move |cases: Vec<CaseChoice>| {
        let items = cases.into_iter().map(|case| view! { <Choice case picked/> }).collect_view();
        view! { <ul tabindex="0" aria-label="Test cases to choose from">{items}</ul> }.into_any()
    };
    view! {
        <fieldset class="case-picker">
            <legend>{move || format!("{} chosen", picked.with(Vec::len))}</legend>
            <Loaded data=cases render/>
        </fieldset>
    }
}

#[component]
fn Choice(case: CaseChoice, picked: RwSignal<Vec<TestCaseId>>) -> impl IntoView {
    let id = case.id;
    let toggle = move |event| {
        let on = event_target_checked(&event);
        picked.update(|picked| {
            picked.retain(|other| *other != id);
            picked.extend(on.then_some(id));
        });
    };
    view! {
        <li>
            <label class="check">
                <input type="checkbox" prop:checked=move || picked.with(|picked| picked.contains(&id)) on:change=toggle/>
                <span>{case.user_input}</span>
            </label>
        </li>
    }
}
