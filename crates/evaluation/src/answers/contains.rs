//! `contains`: the expected answer stands somewhere in the reply.

use super::{AnswerCheck, Judgement, Wanted, choice, parameter, quoted};
use serde_json::Value;
use types::ExtensionSpec;

/// A part of the reply, whatever the case of its letters; of a list all parts, or any of them.
pub struct Contains;

/// Most parts of a list.
const PARTS_MAX: usize = 1000;

impl AnswerCheck for Contains {
    fn spec(&self) -> ExtensionSpec {
        ExtensionSpec {
            name: "contains".into(),
            label: "Contains".into(),
            description: "The expected answer stands somewhere in the reply; the case of letters is ignored.".into(),
            parameters: vec![parameter(
                "of",
                "Of a list",
                "Whether all parts of a list must be there, or any of them.",
                choice(&["all", "any"]),
                "all",
            )],
        }
    }

    fn refusal(&self, wanted: &Wanted) -> Option<String> {
        let parts = wanted.expected.as_array()?;
        let fits = !parts.is_empty() && parts.len() <= PARTS_MAX && parts.iter().all(Value::is_string);
        (!fits).then(|| format!("`contains` needs a text or a list of 1 to {PARTS_MAX} texts"))
    }

    fn expects_nothing(&self, wanted: &Wanted) -> bool {
        match wanted.expected.as_array() {
            Some(parts) => parts.iter().filter_map(Value::as_str).any(|part| part.trim().is_empty()),
            None => wanted.as_text().is_empty(),
        }
    }

    fn judge(&self, wanted: &Wanted, reply: &str) -> Judgement {
        let Some(parts) = wanted.expected.as_array() else {
            let expected = wanted.as_text();
            let right = reply.to_lowercase().contains(&expected.to_lowercase());
            let contains = if right { "contains" } else { "does not contain" };
            return Judgement::of(right, format!("the reply {} {contains} {}", quoted(reply), quoted(&expected)));
        };
        let lower = reply.to_lowercase();
        let there = |part: &&str| lower.contains(&part.trim().to_lowercase());
        let parts: Vec<&str> = parts.iter().filter_map(Value::as_str).collect();
        let missing: Vec<String> = parts.iter().filter(|part| !there(part)).map(|part| quoted(part)).collect();
        let any = wanted.choice("of") == Some("any");
        let right = if any { missing.len() < parts.len() } else { missing.is_empty() };
        match (right, missing.is_empty()) {
            (true, true) => Judgement::of(right, "the reply contains every part".into()),
            (true, false) => Judgement::of(right, format!("the reply lacks only {}", missing.join(", "))),
            (false, _) => Judgement::of(right, format!("the reply {} lacks {}", quoted(reply), missing.join(", "))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_part_of_the_reply_is_enough() {
        for (reply, right) in [("It is SUNNY today", true), ("sunny", true), ("It rains", false), ("", false)] {
            assert_eq!(Contains.judge(&Wanted::text("sunny"), reply).value == 1.0, right, "{reply:?}");
        }
    }

    #[test]
    fn of_a_list_all_parts_or_any() {
        let all = Wanted { expected: json!(["Paris", "France"]), ..Wanted::default() };
        let any = all.clone().with("of", "any");
        for (reply, of_all, of_any) in [("paris, france", true, true), ("Paris", false, true), ("Rome", false, false)] {
            assert_eq!(Contains.judge(&all, reply).passed, of_all, "{reply}");
            assert_eq!(Contains.judge(&any, reply).passed, of_any, "{reply}");
        }
        assert!(Contains.refusal(&Wanted { expected: json!([1]), ..Wanted::default() }).is_some());
        assert!(Contains.refusal(&all).is_none());
    }
}
