//! Charts of the ranking as SVG. Places across are shares of the width, so that texts keep their size on every screen.

use super::table::{dollars, millis};
use crate::present::{percent, percent_interval};
use leptos::prelude::*;
use types::{LeaderboardRow, number::Fixed};

/// Most agents that a chart shows, the best ones.
const AGENTS_MAX: usize = 30;
/// Height of an agent in the interval plot: its name, below it its interval.
const ROW: usize = 40;
/// Height of the plot of two metrics, and of the space above it.
const HEIGHT: f64 = 260.0;
const TOP: f64 = 12.0;
/// Both in whole pixels.
const PLOT: usize = 272;
/// Below every plot, for the numbers of the axis.
const AXIS: usize = 28;
/// Share of the width that the numbers of the levels take.
const MARGIN: f64 = 0.12;
/// Texts nearer than this would cover each other.
const TEXT_HEIGHT: f64 = 14.0;

/// A share of the width.
fn across(share: f64) -> String {
    format!("{}%", Fixed(share.clamp(0.0, 1.0) * 100.0, 2))
}

fn down(pixels: f64) -> String {
    Fixed(pixels, 1).to_string()
}

fn best_first(rows: &[LeaderboardRow]) -> Vec<&LeaderboardRow> {
    let mut rows: Vec<_> = rows.iter().collect();
    rows.sort_by(|a, b| b.task_success.total_cmp(&a.task_success));
    rows.truncate(AGENTS_MAX);
    rows
}

/// A chart that says in a sentence what it shows.
pub fn figure(name: &'static str, title: &'static str, sentence: String, height: usize, drawn: AnyView) -> AnyView {
    let (heading, told) = (format!("{name}-title"), format!("{name}-text"));
    let (labelled_by, described_by) = (heading.clone(), told.clone());
    view! {
        <figure class="board-chart">
            <h2>{title}</h2>
            <svg role="img" aria-labelledby=labelled_by aria-describedby=described_by height=height.to_string()>
                <title id=heading>{title}</title>
                <desc id=told>{sentence.clone()}</desc>
                {drawn}
            </svg>
            <figcaption class="muted">{sentence}</figcaption>
        </figure>
    }
    .into_any()
}

/// A line that marks a value across the whole height, and its text below.
fn tick(at: f64, text: String, height: usize) -> AnyView {
    let anchor = if at <= 0.0 {
        "start"
    } else if at >= 1.0 {
        "end"
    } else {
        "middle"
    };
    let (x, bottom) = (across(at), height - AXIS + 6);
    view! {
        <line class="tick" x1=x.clone() x2=x.clone() y1="0" y2=bottom.to_string()></line>
        <text class="tick-text" x=x y=(height - 6).to_string() text-anchor=anchor>{text}</text>
    }
    .into_any()
}

fn quarters(height: usize) -> AnyView {
    [0.0, 0.25, 0.5, 0.75, 1.0]
        .map(|at| tick(at, format!("{}%", at * 100.0), height))
        .into_iter()
        .collect_view()
        .into_any()
}

/// Task success of each agent with its interval.
pub fn intervals(rows: &[LeaderboardRow]) -> Option<AnyView> {
    let rows = best_first(rows);
    let leader = *rows.first()?;
    let height = rows.len() * ROW + AXIS;
    let reached = rows.iter().skip(1).filter(|row| row.interval.1 >= leader.interval.0).count();
    let sentence = format!(
        "Each agent's task success as a point with its 95% interval, best first; the dashed line is the leader's. {}: {} ({}). \
         The intervals of {reached} of {} others reach into the leader's. The numbers are in the table.",
        leader.agent_name,
        percent(Some(leader.task_success)),
        percent_interval(leader.interval),
        rows.len() - 1
    );
    let lead = across(leader.task_success);
    let drawn = view! {
        {quarters(height)}
        <line class="lead" x1=lead.clone() x2=lead y1="0" y2=(height - AXIS + 6).to_string()></line>
        {rows.iter().enumerate().map(|(place, row)| interval(place, row)).collect_view()}
    };
    Some(figure("board-intervals", "Task success with its uncertainty", sentence, height, drawn.into_any()))
}

