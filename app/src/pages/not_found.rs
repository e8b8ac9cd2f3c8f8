//! The page for paths that lead nowhere.

use crate::components::{icon::Icon, state::EmptyState};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;

/// Says that nothing is here, with status 404.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    answer_not_found();
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

#[cfg(feature = "ssr")]
use crate::ssr::set_not_found as answer_not_found;

#[cfg(not(feature = "ssr"))]
const fn answer_not_found() {}
