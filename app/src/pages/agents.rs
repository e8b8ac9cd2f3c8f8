//! Agents.

use crate::components::page::PageHeader;
use leptos::prelude::*;

/// Agents.
#[component]
pub fn AgentsPage() -> impl IntoView {
    view! { <PageHeader title="Agents" /> }
}

/// Agents.
#[component]
pub fn NewAgentPage() -> impl IntoView {
    view! { <PageHeader title="Agents" /> }
}

/// Agents.
#[component]
pub fn AgentPage() -> impl IntoView {
    view! { <PageHeader title="Agents" /> }
}
