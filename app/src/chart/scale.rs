//! Axis limits that stay put while points are appended, and fewer points where a curve has more than pixels.

use super::Point;

/// Limits of one axis.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Limits {
    /// Least value shown.
    pub min: f64,
    /// Greatest value shown.
    pub max: f64,
    /// From one mark to the next.
    pub interval: f64,
}

impl Limits {
    /// From 0 to 1.
    pub const UNIT: Self = Self { min: 0.0, max: 1.0, interval: 0.2 };

    /// The least limits on whole multiples of `interval` that hold both values.
    fn around(low: f64, high: f64, interval: f64) -> Self {
        let multiple = |count: f64| (count * interval * 1e9).round() / 1e9;
        let (first, last) = ((low / interval).floor(), (high / interval).ceil());
        Self { min: multiple(first), max: multiple(last.max(first + 1.0)), interval }
    }

    /// Where `value` lies between the limits, 0 to 1.
    pub fn fraction(self, value: f64) -> f64 {
        if self.max > self.min { ((value - self.min) / (self.max - self.min)).clamp(0.0, 1.0) } else { 0.5 }
    }
}

/// The least of 1, 2, 5, 10, 20, 50, … that is at least `value`; 1 for anything that is not more than 0.
pub fn nice_ceiling(value: f64) -> f64 {
    if !value.is_finite() || value <= 0.0 {
        return 1.0;
    }
    let unit = 10f64.powf(value.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0];
    steps.into_iter().map(|step| step * unit).find(|edge| *edge >= value * (1.0 - 1e-9)).unwrap_or(10.0 * unit)
}

/// Limits of the step axis: from 0 to a round number that changes seldom, about `total` at most.
pub fn step_limits(last: i64, total: i64) -> Limits {
    let most = total.max(last).max(1) as f64;
    let end = nice_ceiling(last.max(10) as f64).min(most);
    Limits::around(0.0, end, nice_ceiling(end / 6.0).max(1.0))
}

/// Limits of the value axis that hold every finite value, on round numbers.
pub fn value_limits(values: impl Iterator<Item = f64>) -> Limits {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for value in values.filter(|v| v.is_finite()) {
        low = low.min(value);
        high = high.max(value);
    }
    if low > high {
        return Limits::UNIT;
    }
    Limits::around(low, high, nice_ceiling((high - low).max(high.abs() * 1e-3).max(1e-6) / 5.0))
}

/// At most about `most` points: of each bucket the least, the greatest and the last, in order of their steps.
pub fn downsample(points: &[Point], most: usize) -> Vec<Point> {
    if points.len() <= most.max(3) {
        return points.to_vec();
    }
    let size = points.len().div_ceil((most / 3).max(1));
    points.chunks(size).flat_map(extremes).collect()
}

fn extremes(bucket: &[Point]) -> Vec<Point> {
    let by_value = |a: &&Point, b: &&Point| a.1.total_cmp(&b.1);
    let picks = [bucket.iter().min_by(by_value), bucket.iter().max_by(by_value), bucket.last()];
    let is_picked = |point: &&Point| picks.iter().flatten().any(|pick| pick.0 == point.0);
    bucket.iter().filter(is_picked).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_ceilings() {
        for (value, edge) in [(0.0, 1.0), (1.0, 1.0), (1.1, 2.0), (3.0, 5.0), (7.0, 10.0), (30.0, 50.0), (0.03, 0.05)] {
            assert!((nice_ceiling(value) - edge).abs() < 1e-12, "{value}: {}", nice_ceiling(value));
        }
    }

    #[test]
    fn the_step_axis_stays_while_points_are_appended() {
        assert_eq!(step_limits(12, 200), step_limits(19, 200));
        assert_eq!(step_limits(25, 30), Limits { min: 0.0, max: 30.0, interval: 5.0 });
        assert_eq!(step_limits(3, 30), Limits { min: 0.0, max: 10.0, interval: 2.0 });
    }

    #[test]
    fn the_value_axis_holds_every_value_on_round_marks() {
        // Range 0.81, a fifth of it 0.162, so marks at every 0.2.
        let limits = value_limits([0.12, 0.93, f64::NAN].into_iter());
        assert_eq!(limits, Limits { min: 0.0, max: 1.0, interval: 0.2 });
        // Range 0.53: marks at every 0.2; 3 · 0.2 is written 0.6, not 0.6000000000000001.
        assert_eq!(value_limits([0.65, 1.18].into_iter()), Limits { min: 0.6, max: 1.2, interval: 0.2 });
        assert_eq!(value_limits(std::iter::empty()), Limits::UNIT);
        let flat = value_limits([2.0, 2.0].into_iter());
        assert!(flat.min <= 2.0 && flat.max > 2.0);
    }

    #[test]
    fn a_thinned_curve_keeps_its_peaks_and_its_end() {
        let mut points: Vec<Point> = (0..1000).map(|x| (x, 0.5)).collect();
        points[500].1 = 9.0;
        points[501].1 = -9.0;
        let thin = downsample(&points, 90);
        assert!(thin.len() <= 90);
        assert!(thin.contains(&(500, 9.0)) && thin.contains(&(501, -9.0)));
        assert_eq!(thin.last(), Some(&(999, 0.5)));
        assert!(thin.windows(2).all(|w| w[0].0 < w[1].0));
    }
}
