//! What the buttons of the editor do.

use super::{
    Offer, complaints, existing,
    form::{ArgumentForm, CallForm, CheckForm, Form, ToolForm, TurnForm},
    page, read, sentence, trial, write,
};
use crate::api::forms::FormAnswer;
use leptos::prelude::*;
use service::Service;
use types::{CaseWarning, Error, FieldError, TestCaseCreate, TestCaseId};

/// The form element, whose inside is replaced when the form gets other fields.
const FORM: &str = "case-form";

/// Does `what` with the form as it was typed.
pub async fn answer(
    service: &Service,
    offer: &Offer,
    id: Option<TestCaseId>,
    what: &str,
    mut form: Form,
) -> Result<FormAnswer, Error> {
    let (act, place) = what.split_once(':').unwrap_or((what, ""));
    match act {
        "check" => Ok(checked(service, offer, &form)),
        "save" => save(service, offer, id, &form).await,
        "run" => Ok(trial::start(service, offer, &form)),
        "watch" => Ok(trial::watch(service, &form)),
        "stop" => Ok(trial::stop(service, &form)),
        "json" | "form" => match read::case(&form, offer) {
            Ok(case) => Ok(shown(service, offer, id, turned(act, &case, &form, offer)).await),
            Err(errors) => Ok(refused(&errors, &form)),
        },
        "version" => {
            let brought = version(service, offer, id, place, &form).await?;
            let answer = shown(service, offer, id, brought).await;
            Ok(FormAnswer {
                say: format!("Version {place} is in the form. Save to make it the present one."),
                ..answer
            })
        }
        _ => {
            change(&mut form, act, place);
            Ok(shown(service, offer, id, form).await)
        }
    }
}

/// The other view of the same case.
fn turned(to: &str, case: &TestCaseCreate, form: &Form, offer: &Offer) -> Form {
    let other = if to == "json" { write::as_json(case) } else { write::draft(case, offer) };
    Form { version: form.version.clone(), agent: form.agent.clone(), ..other }
}

async fn version(
    service: &Service,
    offer: &Offer,
    id: Option<TestCaseId>,
    wanted: &str,
    form: &Form,
) -> Result<Form, Error> {
    let id = id.ok_or_else(|| Error::not_found("version", wanted))?;
    let versions = service.case_versions(id).await?;
    let found = versions.iter().find(|case| case.version.to_string() == wanted);
    let found = found.ok_or_else(|| Error::not_found("version", wanted))?;
    Ok(Form { version: form.version.clone(), agent: form.agent.clone(), ..existing(found, offer) })
}

async fn shown(service: &Service, offer: &Offer, id: Option<TestCaseId>, form: Form) -> FormAnswer {
    let history = match id {
        Some(id) => page::History::of(service, id).await.unwrap_or_default(),
        None => page::History::default(),
    };
    let html = page::editor(&form, offer, &history).to_html();
    let mut answer = checked(service, offer, &form);
    answer.parts.insert(0, (FORM.to_owned(), html));
    answer
}

/// What is wrong, what is doubtful, and when the case passes.
fn checked(service: &Service, offer: &Offer, form: &Form) -> FormAnswer {
    let mut parts = Vec::new();
    match read::case(form, offer) {
        Ok(case) => {
            parts.extend(complaints(&service.case_check(&case), form));
            parts.push(("case-warnings".to_owned(), doubts(service.case_lint(&case))));
        }
        Err(errors) => parts.extend(complaints(&errors, form)),
    }
    parts.push(("case-sentence".to_owned(), super::as_html(sentence(form, offer))));
    FormAnswer { parts, ..FormAnswer::default() }
}

/// What is probably not meant, as a list; empty when nothing was found.
fn doubts(warnings: Vec<CaseWarning>) -> String {
    if warnings.is_empty() {
        return String::new();
    }
    let line = |warning: CaseWarning| {
        view! { <li>{warning.message} " " <span class="muted">{warning.hint}</span></li> }
    };
    let lines: Vec<AnyView> = warnings.into_iter().map(|warning| line(warning).into_any()).collect();
    view! { <p>"Probably not meant:"</p><ul class="case-doubts">{lines}</ul> }.to_html()
}

