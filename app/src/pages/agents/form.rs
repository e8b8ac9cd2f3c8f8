//! The form of an agent, derived from the frameworks' declarations; it validates as the person types.

use super::draft::{Draft, error_in};
use crate::{
    api::agents::{AgentChoices, agent_choices, agent_create},
    components::{
        Button, Card, ErrorState, Kind, Loaded, PageHeader, ParameterFields, SelectField, TextArea, TextField,
        use_toasts,
    },
    data::Data,
    error::AppError,
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{components::A, hooks::use_navigate};
use types::{Agent, FieldError};

/// The page of a new agent.
#[component]
pub fn NewAgentPage() -> impl IntoView {
    let data = Data::new(|| (), |()| agent_choices());
    view! {
        <PageHeader title="New agent" lead="A framework, a model and its settings." />
        <Loaded data render=move |choices| view! { <NewAgent choices /> }.into_any() />
    }
    .into_any()
}

#[component]
fn NewAgent(choices: AgentChoices) -> impl IntoView {
    let draft = Draft::new(choices.draft.clone());
    let (navigate, toasts) = (use_navigate(), use_toasts());
    let created = Callback::new(move |agent: Agent| {
        toasts.say(format!("{} was created", agent.title()));
        navigate(&format!("/agents/{}", agent.id), Default::default());
    });
    let save = move || async move { agent_create(untrack(move || draft.create())).await };
    view! {
        <Card>
            <AgentFields draft choices=choices.clone() choose_type=true />
            <Submit draft choices label="Create agent" save saved=created>
                <A href="/agents" attr:class="button" attr:data-kind="secondary">
                    "Cancel"
                </A>
            </Submit>
        </Card>
    }
}

/// The fields of an agent.
#[component]
pub fn AgentFields(
    /// The fields.
    draft: Draft,
    /// What they choose from.
    choices: AgentChoices,
    /// Whether the framework can be chosen: only before the agent exists.
    choose_type: bool,
) -> impl IntoView {
    let frameworks = StoredValue::new(choices.frameworks.clone());
    let errors = Memo::new(move |_| frameworks.with_value(|frameworks| draft.errors(frameworks)));
    Effect::new(move |_| {
        draft.create();
        draft.refused.set(None);
    });
    view! {
        <div class="form">
            <TextField name="name" label="Name" value=draft.name error=error_in(errors, "name") placeholder="For people, may be empty" />
            {choose_type.then(|| view! { <TypeField draft choices=choices.clone() errors /> })}
            <ModelRow draft choices errors />
            <TextArea
                name="system_prompt"
                label="Instructions"
                value=draft.system_prompt
                error=error_in(errors, "system_prompt")
                hint="Precede every conversation. A local policy does not read them."
                rows=5
            />
            <FrameworkFields draft frameworks />
        </div>
    }
}

#[component]
fn ModelRow(draft: Draft, choices: AgentChoices, errors: Memo<Vec<FieldError>>) -> impl IntoView {
    view! {
        <div class="form-row">
            <ModelField draft choices errors />
            <TextField
                name="temperature"
                label="Temperature"
                r#type="number"
                step="0.1"
                value=draft.temperature
                error=error_in(errors, "temperature")
                hint="0 to 2: how freely it samples."
            />
        </div>
    }
}

#[component]
fn TypeField(draft: Draft, choices: AgentChoices, errors: Memo<Vec<FieldError>>) -> impl IntoView {
    let frameworks = StoredValue::new(choices.frameworks.clone());
    let options: Vec<_> = choices.frameworks.into_iter().map(|spec| (spec.name, spec.label)).collect();
    let said = move || {
        let name = draft.agent_type.get();
        frameworks.with_value(|all| all.iter().find(|spec| spec.name == name).map(|spec| spec.description.clone()))
    };
    let models = choices.models;
    Effect::new(move |before: Option<String>| {
        let now = draft.agent_type.get();
        if before.is_some_and(|before| before != now) {
            let fits = models.iter().find(|(name, _)| *name == now).map(|(_, model)| model.clone());
            draft.model.set(fits.unwrap_or_default());
            draft.parameters.set(Default::default());
        }
        now
    });
    view! {
        <SelectField name="agent_type" label="Framework" value=draft.agent_type options error=error_in(errors, "agent_type") />
        <p class="muted">{said}</p>
    }
}

#[component]
fn ModelField(draft: Draft, choices: AgentChoices, errors: Memo<Vec<FieldError>>) -> impl IntoView {
    let trainable = StoredValue::new(choices.trainable);
    let weights = StoredValue::new(choices.weights);
    let by_weights = Memo::new(move |_| trainable.with_value(|names| names.contains(&draft.agent_type.get())));
    let options = Signal::derive(move || {
        let (mut options, current) = (weights.get_value(), draft.model.get());
        if !options.iter().any(|(value, _)| *value == current) {
            options.push((current.clone(), current));
        }
        options
    });
    let error = error_in(errors, "model");
    move || {
        if by_weights.get() {
            view! {
                <SelectField name="model" label="Weights" value=draft.model options error hint="What the policy acts with; training changes it." />
            }
            .into_any()
        } else {
            view! { <TextField name="model" label="Model" value=draft.model error hint="Its name at the provider." /> }
                .into_any()
        }
    }
}

#[component]
fn FrameworkFields(draft: Draft, frameworks: StoredValue<Vec<types::ExtensionSpec>>) -> impl IntoView {
    move || {
        let name = draft.agent_type.get();
        let specs = frameworks.with_value(|all| {
            all.iter().find(|spec| spec.name == name).map(|spec| spec.parameters.clone()).unwrap_or_default()
        });
        (!specs.is_empty()).then(|| {
            view! {
                <fieldset class="form">
                    <legend>"Settings of the framework"</legend>
                    <ParameterFields specs values=draft.parameters />
                </fieldset>
            }
        })
    }
}

/// The button that saves, and what the server said against it.
#[component]
pub fn Submit<S, F>(
    /// The fields.
    draft: Draft,
    /// What they choose from.
    choices: AgentChoices,
    /// What the button says.
    label: &'static str,
    /// Saves.
    save: S,
    /// Called with the saved agent.
    saved: Callback<Agent>,
    /// Further buttons.
    children: Children,
) -> impl IntoView
where
    S: Fn() -> F + Copy + Send + Sync + 'static,
    F: Future<Output = Result<Agent, AppError>> + 'static,
{
    let frameworks = StoredValue::new(choices.frameworks);
    let wrong = Signal::derive(move || frameworks.with_value(|frameworks| !draft.errors(frameworks).is_empty()));
    let busy = RwSignal::new(false);
    let press = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = save().await;
            busy.try_set(false);
            match answer {
                Ok(agent) => saved.run(agent),
                Err(error) => draft.refused.set(Some(error)),
            }
        });
    };
    let general = move || draft.refused.get().filter(|error| error.fields().is_empty());
    view! {
        {move || general().map(|error| view! { <ErrorState error /> })}
        <div class="actions">
            <Button kind=Kind::Primary busy disabled=wrong on:click=press>
                {label}
            </Button>
            {children()}
        </div>
    }
}
