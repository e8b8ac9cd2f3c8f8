//! The messages of the thread, the answer that is being made, and what went wrong.

use super::{
    message_tools::MessageTools,
    session::Session,
    thread::{Entry, Phase},
    tool_card::ToolCard,
};
use crate::{
    components::{Button, Glyph, Icon},
    live::LinkState,
};
use leptos::{ev::MouseEvent, prelude::*, wasm_bindgen::JsCast, web_sys::HtmlElement};
use types::Role;

/// Everything that was said.
#[component]
pub fn Messages(
    /// The conversation.
    session: Session,
    /// The agent's name.
    agent_name: Signal<String>,
) -> impl IntoView {
    let count = Memo::new(move |_| session.thread.with(|thread| thread.entries.len()));
    view! {
        <ol class="messages" aria-label="Messages" on:click=copy_code>
            <For each=move || 0..count.get() key=|place| *place let:place>
                <MessageView session place agent_name />
            </For>
        </ol>
        <div role="status"><ConnectionView session /></div>
        <FailureView session />
        <p class="visually-hidden" aria-live="polite">
            {move || session.announced.get()}
        </p>
    }
}

/// Copies the block of code whose button was pressed: blocks come rendered from the server.
fn copy_code(event: MouseEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    let Some(button) = target.filter(|target| target.class_name() == "code-copy") else { return };
    if let Some(code) = button.next_element_sibling().and_then(|code| code.text_content()) {
        // The promise is not awaited: a browser that refuses leaves the clipboard as it was.
        drop(window().navigator().clipboard().write_text(&code));
        button.set_inner_text("Copied");
    }
}

#[component]
fn MessageView(session: Session, place: usize, agent_name: Signal<String>) -> impl IntoView {
    // Only a message that changed is read again, however long the conversation is.
    let revision = Memo::new(move |_| {
        session.thread.with(|thread| thread.entries.get(place).map(|entry| (entry.revision, entry.finished)))
    });
    let entry = Memo::new(move |_| {
        // Read, not only tracked: a memo that nobody reads never learns what it depends on.
        let _ = revision.get();
        session.thread.with_untracked(|thread| thread.entries.get(place).cloned())
    });
    let role = entry.with_untracked(|entry| entry.as_ref().map_or(Role::System, |entry| entry.role));
    let (who, word) = match role {
        Role::User => (Signal::stored("You".to_owned()), "user"),
        Role::Assistant => (agent_name, "assistant"),
        Role::System => (Signal::stored("System".to_owned()), "system"),
    };
    let calls =
        Memo::new(move |_| entry.with(|entry| entry.as_ref().map(|entry| entry.calls.clone()).unwrap_or_default()));
    let notes =
        Memo::new(move |_| entry.with(|entry| entry.as_ref().map(|entry| entry.notes.clone()).unwrap_or_default()));
    view! {
        <li class="message" data-role=word>
            <p class="message-who">{who}</p>
            <For each=move || calls.get() key=|call| (call.id, call.answer.is_some(), call.approval) let:call>
                <ToolCard session call />
            </For>
            {move || notes.get().into_iter().map(|note| view! { <p class="message-note">{note}</p> }).collect_view()}
            <div class="message-body">{move || body(session, entry.get())}</div>
            {(role != Role::System).then(|| view! { <MessageTools session place entry /> })}
        </li>
    }
}

/// HTML once the server has rendered it, plain text until then, a word while there is neither.
fn body(session: Session, entry: Option<Entry>) -> AnyView {
    let Some(entry) = entry else { return ().into_any() };
    match entry.html {
        Some(html) => view! { <div class="prose" inner_html=html></div> }.into_any(),
        None if entry.text.is_empty() && !entry.finished => view! { <Working session /> }.into_any(),
        None => view! { <div class="plain-text">{entry.text}</div> }.into_any(),
    }
}

#[component]
fn Working(session: Session) -> impl IntoView {
    let word = move || {
        session.thread.with(|thread| match thread.phase {
            Phase::Sending => "Sending",
            Phase::Stopping => "Stopping",
            _ => "Working",
        })
    };
    view! { <span class="working">{word}</span> }
}

/// Says that the connection was lost while an answer is awaited.
#[component]
fn ConnectionView(session: Session) -> impl IntoView {
    move || {
        let state = session.connection.get();
        let busy = session.thread.with(|thread| thread.is_busy());
        (busy && state != LinkState::Live).then(|| {
            view! { <p class="chat-connection">{format!("The connection was lost: {}. The answer is still being made.", state.label())}</p> }
        })
    }
}

#[component]
fn FailureView(session: Session) -> impl IntoView {
    let phase = Memo::new(move |_| session.thread.with(|thread| thread.phase.clone()));
    move || {
        let Phase::Failed { reason, text, stored } = phase.get() else { return ().into_any() };
        let again = move |_| {
            if stored {
                session.send(text.clone());
            } else {
                session.send_draft();
            }
        };
        let hint = if stored { "Your message is kept." } else { "What you typed is back in the field below." };
        view! {
            <div class="chat-failure" role="alert">
                <Glyph icon=Icon::Alert />
                <p>
                    {reason} " " <span class="muted">{hint}</span>
                </p>
                <Button on:click=again>"Try again"</Button>
            </div>
        }
        .into_any()
    }
}

/// What the person can start with.
#[component]
pub fn Suggestions(
    /// The conversation.
    session: Session,
    /// The agent's name.
    agent_name: Signal<String>,
) -> impl IntoView {
    const IDEAS: [(Icon, &str); 3] = [
        (Icon::Calculator, "What is 15 * 23?"),
        (Icon::Weather, "What's the weather in New York?"),
        (Icon::Search, "Search for reinforcement learning"),
    ];
    let empty = Memo::new(move |_| session.thread.with(|thread| thread.entries.is_empty()));
    view! {
        <Show when=move || empty.get()>
            <div class="suggestions">
                <h2>{move || format!("Ask {}", agent_name.get())}</h2>
                <p class="muted">"It can calculate, search and look up the weather. Every call it makes is shown."</p>
                <ul>
                    {IDEAS
                        .into_iter()
                        .map(|(icon, text)| {
                            view! {
                                <li>
                                    <button type="button" on:click=move |_| session.send(text.to_owned())>
                                        <Glyph icon />
                                        {text}
                                    </button>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </div>
        </Show>
    }
}
