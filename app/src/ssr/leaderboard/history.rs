//! How one agent did over time: only runs over the same set of cases are joined, the others cannot be compared.

use super::{PATH, charts::figure};
use crate::{
    components::TableFrame,
    present::{count, decimal, percent, percent_interval},
    query::link,
};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use types::{AgentHistory, HistoryRun, number::Fixed};

const HEADS: [&str; 6] = ["Ended (UTC)", "Set of cases", "Cases that count", "Task success", "95% interval", "Reward"];
const HEIGHT: usize = 260;
const AXIS: usize = 28;
const COLOURS: u32 = 8;

/// The runs as a chart and as a table.
pub fn section(address: &ParamsMap, history: &AgentHistory) -> AnyView {
    let back = link(PATH, address, &[("agent", None)]);
    let name = history.agent_name.clone();
    let sentence = sentence(&history.runs);
    let chart = (history.runs.len() > 1).then(|| chart(&history.runs, sentence.clone()));
    let alone = (history.runs.len() < 2).then(|| view! { <p>{sentence}</p> }.into_any());
    let table = (!history.runs.is_empty()).then(|| table(&history.runs));
    view! {
        <p><a href=back>"Back to the ranking"</a></p>
        <h2>"History of " <a href=format!("/agents/{}", history.agent_id)>{name}</a></h2>
        {alone}
        {chart}
        {table}
    }
    .into_any()
}

/// What became of the set with the most runs.
fn sentence(runs: &[HistoryRun]) -> String {
    let on = |set: u32| runs.iter().filter(move |run| run.case_set == set && run.task_success.is_some());
    let most = runs.iter().map(|run| run.case_set).max_by_key(|set| (on(*set).count(), *set));
    let Some((set, first)) = most.and_then(|set| Some((set, on(set).next()?))) else {
        return "It has no completed evaluation yet.".into();
    };
    let (times, last) = (on(set).count(), on(set).next_back().unwrap_or(first));
    let cases = count(first.num_test_cases, "case");
    let share = |run: &HistoryRun| percent(run.task_success);
    match times {
        1 => format!("One run over each set of cases; the latest passed {} of {cases}.", share(last)),
        n => {
            format!("In {n} runs over set {set} ({cases}) task success went from {} to {}.", share(first), share(last))
        }
    }
}

fn chart(runs: &[HistoryRun], sentence: String) -> AnyView {
    let sets: std::collections::BTreeSet<u32> = runs.iter().map(|run| run.case_set).collect();
    let levels = [0.0, 0.25, 0.5, 0.75, 1.0].map(level).into_iter().collect_view();
    let lines = sets.into_iter().map(|set| line(runs, set)).collect_view();
    let points = runs.iter().enumerate().map(|(place, run)| point(place, runs.len(), run)).collect_view();
    let told = format!(
        "{sentence} Runs from the oldest to the latest, with 95% intervals; the number below each is its set of cases, and only runs over \
         one set are joined."
    );
    let drawn = view! { {levels} {lines} {points} };
    figure("agent-history", "Task success over time", told, HEIGHT + AXIS, drawn.into_any())
}

fn x_of(place: usize, runs: usize) -> String {
    #[expect(clippy::cast_precision_loss, reason = "at most a hundred runs")]
    let share = (place as f64 + 0.7) / (runs as f64 + 0.4);
    format!("{}%", Fixed(share * 100.0, 2))
}

fn y_of(share: f64) -> String {
    Fixed(12.0 + (1.0 - share.clamp(0.0, 1.0)) * 240.0, 1).to_string()
}

fn level(share: f64) -> AnyView {
    let y = y_of(share);
    view! {
        <line class="tick" x1="0" x2="100%" y1=y.clone() y2=y.clone()></line>
        <text class="tick-text" x="0" y=y dy="-3">{format!("{}%", share * 100.0)}</text>
    }
    .into_any()
}

fn colour(set: u32) -> String {
    (set.saturating_sub(1) % COLOURS + 1).to_string()
}

/// The runs over one set, joined.
fn line(runs: &[HistoryRun], set: u32) -> AnyView {
    let points: Vec<(usize, f64)> = runs
        .iter()
        .enumerate()
        .filter(|(_, run)| run.case_set == set)
        .filter_map(|(place, run)| Some((place, run.task_success?)))
        .collect();
    let join = |pair: &[(usize, f64)]| {
        let [(from, one), (to, other)] = pair else { return ().into_any() };
        let (x1, x2) = (x_of(*from, runs.len()), x_of(*to, runs.len()));
        view! { <line class="joined" data-colour=colour(set) x1=x1 x2=x2 y1=y_of(*one) y2=y_of(*other)></line> }
            .into_any()
    };
    points.windows(2).map(join).collect_view().into_any()
}

fn point(place: usize, runs: usize, run: &HistoryRun) -> AnyView {
    let (x, colour) = (x_of(place, runs), colour(run.case_set));
    let whisker = run.interval.map(|(low, high)| {
        view! { <line class="reach" x1=x.clone() x2=x.clone() y1=y_of(low) y2=y_of(high)></line> }.into_any()
    });
    let mark = run.task_success.map(|share| {
        view! { <circle class="point" data-colour=colour cx=x.clone() cy=y_of(share) r="4"></circle> }.into_any()
    });
    view! {
        {whisker}
        {mark}
        <text class="tick-text" x=x y=(HEIGHT + AXIS - 6).to_string() text-anchor="middle">{run.case_set.to_string()}</text>
    }
    .into_any()
}

fn table(runs: &[HistoryRun]) -> AnyView {
    let heads = HEADS.map(|head| view! { <th scope="col">{head}</th> }.into_any()).into_iter().collect_view();
    let lines = runs.iter().rev().map(row).collect_view();
    view! {
        <TableFrame label="Completed evaluations">
            <thead><tr>{heads}</tr></thead>
            <tbody>{lines}</tbody>
        </TableFrame>
    }
    .into_any()
}

fn row(run: &HistoryRun) -> AnyView {
    let ended = run.completed_at.to_string().replace('T', " ");
    let ended = ended.get(..16).unwrap_or_default().to_owned();
    let cells = [
        format!("{} ({})", run.case_set, count(run.num_test_cases, "case")),
        run.n.to_string(),
        percent(run.task_success),
        run.interval.map_or_else(|| "–".into(), percent_interval),
        decimal(run.reward),
    ];
    let cell = |(label, text): (&'static &str, String)| view! { <td data-label=*label>{text}</td> }.into_any();
    view! {
        <tr>
            <th scope="row"><a href=format!("/evaluations/{}", run.run_id)>{ended}</a></th>
            {HEADS.iter().skip(1).zip(cells).map(cell).collect_view()}
        </tr>
    }
    .into_any()
}
