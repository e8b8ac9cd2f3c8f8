//! `numeric`: some number of the reply is the expected one, within tolerance.

use super::{AnswerCheck, Judgement, Wanted, choice, parameter, quoted};
use crate::numbers;
use types::{ExtensionSpec, ParameterKind};

/// Any number of the reply, `|x − v| ≤ max(absolute tolerance, relative tolerance · |v|)`.
pub struct Numeric;

const ANY_TOLERANCE: ParameterKind = ParameterKind::Number { min: 0.0, max: f64::MAX };
/// Rounding of the last digits is never an error.
const RELATIVE_TOLERANCE: f64 = 4.0 * f64::EPSILON;

impl AnswerCheck for Numeric {
    fn spec(&self) -> ExtensionSpec {
        ExtensionSpec {
            name: "numeric".into(),
            label: "Number".into(),
            description:
                "Some number of the reply is the expected one, within the case's tolerance. Thousands separators, \
                          percentages, scientific notation and fractions are understood."
                    .into(),
            parameters: vec![
                parameter("tolerance", "Tolerance", "How far it may be off.", ANY_TOLERANCE, 0.0),
                parameter(
                    "relative",
                    "Relative tolerance",
                    "The same, as a share of the expected number.",
                    ANY_TOLERANCE,
                    0.0,
                ),
                parameter(
                    "which",
                    "Which number",
                    "Any number of the reply, the first or the last one.",
                    choice(&["any", "first", "last"]),
                    "any",
                ),
            ],
        }
    }

    fn refusal(&self, wanted: &Wanted) -> Option<String> {
        let expected = Some(wanted.as_text()).filter(|text| !text.is_empty())?;
        numbers::only(&expected)
            .is_none()
            .then(|| format!("`numeric` needs a number as the expected answer, not {}", quoted(&expected)))
    }

    fn judge(&self, asked: &Wanted, reply: &str) -> Judgement {
        let expected = asked.as_text();
        let Some(wanted) = numbers::only(&expected) else {
            return Judgement::of(false, format!("the expected {} is not a number", quoted(&expected)));
        };
        let absolute = asked.number("tolerance");
        let relative = asked.number("relative").unwrap_or(0.0).max(RELATIVE_TOLERANCE);
        let tolerance = absolute.unwrap_or(0.0).max(relative * wanted.abs());
        let readings = numbers::readings(reply);
        let found: Vec<f64> = match asked.choice("which") {
            Some("first") => readings.first().cloned().unwrap_or_default(),
            Some("last") => readings.last().cloned().unwrap_or_default(),
            _ => readings.concat(),
        };
        let nearest = found.iter().copied().min_by(|a, b| (a - wanted).abs().total_cmp(&(b - wanted).abs()));
        let within = absolute.filter(|t| *t > 0.0).map_or(String::new(), |t| format!(" within {t}"));
        match nearest {
            None => Judgement::of(false, format!("the reply {} has no number, expected {wanted}", quoted(reply))),
            Some(x) if (x - wanted).abs() <= tolerance => {
                Judgement::of(true, format!("the reply has the number {x}, expected {wanted}{within}"))
            }
            Some(x) => {
                Judgement::of(false, format!("the nearest number of the reply is {x}, expected {wanted}{within}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expected: &str, tolerance: Option<f64>, reply: &str, right: bool) {
        let wanted = Wanted::text(expected);
        let wanted = tolerance.map_or(wanted.clone(), |tolerance| wanted.with("tolerance", tolerance));
        let judgement = Numeric.judge(&wanted, reply);
        assert_eq!(judgement.value == 1.0, right, "{expected} in {reply:?}: {}", judgement.reason);
    }

    #[test]
    fn any_number_of_the_reply_may_be_the_one() {
        check("345", None, "15*23 = 345", true);
        check("345", None, "The result is 345.", true);
        check("345", None, "3450", false);
        check("345", None, "three hundred", false);
        check("1,234.5", None, "1234.50", true);
        check("0.75", None, "3/4 of it", true);
        check("0.1", None, "0.1 + 0 is 0.10000000000000001", true);
    }

    #[test]
    fn the_tolerance_is_absolute_and_inclusive() {
        check("33.33", Some(0.5), "33.83", true);
        check("33.33", Some(0.5), "33.84", false);
        check("33.33", None, "33.34", false);
    }

    #[test]
    fn a_case_whose_answer_is_no_number_is_refused() {
        assert!(Numeric.refusal(&Wanted::text("many")).is_some());
        assert!(Numeric.refusal(&Wanted::text("inf")).is_some());
        assert!(Numeric.refusal(&Wanted::text("-1.5e3")).is_none());
    }

    #[test]
    fn the_first_or_the_last_number_may_be_meant_and_the_tolerance_be_relative() {
        let wanted = |which: &str| Wanted::text("12").with("which", which);
        assert!(
            Numeric.judge(&wanted("first"), "12 of 15").passed && !Numeric.judge(&wanted("last"), "12 of 15").passed
        );
        assert!(Numeric.judge(&wanted("last"), "of 15, 12%").passed && !Numeric.judge(&wanted("first"), "").passed);
        let about = Wanted::text("-200").with("relative", 0.01);
        assert!(Numeric.judge(&about, "-202").passed && !Numeric.judge(&about, "-202.1").passed);
    }
}
