//! The form that starts an evaluation.

use super::list::PATH;
use crate::{
    api::{
        evaluations::{CaseChoice, EvaluationOffer, evaluation_cases, evaluation_choices, evaluation_start},
        scope::{ALL, PICKED},
    },
    components::{Button, Card, EmptyState, Icon, Kind, Loaded, SelectField, TextField, error_of},
    data::Data,
    error::AppError,
    request::{Refusal, Request},
};
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};
use types::{Agent, AgentId, RunId, TestCaseId};

/// The form, with the agent that `?agent=` names already chosen.
#[component]
pub fn StartForm(
    /// Called when several runs were started.
    started: Callback<()>,
) -> impl IntoView {
    let choices = Data::new(|| (), |()| evaluation_choices());
    let render = move |choices: EvaluationOffer| {
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
        _ => view! { <ReadyForm choices started/> }.into_any(),
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

/// What the form asks for.
#[derive(Clone, Copy)]
struct Wanted {
    agent: RwSignal<String>,
    more: RwSignal<Vec<AgentId>>,
    scope: RwSignal<String>,
    picked: RwSignal<Vec<TestCaseId>>,
    repeats: RwSignal<String>,
    max_cost: RwSignal<String>,
}

impl Wanted {
    fn new(agent: String) -> Self {
        let text = || RwSignal::new(String::new());
        let (more, picked) = (RwSignal::new(Vec::new()), RwSignal::new(Vec::new()));
        let (agent, scope) = (RwSignal::new(agent), RwSignal::new(ALL.to_owned()));
        Self { agent, more, scope, picked, repeats: text(), max_cost: text() }
    }

    fn track(self) {
        [self.agent, self.scope, self.repeats, self.max_cost].iter().for_each(Track::track);
        self.more.track();
        self.picked.track();
    }

    async fn start(self) -> Result<Vec<RunId>, AppError> {
        let first = self.agent.get_untracked().parse::<AgentId>().ok();
        let others = self.more.get_untracked().into_iter().filter(|id| Some(*id) != first);
        let agents = first.into_iter().chain(others).collect();
        let (scope, picked) = (self.scope.get_untracked(), self.picked.get_untracked());
        evaluation_start(agents, scope, picked, self.repeats.get_untracked(), self.max_cost.get_untracked()).await
    }
}

#[component]
fn ReadyForm(choices: EvaluationOffer, started: Callback<()>) -> impl IntoView {
    let options = agent_options(&choices.agents);
    let wanted = Wanted::new(first_agent(&options));
    let Wanted { agent, more, scope, picked, repeats, max_cost } = wanted;
    let request = Request::new(move || wanted.track());
    let nothing = Signal::derive(move || scope.get() == PICKED && picked.with(Vec::is_empty));
    let navigate = use_navigate();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let navigate = navigate.clone();
        request.send(wanted.start(), move |runs| match runs.as_slice() {
            [one] => navigate(&format!("{PATH}/{one}"), Default::default()),
            _ => {
                started.try_run(());
            }
        });
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
            {(choices.agents.len() > 1).then(|| more_agents(&choices.agents, more))}
            {move || (scope.get() == PICKED).then(|| view! { <CasePicker picked/> })}
            <Refusal request/>
        </form>
    }
}

/// Further agents to be asked the same cases.
fn more_agents(agents: &[Agent], more: RwSignal<Vec<AgentId>>) -> impl IntoView + use<> {
    let choice = |agent: &Agent| view! { <Choice id=agent.id label=agent.title() picked=more/> };
    let choices = agents.iter().map(choice).collect_view();
    view! {
        <details class="more-agents">
            <summary>"Evaluate more agents on the same cases"</summary>
            <ul>{choices}</ul>
        </details>
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
        let items =
            cases.into_iter().map(|case| view! { <Choice id=case.id label=case.user_input picked/> }).collect_view();
        view! { <ul tabindex="0" aria-label="Test cases to choose from">{items}</ul> }.into_any()
    };
    view! {
        <fieldset class="case-picker">
            <legend>{move || format!("{} chosen", picked.with(Vec::len))}</legend>
            <Loaded data=cases render/>
        </fieldset>
    }
}

/// One of those that can be chosen.
#[component]
fn Choice<T: Copy + PartialEq + Send + Sync + 'static>(
    id: T,
    label: String,
    picked: RwSignal<Vec<T>>,
) -> impl IntoView {
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
                <span>{label}</span>
            </label>
        </li>
    }
}
