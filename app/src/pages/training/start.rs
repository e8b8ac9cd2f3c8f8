//! The form that starts a training run: its fields are what the algorithm declares.

use super::{
    draft::{TrainingDraft, WEIGHT_NAMES},
    list::PATH,
};
use crate::{
    api::training::{TrainingOffer, training_choices, training_start},
    components::{
        Button, Card, EmptyState, Field, Icon, Kind, Loaded, ParameterFields, SelectField, TextField, error_of,
    },
    data::Data,
    present::count,
    request::{Refusal, Request},
};
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};
use serde_json::Map;
use types::{Agent, ExtensionSpec, FieldError};

/// The form, with the agent that `?agent=` names already chosen.
#[component]
pub fn StartForm() -> impl IntoView {
    let choices = Data::new(|| (), |()| training_choices());
    let render = |choices: TrainingOffer| {
        if choices.num_cases == 0 {
            return view! {
                <EmptyState icon=Icon::Cases title="No test cases" text="Training learns from test cases; there are none yet.">
                    <a class="button" data-kind="primary" href="/cases/import">"Import test cases"</a>
                </EmptyState>
            }
            .into_any();
        }
        view! { <ReadyForm choices/> }.into_any()
    };
    view! { <Card title="Start a training run"><Loaded data=choices render/></Card> }
}

#[derive(Clone, Copy)]
struct Fields {
    agent_id: RwSignal<String>,
    algorithm: RwSignal<String>,
    num_episodes: RwSignal<String>,
    seed: RwSignal<String>,
    weights: [RwSignal<String>; 3],
    parameters: RwSignal<Map<String, serde_json::Value>>,
}

impl Fields {
    fn new(draft: TrainingDraft) -> Self {
        Self {
            agent_id: RwSignal::new(draft.agent_id),
            algorithm: RwSignal::new(draft.algorithm),
            num_episodes: RwSignal::new(draft.num_episodes),
            seed: RwSignal::new(draft.seed),
            weights: draft.weights.map(RwSignal::new),
            parameters: RwSignal::new(draft.parameters),
        }
    }

    fn draft(self) -> TrainingDraft {
        TrainingDraft {
            agent_id: self.agent_id.get(),
            algorithm: self.algorithm.get(),
            num_episodes: self.num_episodes.get(),
            seed: self.seed.get(),
            weights: self.weights.map(|weight| weight.get()),
            parameters: self.parameters.get(),
        }
    }
}

/// The agent that the form begins with: the one asked for, or the first that can be trained.
fn first_agent(choices: &TrainingOffer, named: Option<&str>) -> String {
    let can = |agent: &&Agent| choices.trainable_types.contains(&agent.agent_type);
    let named = choices.agents.iter().filter(can).find(|agent| named == Some(agent.id.to_string().as_str()));
    named.or_else(|| choices.agents.iter().find(can)).map(|agent| agent.id.to_string()).unwrap_or_default()
}

#[component]
fn ReadyForm(choices: TrainingOffer) -> impl IntoView {
    let named = use_query_map().with_untracked(|query| query.get("agent"));
    let TrainingOffer { ref algorithms, num_cases, .. } = choices;
    let algorithm = algorithms.iter().find(|a| a.name == "reinforce").or(algorithms.first());
    let fields = Fields::new(TrainingDraft {
        agent_id: first_agent(&choices, named.as_deref()),
        ..TrainingDraft::new(algorithm.map(|a| a.name.as_str()).unwrap_or_default())
    });
    let algorithms = StoredValue::new(choices.algorithms.clone());
    let wanted = Memo::new(move |_| algorithms.with_value(|algorithms| fields.draft().request(algorithms)));
    let request = Request::new(move || wanted.track());
    let errors = Memo::new(move |_| [wanted.get().err().unwrap_or_default(), request.fields()].concat());
    let navigate = use_navigate();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let navigate = navigate.clone();
        if let Ok(create) = wanted.get_untracked() {
            request
                .send(training_start(create), move |run| navigate(&format!("{PATH}/{}", run.id), Default::default()));
        }
    };
    let invalid = Signal::derive(move || wanted.with(Result::is_err));
    let cases = count(i64::try_from(num_cases).unwrap_or(i64::MAX), "active test case");
    view! {
        <form class="start-form" on:submit=submit>
            <MainFields choices algorithms fields errors/>
            <details class="more-settings">
                <summary>"Reward weights and algorithm parameters"</summary>
                <Weights fields errors/>
                <div class="form-row">{move || parameter_fields(algorithms, fields)}</div>
            </details>
            <Refusal request/>
            <div class="actions">
                <Button kind=Kind::Primary r#type="submit" busy=request.busy disabled=invalid>"Start training"</Button>
                <span class="muted">{format!("Over {cases}; those of split “test” are held out.")}</span>
            </div>
        </form>
    }
}

