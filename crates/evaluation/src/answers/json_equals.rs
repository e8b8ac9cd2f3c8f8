//! `json_equals`: the reply is the expected JSON.

use super::{AnswerCheck, Judgement, Wanted, quoted};
use crate::rules;
use serde_json::Value;
use types::ExtensionSpec;

/// The whole reply, or what it fences in as code; numbers by value, the order of members does not matter.
pub struct JsonEquals;

/// What the reply is as JSON: itself, or the one block of code in it.
pub(super) fn json_of(reply: &str) -> Option<Value> {
    let fenced = || {
        let (_, after) = reply.split_once("```")?;
        let (block, rest) = after.split_once("```")?;
        (!rest.contains("```")).then(|| block.trim_start_matches(|c: char| c.is_ascii_alphanumeric()))
    };
    serde_json::from_str(reply.trim()).ok().or_else(|| serde_json::from_str(fenced()?.trim()).ok())
}

impl AnswerCheck for JsonEquals {
    fn spec(&self) -> ExtensionSpec {
        ExtensionSpec {
            name: "json_equals".into(),
            label: "Same JSON".into(),
            description: "The reply, or the one block of code in it, is the expected JSON; numbers compare by value."
                .into(),
            parameters: Vec::new(),
        }
    }

    fn refusal(&self, wanted: &Wanted) -> Option<String> {
        wanted.as_json().is_none().then(|| format!("`json_equals` needs JSON, not {}", quoted(&wanted.as_text())))
    }

    fn judge(&self, wanted: &Wanted, reply: &str) -> Judgement {
        match (wanted.as_json(), json_of(reply)) {
            (Some(wanted), Some(given)) if rules::exactly(&wanted, &given) => {
                Judgement::of(true, "the reply is the expected JSON".into())
            }
            (_, Some(_)) => Judgement::of(false, format!("the JSON of the reply {} is another one", quoted(reply))),
            (_, None) => Judgement::of(false, format!("the reply {} is no JSON", quoted(reply))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_compares_by_value() {
        let wanted = Wanted::text(r#"{"a": [1, "x"], "b": null}"#);
        for (reply, right) in [
            (r#"{"b":null,"a":[1.0,"x"]}"#, true),
            ("Here:\n```json\n{\"a\": [1, \"x\"], \"b\": null}\n```", true),
            (r#"{"a": ["x", 1], "b": null}"#, false),
            (r#"{"a": [1, "X"], "b": null}"#, false),
            ("it is {}", false),
            ("", false),
        ] {
            assert_eq!(JsonEquals.judge(&wanted, reply).passed, right, "{reply}");
        }
        assert!(JsonEquals.refusal(&Wanted::text("{")).is_some());
        assert!(!JsonEquals.judge(&Wanted::text("1"), &"[".repeat(1_000_000)).passed);
    }
}
