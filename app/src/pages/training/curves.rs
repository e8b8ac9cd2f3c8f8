//! The curves of a run: which series stand in which chart, smoothed, with what they say in words.

use crate::chart::{Curve, CurveChart, Limits, Look, Plot, Point, describe, describe_with_best, smooth};
use leptos::prelude::*;
use types::{RunView, number::Fixed};

/// Smoothing when the address does not say.
pub const SMOOTHING_DEFAULT: f64 = 0.6;

/// One chart: which series it draws, and how.
#[derive(Clone, Copy)]
struct ChartSpec {
    title: &'static str,
    name: &'static str,
    series: &'static [SeriesSpec],
    unit_interval: bool,
    /// What the sentence adds to a curve's name.
    noun: &'static str,
}

#[derive(Clone, Copy)]
struct SeriesSpec {
    path: &'static str,
    label: &'static str,
    colour: u8,
    look: Look,
}

const fn series(path: &'static str, label: &'static str, colour: u8, look: Look) -> SeriesSpec {
    SeriesSpec { path, label, colour, look }
}

const REWARD: ChartSpec = ChartSpec {
    title: "Reward",
    name: "reward",
    series: &[
        series("control/random", "random policy", 8, Look::Reference),
        series("control/oracle", "best possible", 3, Look::Reference),
        series("reward/mean", "training", 1, Look::Bold),
        series("held_out/reward", "held out", 2, Look::Marked),
    ],
    unit_interval: true,
    noun: " reward",
};

const PARTS: ChartSpec = ChartSpec {
    title: "Parts of the reward",
    name: "parts",
    series: &[
        series("reward/response_quality", "response quality", 4, Look::Bold),
        series("reward/tool_usage_efficiency", "tool efficiency", 3, Look::Bold),
        series("reward/task_success", "task success", 1, Look::Bold),
        series("held_out/task_success", "held-out success", 2, Look::Marked),
    ],
    unit_interval: true,
    noun: "",
};

const ENTROPY: ChartSpec = ChartSpec {
    title: "Entropy of the policy",
    name: "entropy",
    series: &[series("policy/entropy", "entropy", 5, Look::Bold)],
    unit_interval: false,
    noun: "",
};

const LOSS: ChartSpec = ChartSpec {
    title: "Losses",
    name: "loss",
    series: &[
        series("loss/warm_start", "warm start", 4, Look::Bold),
        series("loss/policy", "policy gradient", 7, Look::Bold),
    ],
    unit_interval: false,
    noun: "",
};

const GRADIENT: ChartSpec = ChartSpec {
    title: "Size of the gradient",
    name: "gradient",
    series: &[series("policy/gradient_norm", "gradient norm", 6, Look::Bold)],
    unit_interval: false,
    noun: "",
};

/// The charts of a run; those without a series yet are not shown, but for the reward.
#[component]
pub fn Curves(
    /// The run.
    view: ReadSignal<RunView>,
    /// 0 to 0.99.
    #[prop(into)]
    smoothing: Signal<f64>,
) -> impl IntoView {
    let chart = move |spec: ChartSpec| view! { <SpecChart spec view smoothing/> };
    let has = move |spec: ChartSpec| {
        Memo::new(move |_| view.with(|view| spec.series.iter().any(|series| view.series.contains_key(series.path))))
    };
    let rest = [PARTS, ENTROPY, LOSS, GRADIENT].map(|spec| (spec, has(spec)));
    view! {
        <div class="curves">
            <div class="curves-main">{chart(REWARD)}</div>
            {rest.into_iter().map(|(spec, there)| view! { <Show when=move || there.get()>{chart(spec)}</Show> }).collect_view()}
        </div>
    }
}

#[component]
fn SpecChart(spec: ChartSpec, view: ReadSignal<RunView>, smoothing: Signal<f64>) -> impl IntoView {
    let plot = Memo::new(move |_| view.with(|view| plot_of(&spec, view, smoothing.get())));
    let summary = Memo::new(move |_| view.with(|view| summary_of(&spec, view)));
    view! { <CurveChart title=spec.title name=spec.name plot summary/> }
}

