//! The results of a run: a table whose filter, order and page are in the address, and the chosen one beside it.

use super::detail::Detail;
use crate::{
    api::evaluations::{ResultRow, evaluation_result_list},
    components::{Card, Loaded, NoMatch, OutcomeBadge, Pagination, Tab, TableFrame, Tabs},
    data::Data,
    present::{decimal, duration},
    query::{link, page, page_of_skip},
};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_query_map},
    params::ParamsMap,
};
use types::{Outcome, Paged, ResultId, ResultQuery, ResultShow, ResultSort, RunId, RunView};

/// Rows of a page.
const PER_PAGE: u32 = 50;

const SHOWS: [(&str, &str, ResultShow); 3] = [
    ("All", "", ResultShow::All),
    ("Failures", "failures", ResultShow::Failures),
    ("Errors", "errors", ResultShow::Errors),
];

const SORTS: [(&str, ResultSort); 3] =
    [("", ResultSort::Case), ("reward", ResultSort::Reward), ("latency", ResultSort::Latency)];

/// What the address asks for; what it does not understand counts as not said.
fn result_query(query: &ParamsMap) -> ResultQuery {
    let (show, sort) = (query.get_str("show").unwrap_or_default(), query.get_str("sort").unwrap_or_default());
    ResultQuery {
        page: page(query, PER_PAGE),
        show: SHOWS.iter().find(|(_, word, _)| *word == show).map(|(_, _, show)| *show).unwrap_or_default(),
        sort: SORTS.iter().find(|(word, _)| *word == sort).map(|(_, sort)| *sort).unwrap_or_default(),
        within: query.get_str("within").and_then(|group| group.parse().ok()),
    }
}

/// The place in the list that the address names.
#[derive(Clone, Copy)]
pub struct Place {
    query: Memo<ParamsMap>,
    path: Memo<String>,
    /// Which results are listed.
    pub wanted: Memo<ResultQuery>,
    /// Which one is open.
    pub chosen: Memo<Option<ResultId>>,
    /// By what the cases are grouped.
    pub by: Memo<String>,
    /// Counts what people said since.
    pub said: RwSignal<u32>,
}

impl Place {
    /// The place that the address of this page names.
    pub fn of_address() -> Self {
        let query = use_query_map();
        Self {
            query,
            path: use_location().pathname,
            wanted: Memo::new(move |_| query.with(result_query)),
            chosen: Memo::new(move |_| query.with(|query| query.get("result")?.parse::<ResultId>().ok())),
            by: Memo::new(move |_| query.with(|query| query.get("by").unwrap_or_default())),
            said: RwSignal::new(0),
        }
    }

    /// The address with these changes.
    pub fn link(self, changes: &[(&str, Option<String>)]) -> String {
        self.query.with(|query| link(&self.path.get(), query, changes))
    }
}

/// The results with their filters.
#[component]
pub fn Results(
    /// Of which run.
    run: RunId,
    /// The run as it stands.
    view: ReadSignal<RunView>,
    /// Counts what was judged since: the list is read again.
    judged: RwSignal<u32>,
    /// Which of them.
    place: Place,
) -> impl IntoView {
    let rows = Data::new(
        move || (place.wanted.get(), judged.get(), place.said.get()),
        move |(query, _, _)| evaluation_result_list(run, query),
    );
    let render = move |found: Paged<ResultRow>| view! { <Rows found place/> }.into_any();
    view! {
        <Card title="Results" lead="Choose a row to see the answer, its calls and the reason of every check.">
            <Tabs label="Which results" tabs=Signal::derive(move || view.with(|view| tabs(view, place)))/>
            {move || place.wanted.with(|wanted| wanted.within.as_ref().map(|group| only(&group.to_string(), place)))}
            <div class="results-split" data-open=move || place.chosen.get().is_some().then_some("")>
                <div class="results-list"><Loaded data=rows render/></div>
                <Detail run place/>
            </div>
        </Card>
    }
}

/// Says that only one group of cases is listed.
fn only(group: &str, place: Place) -> impl IntoView + use<> {
    let all = place.link(&[("within", None), ("page", None), ("result", None)]);
    view! { <p class="muted">"Only cases of " <span class="mono">{group.to_owned()}</span> " · " <a href=all data-noscroll="">"all cases"</a></p> }
}

fn tabs(view: &RunView, place: Place) -> Vec<Tab> {
    let grouped = place.wanted.with(|wanted| wanted.within.is_some());
    let count = |outcome: &Outcome| view.outcomes.get(outcome.label()).copied().unwrap_or_default();
    let now = place.wanted.with(|wanted| wanted.show);
    let tab = |(label, word, show): (&str, &str, ResultShow)| {
        let n: u32 = Outcome::ALL.iter().filter(|outcome| show.shows(**outcome)).map(count).sum();
        Tab {
            // Counted are all cases of the run.
            label: if grouped { label.to_owned() } else { format!("{label} ({n})") },
            href: place.link(&[("show", Some(word.to_owned())), ("result", None), ("page", None)]),
            current: now == show,
        }
    };
    SHOWS.map(tab).to_vec()
}

