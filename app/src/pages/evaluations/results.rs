//! The results of a run: a table with filters in the address, and the chosen one beside it.

use super::detail::Detail;
use crate::{
    components::{Card, NoMatch, OutcomeBadge, Pagination, Tab, TableFrame, Tabs},
    present::{decimal, duration, one_line},
    query::{link, page, page_of_skip},
};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_query_map},
    params::ParamsMap,
};
use types::{EvaluationResult, EvaluationRun, Outcome, Page, ResultId};

/// Which results are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Show {
    All,
    Failures,
    Errors,
}

impl Show {
    const ALL: [(Self, &'static str, Option<&'static str>); 3] = [
        (Self::All, "All", None),
        (Self::Failures, "Failures", Some("failures")),
        (Self::Errors, "Errors", Some("errors")),
    ];

    fn from_word(word: Option<&str>) -> Self {
        Self::ALL.iter().find(|(_, _, name)| *name == word).map_or(Self::All, |(show, _, _)| *show)
    }

    const fn shows(self, outcome: Outcome) -> bool {
        match self {
            Self::All => true,
            Self::Failures => outcome.counts() && !matches!(outcome, Outcome::Pass),
            Self::Errors => matches!(
                outcome,
                Outcome::ProviderError
                    | Outcome::ToolError
                    | Outcome::Timeout
                    | Outcome::MaxSteps
                    | Outcome::MalformedCall
            ),
        }
    }
}

/// Rows of a page.
const PER_PAGE: u32 = 50;

/// What the address asks for.
#[derive(Clone, Copy)]
struct Place {
    query: Memo<ParamsMap>,
    path: Memo<String>,
    show: Memo<Show>,
    chosen: Memo<Option<ResultId>>,
}

impl Place {
    fn of_address() -> Self {
        let query = use_query_map();
        Self {
            query,
            path: use_location().pathname,
            show: Memo::new(move |_| query.with(|query| Show::from_word(query.get_str("show")))),
            chosen: Memo::new(move |_| query.with(|query| query.get("result")?.parse::<ResultId>().ok())),
        }
    }

    fn link(self, changes: &[(&str, Option<String>)]) -> String {
        self.query.with(|query| link(&self.path.get(), query, changes))
    }
}

/// The results with their filters.
#[component]
pub fn Results(
    /// The run.
    run: RwSignal<EvaluationRun>,
) -> impl IntoView {
    let place = Place::of_address();
    let shown = Memo::new(move |_| {
        let show = place.show.get();
        run.with(|run| run.results.iter().filter(|r| show.shows(r.outcome)).map(|r| r.id).collect::<Vec<_>>())
    });
    let navigate = use_navigate();
    let clear = Callback::new(move |()| {
        let all = untrack(|| place.link(&[("show", None), ("page", None)]));
        navigate(&all, NavigateOptions { scroll: false, ..Default::default() });
    });
    let body = move || match (shown.with(Vec::is_empty), place.show.get()) {
        (false, _) => view! { <ResultTable run shown place/> }.into_any(),
        (true, Show::All) => view! { <p class="muted">"No case has been judged yet."</p> }.into_any(),
        (true, _) => view! { <NoMatch text="No result of this kind in this run." clear/> }.into_any(),
    };
    view! {
        <Card title="Results" lead="Choose a row to see the answer, its calls and the reason of every check.">
            <Tabs label="Which results" tabs=Signal::derive(move || run.with(|run| tabs(run, place)))/>
            <div class="results-split" data-open=move || place.chosen.get().is_some().then_some("")>
                <div class="results-list">{body}</div>
                <Detail shown chosen=place.chosen run/>
            </div>
        </Card>
    }
}

fn tabs(run: &EvaluationRun, place: Place) -> Vec<Tab> {
    let tab = |(show, label, word): (Show, &str, Option<&str>)| {
        let n = run.results.iter().filter(|result| show.shows(result.outcome)).count();
        Tab {
            label: format!("{label} ({n})"),
            href: place.link(&[("show", word.map(str::to_owned)), ("result", None), ("page", None)]),
            current: place.show.get() == show,
        }
    };
    Show::ALL.map(tab).to_vec()
}

