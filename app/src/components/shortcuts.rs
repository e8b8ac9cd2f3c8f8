//! The `?` sheet and the handler of shortcuts: both read the one registry.

use super::dialog::Dialog;
use crate::keyboard::{Action, LOCAL_KEYS, Press, SHORTCUTS, press};
use leptos::{ev::KeyboardEvent, prelude::*, wasm_bindgen::JsCast, web_sys::HtmlElement};
use leptos_router::hooks::use_navigate;

/// Listens for shortcuts and shows the sheet.
#[component]
pub fn Shortcuts(
    /// Whether the sheet is shown.
    open: RwSignal<bool>,
) -> impl IntoView {
    let navigate = use_navigate();
    let before = StoredValue::new(String::new());
    Effect::new(move |_| {
        let navigate = navigate.clone();
        let listener = window_event_listener(leptos::ev::keydown, move |event| {
            if is_typing(&event) || event.ctrl_key() || event.meta_key() || event.alt_key() {
                return;
            }
            let pressed = press(&before.get_value(), &event.key());
            before.set_value(if let Press::Wait(keys) = &pressed { keys.clone() } else { String::new() });
            match pressed {
                Press::Act(Action::Go(path)) => navigate(path, Default::default()),
                Press::Act(Action::Sheet) => open.set(true),
                Press::Act(Action::Row(by)) => focus_row(by),
                Press::Act(Action::Choose) => choose_row(),
                Press::Wait(_) | Press::Ignore => {}
            }
        });
        on_cleanup(move || listener.remove());
    });
    view! {
        <Dialog title="Keyboard shortcuts" open>
            <dl class="shortcuts">
                {SHORTCUTS.iter().map(|shortcut| row(shortcut.keys, shortcut.label)).collect_view()}
                {LOCAL_KEYS.iter().map(|(keys, label)| row(keys, label)).collect_view()}
            </dl>
        </Dialog>
    }
}

fn row(keys: &str, label: &'static str) -> impl IntoView + use<> {
    let keys = keys.split(' ').map(|key| view! { <kbd>{key.to_owned()}</kbd> }).collect_view();
    view! {
        <div class="shortcut">
            <dt>{keys}</dt>
            <dd>{label}</dd>
        </div>
    }
}

/// The focus goes to the first link of the row, so that Enter opens it.
fn focus_row(by: i32) {
    let next = match focused_row() {
        Some(row) if by < 0 => row.previous_element_sibling(),
        Some(row) => row.next_element_sibling(),
        None => document().query_selector("main tbody tr").ok().flatten(),
    };
    let link = next.and_then(|row| row.query_selector("a").ok()?);
    if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
        let _ = link.focus();
    }
}

fn choose_row() {
    let tick = focused_row().and_then(|row| row.query_selector("input[type=checkbox]").ok()?);
    if let Some(tick) = tick.and_then(|tick| tick.dyn_into::<HtmlElement>().ok()) {
        tick.click();
    }
}

fn focused_row() -> Option<leptos::web_sys::Element> {
    document().active_element()?.closest("tbody tr").ok()?
}

fn is_typing(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    target.is_some_and(|element| {
        let ticks = element.get_attribute("type").is_some_and(|kind| kind == "checkbox");
        let typed = matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT");
        (typed && !ticks) || element.is_content_editable()
    })
}
