//! Runs side by side. What it shows is in the address, and made by the server (`ssr/run_diff.rs`).

use crate::{api::evaluations::run_diff, components::PageHeader, data::Data, server_form::ServerHtml};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The comparison.
#[component]
pub fn CompareRunsPage() -> impl IntoView {
    let query = use_query_map();
    let asked = move || {
        query.with(|query| {
            let kept = ["baseline", "show", "page"].map(|key| query.get(key).unwrap_or_default());
            [kept.to_vec(), query.get_all("run").unwrap_or_default()].concat()
        })
    };
    let data = Data::new(asked, run_diff);
    view! {
        <div class="list-page">
        <PageHeader
            title="Runs side by side"
            lead="Only cases that all of these runs were asked, at the same version. Differences are paired: case by case."
        >
            <a class="button" data-kind="secondary" href="/evaluations">"All evaluations"</a>
        </PageHeader>
        <ServerHtml data/>
        </div>
    }
}
