//! Evaluations.

use crate::components::page::PageHeader;
use leptos::prelude::*;

/// Evaluations.
#[component]
pub fn EvaluationsPage() -> impl IntoView {
    view! { <PageHeader title="Evaluations" /> }
}

/// Evaluations.
#[component]
pub fn EvaluationPage() -> impl IntoView {
    view! { <PageHeader title="Evaluations" /> }
}
