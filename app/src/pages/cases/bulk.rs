//! What is done to several test cases of the list at once.

use crate::{
    api::cases::{case_bulk, case_bulk_undo},
    components::{Button, Kind, Toasts, use_toasts},
    present::count,
};
use leptos::{prelude::*, task::spawn_local};
use types::{CaseQuery, TestCaseId};

const DEEDS: [(&str, &str); 7] = [
    ("archive", "Archive"),
    ("restore", "Restore"),
    ("add_tag", "Add the tag"),
    ("remove_tag", "Remove the tag"),
    ("suite", "Set the suite to"),
    ("split", "Set the split to"),
    ("weight", "Set the weight to"),
];

/// The rows that are chosen.
#[derive(Clone, Copy)]
pub struct Chosen {
    /// Their ids.
    pub ids: RwSignal<Vec<TestCaseId>>,
    /// Whether all that the list is of are chosen, on every page.
    pub all: RwSignal<bool>,
}

impl Chosen {
    /// None.
    pub fn new() -> Self {
        Self { ids: RwSignal::new(Vec::new()), all: RwSignal::new(false) }
    }

    /// Chooses a row, or leaves it.
    pub fn set(self, id: TestCaseId, on: bool) {
        self.all.set(false);
        self.ids.update(|ids| {
            ids.retain(|known| *known != id);
            ids.extend(on.then_some(id));
        });
    }
}

/// The bar over the table; nothing while no row is chosen.
#[component]
pub fn BulkBar(
    chosen: Chosen,
    wanted: CaseQuery,
    total: u64,
    rows: StoredValue<Vec<TestCaseId>>,
    changed: Callback<()>,
) -> impl IntoView {
    let (deed, value) = (RwSignal::new("archive".to_owned()), RwSignal::new(String::new()));
    let (toasts, busy) = (use_toasts(), RwSignal::new(false));
    let apply = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let ids = if chosen.all.get_untracked() { Vec::new() } else { chosen.ids.get_untracked() };
        let asked = case_bulk(ids, wanted.clone(), deed.get_untracked(), value.get_untracked());
        busy.set(true);
        spawn_local(async move {
            match asked.await {
                Err(error) => toasts.fail(error.detail()),
                Ok((said, None)) => toasts.say(said),
                Ok((said, Some(key))) => toasts.undo(said, move || undo(key.clone(), toasts, changed)),
            }
            busy.try_set(false);
            changed.try_run(());
        });
    };
    let number = move || if chosen.all.get() { total } else { chosen.ids.with(Vec::len) as u64 } as i64;
    let needs_value = move || deed.with(|deed| !["archive", "restore"].contains(&deed.as_str()));
    let more = move || !chosen.all.get() && total > rows.with_value(Vec::len) as u64;
    let options = || DEEDS.map(|(word, label)| view! { <option value=word>{label}</option> });
    view! {
        <Show when=move || { number() > 0 }>
            <form class="bulk-bar" aria-label="Change the chosen test cases" on:submit=apply.clone()>
                <span role="status">{move || format!("{} chosen", count(number(), "test case"))}</span>
                <Show when=more><Button kind=Kind::Ghost on:click=move |_| chosen.all.set(true)>{format!("Choose all {total}")}</Button></Show>
                <select class="control" aria-label="What is done" on:change=move |event| deed.set(event_target_value(&event))>{options()}</select>
                <Show when=needs_value><input class="control" aria-label="With what" on:input=move |event| value.set(event_target_value(&event))/></Show>
                <Button kind=Kind::Primary r#type="submit" busy>"Apply"</Button>
                <Button kind=Kind::Ghost on:click=move |_| { chosen.all.set(false); chosen.ids.set(Vec::new()) }>"Clear"</Button>
            </form>
        </Show>
    }
}

fn undo(key: String, toasts: Toasts, changed: Callback<()>) {
    spawn_local(async move {
        match case_bulk_undo(key).await {
            Ok(said) => toasts.say(said),
            Err(error) => toasts.fail(error.detail()),
        }
        changed.try_run(());
    });
}
