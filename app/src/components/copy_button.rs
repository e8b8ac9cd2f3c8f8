//! Copies a text to the clipboard and says that it did.

use super::icon::{Glyph, Icon};
use leptos::prelude::*;
use std::time::Duration;

/// A button that copies `text`.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: Signal<String>,
    /// What it is, for the button's name: "answer", "run id".
    #[prop(default = "text")]
    what: &'static str,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let copy = move |_| {
        // The promise is not awaited: a browser that refuses leaves the clipboard as it was.
        drop(window().navigator().clipboard().write_text(&text.get_untracked()));
        copied.set(true);
        set_timeout(
            move || {
                copied.try_set(false);
            },
            Duration::from_secs(2),
        );
    };
    let name = move || if copied.get() { "Copied".to_owned() } else { format!("Copy {what}") };
    view! {
        <button type="button" class="icon-button" title=name aria-label=name on:click=copy>
            {move || if copied.get() { view! { <Glyph icon=Icon::Check /> } } else { view! { <Glyph icon=Icon::Copy /> } }}
        </button>
    }
}
