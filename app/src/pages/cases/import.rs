//! Import of test cases: paste or choose a file, look at what it would do, then write it.

use super::file::read_chosen;
use crate::{
    api::cases::{case_import, case_import_samples},
    components::{Button, Card, Kind, PageHeader, TableFrame, TextArea, use_toasts},
    present::count,
    request::{Refusal, Request},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use types::{ImportError, ImportMode, ImportReport};

const EXAMPLE: &str = r#"[
  {"user_input": "What is 15 * 23?", "expected_output": "345", "task_type": "numeric", "expected_tools": ["calculate"]},
  {"user_input": "Hello, how are you?", "expected_tools": []}
]"#;

const HINT: &str = "Each case needs user_input. expected_output, task_type (exact_match, contains, numeric), expected_tools, \
    expected_calls, suite, split, tags and weight may be there. An empty expected_tools list means: must call no tool.";

/// The import.
#[component]
pub fn ImportPage() -> impl IntoView {
    let text = RwSignal::new(String::new());
    let report = RwSignal::new(None::<ImportReport>);
    // A preview speaks of the text it was made of, and of no other.
    let request = Request::new(move || {
        text.track();
        report.set(None);
    });
    let preview = move |_| {
        request.send(case_import(text.get_untracked(), ImportMode::Preview), move |done| report.set(Some(done)))
    };
    let commit = use_commit(request, text, report);
    let blank = Signal::derive(move || text.with(|text| text.trim().is_empty()));
    view! {
        <PageHeader
            title="Import test cases"
            lead="A JSON array of cases. Nothing is written before you have seen what it would do."
        />
        <div class="import-page">
            <Card title="1. The cases">
                <Source text/>
                <div class="actions">
                    <Button kind=Kind::Primary busy=request.busy disabled=blank on:click=preview>
                        "Preview"
                    </Button>
                    <SamplesButton/>
                    <a class="button" data-kind="ghost" href="/cases">"Cancel"</a>
                </div>
            </Card>
            <Refusal request/>
            {move || report.get().map(|report| view! { <Preview report busy=request.busy commit/> })}
        </div>
    }
}

/// Writes the cases, and goes to their list; a row that was refused meanwhile is reported.
fn use_commit(request: Request, text: RwSignal<String>, report: RwSignal<Option<ImportReport>>) -> Callback<()> {
    let (toasts, navigate) = (use_toasts(), use_navigate());
    Callback::new(move |()| {
        let navigate = navigate.clone();
        request.send(case_import(text.get_untracked(), ImportMode::Commit), move |done| {
            if done.errors.is_empty() {
                toasts.say(format!("Imported {}.", count(done.created.into(), "test case")));
                navigate("/cases", Default::default());
            } else {
                report.set(Some(done));
            }
        });
    })
}

#[component]
fn Source(text: RwSignal<String>) -> impl IntoView {
    let (unreadable, set_unreadable) = signal(None::<String>);
    view! {
        <div class="field">
            <label for="import-file">"Choose a file"</label>
            <input
                class="control"
                id="import-file"
                type="file"
                accept=".json,application/json"
                on:change=move |event| read_chosen(&event, text, set_unreadable)
            />
        </div>
        <TextArea name="import_text" label="or paste it here" value=text rows=12 placeholder=EXAMPLE error=unreadable hint=HINT/>
    }
}

#[component]
fn SamplesButton() -> impl IntoView {
    let (toasts, navigate, busy) = (use_toasts(), use_navigate(), RwSignal::new(false));
    let press = move |_| {
        busy.set(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            match case_import_samples().await {
                Ok(report) => {
                    toasts.say(samples_text(&report));
                    navigate("/cases", Default::default());
                }
                Err(error) => toasts.fail(error.detail()),
            }
            busy.try_set(false);
        });
    };
    view! { <Button busy on:click=press>"Import samples"</Button> }
}

fn samples_text(report: &ImportReport) -> String {
    match (report.created, report.unchanged) {
        (0, there) => format!("All {} are already there.", count(there.into(), "sample case")),
        (new, 0) => format!("Imported {}.", count(new.into(), "sample case")),
        (new, there) => format!("Imported {}; {there} were already there.", count(new.into(), "sample case")),
    }
}

#[component]
fn Preview(report: ImportReport, busy: RwSignal<bool>, commit: Callback<()>) -> impl IntoView {
    let refused = report.errors.len();
    let sentence = preview_text(&report);
    let errors = (refused > 0).then(|| view! { <RefusedRows errors=report.errors/> });
    let ready = refused == 0 && report.created > 0;
    view! {
        <Card title="2. What it would do">
            <p role="status">{sentence}</p>
            {errors}
            {ready.then(|| view! {
                <div class="actions">
                    <Button kind=Kind::Primary busy on:click=move |_| commit.run(())>
                        {format!("Import {}", count(report.created.into(), "test case"))}
                    </Button>
                </div>
            })}
        </Card>
    }
}

fn preview_text(report: &ImportReport) -> String {
    let mut rows: Vec<u32> = report.errors.iter().map(|error| error.row).collect();
    rows.dedup();
    let there = match report.unchanged {
        0 => String::new(),
        1 => " 1 is already there, word for word.".into(),
        n => format!(" {n} are already there, word for word."),
    };
    match (report.created, rows.len()) {
        (0, 0) => format!("Nothing to import.{there}"),
        (new, 0) => format!("{} would be created.{there}", count(new.into(), "test case")),
        (_, bad) => format!(
            "{} cannot be read; nothing is imported until every row is right.{there}",
            count(i64::try_from(bad).unwrap_or(i64::MAX), "row")
        ),
    }
}

#[component]
fn RefusedRows(errors: Vec<ImportError>) -> impl IntoView {
    let row = |error: ImportError| {
        view! {
            <tr>
                <th scope="row" class="number" data-label="Row">{error.row}</th>
                <td class="mono" data-label="Field">{if error.field.is_empty() { "the row".to_owned() } else { error.field }}</td>
                <td data-label="What is wrong">{error.message}</td>
            </tr>
        }
    };
    view! {
        <TableFrame label="Rows that cannot be read">
            <thead>
                <tr><th scope="col" class="number">"Row"</th><th scope="col">"Field"</th><th scope="col">"What is wrong"</th></tr>
            </thead>
            <tbody>{errors.into_iter().map(row).collect_view()}</tbody>
        </TableFrame>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preview_counts_rows_not_faults() {
        let bad = |field: &str| ImportError { row: 3, field: field.into(), message: "x".into() };
        let report = ImportReport { created: 5, unchanged: 1, errors: vec![bad("weight"), bad("user_input")] };
        assert_eq!(
            preview_text(&report),
            "1 row cannot be read; nothing is imported until every row is right. 1 is already there, word for word."
        );
        let clean = ImportReport { created: 20, ..ImportReport::default() };
        assert_eq!(preview_text(&clean), "20 test cases would be created.");
        assert_eq!(samples_text(&clean), "Imported 20 sample cases.");
    }
}
