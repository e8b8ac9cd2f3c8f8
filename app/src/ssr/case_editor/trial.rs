//! A trial of the case in the editor: begun, watched, and its result with its evidence.

use super::{
    Offer,
    act::refused,
    form::Form,
    parts::{act, hidden},
    read,
};
use crate::{api::forms::FormAnswer, pages::evaluations::Evidence};
use leptos::prelude::*;
use service::{Service, TrialState};
use std::time::Duration;
use types::{AgentId, FieldError};

const PART: &str = "case-trial";

/// Begins a trial of the case as it was typed.
pub fn start(service: &Service, offer: &Offer, form: &Form) -> FormAnswer {
    let agent: Result<AgentId, _> = form.agent.parse();
    let case = read::case(form, offer).and_then(|case| {
        let errors = service.case_check(&case);
        if errors.is_empty() { Ok(case) } else { Err(errors) }
    });
    match (case, agent) {
        (Err(errors), _) => refused(&errors, form),
        (_, Err(_)) => refused(&[FieldError::new("agent", "choose the agent that is asked")], form),
        (Ok(case), Ok(agent)) => {
            if let Ok(before) = form.trial.parse() {
                service.case_try_stop(before);
            }
            let key = service.case_try_start(case, agent).to_string();
            let mut answer = refused(&[], form);
            answer.parts.push((PART.into(), running(&key, Duration::ZERO).to_html()));
            FormAnswer { again: true, ..answer }
        }
    }
}

/// How the trial stands.
pub fn watch(service: &Service, form: &Form) -> FormAnswer {
    let state = form.trial.parse().ok().and_then(|key| service.case_try_state(key));
    let (html, again) = match state {
        None => return FormAnswer::default(),
        Some(TrialState::Running(so_far)) => (running(&form.trial, so_far), true),
        Some(TrialState::Ended(Ok(result))) => (view! { <Evidence result=*result /> }.into_any(), false),
        Some(TrialState::Ended(Err(error))) => {
            (view! { <p class="result-text" data-tone="bad">{error.to_string()}</p> }.into_any(), false)
        }
    };
    FormAnswer { parts: vec![(PART.into(), html.to_html())], again, ..FormAnswer::default() }
}

/// Stops it.
pub fn stop(service: &Service, form: &Form) -> FormAnswer {
    if let Ok(key) = form.trial.parse() {
        service.case_try_stop(key);
    }
    FormAnswer::default()
}

fn running(key: &str, so_far: Duration) -> AnyView {
    view! {
        {hidden("trial", key)}
        <div class="actions">
            <span>{format!("Running for {} s", so_far.as_secs())}</span>
            {act("Stop", "Stop the trial", "stop")}
        </div>
    }
    .into_any()
}
