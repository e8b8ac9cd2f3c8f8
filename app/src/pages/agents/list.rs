//! The list of agents.

use super::chosen::{ChooseAgent, ChosenBar};
use crate::{
    api::agents::{agent_list, agent_update},
    components::{Badge, Button, EmptyState, Glyph, Icon, Kind, Loaded, PageHeader, use_toasts},
    data::Data,
    error::AppError,
    present::one_line,
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::components::A;
use types::{Agent, AgentId, AgentUpdate, number::Fixed};

/// The page.
#[component]
pub fn AgentsPage() -> impl IntoView {
    let data = Data::new(|| (), |()| agent_list());
    let again = Callback::new(move |()| data.refetch());
    view! {
        <PageHeader title="Agents" lead="Who answers in chats, sits the evaluations and learns in training.">
            <A href="/agents/new" attr:class="button" attr:data-kind="primary">
                <Glyph icon=Icon::Plus />
                "New agent"
            </A>
        </PageHeader>
        <Loaded data render=move |agents| view! { <AgentCards agents again /> }.into_any() />
    }
    .into_any()
}

#[component]
fn AgentCards(agents: Vec<Agent>, again: Callback<()>) -> impl IntoView {
    if agents.is_empty() {
        return view! {
            <EmptyState icon=Icon::Agent title="No agents" text="An agent is a framework, a model and its settings.">
                <A href="/agents/new" attr:class="button" attr:data-kind="primary">
                    "New agent"
                </A>
            </EmptyState>
        }
        .into_any();
    }
    let chosen = RwSignal::new(Vec::new());
    view! {
        <ChosenBar chosen again />
        <ul class="grid">{agents.into_iter().map(|agent| view! { <AgentCard agent chosen again /> }).collect_view()}</ul>
    }
    .into_any()
}

#[component]
fn AgentCard(agent: Agent, chosen: RwSignal<Vec<AgentId>>, again: Callback<()>) -> impl IntoView {
    let (id, title) = (agent.id, agent.title());
    let prompt = agent.system_prompt.as_deref().map(|prompt| one_line(prompt, 140));
    let (heading, delete_name) = (title.clone(), format!("Delete {title}"));
    view! {
        <li class="card agent-card">
            <div class="card-head">
                <h2>
                    <A href=format!("/agents/{id}")>{heading}</A>
                </h2>
                <Badge text=agent.agent_type />
                <ChooseAgent id title=title.clone() chosen />
            </div>
            <dl class="facts">
                <dt>"Model"</dt>
                <dd class="mono"><Weights model=agent.model/></dd>
                <dt>"Temperature"</dt>
                <dd class="number">{Fixed(agent.temperature, 1).to_string()}</dd>
            </dl>
            <p class="muted agent-prompt">{prompt.unwrap_or_else(|| "No instructions.".to_owned())}</p>
            <div class="actions">
                <A href=format!("/chat?agent={id}") attr:class="button" attr:data-kind="secondary">
                    <Glyph icon=Icon::Chat />
                    "Chat"
                </A>
                <A href=format!("/agents/{id}") attr:class="button" attr:data-kind="ghost">
                    "Edit"
                </A>
                <DeleteAgent id title again label=delete_name />
            </div>
        </li>
    }
}

/// What an agent acts with: the name of a model, or a link to the training run that made its weights.
#[component]
pub fn Weights(
    /// As the agent names it.
    model: String,
) -> impl IntoView {
    match model.strip_prefix("run:").map(str::to_owned) {
        Some(run) => {
            let short = run.chars().take(13).collect::<String>();
            view! { <a href=format!("/training/{run}") title=run>{format!("training run {short}…")}</a> }.into_any()
        }
        None => model.into_any(),
    }
}

/// Deletes an agent at once, with Undo.
#[component]
pub fn DeleteAgent(
    /// Which.
    id: AgentId,
    /// Its name.
    title: String,
    /// Called after it was deleted or restored.
    again: Callback<()>,
    /// Name of the button.
    label: String,
) -> impl IntoView {
    let toasts = use_toasts();
    let restore = move || {
        spawn_local(async move {
            match activate(id, true).await {
                Ok(_) => drop(again.try_run(())),
                Err(error) => toasts.fail(error.detail()),
            }
        });
    };
    let delete = move |_| {
        let text = format!("{title} was deleted");
        spawn_local(async move {
            match activate(id, false).await {
                Ok(_) => {
                    toasts.undo(text, restore);
                    again.try_run(());
                }
                Err(error) => toasts.fail(error.detail()),
            }
        });
    };
    view! {
        <Button kind=Kind::Danger attr:aria-label=label attr:title="Delete" on:click=delete>
            <Glyph icon=Icon::Trash />
        </Button>
    }
}

async fn activate(id: AgentId, is_active: bool) -> Result<Agent, AppError> {
    agent_update(id, AgentUpdate { is_active: Some(is_active), ..AgentUpdate::default() }).await
}
