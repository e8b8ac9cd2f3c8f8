//! The record of a run beside its curves: what it was started with, its checkpoints, and every episode.

use crate::components::{Badge, Card, TableFrame, Tone};
use leptos::prelude::*;
use serde_json::Value;
use types::{CheckpointMark, RunView, number::Fixed};

/// Most rows shown of episodes and of checkpoints; the newest come first.
const ROWS_MAX: usize = 100;

/// What the run was started with.
#[component]
pub fn Settings(
    /// The request.
    config: Value,
) -> impl IntoView {
    let mut rows = Vec::new();
    flatten("", &config, &mut rows);
    rows.retain(|(name, _)| name != "agent_id");
    let row = |(name, value): (String, String)| view! { <div><dt class="mono">{name}</dt><dd class="mono">{value}</dd></div> };
    view! {
        <Card title="Settings" lead="The same settings and seed give the same curve.">
            <dl class="settings-list">{rows.into_iter().map(row).collect_view()}</dl>
        </Card>
    }
}

/// `{"a": {"b": 1}}` as `a.b = 1`; what is null or empty is left out.
fn flatten(prefix: &str, value: &Value, rows: &mut Vec<(String, String)>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
                flatten(&name, value, rows);
            }
        }
        Value::Null => {}
        Value::Array(list) if prefix == "test_case_ids" => {
            rows.push((
                prefix.to_owned(),
                crate::present::count(i64::try_from(list.len()).unwrap_or(i64::MAX), "case"),
            ));
        }
        Value::String(text) => rows.push((prefix.to_owned(), text.clone())),
        other => rows.push((prefix.to_owned(), other.to_string())),
    }
}

/// The saved checkpoints: the best, then the others, newest first.
#[component]
pub fn Checkpoints(
    /// The run.
    view: ReadSignal<RunView>,
) -> impl IntoView {
    let marks = Memo::new(move |_| view.with(|view| checkpoints(&view.checkpoints)));
    view! {
        <Card title="Checkpoints" lead="The best one becomes the agent's weights; the latest ones let the run go on after a stop.">
            <TableFrame label="Checkpoints">
                <thead>
                    <tr>
                        <th scope="col" class="number">"Episode"</th>
                        <th scope="col" class="number">"Reward"</th>
                        <th scope="col">"Mark"</th>
                        <th scope="col">"File"</th>
                    </tr>
                </thead>
                <tbody>{move || marks.get().into_iter().map(checkpoint_row).collect_view()}</tbody>
            </TableFrame>
            <p class="muted">{move || marks.with(Vec::is_empty).then_some("None saved yet.")}</p>
        </Card>
    }
}

/// The checkpoints as listed; true = the best. A file that a later checkpoint took over is no longer theirs.
fn checkpoints(marks: &[CheckpointMark]) -> Vec<(CheckpointMark, bool)> {
    let mut marks = marks.to_vec();
    let mut taken = Vec::new();
    for mark in marks.iter_mut().rev() {
        if taken.contains(&mark.file) {
            mark.file = REPLACED.into();
        }
        taken.push(mark.file.clone());
    }
    let best = marks.iter().rposition(|mark| mark.best);
    let first = best.and_then(|at| marks.get(at)).map(|mark| (mark.clone(), true));
    let others = marks.iter().enumerate().rev().filter(|(at, _)| Some(*at) != best);
    first.into_iter().chain(others.map(|(_, mark)| (mark.clone(), false))).take(ROWS_MAX).collect()
}

/// Stands for a file that was written over.
const REPLACED: &str = "replaced since";

fn checkpoint_row((mark, best): (CheckpointMark, bool)) -> impl IntoView {
    view! {
        <tr>
            <th scope="row" class="number" data-label="Episode">{mark.episode}</th>
            <td class="number" data-label="Reward">{Fixed(mark.reward, 3).to_string()}</td>
            <td data-label="Mark">{best.then(|| view! { <Badge text="best".to_owned() tone=Tone::Good/> })}</td>
            <td class="mono" data-label="File">{mark.file}</td>
        </tr>
    }
}

