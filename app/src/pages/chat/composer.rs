//! Where messages are typed: Enter sends, Shift+Enter breaks the line, Esc stops.

use super::{session::Session, thread::Thread};
use crate::components::{Glyph, Icon};
use leptos::{ev::KeyboardEvent, html, prelude::*};

/// The field and its button.
#[component]
pub fn Composer(
    /// The conversation.
    session: Session,
    /// The agent's name.
    agent_name: Signal<String>,
) -> impl IntoView {
    let busy = Memo::new(move |_| session.thread.with(Thread::is_busy));
    listen_for_escape(session);
    let refusal = move || {
        session
            .refusal()
            .map(|text| view! { <p class="field-error" id="message-error">{format!("The message {text}")}</p> })
    };
    view! {
        <div class="room-foot">
            <form
                class="composer"
                on:submit=move |event| {
                    event.prevent_default();
                    session.send_draft();
                }
            >
                <Draft session agent_name />
                <SendOrStop session busy />
            </form>
            {refusal}
            {move || session.editing.get().map(|_| view! { <p class="composer-editing" role="status">"You are editing a question. Esc leaves it as it was."</p> })}
            <p class="composer-hint">"Enter sends, Shift+Enter breaks the line, Esc stops, ↑ edits your last question."</p>
        </div>
    }
}

#[component]
fn Draft(session: Session, agent_name: Signal<String>) -> impl IntoView {
    let field = NodeRef::<html::Textarea>::new();
    let keys = move |event: KeyboardEvent| {
        if event.key() == "Enter" && !event.shift_key() && !event.is_composing() {
            event.prevent_default();
            session.send_draft();
        } else if event.key() == "ArrowUp" && session.draft.with_untracked(String::is_empty) {
            event.prevent_default();
            session.edit_last();
        }
    };
    Effect::new(move |_| {
        session.editing.track();
        if let Some(field) = field.get() {
            // Fails only when the field has left the page.
            field.focus().ok();
        }
    });
    view! {
        <label class="visually-hidden" for="message">
            {move || format!("Message to {}", agent_name.get())}
        </label>
        <textarea
            id="message"
            name="message"
            rows="1"
            node_ref=field
            placeholder=move || format!("Message {}", agent_name.get())
            aria-describedby=move || session.refusal().map(|_| "message-error")
            prop:value=move || session.draft.get()
            on:input=move |event| session.draft.set(event_target_value(&event))
            on:keydown=keys
        ></textarea>
    }
}

#[component]
fn SendOrStop(session: Session, busy: Memo<bool>) -> impl IntoView {
    let empty = move || session.draft.with(|draft| draft.trim().is_empty()) || session.refusal().is_some();
    move || {
        if busy.get() {
            view! {
                <button type="button" class="composer-button" aria-label="Stop" title="Stop (Esc)" on:click=move |_| session.stop()>
                    <Glyph icon=Icon::Stop />
                </button>
            }
            .into_any()
        } else {
            view! {
                <button type="submit" class="composer-button" aria-label="Send" title="Send (Enter)" disabled=empty>
                    <Glyph icon=Icon::Send />
                </button>
            }
            .into_any()
        }
    }
}

fn listen_for_escape(session: Session) {
    Effect::new(move |_| {
        let listener = window_event_listener(leptos::ev::keydown, move |event| {
            if event.key() == "Escape" {
                session.stop();
            }
        });
        on_cleanup(move || listener.remove());
    });
}