#[component]
fn Rows(found: Paged<ResultRow>, place: Place) -> impl IntoView {
    let wanted = place.wanted.get_untracked();
    if !found.items.is_empty() {
        return view! { <ResultTable found wanted place/> }.into_any();
    }
    if wanted == ResultQuery::default() || (wanted.show == ResultShow::All && wanted.within.is_none()) {
        return view! { <p class="muted">"No case has been judged yet."</p> }.into_any();
    }
    let navigate = use_navigate();
    let clear = Callback::new(move |()| {
        let all = untrack(|| place.link(&[("show", None), ("within", None), ("page", None)]));
        navigate(&all, NavigateOptions { scroll: false, ..Default::default() });
    });
    view! { <NoMatch text="No result of this kind in this run." clear/> }.into_any()
}

#[component]
fn ResultTable(found: Paged<ResultRow>, wanted: ResultQuery, place: Place) -> impl IntoView {
    let (page, sort) = (wanted.page, wanted.sort);
    let href = move |skip: u32| untrack(|| place.link(&[("page", page_of_skip(skip, PER_PAGE))]));
    let rows = found.items.into_iter().map(|row| view! { <Row row place/> }).collect_view();
    view! {
        <TableFrame label="Results of the cases">
            <thead>
                <tr>
                    <th scope="col"><SortLink label="Question" by=ResultSort::Case sort place/></th>
                    <th scope="col">"Outcome"</th>
                    <th scope="col" class="when-wide">"Calls"</th>
                    <th scope="col" class="when-wide">"Reply"</th>
                    <th scope="col" class="number" aria-sort=order(sort, ResultSort::Reward)>
                        <SortLink label="Reward" by=ResultSort::Reward sort place/>
                    </th>
                    <th scope="col" class="number when-wide" aria-sort=order(sort, ResultSort::Latency)>
                        <SortLink label="Latency" by=ResultSort::Latency sort place/>
                    </th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
        <Pagination page total=found.total href/>
    }
}

/// The order of a column, when the rows are sorted by it.
fn order(sort: ResultSort, by: ResultSort) -> Option<&'static str> {
    (sort == by).then_some(if by == ResultSort::Latency { "descending" } else { "ascending" })
}

#[component]
fn SortLink(label: &'static str, by: ResultSort, sort: ResultSort, place: Place) -> impl IntoView {
    let word = SORTS.iter().find(|(_, other)| *other == by).map(|(word, _)| (*word).to_owned());
    let href = move || place.link(&[("sort", word.clone()), ("page", None)]);
    view! { <a class="sort-link" href=href data-noscroll="" data-sorted=order(sort, by)>{label}</a> }
}

/// The page that the result at this place in the list is on, as the address says it.
pub fn page_of(place: u32) -> Option<String> {
    page_of_skip(place / PER_PAGE * PER_PAGE, PER_PAGE)
}

#[component]
fn Row(row: ResultRow, place: Place) -> impl IntoView {
    let id = row.id;
    let current = Memo::new(move |_| place.chosen.get() == Some(id));
    let href = move || place.link(&[("result", Some(id.to_string()))]);
    view! {
        <tr data-current=move || current.get().then_some("")>
            <th scope="row" data-label="Question">
                <a href=href data-noscroll="" aria-current=move || current.get().then_some("true")>{row.question}</a>
            </th>
            <td data-label="Outcome"><OutcomeBadge outcome=row.outcome/> <span class="muted">{row.said}</span></td>
            <td data-label="Calls" class="mono when-wide">
                {if row.calls.is_empty() { "none".to_owned() } else { row.calls.join(", ") }}
            </td>
            <td data-label="Reply" class="reply-cell when-wide">{row.reply}</td>
            <td data-label="Reward" class="number">{decimal(row.reward)}</td>
            <td data-label="Latency" class="number nowrap when-wide">{duration(row.latency_ms)}</td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_which_results() {
        let query = |pairs: &[(&str, &str)]| {
            result_query(&pairs.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect())
        };
        let errors = query(&[("show", "errors"), ("sort", "latency"), ("page", "2")]);
        assert_eq!((errors.show, errors.sort, errors.page.skip), (ResultShow::Errors, ResultSort::Latency, PER_PAGE));
        let nonsense = query(&[("show", "x"), ("sort", "y"), ("page", "z")]);
        assert_eq!((nonsense.show, nonsense.sort, nonsense.page.skip), (ResultShow::All, ResultSort::Case, 0));
    }

    #[test]
    fn a_result_is_found_on_its_page() {
        assert_eq!(page_of(49), None);
        assert_eq!(page_of(50).as_deref(), Some("2"));
    }
}
