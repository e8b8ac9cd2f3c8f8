//! System, light or dark. Works as a plain form without JavaScript; with it the page changes at once.

use super::icon::{Glyph, Icon};
use crate::{api::theme::ThemeSetCall, theme::Theme};
use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn};

#[derive(Clone, Copy)]
struct ThemeChoice(RwSignal<Theme>);

/// Puts the chosen theme into the context.
pub fn provide_theme() {
    provide_context(ThemeChoice(RwSignal::new(Theme::current())));
}

/// The chosen theme; changes when the person chooses another. What is drawn on a canvas follows it.
pub fn theme_changes() -> Signal<Theme> {
    match use_context::<ThemeChoice>() {
        Some(ThemeChoice(theme)) => theme.into(),
        None => Signal::stored(Theme::System),
    }
}

/// The switch.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    view! {
        <div class="theme-switch" role="group" aria-label="Theme">
            <Choice theme=Theme::System icon=Icon::System label="System theme" />
            <Choice theme=Theme::Light icon=Icon::Sun label="Light theme" />
            <Choice theme=Theme::Dark icon=Icon::Moon label="Dark theme" />
        </div>
    }
}

#[component]
fn Choice(theme: Theme, icon: Icon, label: &'static str) -> impl IntoView {
    let chosen = theme_changes();
    let choose = move |event: SubmitEvent| {
        event.prevent_default();
        theme.paint();
        theme.keep();
        if let Some(ThemeChoice(current)) = use_context::<ThemeChoice>() {
            current.set(theme);
        }
    };
    view! {
        <form method="post" action=ThemeSetCall::url() on:submit=choose>
            <input type="hidden" name="theme" value=theme.as_str() />
            <button
                type="submit"
                class="icon-button"
                title=label
                aria-label=label
                aria-pressed=move || if chosen.get() == theme { "true" } else { "false" }
            >
                <Glyph icon />
            </button>
        </form>
    }
}
