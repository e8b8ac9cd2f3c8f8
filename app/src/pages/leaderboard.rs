//! Leaderboard.

use crate::components::page::PageHeader;
use leptos::prelude::*;

/// Leaderboard.
#[component]
pub fn LeaderboardPage() -> impl IntoView {
    view! { <PageHeader title="Leaderboard" /> }
}
