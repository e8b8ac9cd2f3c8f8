//! What a curve says, as a sentence.

use super::Point;
use types::number::Fixed;

/// "Reward rose from 0.12 to 0.93 over 30 episodes; best 0.95 at episode 27." for the steps from the first point to the last.
pub fn describe(name: &str, points: &[Point], unit: &str) -> String {
    let (Some((first_step, first)), Some((last_step, last))) = (points.first(), points.last()) else {
        return format!("{name}: no values yet.");
    };
    if points.len() == 1 {
        return format!("{name} is {} at {unit} {last_step}.", two(*last));
    }
    let over = last_step - first_step;
    let units = if over == 1 { unit.to_owned() } else { format!("{unit}s") };
    let change = match last - first {
        d if d >= 0.005 => format!("rose from {} to {}", two(*first), two(*last)),
        d if d <= -0.005 => format!("fell from {} to {}", two(*first), two(*last)),
        _ => format!("stayed at {}", two(*last)),
    };
    format!("{name} {change} over {over} {units}.")
}

/// [`describe`] with the best value added, for curves where more is better.
pub fn describe_with_best(name: &str, points: &[Point], unit: &str) -> String {
    let sentence = describe(name, points, unit);
    match points.iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))) {
        Some((step, best)) if points.len() > 1 => {
            format!("{}; best {} at {unit} {step}.", sentence.trim_end_matches('.'), two(*best))
        }
        _ => sentence,
    }
}

/// Two decimals, and no zero below zero.
fn two(value: f64) -> String {
    let text = Fixed(value, 2).to_string();
    if text == "-0.00" { "0.00".into() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rising_curve_says_so() {
        let points = [(0, 0.12), (15, 0.95), (30, 0.93)];
        assert_eq!(describe("Reward", &points, "episode"), "Reward rose from 0.12 to 0.93 over 30 episodes.");
        assert_eq!(
            describe_with_best("Reward", &points, "episode"),
            "Reward rose from 0.12 to 0.93 over 30 episodes; best 0.95 at episode 15."
        );
    }

    #[test]
    fn short_flat_and_falling_curves() {
        for (points, sentence) in [
            (&[][..], "Loss: no values yet."),
            (&[(1, 0.5)][..], "Loss is 0.50 at episode 1."),
            (&[(1, 0.5), (2, 0.501)][..], "Loss stayed at 0.50 over 1 episode."),
            (&[(1, 0.5), (3, 0.2)][..], "Loss fell from 0.50 to 0.20 over 2 episodes."),
            (&[(1, -0.2), (2, -0.001)][..], "Loss rose from -0.20 to 0.00 over 1 episode."),
        ] {
            assert_eq!(describe("Loss", points, "episode"), sentence);
        }
    }
}
