//! The editor as a whole.

use super::{
    Offer,
    form::{Form, ToolForm, ticked},
    parts::{act, area, card, folded, hidden, line, select, slot, tick_box},
    turns::turns,
    versions::versions,
};
use crate::present::one_line;
use leptos::prelude::*;
use service::Service;
use types::{Error, Review, TestCase, TestCaseId};

/// What became of a case so far.
#[derive(Default)]
pub struct History {
    /// Its versions, the present one first.
    pub versions: Vec<TestCase>,
    /// What people say of its results.
    pub reviews: Vec<Review>,
}

impl History {
    /// Of a stored case.
    pub async fn of(service: &Service, id: TestCaseId) -> Result<Self, Error> {
        Ok(Self { versions: service.case_versions(id).await?, reviews: service.reviews_of_case(id).await? })
    }
}

/// What is inside the form element.
pub fn editor(form: &Form, offer: &Offer, history: &History) -> AnyView {
    let main = if form.view == "json" { json_view(form) } else { fields(form, offer) };
    let save = if form.version.is_empty() { "Create test case" } else { "Save changes" };
    view! {
        {hidden("view", &form.view)}
        {hidden("version", &form.version)}
        <div class="case-editor">
            <div class="stack">
                {disputes(&history.reviews)}
                {main}
                <p class="case-sentence" role="status" id="case-sentence">{super::sentence(form, offer)}</p>
                <div id="case-warnings" role="status"></div>
                {slot("")}
                <div class="actions">
                    <button class="button" data-kind="primary" name="act" value="save">{save}</button>
                    {view_switch(form)}
                    <a class="button" data-kind="ghost" href="/cases">"Cancel"</a>
                </div>
                {versions(&history.versions)}
            </div>
            <aside class="case-trial" aria-label="Try this case">{trial(form, offer)}</aside>
        </div>
    }
    .into_any()
}

/// That the key is disputed, and why.
fn disputes(reviews: &[Review]) -> Vec<AnyView> {
    let line = |review: &Review| {
        let href = format!("/evaluations/{}?result={}", review.run_id, review.result_id);
        let why = if review.comment.is_empty() {
            "no reason given.".to_owned()
        } else {
            format!("“{}”", one_line(&review.comment, 300))
        };
        view! {
            <p class="run-message">
                {format!("The key was disputed at version {}: {why} ", review.case_version)}
                <a href=href>"See the result"</a>
            </p>
        }
        .into_any()
    };
    reviews.iter().filter(|review| review.disputed).map(line).collect()
}

fn view_switch(form: &Form) -> AnyView {
    if form.view == "json" { act("Back to the form", "", "form") } else { act("Edit as JSON", "", "json") }
}

fn json_view(form: &Form) -> AnyView {
    let hint = "What is left out is as usual. Saving checks it as the form does.";
    card("The case as JSON", "", area("json", "Test case", &form.json, 28, hint))
}

fn trial(form: &Form, offer: &Offer) -> AnyView {
    let first = offer.agents.first().map(|(id, _)| id.as_str()).unwrap_or_default();
    let chosen = if form.agent.is_empty() { first } else { form.agent.as_str() };
    let agents = select("agent", "Agent", chosen, &offer.agents, "");
    let body = view! {
            {agents}
            <div class="actions">
                <button class="button" data-kind="secondary" name="act" value="run" formnovalidate="">"Run this case"</button>
            </div>
            <div id="case-trial" aria-live="polite"></div>
    };
    card("Try it now", "Asks the agent this case once, as it stands here. Nothing is stored.", body.into_any())
}

fn fields(form: &Form, offer: &Offer) -> AnyView {
    view! {
        {turns(form, offer)}
        {place(form)}
        {own_tools(form)}
    }
    .into_any()
}

fn place(form: &Form) -> AnyView {
    let splits = [
        ("", "none"),
        ("train", "train: learned from"),
        ("dev", "dev: for choosing settings"),
        ("test", "test: held out"),
    ]
    .map(|(word, label)| (word.to_owned(), label.to_owned()));
    let body = view! {
            <div class="form-row">
                {line("name", "Name", &form.name, "")}
                {line("suite", "Suite", &form.suite, "")}
                {select("split", "Split", &form.split, &splits, "")}
                {line("tags", "Tags", &form.tags, "Separated by commas.")}
                {line("weight", "Weight", &form.weight, "In means; 1 is ordinary.")}
            </div>
            {folded("More about this case", has_more(form), more(form))}
    };
    card("Where it belongs", "", body.into_any())
}

fn has_more(form: &Form) -> bool {
    let texts = [&form.external_id, &form.cluster, &form.max_steps, &form.timeout_ms, &form.system, &form.dataset];
    texts.iter().any(|text| !text.is_empty()) || !["", "1"].contains(&form.repeats.as_str())
}

fn more(form: &Form) -> AnyView {
    view! {
        {area("system", "Instructions for this case", &form.system, 2, "Stand in front of the agent's own.")}
        <div class="form-row">
            {line("repeats", "Repeats", &form.repeats, "How often a run asks it; 1 to 100.")}
            {line("max_steps", "Most decisions of a turn", &form.max_steps, "Empty = those of every run.")}
            {line("timeout_ms", "Longest turn in milliseconds", &form.timeout_ms, "Empty = that of every run.")}
            {line("cluster", "Cluster", &form.cluster, "Cases of one cluster are not independent: intervals take it as a whole.")}
            {line("external_id", "External id", &form.external_id, "Importing a row with this id replaces the case.")}
        </div>
        <div class="form-row">
            {line("dataset", "Data set it comes from", &form.dataset, "")}
            {line("source_id", "Its id there", &form.source_id, "")}
            {line("licence", "Licence", &form.licence, "")}
        </div>
    }
    .into_any()
}

fn own_tools(form: &Form) -> AnyView {
    let tools: Vec<AnyView> = form.tools.iter().enumerate().map(|(at, tool)| own_tool(tool, at)).collect();
    let lead = "Tools that exist for this case only; each answers with the result written here.";
    let body = view! {
            {tools}
            {tick_box("only_own_tools", "The agent has no other tools", ticked(&form.only_own_tools))}
            <div class="actions">{act("Add a tool", "", "add_tool")}</div>
    };
    card("Tools of this case", lead, body.into_any())
}

fn own_tool(tool: &ToolForm, at: usize) -> AnyView {
    let own = format!("tools.{at}");
    view! {
        <fieldset class="case-row">
            <legend>{format!("Tool {}", at + 1)}</legend>
            <div class="form-row">
                {line(&format!("{own}.name"), "Name of the tool", &tool.name, "")}
                {line(&format!("{own}.description"), "What it does", &tool.description, "For the model.")}
            </div>
            {area(&format!("{own}.parameters"), "Arguments (JSON Schema)", &tool.parameters, 4, "Such as {\"type\": \"object\", \"properties\": {\"city\": {\"type\": \"string\"}}}.")}
            {area(&format!("{own}.result"), "What it answers", &tool.result, 2, "A text or JSON.")}
            {slot(&own)}
            <div class="actions">{act("Remove tool", &format!("Remove tool {}", at + 1), &format!("remove:{own}"))}</div>
        </fieldset>
    }
    .into_any()
}
