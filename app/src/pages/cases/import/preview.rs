//! What an import would do: counts, columns, refused rows.

use crate::{
    components::{Button, Card, Kind, TableFrame},
    present::count,
};
use leptos::prelude::*;
use std::collections::BTreeMap;
use types::{CASE_FIELDS, ImportColumn, ImportError, ImportReport, ImportRows};

/// Most refused rows that are shown; all of them are in the file of corrections.
const SHOWN_MAX: usize = 100;

/// The report, and what can be done with it.
#[component]
pub fn Preview(
    /// What it would do.
    report: ImportReport,
    /// Which columns are read as which field.
    columns: RwSignal<BTreeMap<String, String>>,
    /// Something is being done.
    busy: RwSignal<bool>,
    /// Reads the file again.
    read: Callback<()>,
    /// Imports it.
    commit: Callback<ImportRows>,
) -> impl IntoView {
    let sentence = preview_text(&report);
    let written = report.created + report.updated;
    let rows = if report.refused == 0 { ImportRows::All } else { ImportRows::Valid };
    let label = match rows {
        ImportRows::All => format!("Import {}", count(written.into(), "test case")),
        ImportRows::Valid => format!("Import {}", count(written.into(), "right row")),
    };
    let corrections = report.token.filter(|_| report.refused > 0).map(|token| {
        let href = format!("/api/v1/test-cases/import/{token}/corrections");
        view! { <a class="button" data-kind="secondary" href=href download rel="external">"Download the refused rows"</a> }
    });
    let unread: Vec<_> = report.columns.into_iter().filter(|column| column.field.is_none()).collect();
    let mapping = (!unread.is_empty()).then(|| view! { <Mapping unread columns busy read/> });
    let tables = [("Refused rows", report.errors), ("Warnings", report.warnings)]
        .map(|(label, errors)| (!errors.is_empty()).then(|| view! { <Rows label errors/> }));
    view! {
        <Card title="2. What it would do">
            <p role="status">{sentence}</p>
            {mapping}
            {tables.into_iter().collect_view()}
            <div class="actions">
                {(written > 0).then(|| view! {
                    <Button kind=Kind::Primary busy on:click=move |_| commit.run(rows)>{label}</Button>
                })}
                {corrections}
            </div>
        </Card>
    }
}

/// Columns that are no field: which one each is.
#[component]
fn Mapping(
    unread: Vec<ImportColumn>,
    columns: RwSignal<BTreeMap<String, String>>,
    busy: RwSignal<bool>,
    read: Callback<()>,
) -> impl IntoView {
    let row = move |column: ImportColumn| {
        let chosen = column.suggestion.unwrap_or_default();
        columns.update_untracked(|columns| {
            columns.insert(column.name.clone(), chosen.clone());
        });
        let option = |field: &'static str| {
            let label = if field.is_empty() { "pass it over" } else { field };
            view! { <option value=field selected={field == chosen}>{label}</option> }
        };
        let options = std::iter::once("").chain(CASE_FIELDS).map(option).collect_view();
        let name = column.name.clone();
        let set = move |event| {
            columns.update_untracked(|columns| {
                columns.insert(name.clone(), event_target_value(&event));
            });
        };
        view! {
            <label class="field">
                <span>{format!("Column “{}” is", column.name)}</span>
                <select class="control" on:change=set>{options}</select>
            </label>
        }
    };
    view! {
        <p>"These columns are no field of a case:"</p>
        <div class="form-row">{unread.into_iter().map(row).collect_view()}</div>
        <div class="actions">
            <Button busy on:click=move |_| read.run(())>"Read it with these columns"</Button>
        </div>
    }
}

fn preview_text(report: &ImportReport) -> String {
    let ImportReport { format, created, updated, unchanged, repeated, refused, warned, .. } = report;
    let mut parts = Vec::new();
    for (n, what) in [
        (created, "new"),
        (updated, "changed"),
        (unchanged, "already there, word for word"),
        (repeated, "a repetition of an earlier row"),
        (refused, "refused"),
    ] {
        if *n > 0 {
            parts.push(format!("{n} {what}"));
        }
    }
    let rows = created + updated + unchanged + repeated + refused;
    let warned = if *warned > 0 { format!(" Warnings: {warned}.") } else { String::new() };
    format!("Read as {format}, {}: {}.{warned}", count(rows.into(), "row"), parts.join(", "))
}

#[component]
fn Rows(
    /// What they are.
    label: &'static str,
    /// What is said of them.
    errors: Vec<ImportError>,
) -> impl IntoView {
    let more = errors.len() > SHOWN_MAX;
    let row = |error: ImportError| {
        view! {
            <tr>
                <th scope="row" class="number" data-label="Line">{error.line}</th>
                <td class="mono" data-label="Field">{if error.field.is_empty() { "the row".to_owned() } else { error.field }}</td>
                <td data-label="What is wrong">{error.message}" "<span class="muted">{error.hint}</span></td>
            </tr>
        }
    };
    view! {
        <h3>{label}</h3>
        <TableFrame label>
            <thead>
                <tr><th scope="col" class="number">"Line"</th><th scope="col">"Field"</th><th scope="col">"What is wrong"</th></tr>
            </thead>
            <tbody>{errors.into_iter().take(SHOWN_MAX).map(row).collect_view()}</tbody>
        </TableFrame>
        {more.then(|| view! { <p class="muted">"and more; all refused rows are in their file."</p> })}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preview_counts_every_row_once() {
        let report = ImportReport { format: "csv".into(), created: 5, unchanged: 1, refused: 2, ..Default::default() };
        assert_eq!(preview_text(&report), "Read as csv, 8 rows: 5 new, 1 already there, word for word, 2 refused.");
    }
}
