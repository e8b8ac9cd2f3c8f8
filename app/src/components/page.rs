//! The head of a page: its heading, a sentence, and its actions.

use leptos::prelude::*;
use leptos_meta::Title;

/// Title of the document, heading of the first level, lead and actions.
#[component]
pub fn PageHeader(
    /// The heading.
    #[prop(into)]
    title: String,
    /// A sentence on what the page is for.
    #[prop(into, optional)]
    lead: String,
    /// Buttons of the page.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <Title text=title.clone() />
        <header class="page-header">
            <div>
                <h1>{title}</h1>
                {(!lead.is_empty()).then(|| view! { <p class="lead">{lead}</p> })}
            </div>
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
        </header>
    }
}
