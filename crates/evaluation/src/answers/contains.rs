//! `contains`: the expected answer stands somewhere in the reply.

use super::{AnswerCheck, Judgement, quoted};
use types::{ExtensionSpec, TestCaseCreate};

/// A part of the reply, whatever the case of its letters.
pub struct Contains;

impl AnswerCheck for Contains {
    fn spec(&self) -> ExtensionSpec {
        ExtensionSpec {
            name: "contains".into(),
            label: "Contains".into(),
            description: "The expected answer stands somewhere in the reply; the case of letters is ignored.".into(),
            parameters: Vec::new(),
        }
    }

    fn judge(&self, _case: &TestCaseCreate, expected: &str, reply: &str) -> Judgement {
        let right = reply.to_lowercase().contains(&expected.trim().to_lowercase());
        let contains = if right { "contains" } else { "does not contain" };
        Judgement::of(right, format!("the reply {} {contains} {}", quoted(reply), quoted(expected)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_reply_is_enough() {
        for (reply, right) in [("It is SUNNY today", true), ("sunny", true), ("It rains", false), ("", false)] {
            assert_eq!(Contains.judge(&TestCaseCreate::default(), "sunny", reply).value == 1.0, right, "{reply:?}");
        }
    }
}
