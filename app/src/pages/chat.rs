//! Chat: pick an agent, ask, watch it call tools. The address names the conversation, so a reload comes back to it.

mod composer;
mod conversations;
mod messages;
mod scroll;
mod session;
mod thread;
mod tool_card;

use crate::{
    api::chat::{Opening, chat_open},
    components::{EmptyState, Glyph, Icon, Loaded},
    data::Data,
};
use composer::Composer;
use conversations::Conversations;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{
    components::A,
    hooks::{use_navigate, use_params_map, use_query_map},
};
use messages::{Messages, Suggestions};
use scroll::Scroller;
use session::Session;
use thread::Thread;
use types::{Agent, AgentId, Conversation, ConversationId, Message, MessageId};

/// The page.
#[component]
pub fn ChatPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let renewed = RwSignal::new(0_u32);
    let stored = RwSignal::new(0_u32);
    let current = RwSignal::new(None::<ConversationId>);
    let asked = Memo::new(move |_| {
        let conversation = params.with(|params| params.get("conversation")?.parse::<ConversationId>().ok());
        let agent = query.with(|query| query.get("agent")?.parse::<AgentId>().ok());
        (conversation, agent, renewed.get())
    });
    let opening = Data::new(move || asked.get(), |(conversation, agent, _)| chat_open(conversation, agent));
    let navigate = use_navigate();
    let leave = Callback::new(move |()| {
        renewed.update(|count| *count += 1);
        navigate("/chat", Default::default());
    });
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
                    <Conversations stored current leave />
                </div>
            </aside>
            <Loaded data=opening render=move |opening| view! { <Room opening stored current /> }.into_any() />
        </div>
    }
    .into_any()
}

/// The conversation with one agent.
#[component]
fn Room(opening: Opening, stored: RwSignal<u32>, current: RwSignal<Option<ConversationId>>) -> impl IntoView {
    let Some(agent) = opening.agent else {
        return view! { <NoAgent /> }.into_any();
    };
    let title = agent.title();
    let name = Signal::stored(title.clone());
    let session = Session::new(agent.id, opened(opening.conversation, &opening.html), stored);
    Effect::new(move |_| current.set(session.thread.with(|thread| thread.conversation)));
    view! {
        <section class="room" aria-label=format!("Chat with {title}")>
            <RoomHead agents=opening.agents agent=agent.clone() forms=opening.replies_in_forms />
            <Scroller thread=session.thread>
                <Suggestions session agent_name=name />
                <Messages session agent_name=name />
            </Scroller>
            <Composer session agent_name=name />
        </section>
    }
    .into_any()
}

fn opened(conversation: Option<Conversation>, html: &[(MessageId, String)]) -> Thread {
    let Some(conversation) = conversation else { return Thread::default() };
    let rendered = |message: &Message| html.iter().find(|(id, _)| *id == message.id).map(|(_, html)| html.clone());
    Thread::stored(conversation.id, conversation.messages, rendered)
}

#[component]
fn RoomHead(agents: Vec<Agent>, agent: Agent, forms: bool) -> impl IntoView {
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
            {hint}
        </header>
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
