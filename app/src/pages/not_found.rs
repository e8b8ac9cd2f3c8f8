//! The page for paths that lead nowhere.

use crate::components::{icon::Icon, state::EmptyState};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;

/// What the server does when an address leads nowhere; the browser has none.
#[derive(Clone, Copy)]
pub struct OnNotFound(pub fn());

/// Says that nothing is here, with status 404.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    if let Some(OnNotFound(answer)) = use_context() {
        answer();
    }
    view! {
        <Title text="Not found" />
        <h1 class="visually-hidden">"Not found"</h1>
        <EmptyState icon=Icon::Search title="Nothing is here" text="The address leads to no page. It may have been mistyped, or what it showed was deleted.">
            <A href="/" attr:class="button" attr:data-kind="primary">
                "Go to Home"
            </A>
        </EmptyState>
    }
}
