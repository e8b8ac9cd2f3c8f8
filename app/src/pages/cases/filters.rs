//! Which test cases are listed: all of it lives in the address.

use crate::{
    api::cases::case_facets,
    components::{Loaded, Tab, Tabs},
    data::Data,
    query::{link, page},
};
use leptos::{ev::SubmitEvent, prelude::*, wasm_bindgen::JsCast};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
    params::ParamsMap,
};
use std::time::Duration;
use types::{Activity, CaseQuery, CaseSort, Split};

/// Path of the list.
pub const PATH: &str = "/cases";
/// Rows of a page.
pub const PER_PAGE: u32 = 50;

const SORTS: [(&str, CaseSort); 4] = [
    ("newest", CaseSort::Newest),
    ("oldest", CaseSort::Oldest),
    ("question", CaseSort::Question),
    ("check", CaseSort::TaskType),
];

const SPLITS: [Split; 3] = [Split::Train, Split::Dev, Split::Test];
/// Keys of the address that are chosen from what there is.
pub const FACETS: [&str; 4] = ["suite", "split", "tag", "check"];

/// What the address asks for; what it does not understand counts as not said.
pub fn case_query(query: &ParamsMap) -> CaseQuery {
    let search = query.get_str("q").map(str::trim).filter(|q| !q.is_empty()).map(str::to_owned);
    let word = query.get_str("sort").unwrap_or_default();
    let said = |key: &str| query.get(key).filter(|value| !value.is_empty());
    CaseQuery {
        page: page(query, PER_PAGE),
        activity: if query.get_str("status") == Some("all") { Activity::All } else { Activity::Active },
        search,
        sort: SORTS.iter().find(|(name, _)| *name == word).map(|(_, sort)| *sort).unwrap_or_default(),
        suite: said("suite"),
        split: said("split").and_then(|word| SPLITS.into_iter().find(|split| split.as_str() == word)),
        tag: said("tag"),
        task_type: said("check"),
    }
}

/// The address of the same list in another order; the default order needs no word.
pub fn sorted_by(query: &ParamsMap, sort: CaseSort) -> String {
    let word = SORTS.iter().find(|(_, s)| *s == sort).map(|(word, _)| (*word).to_owned());
    link(PATH, query, &[("sort", word.filter(|word| word != "newest")), ("page", None)])
}

/// Search box and status; the box searches as the person types, and works as a plain form without JavaScript.
#[component]
pub fn Filters() -> impl IntoView {
    let query = use_query_map();
    let (typed, search) = use_search(query);
    view! {
        <div class="case-filters">
            <form method="get" action=PATH role="search" on:submit=move |event: SubmitEvent| event.prevent_default()>
                <label class="visually-hidden" for="case-search">
                    "Search test cases"
                </label>
                <input
                    class="control"
                    id="case-search"
                    type="search"
                    name="q"
                    placeholder="Search question, answer, name or suite"
                    autocomplete="off"
                    value=typed.get_untracked()
                    prop:value=move || typed.get()
                    on:input=move |event| search.run(event_target_value(&event))
                />
                {move || hidden_filters(&query.get())}
            </form>
            <Tabs label="Status of the cases" tabs=Signal::derive(move || query.with(status_tabs))/>
            <Facets query/>
        </div>
    }
}

/// Suite, split, tag and check, each with how many cases it has: chosen ones go into the address.
#[component]
fn Facets(query: Memo<ParamsMap>) -> impl IntoView {
    let asked = move || {
        query.with(|query| {
            [["q", "status", "sort"].as_slice(), &FACETS]
                .concat()
                .into_iter()
                .map(|key| query.get(key).unwrap_or_default())
                .collect::<Vec<_>>()
        })
    };
    let data = Data::new(asked, case_facets);
    let navigate = use_navigate();
    let choose = move |event: leptos::ev::Event| {
        let select = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlSelectElement>().ok());
        if let Some(select) = select {
            let changed = [(&*select.name(), Some(select.value())), ("page", None)];
            let target = query.with_untracked(|query| link(PATH, query, &changed));
            navigate(&target, NavigateOptions { scroll: false, ..Default::default() });
        }
    };
    let render = |html: String| view! { <div inner_html=html></div> }.into_any();
    view! { <div class="case-facets" on:change=choose><Loaded data render/></div> }
}

/// What the search box holds, and what to do with what is typed: it goes into the address when the person pauses.
fn use_search(query: Memo<ParamsMap>) -> (RwSignal<String>, Callback<String>) {
    let typed = RwSignal::new(query.with_untracked(|query| query.get("q")).unwrap_or_default());
    let waiting = StoredValue::new(0_u32);
    let navigate = use_navigate();
    let search = Callback::new(move |text: String| {
        typed.set(text);
        waiting.update_value(|waiting| *waiting += 1);
        let (turn, navigate) = (waiting.get_value(), navigate.clone());
        let go = move || {
            if waiting.try_get_value() == Some(turn) {
                waiting.set_value(0);
                let q = Some(typed.get_untracked());
                let target = query.with_untracked(|query| link(PATH, query, &[("q", q), ("page", None)]));
                navigate(&target, NavigateOptions { replace: true, scroll: false, ..Default::default() });
            }
        };
        set_timeout(go, Duration::from_millis(300));
    });
    // Links (such as "Clear filters") change the box too, but never while the person types.
    Effect::new(move || {
        let q = query.with(|query| query.get("q")).unwrap_or_default();
        if waiting.get_value() == 0 && typed.with_untracked(|typed| typed.trim() != q.trim()) {
            typed.set(q);
        }
    });
    (typed, search)
}

/// What a search by Enter must not lose.
fn hidden_filters(query: &ParamsMap) -> impl IntoView + use<> {
    let keep = |key: &'static str| {
        let value = query.get(key)?;
        Some(view! { <input type="hidden" name=key value=value/> })
    };
    ["status", "sort", "suite", "split", "tag", "check"].map(keep).into_iter().collect_view()
}

fn status_tabs(query: &ParamsMap) -> Vec<Tab> {
    let all = case_query(query).activity == Activity::All;
    let tab = |label: &str, word: Option<String>, current| Tab {
        label: label.into(),
        href: link(PATH, query, &[("status", word), ("page", None)]),
        current,
    };
    vec![tab("Active", None, !all), tab("With archived", Some("all".into()), all)]
}

// Without the server's half the router escapes addresses through the browser.
#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn query(pairs: &[(&str, &str)]) -> ParamsMap {
        pairs.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
    }

    #[test]
    fn the_address_says_which_cases() {
        let wanted = case_query(&query(&[("q", " sum "), ("page", "2"), ("sort", "question"), ("status", "all")]));
        assert_eq!(wanted.search.as_deref(), Some("sum"));
        assert_eq!((wanted.page.skip, wanted.sort, wanted.activity), (PER_PAGE, CaseSort::Question, Activity::All));
        assert_eq!(case_query(&query(&[("sort", "nonsense")])).sort, CaseSort::Newest);
    }

    #[test]
    fn sorting_starts_at_the_first_page_and_keeps_the_search() {
        let here = query(&[("q", "sum"), ("page", "3")]);
        assert_eq!(sorted_by(&here, CaseSort::Oldest), "/cases?q=sum&sort=oldest");
        assert_eq!(sorted_by(&here, CaseSort::Newest), "/cases?q=sum");
    }
}
