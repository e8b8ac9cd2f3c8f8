//! `starts_with`: the reply begins with the expected answer.

use super::{AnswerCheck, Judgement, Wanted, quoted};
use types::ExtensionSpec;

/// The beginning of the reply, whatever the case of its letters.
pub struct StartsWith;

impl AnswerCheck for StartsWith {
    fn spec(&self) -> ExtensionSpec {
        ExtensionSpec {
            name: "starts_with".into(),
            label: "Starts with".into(),
            description: "The reply begins with the expected answer; the case of letters is ignored.".into(),
            parameters: Vec::new(),
        }
    }

    fn expects_nothing(&self, wanted: &Wanted) -> bool {
        wanted.as_text().is_empty()
    }

    fn judge(&self, wanted: &Wanted, reply: &str) -> Judgement {
        let expected = wanted.as_text();
        let right = reply.trim().to_lowercase().starts_with(&expected.to_lowercase());
        let begins = if right { "begins" } else { "does not begin" };
        Judgement::of(right, format!("the reply {} {begins} with {}", quoted(reply), quoted(&expected)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_beginning_counts() {
        for (reply, right) in [(" Yes, it is", true), ("YES", true), ("Oh yes", false), ("", false)] {
            assert_eq!(StartsWith.judge(&Wanted::text("yes"), reply).passed, right, "{reply:?}");
        }
    }
}
