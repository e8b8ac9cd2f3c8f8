//! The results of a run: a table with filters in the address, and the chosen one beside it.

use super::detail::Detail;
use crate::{
    components::{Card, NoMatch, OutcomeBadge, Tab, TableFrame, Tabs},
    present::{decimal, duration, one_line},
    query::link,
};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_query_map},
};
use types::{EvaluationResult, EvaluationRun, Outcome, ResultId};

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

/// The results with their filters.
#[component]
pub fn Results(
    /// The run.
    run: RwSignal<EvaluationRun>,
) -> impl IntoView {
    let query = use_query_map();
    let path = use_location().pathname;
    let show = Memo::new(move |_| query.with(|query| Show::from_word(query.get_str("show"))));
    let chosen = Memo::new(move |_| query.with(|query| query.get("result")?.parse::<ResultId>().ok()));
    let shown = Memo::new(move |_| {
        let show = show.get();
        run.with(|run| run.results.iter().filter(|result| show.shows(result.outcome)).cloned().collect::<Vec<_>>())
    });
    let tabs = Signal::derive(move || {
        let tab = |(show_as, label, word): (Show, &str, Option<&str>)| {
            let n = run.with(|run| run.results.iter().filter(|result| show_as.shows(result.outcome)).count());
            let changes = [("show", word.map(str::to_owned)), ("result", None)];
            Tab {
                label: format!("{label} ({n})"),
                href: query.with(|query| link(&path.get(), query, &changes)),
                current: show.get() == show_as,
            }
        };
        Show::ALL.map(tab).to_vec()
    });
    let navigate = use_navigate();
    let clear = Callback::new(move |()| {
        let target = query.with_untracked(|query| link(&path.get_untracked(), query, &[("show", None)]));
        navigate(&target, NavigateOptions { scroll: false, ..Default::default() });
    });
    let body = move || match (shown.with(Vec::is_empty), show.get()) {
        (false, _) => view! { <ResultTable shown chosen/> }.into_any(),
        (true, Show::All) => view! { <p class="muted">"No case has been judged yet."</p> }.into_any(),
        (true, _) => view! { <NoMatch text="No result of this kind in this run." clear/> }.into_any(),
    };
    view! {
        <Card title="Results" lead="Choose a row to see the answer, its calls and the reason of every check.">
            <Tabs label="Which results" tabs/>
            <div class="results-split" data-open=move || chosen.get().is_some().then_some("")>
                <div class="results-list">{body}</div>
                <Detail shown chosen run/>
            </div>
        </Card>
    }
}

#[component]
fn ResultTable(shown: Memo<Vec<EvaluationResult>>, chosen: Memo<Option<ResultId>>) -> impl IntoView {
    view! {
        <TableFrame label="Results of the cases">
            <thead>
                <tr>
                    <th scope="col">"Question"</th>
                    <th scope="col">"Outcome"</th>
                    <th scope="col">"Calls"</th>
                    <th scope="col">"Reply"</th>
                    <th scope="col" class="number">"Reward"</th>
                    <th scope="col" class="number">"Latency"</th>
                </tr>
            </thead>
            <tbody>
                <For each=move || shown.get() key=|result| result.id let:result>
                    <ResultRow result chosen/>
                </For>
            </tbody>
        </TableFrame>
    }
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
            <td data-label="Calls" class="mono">{if calls.is_empty() { "none".to_owned() } else { calls.join(", ") }}</td>
            <td data-label="Reply" class="reply-cell">{one_line(reply, 80)}</td>
            <td data-label="Reward" class="number">{decimal(result.scored.reward.then_some(result.reward))}</td>
            <td data-label="Latency" class="number nowrap">{duration(result.latency_ms)}</td>
        </tr>
    }
}

/// A link to a result of this run that keeps the filters and the place.
#[component]
pub fn ResultLink(
    /// Which result.
    id: ResultId,
    /// What it says.
    #[prop(into)]
    text: String,
    /// Whether it is open.
    #[prop(into, optional)]
    current: Signal<bool>,
) -> impl IntoView {
    let (query, path) = (use_query_map(), use_location().pathname);
    let href = move || query.with(|query| link(&path.get(), query, &[("result", Some(id.to_string()))]));
    view! { <a href=href data-noscroll="" aria-current=move || current.get().then_some("true")>{text}</a> }
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
}
