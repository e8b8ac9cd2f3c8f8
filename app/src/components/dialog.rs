//! A modal dialog on the native element: Esc closes it and the focus returns by itself.

use super::icon::{Glyph, Icon};
use leptos::{html, prelude::*};

/// A dialog that is shown while `open`.
#[component]
pub fn Dialog(
    /// Its heading and name.
    #[prop(into)]
    title: String,
    /// Whether it is shown; becomes false when the person closes it.
    open: RwSignal<bool>,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        match (open.get(), dialog.open()) {
            // Fails only when the dialog has left the page.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let name = title.clone();
    view! {
        <dialog class="dialog" node_ref=dialog aria-label=name on:close=move |_| open.set(false)>
            <header class="dialog-head">
                <h2>{title}</h2>
                <button type="button" class="icon-button" aria-label="Close" on:click=move |_| open.set(false)>
                    <Glyph icon=Icon::Close />
                </button>
            </header>
            <div class="dialog-body">{children()}</div>
        </dialog>
    }
}
