//! `numeric`: some number of the reply is the expected one, within tolerance.

use super::{AnswerCheck, Judgement, quoted};
use crate::numbers;
use types::{ExtensionSpec, TestCaseCreate};

/// Any number of the reply, `|x − v| ≤ max(absolute tolerance, relative tolerance · |v|)`.
pub struct Numeric;

/// Rounding of the last digits is never an error.
const RELATIVE_TOLERANCE: f64 = 1e-9;

impl AnswerCheck for Numeric {
    fn spec(&self) -> ExtensionSpec {
        ExtensionSpec {
            name: "numeric".into(),
            label: "Number".into(),
            description:
                "Some number of the reply is the expected one, within the case's tolerance. Thousands separators, \
                          percentages, scientific notation and fractions are understood."
                    .into(),
            parameters: Vec::new(),
        }
    }

    fn refusal(&self, case: &TestCaseCreate) -> Option<String> {
        let expected = case.expected_output.as_deref().map(str::trim).filter(|text| !text.is_empty())?;
        numbers::only(expected)
            .is_none()
            .then(|| format!("`numeric` needs a number as the expected answer, not {}", quoted(expected)))
    }

    fn judge(&self, case: &TestCaseCreate, expected: &str, reply: &str) -> Judgement {
        let Some(wanted) = numbers::only(expected) else {
            return Judgement::of(false, format!("the expected {} is not a number", quoted(expected)));
        };
        let tolerance = case.tolerance.unwrap_or(0.0).max(RELATIVE_TOLERANCE * wanted.abs());
        let found = numbers::all(reply);
        let nearest = found.iter().copied().min_by(|a, b| (a - wanted).abs().total_cmp(&(b - wanted).abs()));
        let within = case.tolerance.filter(|t| *t > 0.0).map_or(String::new(), |t| format!(" within {t}"));
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
        let case = TestCaseCreate { tolerance, ..TestCaseCreate::default() };
        let judgement = Numeric.judge(&case, expected, reply);
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
        let case = |text: &str| TestCaseCreate { expected_output: Some(text.into()), ..TestCaseCreate::default() };
        assert!(Numeric.refusal(&case("many")).is_some());
        assert!(Numeric.refusal(&case("inf")).is_some());
        assert!(Numeric.refusal(&case("-1.5e3")).is_none());
    }
}
