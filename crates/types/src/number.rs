//! Numbers as text and back, in little code.
//!
//! The standard library carries 24 KB of tables and algorithms for this, a twentieth of the browser's module. What JSON is
//! written and read with is there anyway, and a few fixed decimals are whole-number arithmetic.

use serde_json::{Number, Value};
use std::fmt::{Display, Formatter, Result};

/// The shortest text that is read as the same number: `0.7`, `15`, `NaN`.
#[derive(Clone, Copy)]
pub struct Plain(pub f64);

impl Display for Plain {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match Number::from_f64(self.0) {
            Some(number) => {
                let text = number.to_string();
                f.write_str(text.strip_suffix(".0").unwrap_or(&text))
            }
            None if self.0.is_nan() => f.write_str("NaN"),
            None if self.0 < 0.0 => f.write_str("-inf"),
            None => f.write_str("inf"),
        }
    }
}

/// A number with so many decimals, at most nine, rounded as the standard library does: exactly, halves to even.
#[derive(Clone, Copy)]
pub struct Fixed(pub f64, pub u32);

impl Display for Fixed {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Self(value, decimals) = *self;
        let power = 10_u64.pow(decimals.min(9));
        let Some(units) = units(value, power) else { return Plain(value).fmt(f) };
        let sign = if value.is_sign_negative() { "-" } else { "" };
        write!(f, "{sign}{}.{:0width$}", units / power, units % power, width = decimals as usize)
    }
}

const FRACTION_BITS: u32 = 52;
/// The exponent of the last bit of a number whose exponent is written as nought.
const EXPONENT_LEAST: i32 = -1075;

/// How many units there are in the number without its sign, when a unit is one `power`-th; `None` when they are too many.
fn units(value: f64, power: u64) -> Option<u64> {
    let bits = value.abs().to_bits();
    let fraction = bits & ((1 << FRACTION_BITS) - 1);
    // The least numbers of all have no bit before the point; they are far below half a unit with it, too.
    let exact = u128::from(fraction | 1 << FRACTION_BITS) * u128::from(power);
    match (bits >> FRACTION_BITS) as i32 + EXPONENT_LEAST {
        exponent @ 0..=11 => (exact << exponent).try_into().ok(),
        ..-127 => Some(0),
        exponent @ ..0 => {
            let half = 1_u128 << (-exponent - 1);
            let (whole, rest) = (exact >> -exponent, exact & (2 * half - 1));
            let up = rest > half || rest == half && whole % 2 == 1;
            (whole + u128::from(up)).try_into().ok()
        }
        _ => None,
    }
}

/// Reads what `str::parse` reads; the last of more than 15 digits may be another.
pub fn read(text: &str) -> Option<f64> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let size = match rest.to_ascii_lowercase().as_str() {
        "nan" => f64::NAN,
        "inf" | "infinity" => f64::INFINITY,
        digits => return finite(sign, digits),
    };
    Some(if sign.is_empty() { size } else { -size })
}

fn finite(sign: &str, text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let power = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let all_digits = [whole, part, power].iter().all(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()));
    if !all_digits || power.is_empty() || whole.is_empty() && part.is_empty() {
        return None;
    }
    // JSON wants a digit on both sides of the point, and no nought before others.
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    match serde_json::from_str::<Value>(&format!("{sign}{whole}.{part}0e{exponent}")) {
        Ok(value) => value.as_f64(),
        // All that is refused of a number in this form is that it is too large.
        Err(_) => Some(if sign.is_empty() { f64::INFINITY } else { f64::NEG_INFINITY }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBERS: [f64; 22] = [
        0.0,
        -0.0,
        1.0,
        15.0,
        0.5,
        0.25,
        0.125,
        0.0625,
        6.25,
        18.75,
        2.5,
        1.005,
        1.115,
        0.1 + 0.2,
        99.95,
        0.05,
        0.00049,
        1e-5,
        123_456.789,
        123_456_789_012.5,
        5e-324,
        1.0 / 3.0,
    ];

    #[test]
    fn decimals_are_those_of_the_standard_library() {
        let between = (0..20_000).map(|n| f64::from(n) / 1024.0 - 3.0);
        for value in NUMBERS.into_iter().chain(between).flat_map(|value| [value, -value]) {
            assert_eq!(Fixed(value, 1).to_string(), format!("{value:.1}"));
            assert_eq!(Fixed(value, 2).to_string(), format!("{value:.2}"));
            assert_eq!(Fixed(value, 3).to_string(), format!("{value:.3}"));
            assert_eq!(Fixed(value, 4).to_string(), format!("{value:.4}"));
        }
        assert_eq!(Fixed(f64::NAN, 2).to_string(), "NaN");
        assert_eq!(Fixed(1e300, 2).to_string(), Plain(1e300).to_string());
    }

    #[test]
    fn plain_numbers_are_those_of_the_standard_library() {
        for value in [0.7, 15.0, -2.5, 0.003, 1e9, 0.1 + 0.2, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0] {
            assert_eq!(Plain(value).to_string(), value.to_string());
        }
    }

    #[test]
    fn texts_are_read_as_the_standard_library_reads_them() {
        for text in [
            "1",
            "-1",
            "+1",
            "007",
            "0",
            "-0",
            "00.50",
            ".5",
            "5.",
            "1e3",
            "1E+3",
            "1e-3",
            "2.5e2",
            "0.003",
            "1e400",
            "-1e400",
            "inf",
            "-Infinity",
            "",
            ".",
            "-",
            "+-1",
            "e5",
            "1e",
            "1e+",
            "1.2.3",
            "0x10",
            "1_000",
            " 1",
            "1,5",
            "1e5.5",
            "[1]",
            "null",
            "--1",
            "1-",
            "infinit",
            "1e-400",
        ] {
            assert_eq!(read(text), text.parse::<f64>().ok(), "{text}");
        }
        assert!(read("nan").is_some_and(f64::is_nan));
    }
}
