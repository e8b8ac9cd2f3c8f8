//! Stop and Resume of a run, whichever its state allows.

use super::{
    button::{Button, Kind},
    toast::use_toasts,
};
use crate::error::AppError;
use leptos::{prelude::*, task::spawn_local};
use std::{future::Future, pin::Pin};
use types::RunState;

/// A request to the service that answers nothing.
pub type Asked = Pin<Box<dyn Future<Output = Result<(), AppError>>>>;

/// The button that the state allows: Stop while the run is at work, Resume once it was stopped or cut off.
#[component]
pub fn RunControls(
    /// The state.
    state: Memo<RunState>,
    /// Asks the run to stop.
    stop: fn(types::RunId) -> Asked,
    /// Lets the run go on.
    resume: fn(types::RunId) -> Asked,
    /// Which run.
    id: types::RunId,
    /// Called when the run goes on: what the page shows is old then.
    resumed: Callback<()>,
) -> impl IntoView {
    let busy = RwSignal::new(false);
    let toasts = use_toasts();
    let ask = move |request: fn(types::RunId) -> Asked, then: Option<Callback<()>>| {
        busy.set(true);
        spawn_local(async move {
            match (request(id).await, then) {
                (Err(error), _) => toasts.fail(error.detail()),
                (Ok(()), Some(then)) => {
                    then.try_run(());
                }
                (Ok(()), None) => {}
            }
            busy.try_set(false);
        });
    };
    move || match state.get() {
        state if state.can_resume() => {
            let press = move |_| ask(resume, Some(resumed));
            view! { <Button kind=Kind::Primary busy on:click=press>"Resume"</Button> }.into_any()
        }
        RunState::Stopping => view! { <Button disabled=true>"Stopping…"</Button> }.into_any(),
        state if state.is_ended() => ().into_any(),
        _ => view! { <Button kind=Kind::Danger busy on:click=move |_| ask(stop, None)>"Stop"</Button> }.into_any(),
    }
}
