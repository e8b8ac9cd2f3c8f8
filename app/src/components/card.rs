//! A titled surface.

use leptos::prelude::*;

/// A section with a heading of the second level.
#[component]
pub fn Card(
    /// Its heading; none = a plain surface.
    #[prop(into, optional)]
    title: Option<String>,
    /// A sentence under the heading.
    #[prop(into, optional)]
    lead: Option<String>,
    /// Buttons beside the heading.
    #[prop(optional)]
    actions: Option<ViewFnOnce>,
    /// What is on it.
    children: Children,
) -> impl IntoView {
    let head = title.map(|title| {
        view! {
            <header class="card-head">
                <div>
                    <h2>{title}</h2>
                    {lead.map(|lead| view! { <p class="muted">{lead}</p> })}
                </div>
                {actions.map(|actions| view! { <div class="actions">{actions.run()}</div> })}
            </header>
        }
    });
    view! {
        <section class="card">
            {head}
            {children()}
        </section>
    }
}
