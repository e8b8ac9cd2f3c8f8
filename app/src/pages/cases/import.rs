//! Import of test cases: paste or choose a file, look at what it would do, then write it.

mod preview;
mod source;

use crate::{
    api::cases::{case_import_commit, case_import_preview, case_import_progress, case_import_samples},
    components::{Button, Card, Kind, PageHeader, use_toasts},
    present::count,
    refresh::refresh_while,
    request::{Refusal, Request},
};
use leptos::{prelude::*, task::spawn_local, web_sys::js_sys};
use leptos_router::hooks::use_navigate;
use preview::Preview;
use source::{File, Source};
use std::collections::BTreeMap;
use types::{ImportOptions, ImportReport, ImportRows};

/// The import.
#[component]
pub fn ImportPage() -> impl IntoView {
    let file = File::default();
    let (columns, report) = (RwSignal::new(BTreeMap::<String, String>::new()), RwSignal::new(None::<ImportReport>));
    // A preview speaks of the file it was made of, and of no other.
    let request = Request::new(move || {
        file.track();
        report.set(None);
    });
    let watch = RwSignal::new(String::new());
    let read = move || {
        let options = ImportOptions { format: file.format_name(), columns: columns.get_untracked() };
        watch.set(new_key());
        let answer = case_import_preview(file.content(), options, watch.get_untracked());
        request.send(answer, move |done| report.set(Some(done)));
    };
    let preview = move |_| {
        columns.update(BTreeMap::clear);
        read();
    };
    let (again, commit) = (Callback::new(move |()| read()), use_commit(request, report, watch));
    let disabled = Signal::derive(move || file.is_blank());
    view! {
        <PageHeader
            title="Import test cases"
            lead="JSON, JSON Lines, YAML, CSV and more. Nothing is written before you have seen what it would do."
        />
        <div class="import-page">
            <Card title="1. The cases">
                <Source file/>
                <div class="actions">
                    <Button kind=Kind::Primary busy=request.busy disabled on:click=preview>"Preview"</Button>
                    <SamplesButton/>
                    <a class="button" data-kind="ghost" href="/cases">"Cancel"</a>
                </div>
            </Card>
            <Refusal request/>
            <Progress busy=request.busy watch/>
            {move || report.get().map(|report| view! { <Preview report columns busy=request.busy read=again commit/> })}
        </div>
    }
}

/// A key under which nobody else watches.
fn new_key() -> String {
    ((js_sys::Math::random() * 1e15) as u64).to_string()
}

/// How far a file is read that takes long.
#[component]
fn Progress(busy: RwSignal<bool>, watch: RwSignal<String>) -> impl IntoView {
    let rows = RwSignal::new(0);
    Effect::new(move |_| {
        watch.track();
        rows.set(0);
    });
    let ask = move || {
        spawn_local(async move {
            if let Ok(read) = case_import_progress(watch.get_untracked()).await {
                rows.try_set(i64::from(read));
            }
        });
    };
    refresh_while(move || busy.get(), ask);
    let told = move || (busy.get() && rows.get() > 0).then(|| format!("{} read so far …", count(rows.get(), "row")));
    view! { <p class="muted" role="status">{told}</p> }
}

/// Writes the cases of the file that was previewed, and goes to their list; what was refused meanwhile is shown.
fn use_commit(
    request: Request,
    report: RwSignal<Option<ImportReport>>,
    watch: RwSignal<String>,
) -> Callback<ImportRows> {
    let (toasts, navigate) = (use_toasts(), use_navigate());
    Callback::new(move |rows| {
        let navigate = navigate.clone();
        let token = report.with_untracked(|report| report.as_ref()?.token.clone()).unwrap_or_default();
        watch.set(token.clone());
        request.send(case_import_commit(token, rows), move |done| {
            if rows == ImportRows::Valid || done.refused == 0 {
                toasts.say(format!("Imported {}.", count((done.created + done.updated).into(), "test case")));
                navigate("/cases", Default::default());
            } else {
                report.set(Some(done));
            }
        });
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_counted() {
        let report = |created, unchanged| ImportReport { created, unchanged, ..ImportReport::default() };
        assert_eq!(samples_text(&report(20, 0)), "Imported 20 sample cases.");
        assert_eq!(samples_text(&report(0, 20)), "All 20 sample cases are already there.");
    }
}
