//! Chat: pick an agent, ask, watch it call tools. The address names the conversation, so a reload comes back to it.

mod compare;
mod composer;
mod conversations;
mod feedback;
mod message_tools;
mod messages;
mod scroll;
mod session;
mod thread;
mod tool_card;

use crate::{
    api::chat::{Opening, chat_open, conversation_rename},
    components::{EmptyState, Glyph, Icon, Loaded, use_toasts},
    data::Data,
};
pub use compare::ComparePage;
use composer::Composer;
use conversations::Conversations;
use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{
    NavigateOptions,
    components::A,
    hooks::{use_navigate, use_params_map, use_query_map},
};
use messages::{Messages, Suggestions};
use scroll::Scroller;
use session::Session;
use thread::Thread;
use types::{Agent, AgentId, ConversationId, Message};

/// The page.
#[component]
pub fn ChatPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let renewed = RwSignal::new(0_u32);
    let stored = RwSignal::new(0_u32);
    let current = RwSignal::new(None::<ConversationId>);
    let place = scroll::Place::default();
    let asked = Memo::new(move |_| {
        let conversation = params.with(|params| params.get("conversation")?.parse::<ConversationId>().ok());
        let agent = query.with(|query| query.get("agent")?.parse::<AgentId>().ok());
        (conversation, agent, renewed.get())
    });
    let opening = Data::new(move || asked.get(), |(conversation, agent, _)| chat_open(conversation, agent));
    let known = Signal::derive(move || asked.with(|(conversation, ..)| *conversation));
    let (leave, reload) = ways(renewed, known);
    view! {
        <Title text="Chat" />
        <div class="chat-page">
            <aside class="conversations" aria-label="Conversations">
                <details class="conversations-fold">
                    <summary class="button" data-kind="secondary">
                        "Conversations"
                    </summary>
                </details>
                <div class="conversations-body">
                    <A href="/chat" attr:class="button" attr:data-kind="secondary" on:click=move |_| renewed.update(|count| *count += 1)>
                        <Glyph icon=Icon::Plus />
                        "New chat"
                    </A>
                    <A href="/chat/compare">"Compare agents"</A>
                    <Conversations stored current leave />
                </div>
            </aside>
            <Loaded data=opening render=move |opening| view! { <Room opening stored current reload place /> }.into_any() />
        </div>
    }
    .into_any()
}

/// How the page leaves a conversation for a new one, and how it reads one again as it is stored. `known` is the
/// conversation in the address.
fn ways(renewed: RwSignal<u32>, known: Signal<Option<ConversationId>>) -> (Callback<()>, Callback<ConversationId>) {
    let navigate = use_navigate();
    let leave = Callback::new({
        let navigate = navigate.clone();
        move |()| {
            renewed.update(|count| *count += 1);
            navigate("/chat", Default::default());
        }
    });
    let reload = Callback::new(move |id: ConversationId| {
        // A conversation that began here is in the address bar, but the router does not know it yet.
        if known.get_untracked() == Some(id) {
            renewed.update(|count| *count += 1);
        } else {
            navigate(&format!("/chat/{id}"), NavigateOptions { replace: true, scroll: false, ..Default::default() });
        }
    });
    (leave, reload)
}

/// The conversation with one agent.
#[component]
fn Room(
    opening: Opening,
    stored: RwSignal<u32>,
    current: RwSignal<Option<ConversationId>>,
    reload: Callback<ConversationId>,
    place: scroll::Place,
) -> impl IntoView {
    let Some(agent) = opening.agent.clone() else {
        return view! { <NoAgent /> }.into_any();
    };
    let title = agent.title();
    let name = Signal::stored(title.clone());
    let titled = opening.conversation.as_ref().map(|opened| (opened.id, opened.title.clone().unwrap_or_default()));
    let (agents, forms) = (opening.agents.clone(), opening.replies_in_forms);
    let session = Session::new(agent.id, opened(opening), stored, Some(reload));
    Effect::new(move |_| current.set(session.thread.with(|thread| thread.conversation)));
    view! {
        <section class="room" aria-label=format!("Chat with {title}")>
            <RoomHead agents agent forms titled stored />
            <Scroller thread=session.thread place>
                <Suggestions session agent_name=name />
                <Messages session agent_name=name />
            </Scroller>
            <Composer session agent_name=name />
        </section>
    }
    .into_any()
}

fn opened(opening: Opening) -> Thread {
    let (Some(conversation), html) = (opening.conversation, opening.html) else { return Thread::default() };
    let rendered = |message: &Message| html.iter().find(|(id, _)| *id == message.id).map(|(_, html)| html.clone());
    let mut thread = Thread::stored(conversation.id, conversation.messages, rendered);
    thread.judge(opening.feedback);
    if let Some(under_way) = opening.under_way {
        thread.resume(under_way);
    }
    thread
}

#[component]
fn RoomHead(
    agents: Vec<Agent>,
    agent: Agent,
    forms: bool,
    titled: Option<(ConversationId, String)>,
    stored: RwSignal<u32>,
) -> impl IntoView {
    let navigate = use_navigate();
    let id = agent.id;
    let choose = move |event| navigate(&format!("/chat?agent={}", event_target_value(&event)), Default::default());
    let known = agents.iter().any(|other| other.id == id);
    let gone = (!known).then(|| agent.clone());
    let option = |agent: Agent| {
        view! { <option value=agent.id.to_string() selected={agent.id == id}>{agent.title()}</option> }
    };
    let options = agents.into_iter().chain(gone).map(option).collect_view();
    let hint = forms.then(|| {
        view! {
            <p class="room-hint">
                "Its replies are registered forms, filled with values that its tools answered. "
                <A href=format!("/agents/{id}")>"See the forms"</A>
            </p>
        }
    });
    view! {
        <header class="room-head">
            <h1>"Chat"</h1>
            <label class="visually-hidden" for="agent">
                "Agent"
            </label>
            <select class="control" id="agent" on:change=choose>
                {options}
            </select>
            {titled.map(|(id, title)| view! { <Naming id title stored /> })}
            {hint}
        </header>
    }
}

/// The conversation's title, to be changed, and ways to keep the conversation.
#[component]
fn Naming(id: ConversationId, title: String, stored: RwSignal<u32>) -> impl IntoView {
    let toasts = use_toasts();
    let rename = move |event| {
        let title = event_target_value(&event);
        spawn_local(async move {
            match conversation_rename(id, title).await {
                Ok(()) => stored.update(|count| *count += 1),
                Err(error) => toasts.fail(error.detail()),
            }
        });
    };
    let export = move |format: &str| format!("/api/v1/conversations/{id}/export?format={format}");
    view! {
        <input class="control room-title" aria-label="Title of the conversation" maxlength="200" value=title on:change=rename />
        <details class="room-export">
            <summary class="button" data-kind="ghost">
                "Export"
            </summary>
            <a class="button" data-kind="ghost" href=export("markdown") download rel="external">
                "Markdown"
            </a>
            <a class="button" data-kind="ghost" href=export("json") download rel="external">
                "JSON"
            </a>
        </details>
    }
}

#[component]
fn NoAgent() -> impl IntoView {
    view! {
        <div>
            <h1 class="visually-hidden">"Chat"</h1>
            <EmptyState icon=Icon::Agent title="No agent yet" text="Chats need someone to answer: create an agent first.">
                <A href="/agents/new" attr:class="button" attr:data-kind="primary">
                    "New agent"
                </A>
            </EmptyState>
        </div>
    }
}
