//! Tabs that are links: which one is open lives in the URL.

use leptos::prelude::*;

/// One tab.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tab {
    /// What it says.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// Whether it is open.
    pub current: bool,
}

/// A row of tabs.
#[component]
pub fn Tabs(
    /// What they choose between.
    #[prop(into)]
    label: String,
    /// The tabs.
    #[prop(into)]
    tabs: Signal<Vec<Tab>>,
) -> impl IntoView {
    let items = move || {
        let item = |tab: Tab| {
            let current = if tab.current { "page" } else { "false" };
            view! {
                <li>
                    <a href=tab.href data-current=current aria-current=current>
                        {tab.label}
                    </a>
                </li>
            }
        };
        tabs.get().into_iter().map(item).collect_view()
    };
    view! {
        <nav class="tabs" aria-label=label>
            <ul>{items}</ul>
        </nav>
    }
}
