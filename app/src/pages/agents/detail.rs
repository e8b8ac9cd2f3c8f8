//! One agent: its settings, its reply forms, and what can be done with it.

use super::{
    draft::Draft,
    form::{AgentFields, Submit},
    list::{DeleteAgent, Weights},
    reply_forms::ReplyForms,
};
use crate::{
    api::agents::{AgentDetail, agent_detail, agent_update},
    components::{Badge, Card, CopyButton, EmptyState, Glyph, Icon, Loaded, PageHeader, TimeAgo, Tone, use_toasts},
    data::Data,
    error::AppError,
};
use leptos::prelude::*;
use leptos_router::{
    components::A,
    hooks::{use_navigate, use_params_map},
};
use types::{Agent, AgentId, Error};

/// The page.
#[component]
pub fn AgentPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let data = Data::new(
        move || id.get(),
        |id| async move {
            match id.parse::<AgentId>() {
                Ok(id) => agent_detail(id).await,
                Err(_) => Err(AppError(Error::not_found("agent", id).problem(None))),
            }
        },
    );
    view! { <Loaded data render=move |detail| view! { <Detail detail /> }.into_any() /> }.into_any()
}

#[component]
fn Detail(detail: AgentDetail) -> impl IntoView {
    let AgentDetail { agent, choices, reply_forms } = detail;
    let (id, draft) = (agent.id, Draft::of(&agent));
    let toasts = use_toasts();
    let saved = Callback::new(move |agent: Agent| toasts.say(format!("{} was saved", agent.title())));
    let save = move || async move { agent_update(id, untrack(move || draft.update())).await };
    let trainable = choices.trainable.contains(&agent.agent_type);
    let forms = (!reply_forms.is_empty()).then(|| view! { <ReplyForms forms=reply_forms /> });
    view! {
        <Head agent=agent.clone() trainable />
        <div class="stack">
            {(!agent.is_active).then(|| view! { <Deleted /> })}
            <Facts agent />
            <Card title="Settings">
                <AgentFields draft choices=choices.clone() choose_type=false />
                <Submit draft choices label="Save changes" save saved>
                    ""
                </Submit>
            </Card>
            {forms}
        </div>
    }
}

#[component]
fn Head(agent: Agent, trainable: bool) -> impl IntoView {
    let (id, title) = (agent.id, agent.title());
    let navigate = use_navigate();
    let leave = Callback::new(move |()| navigate("/agents", Default::default()));
    let train = trainable.then(|| {
        view! {
            <A href=format!("/training?agent={id}") attr:class="button" attr:data-kind="secondary">
                <Glyph icon=Icon::Training />
                "Train"
            </A>
        }
    });
    let label = format!("Delete {title}");
    view! {
        <PageHeader title=title.clone()>
            <A href=format!("/chat?agent={id}") attr:class="button" attr:data-kind="primary">
                <Glyph icon=Icon::Chat />
                "Chat"
            </A>
            <A href=format!("/evaluations?agent={id}") attr:class="button" attr:data-kind="secondary">
                <Glyph icon=Icon::Evaluation />
                "Evaluate"
            </A>
            {train}
            {agent.is_active.then(|| view! { <DeleteAgent id title again=leave label /> })}
        </PageHeader>
    }
}

#[component]
fn Facts(agent: Agent) -> impl IntoView {
    let id = agent.id.to_string();
    view! {
        <Card>
            <dl class="facts wide">
                <dt>"Framework"</dt>
                <dd>
                    <Badge text=agent.agent_type />
                </dd>
                <dt>"Weights or model"</dt>
                <dd class="mono"><Weights model=agent.model/></dd>
                <dt>"Id"</dt>
                <dd class="mono">
                    {id.clone()} <CopyButton text=id what="id" />
                </dd>
                <dt>"Created"</dt>
                <dd>
                    <TimeAgo moment=agent.created_at />
                </dd>
            </dl>
        </Card>
    }
}

#[component]
fn Deleted() -> impl IntoView {
    view! {
        <EmptyState icon=Icon::Trash title="This agent was deleted" text="Its conversations and results are kept.">
            <Badge text="deleted".to_owned() tone=Tone::Warn />
        </EmptyState>
    }
}
