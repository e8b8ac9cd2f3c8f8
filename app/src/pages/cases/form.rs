//! The editor of a test case: checked as the person types, by the very function that the service uses.

use super::{
    draft::{CaseDraft, ToolRule, choose_tool},
    explain::passes_when,
};
use crate::{
    api::cases::{CaseOffer, case_create, case_update},
    components::{Button, Card, Kind, SelectField, TextArea, TextField, error_of, use_toasts},
    error::AppError,
    request::{Refusal, Request},
};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use types::{FieldError, TestCaseCreate, TestCaseId};

#[derive(Clone, Copy)]
struct Fields {
    name: RwSignal<String>,
    user_input: RwSignal<String>,
    expected_output: RwSignal<String>,
    task_type: RwSignal<String>,
    tolerance: RwSignal<String>,
    suite: RwSignal<String>,
    split: RwSignal<String>,
    tags: RwSignal<String>,
    weight: RwSignal<String>,
    tool_rule: RwSignal<ToolRule>,
    tools: RwSignal<Vec<String>>,
    before: StoredValue<CaseDraft>,
}

impl Fields {
    fn new(draft: CaseDraft) -> Self {
        let field = |text: &String| RwSignal::new(text.clone());
        Self {
            name: field(&draft.name),
            user_input: field(&draft.user_input),
            expected_output: field(&draft.expected_output),
            task_type: field(&draft.task_type),
            tolerance: field(&draft.tolerance),
            suite: field(&draft.suite),
            split: field(&draft.split),
            tags: field(&draft.tags),
            weight: field(&draft.weight),
            tool_rule: RwSignal::new(draft.tool_rule),
            tools: RwSignal::new(draft.tools.clone()),
            before: StoredValue::new(draft),
        }
    }

    fn draft(self) -> CaseDraft {
        CaseDraft {
            name: self.name.get(),
            user_input: self.user_input.get(),
            expected_output: self.expected_output.get(),
            task_type: self.task_type.get(),
            tolerance: self.tolerance.get(),
            suite: self.suite.get(),
            split: self.split.get(),
            tags: self.tags.get(),
            weight: self.weight.get(),
            tool_rule: self.tool_rule.get(),
            tools: self.tools.get(),
            ..self.before.get_value()
        }
    }
}

/// The editor; `id` is that of the edited case.
#[component]
pub fn CaseForm(
    /// What can be chosen.
    choices: CaseOffer,
    /// The case that is edited; `None` = a new one.
    id: Option<TestCaseId>,
    /// What the form begins with.
    case: TestCaseCreate,
) -> impl IntoView {
    let fields = Fields::new(CaseDraft::from_case(&case));
    let draft = Memo::new(move |_| fields.draft());
    let request = Request::new(move || draft.track());
    let attempted = RwSignal::new(false);
    let errors = Memo::new(move |_| errors_of(fields, draft, attempted.get(), request));
    let (toasts, navigate) = (use_toasts(), use_navigate());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        attempted.set(true);
        let (draft, navigate) = (draft.get_untracked(), navigate.clone());
        if draft.errors().is_empty() {
            request.send(save(id, draft), move |()| {
                toasts.say("Saved.");
                navigate("/cases", Default::default());
            });
        }
    };
    view! {
        <form class="case-form" on:submit=submit>
            <Card title="Question and answer"><AnswerFields fields errors checks=choices.checks/></Card>
            <Card title="Tools"><ToolFields fields errors draft tools=choices.tools/></Card>
            <Card title="Where it belongs"><PlaceFields fields errors/></Card>
            <p class="case-sentence" role="status">{move || draft.with(sentence)}</p>
            <Refusal request/>
            <div class="actions">
                <Button kind=Kind::Primary r#type="submit" busy=request.busy>
                    {if id.is_some() { "Save changes" } else { "Create test case" }}
                </Button>
                <a class="button" data-kind="ghost" href="/cases">"Cancel"</a>
            </div>
        </form>
    }
}

/// When the case passes, once it is complete.
fn sentence(draft: &CaseDraft) -> String {
    if draft.errors().is_empty() {
        passes_when(&draft.case())
    } else {
        "Once it is complete, this line says when the case passes.".into()
    }
}

/// What the form complains of. One that nobody touched is not scolded.
fn errors_of(fields: Fields, draft: Memo<CaseDraft>, attempted: bool, request: Request) -> Vec<FieldError> {
    let draft = draft.get();
    let touched = fields.before.with_value(|before| *before != draft);
    let mut errors = if touched || attempted { draft.errors() } else { Vec::new() };
    errors.extend(request.fields());
    errors
}

async fn save(id: Option<TestCaseId>, draft: CaseDraft) -> Result<(), AppError> {
    match id {
        Some(id) => case_update(id, draft.update()).await?,
        None => case_create(draft.case()).await?,
    };
    Ok(())
}

fn error(errors: Memo<Vec<FieldError>>, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || errors.with(|errors| error_of(errors, field)))
}

