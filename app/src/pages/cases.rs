//! Test cases.

use crate::components::page::PageHeader;
use leptos::prelude::*;

/// Test cases.
#[component]
pub fn CasesPage() -> impl IntoView {
    view! { <PageHeader title="Test cases" /> }
}

/// Test cases.
#[component]
pub fn ImportPage() -> impl IntoView {
    view! { <PageHeader title="Test cases" /> }
}

/// Test cases.
#[component]
pub fn NewCasePage() -> impl IntoView {
    view! { <PageHeader title="Test cases" /> }
}

/// Test cases.
#[component]
pub fn CasePage() -> impl IntoView {
    view! { <PageHeader title="Test cases" /> }
}
