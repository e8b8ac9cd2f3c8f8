//! The messages of the thread, the answer that is being made, and what went wrong.

use super::{
    session::Session,
    thread::{Entry, Phase, Thread},
    tool_card::ToolCard,
};
use crate::components::{Button, CopyButton, Glyph, Icon};
use leptos::prelude::*;
use types::Role;

/// Everything that was said.
#[component]
pub fn Messages(
    /// The conversation.
    session: Session,
    /// The agent's name.
    agent_name: Signal<String>,
) -> impl IntoView {
    let entries = Memo::new(move |_| session.thread.with(|thread| thread.entries.clone()));
    let pending = Memo::new(move |_| session.thread.with(|thread| thread.pending.is_some()));
    view! {
        <ol class="messages" aria-label="Messages">
            <For each=move || entries.get() key=|entry| (entry.key.clone(), entry.html.is_some()) let:entry>
                <MessageView entry name=agent_name.get_untracked() />
            </For>
            <Show when=move || pending.get()>
                <PendingView session name=agent_name.get_untracked() />
            </Show>
        </ol>
        <FailureView session />
        <p class="visually-hidden" aria-live="polite">
            {move || session.announced.get()}
        </p>
    }
    .into_any()
}

#[component]
fn MessageView(entry: Entry, name: String) -> impl IntoView {
    let (who, role) = match entry.role {
        Role::User => ("You".to_owned(), "user"),
        Role::Assistant => (name, "assistant"),
        Role::System => ("System".to_owned(), "system"),
    };
    let copy = (role == "assistant").then(|| {
        let text = entry.text.clone();
        view! {
            <div class="message-tools">
                <CopyButton text=text what="answer" />
            </div>
        }
    });
    let body = match entry.html {
        Some(html) => view! { <div class="prose" inner_html=html></div> }.into_any(),
        None => view! { <div class="plain-text">{entry.text}</div> }.into_any(),
    };
    view! {
        <li class="message" data-role=role>
            <p class="message-who">{who}</p>
            {entry.calls.into_iter().map(|call| view! { <ToolCard call /> }).collect_view()}
            {notes(entry.notes)}
            <div class="message-body">{body}</div>
            {copy}
        </li>
    }
    .into_any()
}

#[component]
fn PendingView(session: Session, name: String) -> impl IntoView {
    let part = move |read: fn(&Entry) -> String| {
        Memo::new(move |_| session.thread.with(|thread| thread.pending.as_ref().map(read).unwrap_or_default()))
    };
    let text = part(|entry| entry.text.clone());
    let calls = Memo::new(move |_| {
        session.thread.with(|thread| thread.pending.as_ref().map(|entry| entry.calls.clone()).unwrap_or_default())
    });
    let said = Memo::new(move |_| {
        session.thread.with(|thread| thread.pending.as_ref().map(|entry| entry.notes.clone()).unwrap_or_default())
    });
    let waiting = move || {
        let word = session.thread.with(|thread| match thread.phase {
            Phase::Sending => "Sending",
            Phase::Stopping => "Stopping",
            _ => "Working",
        });
        text.with(String::is_empty).then(|| view! { <span class="working">{word}</span> })
    };
    view! {
        <li class="message" data-role="assistant" data-pending="">
            <p class="message-who">{name}</p>
            <For each=move || calls.get() key=|call| (call.id, call.answer.is_some()) let:call>
                <ToolCard call />
            </For>
            {move || notes(said.get())}
            <div class="message-body">
                <div class="plain-text">{move || text.get()}</div>
                {waiting}
            </div>
        </li>
    }
    .into_any()
}

fn notes(notes: Vec<String>) -> impl IntoView {
    notes.into_iter().map(|note| view! { <p class="message-note">{note}</p> }).collect_view()
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
    let empty = Memo::new(move |_| session.thread.with(Thread::is_empty));
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
    .into_any()
}