#[component]
fn AnswerFields(fields: Fields, errors: Memo<Vec<FieldError>>, checks: Vec<types::ExtensionSpec>) -> impl IntoView {
    let options: Vec<_> = checks.iter().map(|check| (check.name.clone(), check.label.clone())).collect();
    let described = move || {
        let chosen = fields.task_type.get();
        checks.iter().find(|check| check.name == chosen).map(|check| check.description.clone())
    };
    let numeric = move || fields.task_type.with(|task_type| task_type == "numeric");
    view! {
        <TextArea
            name="user_input" label="Question" value=fields.user_input rows=3
            placeholder="What is 15 * 23?" error=error(errors, "user_input")
        />
        <div class="form-row">
            <TextField
                name="expected_output" label="Expected answer" value=fields.expected_output
                hint="Leave empty when the answer is not checked." error=error(errors, "expected_output")
            />
            <SelectField
                name="task_type" label="How it is compared" value=fields.task_type options=options
                error=error(errors, "task_type")
            />
            <Show when=numeric>
                <TextField
                    name="tolerance" label="Tolerance" value=fields.tolerance hint="How far off is still right."
                    placeholder="0" error=error(errors, "tolerance")
                />
            </Show>
        </div>
        <p class="field-hint">{described}</p>
    }
}

#[component]
fn ToolFields(
    fields: Fields,
    errors: Memo<Vec<FieldError>>,
    draft: Memo<CaseDraft>,
    tools: Vec<String>,
) -> impl IntoView {
    let rule = move |rule: ToolRule, label: &'static str| {
        view! {
            <label class="check">
                <input
                    type="radio" name="tool_rule" value=rule.as_str()
                    checked=fields.tool_rule.get_untracked() == rule
                    prop:checked=move || fields.tool_rule.get() == rule
                    on:change=move |_| fields.tool_rule.set(rule)
                />
                <span>{label}</span>
            </label>
        }
    };
    let these = Signal::derive(move || fields.tool_rule.get() == ToolRule::These);
    let boxes = boxes_for(tools, fields.tools.get_untracked());
    let boxes = boxes.into_iter().map(|name| view! { <ToolBox fields name enabled=these/> }).collect_view();
    view! {
        <fieldset class="tool-rules">
            <legend>"What must the agent do with its tools?"</legend>
            {rule(ToolRule::NotChecked, "Not checked")}
            {rule(ToolRule::NoTool, "Must call no tool")}
            {rule(ToolRule::These, "Must call these tools, and no others:")}
            <div class="tool-boxes" role="group" aria-label="Tools it must call">{boxes}</div>
            {move || error(errors, "expected_tools_json").get().map(|text| view! { <p class="field-error" role="alert">{text}</p> })}
            {move || {
                draft.with(CaseDraft::drops_arguments)
                    .then(|| view! { <p class="field-hint">"This case also checks arguments of its calls. Saving with other tools drops them."</p> })
            }}
        </fieldset>
    }
}

/// The registered tools, and those that the case names although they are gone, so that they can be taken away.
fn boxes_for(mut registered: Vec<String>, named: Vec<String>) -> Vec<String> {
    for name in named {
        if !registered.contains(&name) {
            registered.push(name);
        }
    }
    registered
}

#[component]
fn ToolBox(fields: Fields, name: String, enabled: Signal<bool>) -> impl IntoView {
    let chosen = {
        let name = name.clone();
        move || fields.tools.with(|tools| tools.contains(&name))
    };
    let toggle = {
        let name = name.clone();
        move |event| {
            let on = event_target_checked(&event);
            fields.tools.update(|tools| choose_tool(tools, &name, on));
        }
    };
    let checked = untrack(&chosen);
    view! {
        <label class="check">
            <input
                type="checkbox" name="tools" value=name.clone() checked=checked
                prop:checked=chosen disabled=move || !enabled.get() on:change=toggle
            />
            <span class="mono">{name}</span>
        </label>
    }
}

#[component]
fn PlaceFields(fields: Fields, errors: Memo<Vec<FieldError>>) -> impl IntoView {
    let splits = [
        ("", "none"),
        ("train", "train: learned from"),
        ("dev", "dev: for choosing settings"),
        ("test", "test: held out"),
    ]
    .map(|(word, label)| (word.to_owned(), label.to_owned()))
    .to_vec();
    view! {
        <div class="form-row">
            <TextField name="name" label="Name" value=fields.name error=error(errors, "name")/>
            <TextField name="suite" label="Suite" value=fields.suite error=error(errors, "suite")/>
            <SelectField
                name="split" label="Split" value=fields.split options=splits
                hint="Training never sees held-out cases."
            />
            <TextField name="tags" label="Tags" value=fields.tags hint="Separated by commas." error=error(errors, "tags")/>
            <TextField name="weight" label="Weight" value=fields.weight hint="In means; 1 is ordinary." error=error(errors, "weight")/>
        </div>
    }
}
