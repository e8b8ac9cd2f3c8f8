//! Training.

use crate::components::page::PageHeader;
use leptos::prelude::*;

/// Training.
#[component]
pub fn TrainingsPage() -> impl IntoView {
    view! { <PageHeader title="Training" /> }
}

/// Training.
#[component]
pub fn TrainingPage() -> impl IntoView {
    view! { <PageHeader title="Training" /> }
}
