//! The pages of one test case: a new one, and an existing one.

use super::form::CaseForm;
use crate::{
    api::cases::{CaseOffer, case_choices, case_get},
    components::{Loaded, PageHeader},
    data::Data,
    error::AppError,
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use types::{Error, TestCase, TestCaseId};

/// A new test case.
#[component]
pub fn NewCasePage() -> impl IntoView {
    let query = use_query_map();
    let choices =
        Data::new(move || query.with(|query| query.get_str("answer").and_then(|id| id.parse().ok())), case_choices);
    view! {
        <PageHeader title="New test case" lead="What the person says, and what a right answer looks like."/>
        <Loaded
            data=choices
            render=|choices: CaseOffer| {
                let case = choices.draft.clone();
                view! { <CaseForm choices id=None case/> }.into_any()
            }
        />
    }
}

/// An existing test case.
#[component]
pub fn CasePage() -> impl IntoView {
    let params = use_params_map();
    let data = Data::new(move || params.with(|params| params.get("id")), |id| load(id.unwrap_or_default()));
    let render = |(case, choices): (TestCase, CaseOffer)| {
        view! { <CaseForm choices id=Some(case.id) case=case.draft/> }.into_any()
    };
    view! {
        <PageHeader title="Test case" lead="Changes count from the next evaluation on; results that are there keep what they were judged by."/>
        <Loaded data render/>
    }
}

async fn load(id: String) -> Result<(TestCase, CaseOffer), AppError> {
    let id: TestCaseId = id.parse().map_err(|_| AppError(Error::not_found("test case", &id).problem(None)))?;
    Ok((case_get(id).await?, case_choices(None).await?))
}
