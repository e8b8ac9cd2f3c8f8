//! A sentence in which `code` stands between backticks.

use leptos::prelude::*;

/// The sentence, its code as code.
#[component]
pub fn Prose(
    /// What it says.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    let part = |(place, part): (usize, &str)| {
        let part = part.to_owned();
        if place % 2 == 1 { view! { <code>{part}</code> }.into_any() } else { part.into_any() }
    };
    text.split('`').enumerate().map(part).collect_view()
}
