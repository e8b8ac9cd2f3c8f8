//! Tools.

use crate::components::page::PageHeader;
use leptos::prelude::*;

/// Tools.
#[component]
pub fn ToolsPage() -> impl IntoView {
    view! { <PageHeader title="Tools" /> }
}
