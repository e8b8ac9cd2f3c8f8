//! The form that starts an evaluation.

use super::{
    list::PATH,
    scope::{ALL, PICKED, ids_of, scopes},
};
use crate::{
    api::evaluations::{CaseChoice, EvaluationOffer, evaluation_choices, evaluation_start},
    components::{Button, Card, EmptyState, ErrorState, Icon, Kind, Loaded, SelectField, error_of},
    error::AppError,
    present::one_line,
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::{use_navigate, use_query_map};
use std::collections::BTreeSet;
use types::{Agent, EvaluationCreate, TestCaseId};

/// The form, with the agent that `?agent=` names already chosen.
#[component]
pub fn StartForm() -> impl IntoView {
    let choices = Resource::new(|| (), |()| evaluation_choices());
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

#[component]
fn ReadyForm(choices: EvaluationOffer) -> impl IntoView {
    let query = use_query_map();
    let EvaluationOffer { agents, cases, num_cases } = choices;
    let options = agent_options(&agents);
    let named = query.with_untracked(|query| query.get("agent"));
    let first =
        options.iter().map(|(id, _)| id).find(|id| Some(*id) == named.as_ref()).or(options.first().map(|o| &o.0));
    let agent = RwSignal::new(first.cloned().unwrap_or_default());
    let scope = RwSignal::new(ALL.to_owned());
    let picked = RwSignal::new(BTreeSet::<TestCaseId>::new());
    let scope_options = scopes(&cases, num_cases);
    let cases = StoredValue::new(cases);
    let (refusal, set_refusal) = signal(None::<AppError>);
    let busy = RwSignal::new(false);
    let ids = move || cases.with_value(|cases| scope.with(|scope| picked.with(|picked| ids_of(scope, cases, picked))));
    let nothing = Signal::derive(move || ids().is_some_and(|ids| ids.is_empty()));
    let navigate = use_navigate();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(agent_id) = agent.get_untracked().parse() else { return };
        let create = EvaluationCreate { agent_id, test_case_ids: untrack(ids) };
        let navigate = navigate.clone();
        busy.set(true);
        spawn_local(async move {
            match evaluation_start(create).await {
                Ok(run) => navigate(&format!("{PATH}/{}", run.id), Default::default()),
                Err(error) => set_refusal.set(Some(error)),
            }
            busy.try_set(false);
        });
    };
    let field_error = move |field: &'static str| {
        Signal::derive(move || refusal.get().and_then(|error| error_of(&error.fields(), field)))
    };
    view! {
        <form class="start-form" on:submit=submit>
            <div class="form-row">
                <SelectField name="agent_id" label="Agent" value=agent options=options error=field_error("agent_id")/>
                <SelectField name="scope" label="Test cases" value=scope options=scope_options error=field_error("test_case_ids")/>
                <Button kind=Kind::Primary r#type="submit" busy disabled=nothing>"Start evaluation"</Button>
            </div>
            {move || (scope.get() == PICKED).then(|| view! { <CasePicker cases picked/> })}
            {move || refusal.get().filter(|error| error.fields().is_empty()).map(|error| view! { <ErrorState error/> })}
        </form>
    }
}

#[component]
fn CasePicker(cases: StoredValue<Vec<CaseChoice>>, picked: RwSignal<BTreeSet<TestCaseId>>) -> impl IntoView {
    let pick = move |case: &CaseChoice| {
        let id = case.id;
        let toggle = move |event| {
            let on = event_target_checked(&event);
            picked.update(|picked| {
                if on {
                    picked.insert(id)
                } else {
                    picked.remove(&id)
                };
            });
        };
        view! {
            <li>
                <label class="check">
                    <input type="checkbox" prop:checked=move || picked.with(|picked| picked.contains(&id)) on:change=toggle/>
                    <span>{one_line(&case.user_input, 100)}</span>
                </label>
            </li>
        }
    };
    view! {
        <fieldset class="case-picker">
            <legend>{move || format!("{} chosen", picked.with(BTreeSet::len))}</legend>
            <ul tabindex="0" aria-label="Test cases to choose from">{cases.with_value(|cases| cases.iter().map(pick).collect_view())}</ul>
        </fieldset>
    }
}
