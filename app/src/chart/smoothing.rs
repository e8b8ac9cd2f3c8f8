//! Smoothing of a noisy curve.

use super::Point;

/// Debiased exponential moving average of `points`, the same steps.
///
/// `v = v·s + (1 − s)·y`, `y' = v / (1 − sᵗ)`, `t` counted from 1. Values that are not finite are passed over; a constant
/// curve stays as it is, to the bit.
pub fn smooth(points: &[Point], smoothing: f64) -> Vec<Point> {
    let s = smoothing.clamp(0.0, 0.999);
    let finite = || points.iter().filter(|(_, y)| y.is_finite());
    let constant = finite().zip(finite().skip(1)).all(|((_, a), (_, b))| a == b);
    if s == 0.0 || constant {
        return finite().copied().collect();
    }
    let (mut v, mut bias) = (0.0, 1.0);
    let step = |&(x, y): &Point| {
        v = v * s + (1.0 - s) * y;
        bias *= s;
        (x, v / (1.0 - bias))
    };
    finite().map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_is_kept_and_later_ones_are_averaged() {
        // s = 0.5: v1 = 0.5·1 = 0.5, /0.5 = 1; v2 = 0.25 + 0.5·0 = 0.25, /0.75 = 1/3.
        let curve = smooth(&[(1, 1.0), (2, 0.0)], 0.5);
        assert_eq!(curve[0], (1, 1.0));
        assert!((curve[1].1 - 1.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn a_constant_curve_is_untouched() {
        let flat = [(1, 0.1), (2, 0.1), (3, 0.1)];
        assert_eq!(smooth(&flat, 0.9), flat);
    }

    #[test]
    fn values_that_are_not_numbers_are_passed_over() {
        let curve = smooth(&[(1, 1.0), (2, f64::NAN), (3, 0.0)], 0.5);
        assert_eq!(curve.iter().map(|(x, _)| *x).collect::<Vec<_>>(), [1, 3]);
        assert!((curve[1].1 - 1.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn no_smoothing_changes_nothing() {
        let curve = [(1, 0.2), (2, 0.9)];
        assert_eq!(smooth(&curve, 0.0), curve);
    }
}