/// Columns of the table of episodes: heading and series.
const COLUMNS: [(&str, &str); 6] = [
    ("Reward", "reward/mean"),
    ("Success", "reward/task_success"),
    ("Tool efficiency", "reward/tool_usage_efficiency"),
    ("Quality", "reward/response_quality"),
    ("Entropy", "policy/entropy"),
    ("Held out", "held_out/reward"),
];

/// Every episode with its numbers, newest first.
#[component]
pub fn Episodes(
    /// The run.
    view: ReadSignal<RunView>,
) -> impl IntoView {
    let rows = Memo::new(move |_| view.with(episode_rows));
    let cell = |((label, _), value): ((&'static str, &'static str), Option<f64>)| {
        view! { <td class="number" data-label=label>{crate::present::decimal(value)}</td> }
    };
    let row = move |(step, values): (i64, Vec<Option<f64>>)| {
        view! {
            <tr>
                <th scope="row" class="number" data-label="Episode">{step}</th>
                {COLUMNS.into_iter().zip(values).map(cell).collect_view()}
            </tr>
        }
    };
    let heads = COLUMNS.map(|(label, _)| view! { <th scope="col" class="number">{label}</th> });
    let more = move || {
        let n = view.with(|view| view.series.get("reward/mean").map_or(0, Vec::len));
        (n > ROWS_MAX).then(|| format!("The latest {ROWS_MAX} of {n} episodes."))
    };
    view! {
        <Card title="Episodes">
            <TableFrame label="Episodes">
                <thead>
                    <tr><th scope="col" class="number">"Episode"</th>{heads.into_iter().collect_view()}</tr>
                </thead>
                <tbody>{move || rows.get().into_iter().map(row).collect_view()}</tbody>
            </TableFrame>
            <p class="muted">{more}</p>
        </Card>
    }
}

fn episode_rows(view: &RunView) -> Vec<(i64, Vec<Option<f64>>)> {
    let steps = view.series.get("reward/mean").map(Vec::as_slice).unwrap_or_default();
    let value = |path: &str, step: i64| {
        let points = view.series.get(path)?;
        let at = points.binary_search_by_key(&step, |(x, _)| *x).ok()?;
        points.get(at).map(|(_, value)| *value)
    };
    let row = |(step, _): &(i64, f64)| (*step, COLUMNS.iter().map(|(_, path)| value(path, *step)).collect());
    steps.iter().rev().take(ROWS_MAX).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn episodes_come_newest_first_with_what_was_measured_then() {
        let series =
            [("reward/mean".to_owned(), vec![(1, 0.1), (2, 0.4)]), ("held_out/reward".to_owned(), vec![(2, 0.3)])];
        let rows = episode_rows(&RunView { series: series.into(), ..RunView::default() });
        assert_eq!(rows[0], (2, vec![Some(0.4), None, None, None, None, Some(0.3)]));
        assert_eq!(rows[1].0, 1);
    }

    #[test]
    fn the_best_checkpoint_stands_first() {
        let mark = |episode, best| {
            let file = if best { "best".to_owned() } else { format!("episode-{episode}") };
            CheckpointMark { episode, file, reward: 0.5, best }
        };
        let listed = checkpoints(&[mark(1, true), mark(2, true), mark(3, false)]);
        assert_eq!(
            listed.iter().map(|(mark, best)| (mark.episode, *best)).collect::<Vec<_>>(),
            [(2, true), (3, false), (1, false)]
        );
        assert_eq!(
            listed.iter().map(|(mark, _)| mark.file.as_str()).collect::<Vec<_>>(),
            ["best", "episode-3", REPLACED]
        );
    }

    #[test]
    fn settings_are_listed_by_their_path() {
        let mut rows = Vec::new();
        flatten("", &serde_json::json!({"seed": 7, "parameters": {"rate": 0.1}, "note": null}), &mut rows);
        rows.sort();
        assert_eq!(rows, [("parameters.rate".to_owned(), "0.1".to_owned()), ("seed".to_owned(), "7".to_owned())]);
    }
}
