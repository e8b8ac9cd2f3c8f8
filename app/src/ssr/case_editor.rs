//! The editor of a test case as HTML: what was typed comes back as a form, and the parts of the page that change are
//! answered. The browser's half only sends the form and puts the parts in their places.

mod act;
mod form;
mod page;
pub(super) mod parts;
mod read;
#[cfg(test)]
mod tests;
mod trial;
mod turns;
mod versions;
mod write;

use crate::api::forms::FormAnswer;
use form::Form;
use leptos::prelude::*;
use service::{RuleSpec, Service};
use types::{CaseTool, Error, ExtensionSpec, FieldError, MessageId, TestCase, TestCaseCreate, TestCaseId, ToolSpec};

/// What the editor offers.
pub(super) struct Offer {
    checks: Vec<ExtensionSpec>,
    tools: Vec<ToolSpec>,
    rules: Vec<RuleSpec>,
    modes: Vec<&'static str>,
    agents: Vec<(String, String)>,
}

impl Offer {
    async fn of(service: &Service) -> Result<Self, Error> {
        let agents = service.agent_list(types::Activity::Active, types::Page { skip: 0, limit: 200 }).await?;
        let agents = agents.items.iter().map(|agent| (agent.id.to_string(), agent.title()));
        Ok(Self {
            checks: service.answer_check_list(),
            tools: service.tool_list(),
            rules: service.argument_rule_list(),
            modes: service.call_mode_list(),
            agents: agents.collect(),
        })
    }

