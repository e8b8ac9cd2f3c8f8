//! Home.

use crate::components::page::PageHeader;
use leptos::prelude::*;

/// Home.
#[component]
pub fn HomePage() -> impl IntoView {
    view! { <PageHeader title="Home" /> }
}