#[component]
fn MainFields(
    choices: TrainingOffer,
    algorithms: StoredValue<Vec<ExtensionSpec>>,
    fields: Fields,
    errors: Memo<Vec<FieldError>>,
) -> impl IntoView {
    view! {
        <div class="form-row start-fields">
            <AgentField choices fields errors/>
            <AlgorithmField algorithms fields/>
            <TextField
                name="num_episodes"
                label="Episodes"
                r#type="number"
                value=fields.num_episodes
                error=error(errors, "num_episodes")
                hint="Passes over the training cases."
            />
            <TextField
                name="seed"
                label="Seed"
                r#type="number"
                value=fields.seed
                error=error(errors, "seed")
                hint="The same seed gives the same curve."
            />
        </div>
    }
}

fn error(errors: Memo<Vec<FieldError>>, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || errors.with(|errors| error_of(errors, field)))
}

#[component]
fn AgentField(choices: TrainingOffer, fields: Fields, errors: Memo<Vec<FieldError>>) -> impl IntoView {
    let TrainingOffer { agents, trainable_types, .. } = choices;
    let can = |agent: &Agent| trainable_types.contains(&agent.agent_type);
    let barred = agents.iter().any(|agent| !can(agent));
    let types = trainable_types.join(", ");
    let hint = if barred {
        format!("Only agents of type {types} have weights that can be trained here.")
    } else {
        String::new()
    };
    let option = |agent: &Agent| {
        let (id, able) = (agent.id.to_string(), can(agent));
        let note = if able { agent.model.clone() } else { format!("{}: cannot be trained", agent.agent_type) };
        let chosen = {
            let id = id.clone();
            move || fields.agent_id.with(|chosen| *chosen == id)
        };
        view! { <option value=id disabled=!able selected=chosen>{format!("{} ({note})", agent.title())}</option> }
    };
    let options = agents.iter().map(option).collect_view();
    let described = (!hint.is_empty()).then_some("agent_id-hint");
    view! {
        <Field id="agent_id" label="Agent" hint error=error(errors, "agent_id")>
            <select
                class="control" id="agent_id" name="agent_id" aria-describedby=described
                on:change=move |event| fields.agent_id.set(event_target_value(&event))
            >
                {options}
            </select>
        </Field>
    }
}

#[component]
fn AlgorithmField(algorithms: StoredValue<Vec<ExtensionSpec>>, fields: Fields) -> impl IntoView {
    let options = algorithms.with_value(|algorithms| {
        algorithms.iter().map(|algorithm| (algorithm.name.clone(), algorithm.label.clone())).collect::<Vec<_>>()
    });
    // Parameters belong to an algorithm.
    Effect::new(move |before: Option<String>| {
        let now = fields.algorithm.get();
        if before.is_some_and(|before| before != now) {
            fields.parameters.set(Map::new());
        }
        now
    });
    let described = move || chosen(algorithms, fields).map(|algorithm| algorithm.description);
    view! {
        <div>
            <SelectField name="algorithm" label="Algorithm" value=fields.algorithm options=options/>
            <p class="field-hint algorithm-hint">{described}</p>
        </div>
    }
}

fn chosen(algorithms: StoredValue<Vec<ExtensionSpec>>, fields: Fields) -> Option<ExtensionSpec> {
    let name = fields.algorithm.get();
    algorithms.with_value(|algorithms| algorithms.iter().find(|algorithm| algorithm.name == name).cloned())
}

fn parameter_fields(algorithms: StoredValue<Vec<ExtensionSpec>>, fields: Fields) -> impl IntoView {
    chosen(algorithms, fields)
        .map(|algorithm| view! { <ParameterFields specs=algorithm.parameters values=fields.parameters/> })
}

#[component]
fn Weights(fields: Fields, errors: Memo<Vec<FieldError>>) -> impl IntoView {
    let labels = ["Weight of task success", "Weight of tool efficiency", "Weight of response quality"];
    let field = |((name, label), value): ((&'static str, &'static str), RwSignal<String>)| {
        view! { <TextField name=format!("weight-{name}") label r#type="number" step="0.1" value/> }
    };
    let inputs = WEIGHT_NAMES.into_iter().zip(labels).zip(fields.weights).map(field).collect_view();
    view! {
        <div class="form-row">{inputs}</div>
        {move || error(errors, "reward_weights").get().map(|text| view! { <p class="field-error" role="alert">{text}</p> })}
    }
}
