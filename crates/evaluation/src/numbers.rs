//! Numbers in running text: thousands separators, percentages, scientific notation, fractions.

use std::{iter::Peekable, str::Chars};

/// Every value a number of `text` can stand for, in order. `12%` stands for 12 and for 0.12, `3/4` for 0.75, `1 1/2` for
/// 1.5. Digits that continue a word (`H2O`) are no number.
pub fn all(text: &str) -> Vec<f64> {
    readings(text).concat()
}

/// As [`all`], the readings of each number together.
pub fn readings(text: &str) -> Vec<Vec<f64>> {
    let mut found = Vec::new();
    let mut reader = Reader { rest: text.chars().peekable(), before: ' ' };
    while reader.rest.peek().is_some() {
        match reader.number() {
            Some(number) => {
                let value = reader.with_fraction(number);
                reader.skip_blank_before('%');
                let percent = reader.take('%').then_some(value / 100.0);
                found.push(std::iter::once(value).chain(percent).filter(|value| value.is_finite()).collect());
            }
            None => reader.skip(),
        }
    }
    found.retain(|readings: &Vec<f64>| !readings.is_empty());
    found
}

/// The number that `text` is, if it is one and nothing else. A percentage is the number before its sign.
pub fn only(text: &str) -> Option<f64> {
    let text = text.trim();
    let numeric = text.chars().all(|c| c.is_ascii_digit() || "+-−.,/%eE ".contains(c));
    let values = if numeric { all(text) } else { Vec::new() };
    match values.as_slice() {
        [value] => Some(*value),
        [value, _] if text.ends_with('%') => Some(*value),
        _ => None,
    }
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    before: char,
}

/// A number as written, and whether it is a whole one (and so can be part of a fraction).
#[derive(Clone, Copy)]
struct Number {
    value: f64,
    whole: bool,
}