/// The form as it is, with what was refused.
pub fn refused(errors: &[FieldError], form: &Form) -> FormAnswer {
    FormAnswer { parts: complaints(errors, form), ..FormAnswer::default() }
}

async fn save(service: &Service, offer: &Offer, id: Option<TestCaseId>, form: &Form) -> Result<FormAnswer, Error> {
    let case = match read::case(form, offer) {
        Ok(case) => case,
        Err(errors) => return Ok(refused(&errors, form)),
    };
    let saved = match id {
        Some(id) => service.case_replace(id, case, form.version.parse().ok()).await,
        None => service.case_create(case).await,
    };
    match saved {
        Ok(_) => Ok(FormAnswer { say: "Saved.".into(), go: "/cases".into(), ..FormAnswer::default() }),
        Err(Error::Fields(errors)) => Ok(refused(&errors, form)),
        Err(Error::Conflict(why)) => Ok(refused(&[FieldError::new("", why)], form)),
        Err(error) => Err(error),
    }
}

/// Adds to the form, takes from it, or moves: `place` is a path such as `turns.1.calls.0`.
pub fn change(form: &mut Form, act: &str, place: &str) {
    let path: Vec<&str> = place.split('.').collect();
    let turn = path.get(1).and_then(|at| at.parse::<usize>().ok()).filter(|_| path.first() == Some(&"turns"));
    match (act, turn) {
        ("add_turn", _) => form.turns.push(new_turn()),
        ("add_tool", _) => form.tools.push(ToolForm::default()),
        ("up", Some(at)) if at > 0 && at < form.turns.len() => form.turns.swap(at - 1, at),
        ("remove", None) if path.first() == Some(&"tools") => remove(&mut form.tools, path.get(1)),
        ("remove", Some(_)) if path.len() == 2 => {
            remove(&mut form.turns, path.get(1));
            if form.turns.len() == 1 {
                form.as_turns.clear();
            }
        }
        (_, Some(at)) => {
            if let Some(turn) = form.turns.get_mut(at) {
                change_turn(turn, act, path.get(2..).unwrap_or_default());
            }
        }
        _ => {}
    }
    for turn in form.turns.iter_mut().filter(|turn| turn.rule == "calls" && turn.calls.is_empty()) {
        turn.calls.push(new_call());
    }
}

fn change_turn(turn: &mut TurnForm, act: &str, path: &[&str]) {
    match (act, path) {
        ("add_check", _) => turn.checks.push(new_check()),
        ("add_call", _) => turn.calls.push(new_call()),
        ("remove", ["checks", _]) => remove(&mut turn.checks, path.get(1)),
        ("remove", ["calls", _]) => {
            remove(&mut turn.calls, path.get(1));
            if turn.calls.is_empty() {
                turn.rule = "not_checked".into();
            }
        }
        (_, ["calls", at, rest @ ..]) => {
            let call = at.parse::<usize>().ok().and_then(|at| turn.calls.get_mut(at));
            match (call, act, rest) {
                (Some(call), "add_argument", _) => call.arguments.push(ArgumentForm::default()),
                (Some(call), "remove", ["arguments", place]) => remove(&mut call.arguments, Some(place)),
                _ => {}
            }
        }
        _ => {}
    }
}

fn remove<T>(list: &mut Vec<T>, place: Option<&&str>) {
    if let Some(place) = place.and_then(|place| place.parse::<usize>().ok()).filter(|place| *place < list.len()) {
        list.remove(place);
    }
}

fn new_turn() -> TurnForm {
    TurnForm { rule: "not_checked".into(), checks: vec![new_check()], ..TurnForm::default() }
}

fn new_check() -> CheckForm {
    CheckForm { kind: "contains".into(), ..CheckForm::default() }
}

fn new_call() -> CallForm {
    CallForm { arguments: vec![ArgumentForm::default()], ..CallForm::default() }
}
