//! Numbers and times as people read them: same decimals in a column, uncertainty beside the number.

use types::number::Fixed;

/// `0.853`; a dash for what is not known.
pub fn decimal(value: Option<f64>) -> String {
    value.map_or_else(dash, |value| Fixed(value, 3).to_string())
}

/// `85.3%`; a dash for what is not known.
pub fn percent(value: Option<f64>) -> String {
    value.map_or_else(dash, |value| format!("{}%", Fixed(value * 100.0, 1)))
}

/// `64.0% to 94.8%`.
pub fn percent_interval((low, high): (f64, f64)) -> String {
    format!("{}% to {}%", Fixed(low * 100.0, 1), Fixed(high * 100.0, 1))
}

/// `0.640 to 0.948`.
pub fn decimal_interval((low, high): (f64, f64)) -> String {
    format!("{} to {}", Fixed(low, 3), Fixed(high, 3))
}

/// `p = 0.031`, `p < 0.001`.
pub fn p_value(p: f64) -> String {
    if p < 0.001 { "p < 0.001".into() } else { format!("p = {}", Fixed(p, 3)) }
}

/// `850 ms`, `12.3 s`, `4 min 05 s`, `2 h 07 min`.
pub fn duration(millis: i64) -> String {
    match millis.max(0) {
        0 => "<\u{a0}1 ms".into(),
        ms @ 1..1000 => format!("{ms} ms"),
        ms @ 1000..60_000 => format!("{} s", Fixed(ms as f64 / 1000.0, 1)),
        ms @ 60_000..3_600_000 => format!("{} min {:02} s", ms / 60_000, ms / 1000 % 60),
        ms => format!("{} h {:02} min", ms / 3_600_000, ms / 60_000 % 60),
    }
}

/// What is left, roughly: `about 8 s left`.
pub fn time_left(millis: i64) -> String {
    match millis {
        ..1000 => "less than a second left".into(),
        1000..60_000 => format!("about {} s left", millis / 1000),
        60_000..3_600_000 => format!("about {} min left", (millis + 30_000) / 60_000),
        _ => format!("about {} h left", (millis + 1_800_000) / 3_600_000),
    }
}

/// `1 case`, `20 cases`.
pub fn count(n: i64, singular: &str) -> String {
    if n == 1 { format!("1 {singular}") } else { format!("{n} {singular}s") }
}

/// The text on one line, cut to `most` characters.
pub fn one_line(text: &str, most: usize) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.chars().count() <= most {
        return flat;
    }
    let mut cut: String = flat.chars().take(most.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

fn dash() -> String {
    "–".into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_by_size() {
        for (millis, text) in [
            (0, "<\u{a0}1 ms"),
            (999, "999 ms"),
            (12_340, "12.3 s"),
            (245_000, "4 min 05 s"),
            (7_620_000, "2 h 07 min"),
        ] {
            assert_eq!(duration(millis), text);
        }
        assert_eq!(time_left(8_400), "about 8 s left");
        assert_eq!(time_left(100_000), "about 2 min left");
    }

    #[test]
    fn numbers_with_their_uncertainty() {
        assert_eq!(percent(Some(0.85)), "85.0%");
        assert_eq!(percent(None), "–");
        assert_eq!(percent_interval((0.64, 0.948)), "64.0% to 94.8%");
        assert_eq!(p_value(0.0004), "p < 0.001");
        assert_eq!(p_value(0.031), "p = 0.031");
    }

    #[test]
    fn long_texts_are_cut_with_an_ellipsis() {
        assert_eq!(one_line("a\n b", 10), "a b");
        assert_eq!(one_line("abcdef", 4), "abc…");
    }
}
