//! The four states of every asynchronous view: loading (a skeleton after 300 ms), error, empty (the page's to say), data.

use super::state::{ErrorState, Skeleton};
use crate::error::AppError;
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

/// Shows `render` of the resource's value once it is there; keeps the old view while a new value loads.
#[component]
pub fn Loaded<T, F>(
    /// What is loaded.
    data: Resource<Result<T, AppError>>,
    /// How it is shown.
    render: F,
) -> impl IntoView
where
    T: Clone + Send + Sync + Serialize + DeserializeOwned + 'static,
    F: Fn(T) -> AnyView + Clone + Send + Sync + 'static,
{
    let shown = move || {
        let render = render.clone();
        Suspend::new(async move {
            match data.await {
                Ok(value) => render(value),
                Err(error) => view! { <ErrorState error retry=Callback::new(move |()| data.refetch()) /> }.into_any(),
            }
        })
    };
    view! { <Transition fallback=|| view! { <Skeleton /> }>{shown}</Transition> }.into_any()
}
