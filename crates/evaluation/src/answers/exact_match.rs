//! `exact_match`: the reply is the expected answer.

use super::{AnswerCheck, Judgement, Wanted, quoted};
use types::ExtensionSpec;

/// The whole reply, without surrounding blanks and whatever the case of its letters.
pub struct ExactMatch;

impl AnswerCheck for ExactMatch {
    fn spec(&self) -> ExtensionSpec {
        ExtensionSpec {
            name: "exact_match".into(),
            label: "Exact match".into(),
            description:
                "The whole reply is the expected answer; surrounding blanks and the case of letters are ignored.".into(),
            parameters: Vec::new(),
        }
    }

    fn judge(&self, wanted: &Wanted, reply: &str) -> Judgement {
        let expected = wanted.as_text();
        let right = reply.trim().to_lowercase() == expected.to_lowercase();
        let is = if right { "is" } else { "is not" };
        Judgement::of(right, format!("the reply {} {is} the expected {}", quoted(reply), quoted(&expected)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_around_and_case_do_not_matter_but_anything_else_does() {
        for (reply, right) in [(" Paris\n", true), ("paris", true), ("Paris.", false), ("It is Paris", false)] {
            let judgement = ExactMatch.judge(&Wanted::text("Paris"), reply);
            assert_eq!(judgement.value == 1.0, right, "{reply:?}: {}", judgement.reason);
        }
    }
}
