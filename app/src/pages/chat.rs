//! Chat.

use crate::components::page::PageHeader;
use leptos::prelude::*;

/// Chat.
#[component]
pub fn ChatPage() -> impl IntoView {
    view! { <PageHeader title="Chat" /> }
}
