//! The four states of every asynchronous view: loading (a skeleton after 300 ms), error, empty (the page's to say), data.

use super::state::{ErrorState, Skeleton};
use crate::data::{Data, Payload, Source};
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// Shows `render` of the data once it is there; keeps the old view while new data loads.
#[component]
pub fn Loaded<T, F>(
    /// What is loaded.
    data: Data<T>,
    /// How it is shown.
    render: F,
) -> impl IntoView
where
    T: Clone + DeserializeOwned + 'static,
    F: Fn(T) -> AnyView + Send + Sync + 'static,
{
    let show = move |payload: Payload| match payload.open() {
        Ok(value) => render(value),
        Err(error) => view! { <ErrorState error /> }.into_any(),
    };
    shown(data.source(), Arc::new(show))
}

/// The part that is the same for every type.
fn shown(source: Source, show: Arc<dyn Fn(Payload) -> AnyView + Send + Sync>) -> AnyView {
    let state = move || {
        let show = show.clone();
        Suspend::new(async move {
            match source.await {
                Ok(payload) => show(payload),
                Err(error) => view! { <ErrorState error retry=Callback::new(move |()| source.refetch()) /> }.into_any(),
            }
        })
    };
    view! { <Transition fallback=|| view! { <Skeleton /> }>{state}</Transition> }.into_any()
}