impl Reader<'_> {
    fn skip(&mut self) {
        self.before = self.rest.next().unwrap_or(' ');
    }

    fn take(&mut self, wanted: char) -> bool {
        let here = self.rest.peek() == Some(&wanted);
        if here {
            self.skip();
        }
        here
    }

    fn skip_blank_before(&mut self, wanted: char) {
        let mut ahead = self.rest.clone();
        if ahead.next() == Some(' ') && ahead.next() == Some(wanted) {
            self.skip();
        }
    }

    /// A number that begins here; nothing is read when none does.
    fn number(&mut self) -> Option<Number> {
        if self.before.is_alphanumeric() || self.before == '_' {
            return None;
        }
        let start = (self.rest.clone(), self.before);
        let negative = self.take('-') || self.take('−');
        let unsigned = !negative && self.take('+');
        let _ = unsigned;
        match self.unsigned() {
            Some(number) if negative => Some(Number { value: -number.value, ..number }),
            Some(number) => Some(number),
            None => {
                (self.rest, self.before) = start;
                None
            }
        }
    }

    fn unsigned(&mut self) -> Option<Number> {
        let mut digits = self.digits();
        let grouped = !digits.is_empty() && digits.len() <= 3;
        while grouped && let Some(group) = self.after(',', 3) {
            digits.push_str(&group);
        }
        let mut whole = true;
        let mut ahead = self.rest.clone();
        if ahead.next() == Some('.') && ahead.next().is_some_and(|c| c.is_ascii_digit()) {
            self.skip();
            digits = format!("{}.{}", if digits.is_empty() { "0" } else { &digits }, self.digits());
            whole = false;
        }
        if digits.is_empty() {
            return None;
        }
        if let Some(exponent) = self.exponent() {
            digits.push_str(&exponent);
            whole = false;
        }
        digits.parse().ok().map(|value| Number { value, whole })
    }

    fn digits(&mut self) -> String {
        let mut digits = String::new();
        while let Some(c) = self.rest.next_if(char::is_ascii_digit) {
            digits.push(c);
            self.before = c;
        }
        digits
    }

    /// Exactly `count` digits after `sign`; nothing is read otherwise.
    fn after(&mut self, sign: char, count: usize) -> Option<String> {
        let mut ahead = self.rest.clone();
        (ahead.next() == Some(sign)).then_some(())?;
        let digits: String = ahead.by_ref().take(count).take_while(char::is_ascii_digit).collect();
        let ends = !ahead.peek().is_some_and(char::is_ascii_digit);
        (digits.len() == count && ends).then(|| {
            (0..=count).for_each(|_| self.skip());
            digits
        })
    }

    fn exponent(&mut self) -> Option<String> {
        let mut ahead = self.rest.clone();
        matches!(ahead.next(), Some('e' | 'E')).then_some(())?;
        let mut length = 1;
        let mut text = String::from("e");
        if let Some(sign) = ahead.next_if(|c| matches!(c, '+' | '-')) {
            text.push(sign);
            length += 1;
        }
        let digits: String = ahead.by_ref().take(4).take_while(char::is_ascii_digit).collect();
        (!digits.is_empty() && digits.len() < 4).then(|| {
            (0..length + digits.len()).for_each(|_| self.skip());
            text + &digits
        })
    }

    /// `3/4`, or the `1/2` of `1 1/2`, joined to the number just read.
    fn with_fraction(&mut self, number: Number) -> f64 {
        if !number.whole {
            return number.value;
        }
        if let Some(denominator) = self.denominator() {
            return number.value / denominator;
        }
        let start = (self.rest.clone(), self.before);
        if self.take(' ')
            && let Some(numerator) = self.unsigned().filter(|n| n.whole)
            && let Some(denominator) = self.denominator().filter(|d| numerator.value < *d)
        {
            return number.value + number.value.signum() * numerator.value / denominator;
        }
        (self.rest, self.before) = start;
        number.value
    }

    fn denominator(&mut self) -> Option<f64> {
        let start = (self.rest.clone(), self.before);
        let found = self.take('/').then(|| self.unsigned()).flatten().filter(|n| n.whole && n.value > 0.0);
        if found.is_none() {
            (self.rest, self.before) = start;
        }
        found.map(|number| number.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, values: &[f64]) {
        assert_eq!(all(text), values, "{text:?}");
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        check("The result is 345.", &[345.0]);
        check("1,234,567.89", &[1_234_567.89]);
        check("1,2,3", &[1.0, 2.0, 3.0]);
        check("1,2345", &[1.0, 2345.0]);
        check("-3 and −4", &[-3.0, -4.0]);
        check("5-3", &[5.0, 3.0]);
        check("6.02e23 or 1E-3", &[6.02e23, 1e-3]);
        check("12% or 12.5 %", &[12.0, 0.12, 12.5, 0.125]);
        check("3/4", &[0.75]);
        check("1 1/2 cups", &[1.5]);
        check("-1 1/2", &[-1.5]);
        check("1/0", &[1.0, 0.0]);
        check(".5", &[0.5]);
        check("H2O at 7 o'clock", &[7.0]);
        check("$1,500.00 for 2e", &[1500.0, 2.0]);
        check("2024-05-01", &[2024.0, 5.0, 1.0]);
        check("no number, - , . e5", &[]);
    }

    #[test]
    fn a_flood_of_digits_is_no_number_and_no_panic() {
        assert!(all(&"9".repeat(1_000_000)).is_empty());
        assert_eq!(all(&"1,".repeat(1000)).len(), 1000);
    }

    #[test]
    fn only_a_number_is_only_a_number() {
        assert_eq!(only(" 1,000 "), Some(1000.0));
        assert_eq!(only("50%"), Some(50.0));
        assert_eq!(only("1/4"), Some(0.25));
        assert_eq!(only("about 5"), None);
        assert_eq!(only("5 6"), None);
        assert_eq!(only("inf"), None);
        assert_eq!(only(""), None);
    }
}
