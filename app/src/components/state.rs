//! Empty, no match, error and loading: four different things.

use super::icon::{Glyph, Icon};
use crate::error::AppError;
use leptos::prelude::*;

/// Nothing is here yet: what it is, and what to do.
#[component]
pub fn EmptyState(
    /// Its picture.
    icon: Icon,
    /// What is missing.
    #[prop(into)]
    title: String,
    /// What it is for.
    #[prop(into)]
    text: String,
    /// One primary action, perhaps sample data.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="state">
            <span class="state-icon">
                <Glyph icon />
            </span>
            <p class="state-title">{title}</p>
            <p class="muted">{text}</p>
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
        </div>
    }
}

/// Filters leave nothing over.
#[component]
pub fn NoMatch(
    /// What was looked for, in words.
    #[prop(into)]
    text: String,
    /// Clears the filters.
    #[prop(into)]
    clear: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="state" role="status">
            <p class="state-title">"No match"</p>
            <p class="muted">{text}</p>
            <div class="actions">
                <button type="button" class="button" data-kind="secondary" on:click=move |_| clear.run(())>
                    "Clear filters"
                </button>
            </div>
        </div>
    }
}

/// Something went wrong: what, whom to tell, and a way to try again.
#[component]
pub fn ErrorState(
    /// What went wrong.
    error: AppError,
    /// Tries again.
    #[prop(into, optional)]
    retry: Option<Callback<()>>,
) -> impl IntoView {
    let again = retry.map(|retry| {
        view! {
            <button type="button" class="button" data-kind="secondary" on:click=move |_| retry.run(())>
                "Try again"
            </button>
        }
    });
    let request_id = error.0.request_id.map(|id| view! { <p class="muted">"Request " <code>{id}</code></p> });
    view! {
        <div class="state" role="alert" data-tone="bad">
            <span class="state-icon">
                <Glyph icon=Icon::Alert />
            </span>
            <p class="state-title">{error.0.title}</p>
            <p>{error.0.detail}</p>
            {request_id}
            <div class="actions">{again}</div>
        </div>
    }
}

/// The shape of what is loading; shows itself after 300 ms.
#[component]
pub fn Skeleton() -> impl IntoView {
    view! {
        <div class="skeleton" role="status" aria-label="Loading">
            <span></span>
            <span></span>
            <span></span>
        </div>
    }
}
