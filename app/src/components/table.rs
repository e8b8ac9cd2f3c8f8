//! Tables: a named region that scrolls sideways when it must. Below 640 px rows become cards: give each cell
//! `data-label` with its column's heading. Numbers have class `number`, ids and code class `mono`.

use leptos::prelude::*;

/// A table in a scrollable, named region.
#[component]
pub fn TableFrame(
    /// What the table lists.
    #[prop(into)]
    label: String,
    /// How it looks on a phone: `cards` (rows become cards) or `sticky` (first column stays).
    #[prop(default = "cards")]
    narrow: &'static str,
    /// `<thead>` and `<tbody>`.
    children: Children,
) -> impl IntoView {
    let name = label.clone();
    view! {
        <div class="table-frame" role="region" aria-label=name tabindex="0" data-narrow=narrow>
            <table class="table" aria-label=label>
                {children()}
            </table>
        </div>
    }
}