fn interval(place: usize, row: &LeaderboardRow) -> AnyView {
    let top = place * ROW;
    let (y, above, below) = ((top + 28).to_string(), (top + 23).to_string(), (top + 33).to_string());
    let (low, high) = (across(row.interval.0), across(row.interval.1));
    view! {
        <text class="name" x="0" y=(top + 15).to_string()>{row.agent_name.clone()}</text>
        <line class="whisker" x1=low.clone() x2=high.clone() y1=y.clone() y2=y.clone()></line>
        <line class="whisker" x1=low.clone() x2=low y1=above.clone() y2=below.clone()></line>
        <line class="whisker" x1=high.clone() x2=high y1=above y2=below></line>
        <circle class="point" cx=across(row.task_success) cy=y r="4"></circle>
    }
    .into_any()
}

/// What task success is set against.
struct Measure {
    title: &'static str,
    word: &'static str,
    value: fn(&LeaderboardRow) -> Option<f64>,
    text: fn(f64) -> String,
}

const COST: Measure = Measure {
    title: "Task success against cost",
    word: "costs a case on average",
    value: |row| row.cost_usd,
    text: dollars,
};
const LATENCY: Measure = Measure {
    title: "Task success against latency",
    word: "takes a case at the median",
    value: |row| row.latency_ms_p50,
    text: millis,
};

/// An agent in the plot.
struct Point<'a> {
    row: &'a LeaderboardRow,
    value: f64,
    x: f64,
    on_front: bool,
}

/// Task success against cost, or latency where nothing has a price, with the agents that none is better than in both.
pub fn trade_off(rows: &[LeaderboardRow]) -> Option<AnyView> {
    let priced = rows.iter().any(|row| row.cost_usd.is_some());
    let measure = if priced { COST } else { LATENCY };
    let known: Vec<(&LeaderboardRow, f64)> =
        best_first(rows).into_iter().filter_map(|row| Some((row, (measure.value)(row)?))).collect();
    if known.len() < 2 {
        return None;
    }
    let scale = Scale::of(known.iter().map(|(_, value)| *value));
    let points: Vec<Point> = known
        .iter()
        .map(|(row, value)| Point { row, value: *value, x: scale.at(*value), on_front: on_front(row, *value, &known) })
        .collect();
    let height = PLOT + AXIS;
    let mut ticks: Vec<(f64, String)> = scale.ticks().map(|value| (scale.at(value), (measure.text)(value))).collect();
    ticks.dedup_by(|(_, text), (_, before)| text == before);
    let across_ticks: Vec<AnyView> = ticks.into_iter().map(|(at, text)| tick(at, text, height)).collect();
    let drawn = view! {
        {across_ticks}
        {[0.0, 0.25, 0.5, 0.75, 1.0].map(level).into_iter().collect_view()}
        {front_line(&points)}
        {points.iter().map(mark).collect_view()}
        {names(&points)}
    };
    let missing = rows.len() - known.len();
    Some(figure("board-trade-off", measure.title, told(&points, &measure, missing), height, drawn.into_any()))
}

fn y_of(share: f64) -> f64 {
    TOP + (1.0 - share.clamp(0.0, 1.0)) * HEIGHT
}

/// Whether nobody passes at least as much for at most as little, and one of both better.
fn on_front(row: &LeaderboardRow, value: f64, all: &[(&LeaderboardRow, f64)]) -> bool {
    !all.iter().any(|(other, cheaper)| {
        let no_worse = other.task_success >= row.task_success && *cheaper <= value;
        no_worse && (other.task_success > row.task_success || *cheaper < value)
    })
}

fn level(share: f64) -> AnyView {
    let y = down(y_of(share));
    view! {
        <line class="tick" x1="0" x2="100%" y1=y.clone() y2=y></line>
        <text class="tick-text" x="0" y=down(y_of(share) - 3.0)>{format!("{}%", share * 100.0)}</text>
    }
    .into_any()
}

/// The front as stairs: what is the most that is passed for so much.
fn front_line(points: &[Point]) -> AnyView {
    let mut front: Vec<&Point> = points.iter().filter(|point| point.on_front).collect();
    front.sort_by(|a, b| a.value.total_cmp(&b.value));
    let step = |pair: &[&Point]| {
        let [one, next] = pair else { return ().into_any() };
        let (from, to) = (across(one.x), across(next.x));
        let (low, high) = (down(y_of(one.row.task_success)), down(y_of(next.row.task_success)));
        view! {
            <line class="front" x1=from x2=to.clone() y1=low.clone() y2=low.clone()></line>
            <line class="front" x1=to.clone() x2=to y1=low y2=high></line>
        }
        .into_any()
    };
    front.windows(2).map(step).collect_view().into_any()
}

