//! The leaderboard. What it shows is in the address, and made by the server (`ssr/leaderboard.rs`).

use crate::{
    api::leaderboard::{KEYS, leaderboard_get},
    components::PageHeader,
    data::Data,
    server_form::ServerHtml,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use types::number::Fixed;

/// The ranking.
#[component]
pub fn LeaderboardPage() -> impl IntoView {
    let query = use_query_map();
    let asked = move || query.with(|query| KEYS.map(|key| query.get(key).unwrap_or_default()).to_vec());
    let data = Data::new(asked, leaderboard_get);
    view! {
        <div class="list-page">
        <PageHeader
            title="Leaderboard"
            lead="Agents judged on the same test cases, by how many they pass. Each agent's latest completed evaluation counts."
        >
            <a class="button" data-kind="primary" href="/evaluations">"Evaluate an agent"</a>
        </PageHeader>
        <ServerHtml data/>
        </div>
    }
}

/// A point with its interval on a scale from 0 to 1; the numbers stand beside it in words.
#[component]
pub fn Whisker(
    /// The point.
    value: f64,
    /// Its interval.
    interval: (f64, f64),
) -> impl IntoView {
    let at = |share: f64| format!("{}%", Fixed(share.clamp(0.0, 1.0) * 100.0, 1));
    let (low, high) = (at(interval.0), at(interval.1));
    view! {
        <svg class="whisker-scale" aria-hidden="true" focusable="false">
            <line class="scale" x1="0" x2="100%" y1="50%" y2="50%"></line>
            <line class="whisker" x1=low.clone() x2=high.clone() y1="50%" y2="50%"></line>
            <line class="whisker" x1=low.clone() x2=low y1="25%" y2="75%"></line>
            <line class="whisker" x1=high.clone() x2=high y1="25%" y2="75%"></line>
            <circle class="point" cx=at(value) cy="50%" r="3"></circle>
        </svg>
    }
}
