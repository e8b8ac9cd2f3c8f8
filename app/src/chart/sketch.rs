//! The chart as plain SVG: what is seen before, and without, the charting script.

use super::{Limits, Plot, Point};
use leptos::prelude::*;
use std::fmt::Write;
use types::number::Fixed;

const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 240.0;

/// The curves as SVG paths, stretched over the frame.
#[component]
pub fn Sketch(
    /// What is drawn.
    plot: Memo<Plot>,
) -> impl IntoView {
    let paths = move || {
        plot.with(|plot| {
            let (steps, values) = plot.limits();
            let path = |curve: &super::Curve| {
                let d = path_data(&curve.points, steps, values);
                let (colour, look) = (curve.colour.to_string(), curve.look.as_str());
                view! { <path d=d data-colour=colour data-look=look vector-effect="non-scaling-stroke"></path> }
            };
            plot.curves.iter().map(path).collect_view()
        })
    };
    view! {
        <svg class="curve-chart-sketch" viewBox="0 0 600 240" preserveAspectRatio="none" focusable="false">{paths}</svg>
    }
}

/// `M x y L x y …` of the finite points, y downwards.
fn path_data(points: &[Point], steps: Limits, values: Limits) -> String {
    let mut path = String::new();
    for (step, value) in points.iter().filter(|(_, value)| value.is_finite()) {
        let command = if path.is_empty() { 'M' } else { 'L' };
        let x = steps.fraction(*step as f64) * WIDTH;
        let y = (1.0 - values.fraction(*value)) * HEIGHT;
        // Writing to a string cannot fail.
        let _ = write!(path, "{command}{} {}", Fixed(x, 1), Fixed(y, 1));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_laid_over_the_frame_with_y_downwards() {
        let limits = (Limits { min: 0.0, max: 10.0, interval: 2.0 }, Limits::UNIT);
        let points = [(0, 0.0), (5, f64::NAN), (10, 0.5)];
        assert_eq!(path_data(&points, limits.0, limits.1), "M0.0 240.0L600.0 120.0");
    }
}
