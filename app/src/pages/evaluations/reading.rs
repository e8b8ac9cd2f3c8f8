//! What is read of a run beside its means: people's verdicts, and groups of cases. Made by the server
//! (`ssr/run_reading.rs`), as is the list of disputed keys (`ssr/disputes.rs`).

use super::results::Place;
use crate::{
    api::evaluations::{disputes, run_reading},
    components::PageHeader,
    data::Data,
    query::page,
    server_form::ServerHtml,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use types::RunId;

/// Rows of a page.
pub const PER_PAGE: u32 = 50;

/// People's verdicts and the breakdown that the address asks for.
#[component]
pub fn Reading(
    /// Of which run.
    run: RunId,
    /// Counts what was judged since.
    judged: RwSignal<u32>,
    /// What the address asks for.
    place: Place,
) -> impl IntoView {
    let data =
        Data::new(move || (place.by.get(), judged.get(), place.said.get()), move |(by, _, _)| run_reading(run, by));
    view! { <ServerHtml data/> }
}

/// The results whose key is disputed.
#[component]
pub fn DisputesPage() -> impl IntoView {
    let query = use_query_map();
    let data = Data::new(move || query.with(|query| page(query, PER_PAGE)), disputes);
    view! {
        <div class="list-page">
        <PageHeader
            title="Disputed keys"
            lead="Results of which somebody said that the key of the case is wrong. Mend the case and judge the run again, or take the dispute back in the result."
        >
            <a class="button" data-kind="secondary" href="/evaluations">"All evaluations"</a>
        </PageHeader>
        <ServerHtml data/>
        </div>
    }
}
