//! One request of a form to the service: busy while it is on its way, and what was refused.

use crate::{components::ErrorState, error::AppError};
use leptos::{prelude::*, task::spawn_local};
use std::future::Future;
use types::FieldError;

/// The state of a form's request.
#[derive(Clone, Copy)]
pub struct Request {
    /// On its way.
    pub busy: RwSignal<bool>,
    refusal: RwSignal<Option<AppError>>,
}

impl Request {
    /// Nothing was asked yet. A refusal is forgotten as soon as what `watched` reads changes.
    pub fn new(watched: impl Fn() + 'static) -> Self {
        let request = Self { busy: RwSignal::new(false), refusal: RwSignal::new(None) };
        Effect::new(move |_| {
            watched();
            request.refusal.set(None);
        });
        request
    }

    /// Asks, and calls `done` with the answer; a refusal stays to be shown. Does nothing while it is busy.
    pub fn send<T: 'static>(
        self,
        answer: impl Future<Output = Result<T, AppError>> + 'static,
        done: impl FnOnce(T) + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let answer = answer.await;
            self.busy.try_set(false);
            match answer {
                Ok(answer) => done(answer),
                Err(error) => {
                    self.refusal.try_set(Some(error));
                }
            }
        });
    }

    /// Every field that was refused.
    pub fn fields(self) -> Vec<FieldError> {
        self.refusal.get().map(|error| error.fields()).unwrap_or_default()
    }
}

/// Why the request was refused, when no field is to blame.
#[component]
pub fn Refusal(
    /// The request.
    request: Request,
) -> impl IntoView {
    let error = move || request.refusal.get().filter(|error| error.fields().is_empty());
    move || error().map(|error| view! { <ErrorState error/> })
}
