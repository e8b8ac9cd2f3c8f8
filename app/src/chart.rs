//! Live curves: drawn at once as a plain sketch by whoever renders the page, then by ECharts on a canvas in the browser.
//!
//! Must stay true: no inline style, no generated script, no HTML tooltips (a strict Content-Security-Policy); the axes keep
//! still while the pointer is over the chart; every chart says in a sentence and in a table what it draws.

#[cfg(feature = "hydrate")]
mod canvas;
#[cfg(feature = "hydrate")]
mod options;
mod scale;
mod sketch;
mod smoothing;
mod summary;
mod table;

use leptos::prelude::*;
use std::time::Duration;

pub use scale::{Limits, downsample, step_limits, value_limits};
pub use smoothing::smooth;
pub use summary::{describe, describe_with_best};

/// A point of a curve: step and value.
pub type Point = (i64, f64);

/// How a curve is drawn: never by colour alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Look {
    /// Thin and faint: values as measured, behind their smoothed curve.
    Faint,
    /// A full line.
    Bold,
    /// A dashed line with markers: measured now and then.
    Marked,
    /// A dotted line without markers: something to compare with.
    Reference,
}

impl Look {
    /// The word that selects its style.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Faint => "faint",
            Self::Bold => "bold",
            Self::Marked => "marked",
            Self::Reference => "reference",
        }
    }
}

/// One curve of a chart.
#[derive(Clone, PartialEq, Debug)]
pub struct Curve {
    /// Its name in legend, tooltip and table.
    pub name: String,
    /// Its points, steps ascending.
    pub points: Vec<Point>,
    /// Which series colour, from 1 to 8.
    pub colour: u8,
    /// How it is drawn.
    pub look: Look,
}

/// What a chart draws.
#[derive(Clone, PartialEq, Debug)]
pub struct Plot {
    /// The curves, the most important last (it is drawn on top).
    pub curves: Vec<Curve>,
    /// Steps in all, where known; 0 = not known.
    pub total: i64,
    /// Fixed limits of the value axis; `None` = from the values.
    pub value_limits: Option<Limits>,
}

/// Most points of a curve that are drawn.
const POINTS_MAX: usize = 900;

impl Plot {
    /// Limits of the step axis and of the value axis.
    pub fn limits(&self) -> (Limits, Limits) {
        let last = self.curves.iter().filter_map(|c| c.points.last()).map(|(x, _)| *x).max().unwrap_or(0);
        let values = self.curves.iter().flat_map(|c| c.points.iter().map(|(_, y)| *y));
        (step_limits(last, self.total), self.value_limits.unwrap_or_else(|| value_limits(values)))
    }

    /// The same plot with no more points than can be seen.
    fn thinned(mut self) -> Self {
        for curve in &mut self.curves {
            curve.points = downsample(&curve.points, POINTS_MAX);
        }
        self
    }
}

/// A chart with its heading, legend, summary sentence and table.
#[component]
pub fn CurveChart(
    /// Heading.
    title: &'static str,
    /// Unique on the page, a word: ids are made of it.
    name: &'static str,
    /// What is drawn.
    #[prop(into)]
    plot: Signal<Plot>,
    /// What it says, in a sentence.
    #[prop(into)]
    summary: Signal<String>,
) -> impl IntoView {
    let plot = Memo::new(move |_| plot.get().thinned());
    let host = NodeRef::<leptos::html::Div>::new();
    let drawn = RwSignal::new(false);
    let (hovered, moved) = (RwSignal::new(false), StoredValue::new(false));
    let hover = move |_| {
        moved.set_value(true);
        if !hovered.get_untracked() {
            hovered.set(true);
            hold_while_moving(hovered, moved);
        }
    };
    #[cfg(feature = "hydrate")]
    canvas::draw(host, plot, canvas::Signals { drawn, hovered });
    let heading = format!("chart-{name}");
    view! {
        <figure class="curve-chart" aria-label=title>
            <div class="curve-chart-head">
                <h3 id=heading>{title}</h3>
                <ul class="curve-chart-legend">
                    {move || plot.with(|plot| legend(plot).map(legend_entry).collect_view())}
                </ul>
            </div>
            <div
                class="curve-chart-frame"
                data-drawn=move || drawn.get().then_some("")
                aria-hidden="true"
                on:pointermove=hover
                on:pointerleave=move |_| hovered.set(false)
            >
                <sketch::Sketch plot/>
                <div class="curve-chart-canvas" node_ref=host></div>
            </div>
            <figcaption>{summary}</figcaption>
            <table::PointsTable plot/>
        </figure>
    }
}

/// How long the axes keep still after the pointer came to rest.
const STILL: Duration = Duration::from_secs(3);

/// Lets the axes go once the pointer rests: one that was left lying on the chart would hold them for good.
fn hold_while_moving(hovered: RwSignal<bool>, moved: StoredValue<bool>) {
    let look = move || match moved.try_get_value() {
        Some(true) => {
            moved.set_value(false);
            hold_while_moving(hovered, moved);
        }
        _ => {
            hovered.try_set(false);
        }
    };
    set_timeout(look, STILL);
}

/// The most important curve first; raw values need no entry of their own behind their smoothed curve.
fn legend(plot: &Plot) -> impl Iterator<Item = &Curve> {
    plot.curves.iter().rev().filter(|curve| curve.look != Look::Faint)
}

fn legend_entry(curve: &Curve) -> impl IntoView + use<> {
    view! {
        <li data-colour=curve.colour.to_string() data-look=curve.look.as_str()>
            <svg viewBox="0 0 24 8" aria-hidden="true" focusable="false">
                <path d="M1 4H23"></path>
                {(curve.look == Look::Marked).then(|| view! { <circle cx="12" cy="4" r="3"></circle> })}
            </svg>
            {curve.name.clone()}
        </li>
    }
}