fn mark(point: &Point) -> AnyView {
    let (x, (low, high)) = (across(point.x), point.row.interval);
    view! {
        <line class="reach" x1=x.clone() x2=x.clone() y1=down(y_of(low)) y2=down(y_of(high))></line>
        <circle class="point" data-front=point.on_front.to_string() cx=x cy=down(y_of(point.row.task_success)) r="5"></circle>
    }
    .into_any()
}

/// Names beside their points, pushed down where they would cover each other.
fn names(points: &[Point]) -> AnyView {
    let mut order: Vec<&Point> = points.iter().collect();
    order.sort_by(|a, b| b.row.task_success.total_cmp(&a.row.task_success));
    let mut set: Vec<(f64, f64)> = Vec::new();
    let name = |point: &&Point| {
        let mut y = y_of(point.row.task_success) + 4.0;
        while let Some((_, taken)) =
            set.iter().find(|(x, taken)| (x - point.x).abs() < 0.35 && (taken - y).abs() < TEXT_HEIGHT)
        {
            y = taken + TEXT_HEIGHT;
        }
        set.push((point.x, y));
        let (anchor, beside) = if point.x > 0.6 { ("end", "-10") } else { ("start", "10") };
        view! {
            <text class="name" x=across(point.x) y=down(y) dx=beside text-anchor=anchor>{point.row.agent_name.clone()}</text>
        }
        .into_any()
    };
    order.iter().map(name).collect_view().into_any()
}

fn told(points: &[Point], measure: &Measure, missing: usize) -> String {
    let front = points.iter().filter(|point| point.on_front);
    let front: Vec<String> = front
        .map(|point| {
            format!(
                "{} ({}, {})",
                point.row.agent_name,
                percent(Some(point.row.task_success)),
                (measure.text)(point.value)
            )
        })
        .collect();
    let missing = match missing {
        0 => String::new(),
        n => format!(" {n} without such a number or below the best {AGENTS_MAX} are not drawn."),
    };
    format!(
        "Up: task success with its 95% interval; to the right: what it {}. Filled points are the Pareto front, the agents that no other \
         one beats in one without being worse in the other: {}.{missing} The numbers are in the table.",
        measure.word,
        front.join(", ")
    )
}

/// From values to shares of the width: by their logarithms where they differ by far.
struct Scale {
    low: f64,
    high: f64,
    by_logarithm: bool,
}

impl Scale {
    fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let (least, most) =
            values.fold((f64::INFINITY, 0.0_f64), |(least, most), value| (least.min(value), most.max(value)));
        if least > 0.0 && most > 20.0 * least {
            return Self { low: least / 2.0, high: most * 2.0, by_logarithm: true };
        }
        Self { low: 0.0, high: if most > 0.0 { most * 1.15 } else { 1.0 }, by_logarithm: false }
    }

    fn at(&self, value: f64) -> f64 {
        let share = if self.by_logarithm {
            (value / self.low).ln() / (self.high / self.low).ln()
        } else {
            (value - self.low) / (self.high - self.low)
        };
        MARGIN + (1.0 - MARGIN) * share
    }

    /// Values with a tick: the ends and the middle.
    fn ticks(&self) -> impl Iterator<Item = f64> + use<> {
        let middle = if self.by_logarithm { (self.low * self.high).sqrt() } else { f64::midpoint(self.low, self.high) };
        [self.low, middle, self.high].into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_has_its_values_within_and_takes_logarithms_where_they_differ_by_far() {
        let near = Scale::of([10.0, 20.0].into_iter());
        assert!(!near.by_logarithm && near.at(0.0) == MARGIN && near.at(20.0) < 1.0);
        let far = Scale::of([0.001, 1.0].into_iter());
        assert!(far.by_logarithm && far.at(0.001) > MARGIN && far.at(1.0) < 1.0);
        // Of 0.0005 to 2, the middle is √0.001.
        assert!((far.at(0.001_f64.sqrt()) - f64::midpoint(MARGIN, 1.0)).abs() < 1e-9);
        assert!((Scale::of([0.0, 0.0].into_iter()).at(0.0) - MARGIN).abs() < 1e-9);
    }
}
