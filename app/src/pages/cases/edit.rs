//! The pages of one test case: a new one, and an existing one. The form is made by the server (`ssr/case_editor.rs`).

use crate::{
    api::cases::{case_editor, case_editor_act},
    components::{Loaded, PageHeader},
    data::Data,
    error::AppError,
    server_form::{Ask, ServerForm},
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use std::sync::Arc;
use types::{Error, TestCaseId};

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

/// The form of a case.
#[component]
fn Editor(id: Option<TestCaseId>, html: String) -> impl IntoView {
    let ask: Ask = Arc::new(move |act, form| Box::pin(case_editor_act(id, act, form)));
    view! { <ServerForm id="case-form" html ask/> }
}
