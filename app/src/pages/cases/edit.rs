//! The pages of one test case: a new one, and an existing one. The form is made by the server (`ssr/case_editor.rs`), which
//! answers what is typed and pressed with the parts of it that change.

use crate::{
    api::cases::{EditorAnswer, case_editor, case_editor_act},
    components::{Loaded, PageHeader, use_toasts},
    data::Data,
    error::AppError,
};
use leptos::{ev, html, prelude::*, task::spawn_local, wasm_bindgen::JsCast};
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};
use std::time::Duration;
use types::{Error, TestCaseId};

/// How long a pause in typing is, in milliseconds.
const PAUSE_MS: u64 = 400;

/// A new test case.
#[component]
pub fn NewCasePage() -> impl IntoView {
    let query = use_query_map();
    let answer = move || query.with(|query| query.get_str("answer").and_then(|id| id.parse().ok()));
    let data = Data::new(answer, |answer| case_editor(None, answer));
    view! {
        <PageHeader title="New test case" lead="What the person says, and what a right answer looks like."/>
        <Loaded data render=|html: String| view! { <Editor id=None html/> }.into_any()/>
    }
}

/// An existing test case.
#[component]
pub fn CasePage() -> impl IntoView {
    let params = use_params_map();
    let data = Data::new(move || params.with(|params| params.get("id")), |id| load(id.unwrap_or_default()));
    view! {
        <PageHeader title="Test case" lead="Changes count from the next evaluation on; results that are there keep what they were judged by."/>
        <Loaded data render=|(id, html): (TestCaseId, String)| view! { <Editor id=Some(id) html/> }.into_any()/>
    }
}

async fn load(id: String) -> Result<(TestCaseId, String), AppError> {
    let id: TestCaseId = id.parse().map_err(|_| AppError(Error::not_found("test case", &id).problem(None)))?;
    Ok((id, case_editor(Some(id), None).await?))
}

/// The form: buttons and choices ask for what they name, and what is typed is checked at every pause.
#[component]
fn Editor(id: Option<TestCaseId>, html: String) -> impl IntoView {
    let form = NodeRef::<html::Form>::new();
    let act = acting(id, form);
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
        <form id="case-form" node_ref=form novalidate on:submit=submit on:input=later on:change=choose inner_html=html></form>
    }
}

/// Sends the form with what is wanted of it, and puts what is answered in its places.
fn acting(id: Option<TestCaseId>, form: NodeRef<html::Form>) -> Callback<String> {
    let (toasts, navigate) = (use_toasts(), use_navigate());
    let again = StoredValue::new(None::<Callback<String>>);
    let act = Callback::new(move |wanted: String| {
        let Some(typed) = form.get_untracked().and_then(|form| encoded(&form)) else { return };
        let navigate = navigate.clone();
        spawn_local(async move {
            match case_editor_act(id, wanted, typed).await {
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

fn put(answer: &EditorAnswer) {
    for (part, html) in &answer.parts {
        if let Some(element) = document().get_element_by_id(part) {
            element.set_inner_html(html);
        }
    }
}
