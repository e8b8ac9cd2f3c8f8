//! A value from 0 to 1 with its interval as a whisker: the uncertainty is part of the number.

use leptos::prelude::*;
use types::number::{Fixed, Plain};

const WIDTH: f64 = 120.0;

fn at(value: f64) -> f64 {
    // Whole tenths, so that server and browser write the same text.
    (value.clamp(0.0, 1.0) * WIDTH * 10.0).round() / 10.0
}

/// A bar with a whisker, and both as text for those who cannot see it.
#[component]
pub fn IntervalBar(
    /// The value, 0 to 1.
    value: f64,
    /// Its interval.
    #[prop(into, optional)]
    interval: Option<(f64, f64)>,
    /// What it is: "Task success".
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let text = match interval {
        Some((low, high)) => {
            format!("{label}: {}, interval {} to {}", Fixed(value, 2), Fixed(low, 2), Fixed(high, 2))
        }
        None => format!("{label}: {}", Fixed(value, 2)),
    };
    let whisker = interval.map(|(low, high)| {
        let (low, high) = (Plain(at(low)), Plain(at(high)));
        view! {
            <path class="whisker" d=format!("M{low} 4V12M{low} 8H{high}M{high} 4V12") />
        }
    });
    view! {
        <svg class="interval-bar" role="img" aria-label=text viewBox="0 0 120 16" preserveAspectRatio="none">
            <rect class="track" x="0" y="5" width="120" height="6" rx="3" />
            <rect class="bar" x="0" y="5" width=Plain(at(value)).to_string() height="6" rx="3" />
            {whisker}
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_the_scale_are_the_ends_of_the_bar() {
        assert_eq!((at(-1.0), at(0.0), at(0.5), at(1.0), at(2.0)), (0.0, 0.0, 60.0, 120.0, 120.0));
    }
}
