//! `regex`: an expression is found in the reply.

use super::{AnswerCheck, Judgement, Wanted, quoted};
use crate::expressions;
use types::ExtensionSpec;

/// An expression whose time grows with the reply's length only; `^` and `$` tie it to the ends, `(?i)` ignores case.
pub struct Regex;

impl AnswerCheck for Regex {
    fn spec(&self) -> ExtensionSpec {
        ExtensionSpec {
            name: "regex".into(),
            label: "Regular expression".into(),
            description: "The expression is found in the reply; ^ and $ tie it to the ends, (?i) ignores case.".into(),
            parameters: Vec::new(),
        }
    }

    fn refusal(&self, wanted: &Wanted) -> Option<String> {
        expressions::compiled(&wanted.as_text()).err()
    }

    fn expects_nothing(&self, wanted: &Wanted) -> bool {
        wanted.as_text().is_empty()
    }

    fn judge(&self, wanted: &Wanted, reply: &str) -> Judgement {
        let expression = wanted.as_text();
        match expressions::compiled(&expression) {
            Err(why) => Judgement::of(false, format!("the expression {why}")),
            Ok(compiled) => {
                let right = compiled.is_match(reply);
                let has = if right { "has" } else { "has not" };
                Judgement::of(right, format!("the reply {} {has} {}", quoted(reply), quoted(&expression)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_found_and_bad_ones_refused() {
        assert!(Regex.judge(&Wanted::text(r"\b\d{3}\b"), "it is 345.").passed);
        assert!(!Regex.judge(&Wanted::text(r"^\d{3}$"), "it is 345.").passed);
        assert!(Regex.refusal(&Wanted::text("(")).is_some());
        assert!(!Regex.judge(&Wanted::text("("), "(").passed);
    }

    #[test]
    fn what_other_engines_hang_on_ends() {
        assert!(!Regex.judge(&Wanted::text("^(a+)+$"), &format!("{}b", "a".repeat(100_000))).passed);
    }
}