fn plot_of(spec: &ChartSpec, view: &RunView, smoothing: f64) -> Plot {
    let mut curves = Vec::new();
    for series in spec.series {
        let points = view.series.get(series.path).map(Vec::as_slice).unwrap_or_default();
        match series.look {
            Look::Bold if smoothing > 0.0 => {
                curves.push(curve(series, format!("{}, raw", series.label), points.to_vec(), Look::Faint));
                curves.push(curve(series, series.label.to_owned(), smooth(points, smoothing), Look::Bold));
            }
            look => curves.push(curve(series, series.label.to_owned(), reference(points, look, view), look)),
        }
    }
    // A curve that has no point would only crowd the legend.
    curves.retain(|curve| !curve.points.is_empty());
    Plot { curves, total: view.total, value_limits: spec.unit_interval.then_some(Limits::UNIT) }
}

fn curve(series: &SeriesSpec, name: String, points: Vec<Point>, look: Look) -> Curve {
    Curve { name, points, colour: series.colour, look }
}

/// A control that was measured once is drawn across the whole chart.
fn reference(points: &[Point], look: Look, view: &RunView) -> Vec<Point> {
    match (points, look) {
        ([(_, level)], Look::Reference) => vec![(0, *level), (view.done.max(view.total), *level)],
        _ => points.to_vec(),
    }
}

fn summary_of(spec: &ChartSpec, view: &RunView) -> String {
    let sentence = |series: &SeriesSpec| {
        let points = view.series.get(series.path).filter(|points| !points.is_empty())?;
        let name = format!("{}{}", capitalised(series.label), spec.noun);
        Some(match (series.look, spec.unit_interval) {
            (Look::Reference, _) => format!("{}: {}.", capitalised(series.label), Fixed(points.last()?.1, 2)),
            (_, true) => describe_with_best(&name, points, "episode"),
            (_, false) => describe(&name, points, "episode"),
        })
    };
    let sentences: Vec<String> = spec.series.iter().rev().filter_map(sentence).collect();
    if sentences.is_empty() { "No episode has ended yet.".into() } else { sentences.join(" ") }
}

fn capitalised(label: &str) -> String {
    let mut label = label.to_owned();
    if let Some(first) = label.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(series: &[(&str, &[Point])]) -> RunView {
        let series = series.iter().map(|(name, points)| (name.to_string(), points.to_vec())).collect();
        RunView { series, total: 30, done: 2, ..RunView::default() }
    }

    #[test]
    fn the_raw_curve_stands_behind_the_smoothed_one() {
        let view = view(&[("reward/mean", &[(1, 0.1), (2, 0.9)])]);
        let plot = plot_of(&REWARD, &view, 0.5);
        let looks: Vec<_> = plot.curves.iter().map(|curve| curve.look).collect();
        assert_eq!(looks, [Look::Faint, Look::Bold]);
        assert_eq!(plot_of(&REWARD, &view, 0.0).curves.len(), 1);
    }

    #[test]
    fn a_control_is_a_line_across_the_chart() {
        let plot = plot_of(&REWARD, &view(&[("control/random", &[(0, 0.2)])]), 0.5);
        assert_eq!(plot.curves[0].points, [(0, 0.2), (30, 0.2)]);
    }

    #[test]
    fn the_sentence_says_held_out_first() {
        let view = view(&[("reward/mean", &[(1, 0.1), (2, 0.9)]), ("held_out/reward", &[(0, 0.2), (2, 0.8)])]);
        assert_eq!(
            summary_of(&REWARD, &view),
            "Held out reward rose from 0.20 to 0.80 over 2 episodes; best 0.80 at episode 2. \
             Training reward rose from 0.10 to 0.90 over 1 episode; best 0.90 at episode 2."
        );
    }
}
