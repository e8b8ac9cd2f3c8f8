//! The four states of every asynchronous view: loading (a skeleton after 300 ms), error, empty (the page's to say), data.

use super::state::{ErrorState, Skeleton};
use crate::data::{Data, Payload, Source};
use leptos::{either::Either, prelude::*};
use serde::de::DeserializeOwned;
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

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
    let shows = Arc::new(AtomicU32::new(0));
    let state = move || {
        let (show, shows) = (show.clone(), shows.clone());
        Suspend::new(async move {
            match source.await {
                Ok(payload) => anew(&shows, show(payload)),
                Err(error) => view! { <ErrorState error retry=Callback::new(move |()| source.refetch()) /> }.into_any(),
            }
        })
    };
    view! { <Transition fallback=|| view! { <Skeleton /> }>{state}</Transition> }.into_any()
}

/// The view as another branch than the one before it, so that it takes its place. Made over in place, its elements would
/// keep the handlers that were put on them from outside (`<Button on:click=…>`), and act for data that is gone.
fn anew(shows: &AtomicU32, view: AnyView) -> AnyView {
    match shows.fetch_add(1, Ordering::Relaxed) % 2 {
        0 => Either::<AnyView, AnyView>::Left(view).into_any(),
        _ => Either::<AnyView, AnyView>::Right(view).into_any(),
    }
}