    /// The tools that a case can name.
    fn tool_names(&self, form: &Form) -> Vec<String> {
        let shared = self.tools.iter().map(|tool| tool.name.clone());
        let shared = shared.filter(|_| !form::ticked(&form.only_own_tools));
        form.tools
            .iter()
            .map(|tool| tool.name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .chain(shared)
            .collect()
    }

    /// The arguments of a tool.
    fn arguments(&self, form: &Form, tool: &str) -> Vec<String> {
        let own = form.tools.iter().find(|own| own.name.trim() == tool);
        let schema = match own {
            Some(own) => serde_json::from_str(&own.parameters).unwrap_or_default(),
            None => {
                self.tools.iter().find(|spec| spec.name == tool).map(|spec| spec.parameters.clone()).unwrap_or_default()
            }
        };
        let properties = schema.get("properties").and_then(serde_json::Value::as_object);
        properties.map(|properties| properties.keys().cloned().collect()).unwrap_or_default()
    }

    /// Whether an argument is a text, so that what is typed need no quotes.
    fn is_text(&self, own: &[CaseTool], tool: &str, argument: &str) -> bool {
        let own =
            own.iter().find(|known| known.name == tool).map(|known| serde_json::Value::from(known.parameters.clone()));
        let shared = || self.tools.iter().find(|known| known.name == tool).map(|known| known.parameters.clone());
        let kind =
            own.or_else(shared).and_then(|schema| schema.pointer(&format!("/properties/{argument}/type")).cloned());
        kind.is_some_and(|kind| kind == "string")
    }
}

/// The editor of a case, or of a new one, which may be drafted from the turn that ended with `answer`.
pub async fn html(id: Option<TestCaseId>, answer: Option<MessageId>) -> Result<String, Error> {
    let service = super::service();
    let offer = Offer::of(&service).await?;
    let (form, history) = match (id, answer) {
        (Some(id), _) => {
            let history = page::History::of(&service, id).await?;
            (history.versions.first().map(|case| existing(case, &offer)).unwrap_or_default(), history)
        }
        (None, Some(answer)) => (write::draft(&service.case_draft(answer).await?, &offer), page::History::default()),
        (None, None) => (write::draft(&TestCaseCreate::default(), &offer), page::History::default()),
    };
    Ok(page::editor(&form, &offer, &history).to_html())
}

/// What comes of an act: the parts of the page that change.
pub async fn answer(id: Option<TestCaseId>, what: &str, typed: &str) -> Result<FormAnswer, Error> {
    let service = super::service();
    let offer = Offer::of(&service).await?;
    let form = Form::read(typed).map_err(Error::Fields)?;
    act::answer(&service, &offer, id, what, form).await
}

fn existing(case: &TestCase, offer: &Offer) -> Form {
    Form { version: case.version.to_string(), ..write::form(&case.draft, offer) }
}

/// When the case passes, once it is complete.
fn sentence(form: &Form, offer: &Offer) -> String {
    match read::case(form, offer) {
        Ok(case) if case.validate().is_empty() => crate::pages::cases::passes_when(&case),
        _ => "Once it is complete, this line says when the case passes.".into(),
    }
}

/// Where the editor shows what is wrong with a field of the case; empty = below the form.
fn place_of(field: &str, form: &Form) -> String {
    if form.view == "json" {
        return "json".into();
    }
    let path = field.replace('[', ".").replace(']', "").replace(".expect.", ".");
    let parts: Vec<&str> = path.split('.').collect();
    let turn = |place: &str, rest: &[&str]| match rest {
        ["calls", at, ..] => format!("turns.{place}.calls.{at}"),
        ["calls" | "tools" | "mode", ..] => format!("turns.{place}.tools"),
        ["user", ..] => format!("turns.{place}.user"),
        ["min_calls", ..] => format!("turns.{place}.min_calls"),
        ["checks", at, ..] => format!("turns.{place}.checks.{at}"),
        _ => format!("turns.{place}.answer"),
    };
    match parts.as_slice() {
        ["turns", place, rest @ ..] => turn(place, rest),
        ["user_input"] => "turns.0.user".into(),
        ["expected_output"] => "turns.0.checks.0.expected".into(),
        ["task_type"] => "turns.0.checks.0.kind".into(),
        ["tolerance"] => "turns.0.checks.0.parameters.tolerance".into(),
        ["answer_checks", ..] => "turns.0.answer".into(),
        ["expected_tools_json", ..] | ["call_mode"] => "turns.0.tools".into(),
        ["expected_calls", at, ..] => format!("turns.0.calls.{at}"),
        ["expected_calls"] => "turns.0.tools".into(),
        ["min_calls"] => "turns.0.min_calls".into(),
        ["tool_defs", at, ..] | ["tools", at, ..] => format!("tools.{at}"),
        ["limits", name] => (*name).to_owned(),
        ["source", ..] => "dataset".into(),
        _ => field.to_owned(),
    }
}

/// Every place of the form where something can be wrong.
fn places(form: &Form) -> Vec<String> {
    let plain = [
        "",
        "json",
        "name",
        "suite",
        "split",
        "tags",
        "weight",
        "system",
        "repeats",
        "max_steps",
        "timeout_ms",
        "cluster",
        "external_id",
        "dataset",
        "source_id",
        "licence",
        "agent",
    ];
    let mut places: Vec<String> = plain.map(str::to_owned).to_vec();
    for (at, turn) in form.turns.iter().enumerate() {
        places.extend(["user", "answer", "tools", "min_calls"].map(|name| format!("turns.{at}.{name}")));
        places.extend((0..turn.calls.len()).map(|call| format!("turns.{at}.calls.{call}")));
        for check in 0..turn.checks.len() {
            let own = format!("turns.{at}.checks.{check}");
            places.extend([".expected", ".kind", ".parameters.tolerance", ""].map(|name| format!("{own}{name}")));
        }
    }
    places.extend((0..form.tools.len()).map(|at| format!("tools.{at}")));
    places
}

/// The text of every place: what is wrong there, or nothing. What has no place stands below the form.
fn complaints(errors: &[FieldError], form: &Form) -> Vec<(String, String)> {
    let places = places(form);
    let mut texts: Vec<(String, Vec<String>)> = places.into_iter().map(|place| (place, Vec::new())).collect();
    for error in errors {
        let place = place_of(&error.field, form);
        let known = texts.iter().position(|(known, _)| *known == place);
        let text = if known.is_some() || error.field.is_empty() {
            error.message.clone()
        } else {
            format!("{}: {}", error.field, error.message)
        };
        if let Some((_, texts)) = texts.get_mut(known.unwrap_or_default()) {
            texts.push(text);
        }
    }
    texts.into_iter().map(|(place, texts)| (parts::slot_id(&place), as_html(texts.join("; ")))).collect()
}

/// A text as HTML; Leptos makes a blank of an empty one.
fn as_html(text: String) -> String {
    if text.is_empty() { text } else { text.to_html() }
}
