//! `levenshtein`: the reply is nearly the expected answer, letter by letter.

use super::{AnswerCheck, Judgement, Wanted, quoted, threshold};
use types::ExtensionSpec;

/// One less the edits that make one text the other, of the longer one's length.
pub struct Levenshtein;

const THRESHOLD: f64 = 0.8;
/// Longest texts that are compared: the time grows with both.
const LETTERS_MAX: usize = 5000;

impl AnswerCheck for Levenshtein {
    fn spec(&self) -> ExtensionSpec {
        ExtensionSpec {
            name: "levenshtein".into(),
            label: "Nearly the same".into(),
            description: "The share of letters that need no edit; blanks around and the case of letters are ignored."
                .into(),
            parameters: vec![threshold("The share that is enough.", THRESHOLD)],
        }
    }

    fn refusal(&self, wanted: &Wanted) -> Option<String> {
        let length = wanted.as_text().chars().count();
        (length > LETTERS_MAX).then(|| format!("`levenshtein` compares at most {LETTERS_MAX} letters, not {length}"))
    }

    fn judge(&self, wanted: &Wanted, reply: &str) -> Judgement {
        let (expected, given) = (wanted.as_text().to_lowercase(), reply.trim().to_lowercase());
        if [&expected, &given].iter().any(|text| text.chars().count() > LETTERS_MAX) {
            return Judgement::of(
                false,
                format!("the reply is longer than the {LETTERS_MAX} letters that are compared"),
            );
        }
        let value = strsim::normalized_levenshtein(&expected, &given);
        let threshold = wanted.number("threshold").unwrap_or(THRESHOLD);
        let reason = format!(
            "the reply {} is {value:.3} like {}, at least {threshold} is asked for",
            quoted(reply),
            quoted(&expected)
        );
        Judgement { value, passed: value >= threshold, reason }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_cost_their_share_and_the_threshold_decides() {
        // kitten → sitting: 3 edits of 7 letters.
        let judged = Levenshtein.judge(&Wanted::text("kitten"), " Sitting ");
        assert!((judged.value - 4.0 / 7.0).abs() < 1e-12 && !judged.passed);
        assert!(Levenshtein.judge(&Wanted::text("kitten").with("threshold", 0.5), "sitting").passed);
        assert!(!Levenshtein.judge(&Wanted::text("x"), &"x".repeat(1_000_000)).passed);
        assert!(Levenshtein.refusal(&Wanted::text(&"x".repeat(6000))).is_some());
    }
}