#[component]
fn ResultTable(run: RwSignal<EvaluationRun>, shown: Memo<Vec<ResultId>>, place: Place) -> impl IntoView {
    let at = Memo::new(move |_| place.query.with(|query| page(query, PER_PAGE)));
    let total = Memo::new(move |_| u64::try_from(shown.with(Vec::len)).unwrap_or(u64::MAX));
    let rows = Memo::new(move |_| {
        let show = place.show.get();
        let Page { skip, limit } = at.get();
        let results = |run: &EvaluationRun| {
            let matching = run.results.iter().filter(|result| show.shows(result.outcome));
            matching.skip(skip as usize).take(limit as usize).cloned().collect::<Vec<_>>()
        };
        run.with(results)
    });
    let href = move |skip: u32| untrack(|| place.link(&[("page", page_of_skip(skip, PER_PAGE))]));
    view! {
        <TableFrame label="Results of the cases">
            <thead>
                <tr>
                    <th scope="col">"Question"</th>
                    <th scope="col">"Outcome"</th>
                    <th scope="col" class="when-wide">"Calls"</th>
                    <th scope="col" class="when-wide">"Reply"</th>
                    <th scope="col" class="number">"Reward"</th>
                    <th scope="col" class="number when-wide">"Latency"</th>
                </tr>
            </thead>
            <tbody>
                <For each=move || rows.get() key=|result| result.id let:result>
                    <ResultRow result chosen=place.chosen/>
                </For>
            </tbody>
        </TableFrame>
        {move || view! { <Pagination page=at.get() total=total.get() href/> }}
    }
}

/// The page that the result at this place in the list is on, as the address says it.
pub fn page_of(place: usize) -> Option<String> {
    let skip = u32::try_from(place).unwrap_or(u32::MAX) / PER_PAGE * PER_PAGE;
    page_of_skip(skip, PER_PAGE)
}

#[component]
fn ResultRow(result: EvaluationResult, chosen: Memo<Option<ResultId>>) -> impl IntoView {
    let id = result.id;
    let current = move || chosen.get() == Some(id);
    let calls = result.tool_calls_json.iter().flatten().map(|call| call.tool_name.clone()).collect::<Vec<_>>();
    let reply = result.response_text.as_deref().or(result.error.as_deref()).unwrap_or("–");
    view! {
        <tr data-current=move || current().then_some("")>
            <th scope="row" data-label="Question"><ResultLink id text=one_line(&result.user_input, 90) current=Signal::derive(current)/></th>
            <td data-label="Outcome"><OutcomeBadge outcome=result.outcome/></td>
            <td data-label="Calls" class="mono when-wide">{if calls.is_empty() { "none".to_owned() } else { calls.join(", ") }}</td>
            <td data-label="Reply" class="reply-cell when-wide">{one_line(reply, 80)}</td>
            <td data-label="Reward" class="number">{decimal(result.scored.reward.then_some(result.reward))}</td>
            <td data-label="Latency" class="number nowrap when-wide">{duration(result.latency_ms)}</td>
        </tr>
    }
}

/// A link to a result of this run that keeps the filters and the place.
#[component]
fn ResultLink(id: ResultId, text: String, current: Signal<bool>) -> impl IntoView {
    let place = Place::of_address();
    let href = move || place.link(&[("result", Some(id.to_string()))]);
    view! {
        <a href=href data-noscroll="" aria-current=move || current.get().then_some("true")>
            {text}
        </a>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_what_counts_and_did_not_pass() {
        assert!(Show::Failures.shows(Outcome::Fail) && Show::Failures.shows(Outcome::Timeout));
        assert!(!Show::Failures.shows(Outcome::Pass) && !Show::Failures.shows(Outcome::ProviderError));
        assert!(Show::Errors.shows(Outcome::ProviderError) && !Show::Errors.shows(Outcome::Fail));
        assert_eq!(Show::from_word(Some("nonsense")), Show::All);
    }

    #[test]
    fn a_result_is_found_on_its_page() {
        assert_eq!(page_of(49), None);
        assert_eq!(page_of(50).as_deref(), Some("2"));
    }
}
