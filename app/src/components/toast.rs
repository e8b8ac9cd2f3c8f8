//! Short messages in a corner, with Undo where something was taken away.

use super::icon::{Glyph, Icon};
use leptos::prelude::*;
use std::{sync::Arc, time::Duration};

/// How long a message stays, in seconds.
const STAY_S: u64 = 10;

/// What a message does. Not a `Callback`: it must outlive the component that asked for it.
type Deed = Arc<dyn Fn() + Send + Sync>;

#[derive(Clone)]
struct Toast {
    id: u64,
    text: String,
    tone: &'static str,
    undo: Option<Deed>,
    /// Runs when the message goes without Undo.
    after: Option<Deed>,
}

/// The messages on show.
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    next: StoredValue<u64>,
}

/// Puts the messages into the context.
pub fn provide_toasts() {
    provide_context(Toasts { shown: RwSignal::new(Vec::new()), next: StoredValue::new(0) });
}

/// Where pages put their messages.
pub fn use_toasts() -> Toasts {
    expect_context::<Toasts>()
}

impl Toasts {
    /// Says that something was done.
    pub fn say(self, text: impl Into<String>) {
        self.show(text.into(), "good", None, None);
    }

    /// Says that something failed.
    pub fn fail(self, text: impl Into<String>) {
        self.show(text.into(), "bad", None, None);
    }

    /// Says that something was done, and offers to undo it.
    pub fn undo(self, text: impl Into<String>, undo: impl Fn() + Send + Sync + 'static) {
        self.show(text.into(), "plain", Some(Arc::new(undo)), None);
    }

    /// Says that something will be done when the message goes, unless it is undone before.
    pub fn undo_before(
        self,
        text: impl Into<String>,
        undo: impl Fn() + Send + Sync + 'static,
        after: impl Fn() + Send + Sync + 'static,
    ) {
        self.show(text.into(), "plain", Some(Arc::new(undo)), Some(Arc::new(after)));
    }

    fn show(self, text: String, tone: &'static str, undo: Option<Deed>, after: Option<Deed>) {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        self.shown.update(|shown| shown.push(Toast { id, text, tone, undo, after }));
        set_timeout(move || self.dismiss(id), Duration::from_secs(STAY_S));
    }

    fn dismiss(self, id: u64) {
        if let Some(after) = self.take(id).and_then(|toast| toast.after) {
            after();
        }
    }

    fn take(self, id: u64) -> Option<Toast> {
        let mut taken = None;
        self.shown.try_update(|shown| {
            taken = shown.iter().find(|toast| toast.id == id).cloned();
            shown.retain(|toast| toast.id != id);
        });
        taken
    }
}

/// The corner where messages are shown.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let toasts = use_toasts();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toasts.shown.get() key=|toast| toast.id let:toast>
                <ToastView toasts toast />
            </For>
        </div>
    }
}

#[component]
fn ToastView(toasts: Toasts, toast: Toast) -> impl IntoView {
    let id = toast.id;
    let undo = toast.undo.map(|undo| {
        let press = move |_| {
            if toasts.take(id).is_some() {
                undo();
            }
        };
        view! {
            <button type="button" class="button" data-kind="ghost" on:click=press>
                "Undo"
            </button>
        }
    });
    view! {
        <div class="toast" data-tone=toast.tone>
            <span class="toast-text">{toast.text}</span>
            {undo}
            <button type="button" class="icon-button" aria-label="Dismiss" on:click=move |_| toasts.dismiss(id)>
                <Glyph icon=Icon::Close />
            </button>
        </div>
    }
}
