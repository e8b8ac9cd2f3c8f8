//! The chart's values as a table: the same evidence without the picture.

use super::{Plot, Point, downsample};
use leptos::prelude::*;
use types::number::Fixed;

/// Most rows of the table.
const ROWS_MAX: usize = 60;

/// A table of the points that opens on demand; it follows live values only while it is open.
#[component]
pub fn PointsTable(
    /// What is drawn.
    plot: Memo<Plot>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let shown = Memo::new(move |before: Option<&Plot>| match before {
        Some(before) if !open.get() => before.clone(),
        _ => plot.get(),
    });
    let head = move || {
        shown.with(|plot| plot.curves.iter().map(|c| view! { <th scope="col">{c.name.clone()}</th> }).collect_view())
    };
    let body = move || {
        shown.with(|plot| {
            let rows = rows(&plot.curves.iter().map(|c| c.points.as_slice()).collect::<Vec<_>>());
            let cell = |value: Option<f64>| view! { <td>{value.map_or("–".into(), |v| Fixed(v, 4).to_string())}</td> };
            let row = |(step, cells): (i64, Vec<Option<f64>>)| {
                view! { <tr><th scope="row">{step}</th>{cells.into_iter().map(cell).collect_view()}</tr> }
            };
            rows.into_iter().map(row).collect_view()
        })
    };
    view! {
        <details class="curve-chart-table" on:toggle=move |_| open.update(|open| *open = !*open)>
            <summary>"Show as a table"</summary>
            <div class="curve-chart-scroll" tabindex="0" role="group" aria-label="Values of the chart">
                <table>
                    <thead><tr><th scope="col">"Step"</th>{head}</tr></thead>
                    <tbody>{body}</tbody>
                </table>
            </div>
        </details>
    }
}

/// One row a step over all curves, thinned to what can be read.
fn rows(curves: &[&[Point]]) -> Vec<(i64, Vec<Option<f64>>)> {
    let each = ROWS_MAX / curves.len().max(1);
    let mut steps: Vec<i64> = curves.iter().flat_map(|points| downsample(points, each)).map(|(step, _)| step).collect();
    steps.sort_unstable();
    steps.dedup();
    let value = |points: &[Point], step: i64| {
        let at = points.binary_search_by_key(&step, |(x, _)| *x).ok()?;
        points.get(at).map(|(_, value)| *value)
    };
    steps.into_iter().map(|step| (step, curves.iter().map(|points| value(points, step)).collect())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_are_joined_by_their_steps() {
        let table = rows(&[&[(1, 0.1), (2, 0.2)], &[(2, 0.5)]]);
        assert_eq!(table, [(1, vec![Some(0.1), None]), (2, vec![Some(0.2), Some(0.5)])]);
    }
}
