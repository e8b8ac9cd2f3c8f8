//! Parts of pages and forms that the server makes. A form: the browser's half sends what was typed with what is wanted of it, and puts the parts of the
//! page that change in their places. Buttons (`name="act"`) and choices (`data-act`) name what they ask for; a pause in
//! typing asks for `check`.

use crate::{
    api::forms::FormAnswer,
    components::{Loaded, use_toasts},
    data::Data,
    error::AppError,
};
use leptos::{ev, html, prelude::*, task::spawn_local, wasm_bindgen::JsCast};
use leptos_router::hooks::use_navigate;
use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

/// How long a pause in typing is, in milliseconds.
const PAUSE_MS: u64 = 400;

/// An answer on its way.
pub type Answer = Pin<Box<dyn Future<Output = Result<FormAnswer, AppError>> + Send>>;

/// Asks for something with the form, encoded as browsers do.
pub type Ask = Arc<dyn Fn(String, String) -> Answer + Send + Sync>;

/// A part of a page that the server makes.
#[component]
pub fn ServerHtml(
    /// Its HTML.
    data: Data<String>,
) -> impl IntoView {
    view! { <Loaded data render=|html: String| view! { <div class="stack" inner_html=html></div> }.into_any()/> }
}

/// The form.
#[component]
pub fn ServerForm(
    /// Its id.
    id: &'static str,
    /// What is inside.
    html: String,
    /// Asks the server.
    ask: Ask,
) -> impl IntoView {
    let form = NodeRef::<html::Form>::new();
    let act = acting(ask, form);
    let typed = StoredValue::new(0_u32);
    let later = move |_| {
        typed.update_value(|count| *count += 1);
        let mine = typed.get_value();
        let check = move || {
            if typed.try_get_value() == Some(mine) {
                act.run("check".to_owned());
            }
        };
        set_timeout(check, Duration::from_millis(PAUSE_MS));
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        // What was typed goes with it.
        typed.update_value(|count| *count += 1);
        let pressed = event.submitter().and_then(|button| button.get_attribute("value"));
        act.run(pressed.unwrap_or_else(|| "save".into()));
    };
    let choose = move |event: ev::Event| {
        let control = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if let Some(wanted) = control.and_then(|control| control.get_attribute("data-act")) {
            act.run(wanted);
        }
    };
    view! {
        <form id=id node_ref=form novalidate on:submit=submit on:input=later on:change=choose inner_html=html></form>
    }
}

/// Sends the form with what is wanted of it, and puts what is answered in its places.
fn acting(ask: Ask, form: NodeRef<html::Form>) -> Callback<String> {
    let (toasts, navigate) = (use_toasts(), use_navigate());
    let again = StoredValue::new(None::<Callback<String>>);
    let act = Callback::new(move |wanted: String| {
        let Some(typed) = form.get_untracked().and_then(|form| encoded(&form)) else { return };
        let (navigate, answer) = (navigate.clone(), ask(wanted, typed));
        spawn_local(async move {
            match answer.await {
                Err(error) => toasts.fail(error.detail()),
                Ok(answer) => {
                    put(&answer);
                    if !answer.say.is_empty() {
                        toasts.say(answer.say);
                    }
                    if !answer.go.is_empty() {
                        navigate(&answer.go, Default::default());
                    }
                    if answer.again {
                        let watch = move || {
                            if let Some(act) = again.try_get_value().flatten() {
                                act.run("watch".to_owned());
                            }
                        };
                        set_timeout(watch, Duration::from_millis(PAUSE_MS));
                    }
                }
            }
        });
    });
    again.set_value(Some(act));
    act
}

/// The form as browsers encode it.
fn encoded(form: &web_sys::HtmlFormElement) -> Option<String> {
    let data = web_sys::FormData::new_with_form(form).ok()?;
    Some(web_sys::UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?.to_string().into())
}

fn put(answer: &FormAnswer) {
    for (part, html) in &answer.parts {
        if let Some(element) = document().get_element_by_id(part) {
            element.set_inner_html(html);
        }
    }
}
