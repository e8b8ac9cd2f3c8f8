//! Metrics that people write. The page is made by the server (`ssr/metrics.rs`).

use crate::{
    api::metrics::{metric_act, metric_page},
    components::{Loaded, PageHeader},
    data::Data,
    server_form::{Ask, ServerForm},
};
use leptos::prelude::*;
use std::sync::Arc;

/// The page.
#[component]
pub fn MetricsPage() -> impl IntoView {
    let data = Data::new(|| (), |()| metric_page());
    let render = |html: String| {
        let ask: Ask = Arc::new(|act, form| Box::pin(metric_act(act, form)));
        view! { <ServerForm id="metric-form" html ask/> }.into_any()
    };
    view! {
        <div class="list-page">
        <PageHeader
            title="Metrics"
            lead="A metric of your own is an expression over what is stored of a sample. It is computed for every sample of every run, past ones too."
        >
            <a class="button" data-kind="secondary" href="/evaluations">"All evaluations"</a>
        </PageHeader>
        <Loaded data render/>
        </div>
    }
}
