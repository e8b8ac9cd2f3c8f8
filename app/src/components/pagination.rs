//! Previous and next page of a list, as links: the page lives in the URL.

use leptos::prelude::*;
use leptos_router::components::A;
use types::Page;

/// The row numbers of a page: "1–50 of 120".
fn range_text(page: Page, total: u64) -> String {
    let first = u64::from(page.skip) + 1;
    let last = (u64::from(page.skip) + u64::from(page.limit)).min(total);
    if total == 0 { "none".into() } else { format!("{first}–{last} of {total}") }
}

/// Links to the neighbouring pages; `href` gives the address that skips so many rows.
#[component]
pub fn Pagination(
    /// The page shown.
    page: Page,
    /// Rows in all.
    total: u64,
    /// Address of the page that skips so many rows.
    #[prop(into)]
    href: Callback<u32, String>,
) -> impl IntoView {
    let previous = (page.skip > 0).then(|| href.run(page.skip.saturating_sub(page.limit)));
    let after = page.skip.saturating_add(page.limit);
    let next = (u64::from(after) < total).then(|| href.run(after));
    let is_one_page = previous.is_none() && next.is_none();
    let link = |label: &'static str, target: Option<String>| match target {
        Some(target) => view! { <A href=target attr:class="button" attr:data-kind="secondary">{label}</A> }.into_any(),
        None => view! { <span class="button" data-kind="secondary" aria-disabled="true">{label}</span> }.into_any(),
    };
    view! {
        <nav class="pagination" aria-label="Pages of the list">
            <span class="muted">{range_text(page, total)}</span>
            {(!is_one_page).then(|| (link("Previous", previous), link("Next", next)))}
        </nav>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_ends_with_the_list() {
        assert_eq!(range_text(Page { skip: 100, limit: 50 }, 120), "101–120 of 120");
        assert_eq!(range_text(Page { skip: 0, limit: 50 }, 0), "none");
    }
}
