//! Answer checks put together: `all`, `any` and `not`, each with a weight, and required or not.
//!
//! A leaf is `{"check": name, "expected": …, parameters…}`; a branch `{"all": […]}`, `{"any": […]}` or `{"not": …}`. Each
//! may have a `weight` (1) in the mean that is the quality of the answer, and `"required": false` where the case passes
//! without it.

use crate::{
    answers::{self, AnswerCheck, ModelKind, Wanted},
    models::{self, Reply},
};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use types::{CheckResult, WEIGHTS};

/// Most checks side by side.
const BRANCHES_MAX: usize = 100;
/// Deepest branch.
const DEPTH_MAX: usize = 8;
/// Most nodes that are looked at for what they need.
const NODES_MAX: usize = 100_000;

/// What a check, or a branch of them, found.
#[derive(Clone, PartialEq, Debug)]
pub struct Judged {
    /// Its result and reason.
    pub result: CheckResult,
    /// Its weight in the mean.
    pub weight: f64,
    /// The case passes only with it.
    pub required: bool,
}

/// Judges `reply`: one result for each check at the top.
///
/// # Errors
/// Which check cannot be made, and why.
pub fn judge(tree: &Value, reply: &Reply<'_>) -> Result<Vec<Judged>, CheckResult> {
    match tree.as_object().filter(|node| node.len() == 1).and_then(|node| node.get("all")).and_then(Value::as_array) {
        Some(parts) if !parts.is_empty() && parts.len() <= BRANCHES_MAX => {
            parts.iter().map(|part| judge_node(part, reply, 1)).collect()
        }
        _ => judge_node(tree, reply, 0).map(|judged| vec![judged]),
    }
}

/// What is wrong with how the checks are written, if anything.
pub fn refusal(tree: &Value) -> Option<String> {
    // No reply is empty here: models are not asked of those.
    let reply = Reply { text: "-", question: "", models: &models::anything };
    judge(tree, &reply).err().map(|refused| refused.reason)
}

/// Which models the checks need.
pub fn needs(tree: &Value) -> BTreeSet<ModelKind> {
    let (mut open, mut needed) = (vec![tree], BTreeSet::new());
    for _ in 0..NODES_MAX {
        let Some(node) = open.pop() else { break };
        let check = node.get("check").and_then(Value::as_str).and_then(answers::find);
        needed.extend(check.and_then(AnswerCheck::needs));
        let parts = ["all", "any"].into_iter().filter_map(|kind| node.get(kind)?.as_array()).flatten();
        open.extend(parts.chain(node.get("not")));
    }
    needed
}

fn refused(scorer: &str, why: &str) -> CheckResult {
    CheckResult { scorer: scorer.into(), value: 0.0, passed: false, reason: format!("not scored: {why}") }
}

fn judge_node(node: &Value, reply: &Reply<'_>, depth: usize) -> Result<Judged, CheckResult> {
    if depth > DEPTH_MAX {
        return Err(refused("answer", &format!("checks are nested deeper than {DEPTH_MAX} levels")));
    }
    let fields = node.as_object().ok_or_else(|| refused("answer", "a check is no object"))?;
    let kinds: Vec<&str> =
        ["check", "all", "any", "not"].into_iter().filter(|kind| fields.contains_key(*kind)).collect();
    let &[kind] = kinds.as_slice() else {
        return Err(refused("answer", "a check has one of `check`, `all`, `any` and `not`"));
    };
    let weight = fields.get("weight").map_or(Some(1.0), Value::as_f64).filter(|weight| WEIGHTS.contains(weight));
    let weight = weight.ok_or_else(|| refused(kind, "`weight` is no number from 0.000001 to 1,000,000"))?;
    let required = fields.get("required").map_or(Some(true), Value::as_bool);
    let required = required.ok_or_else(|| refused(kind, "`required` is neither true nor false"))?;
    let given = fields.get(kind).unwrap_or(&Value::Null);
    let result = match kind {
        "check" => leaf(fields, given, reply)?,
        _ => branch(kind, fields, given, reply, depth)?,
    };
    Ok(Judged { result, weight, required })
}

/// One check by its name.
///
/// # Errors
/// It cannot be made.
pub fn check(name: &str, wanted: &Wanted, reply: &Reply<'_>) -> Result<CheckResult, CheckResult> {
    match (answers::find(name), answers::refusal(name, Some(wanted))) {
        (Some(check), None) => {
            let found = check.judge_asking(wanted, reply).map_err(|why| refused(name, &why))?;
            Ok(CheckResult { scorer: name.into(), value: found.value, passed: found.passed, reason: found.reason })
        }
        (_, why) => Err(refused(name, &why.unwrap_or_default())),
    }
}

fn leaf(fields: &Map<String, Value>, name: &Value, reply: &Reply<'_>) -> Result<CheckResult, CheckResult> {
    let name = name.as_str().ok_or_else(|| refused("answer", "`check` is no name"))?;
    let expected = fields.get("expected").cloned().ok_or_else(|| refused(name, "`expected` is missing"))?;
    let own = ["check", "expected", "weight", "required"];
    let parameters = fields.iter().filter(|(field, _)| !own.contains(&field.as_str()));
    let parameters = parameters.map(|(field, value)| (field.clone(), value.clone())).collect();
    let wanted = Wanted { expected, parameters };
    if answers::find(name).is_some_and(|check| check.expects_nothing(&wanted)) {
        return Err(refused(name, "`expected` is empty, which every reply would meet"));
    }
    check(name, &wanted, reply)
}

fn branch(
    kind: &str,
    fields: &Map<String, Value>,
    given: &Value,
    reply: &Reply<'_>,
    depth: usize,
) -> Result<CheckResult, CheckResult> {
    if let Some(other) = fields.keys().find(|field| ![kind, "weight", "required"].contains(&field.as_str())) {
        return Err(refused(kind, &format!("`{kind}` has no `{other}`")));
    }
    let parts = match given {
        Value::Array(parts) if kind != "not" && !parts.is_empty() && parts.len() <= BRANCHES_MAX => parts.as_slice(),
        Value::Object(_) if kind == "not" => std::slice::from_ref(given),
        _ => {
            return Err(refused(
                kind,
                &format!("`not` needs one check, `all` and `any` a list of 1 to {BRANCHES_MAX}"),
            ));
        }
    };
    let parts = parts.iter().map(|part| judge_node(part, reply, depth + 1)).collect::<Result<Vec<_>, _>>()?;
    let reasons: Vec<&str> = parts.iter().map(|part| part.result.reason.as_str()).collect();
    let (value, passed) = match kind {
        "all" => (mean(&parts), passes(&parts)),
        "any" => {
            let best = parts.iter().map(|part| part.result.value).fold(0.0, f64::max);
            (best, parts.iter().any(|part| part.result.passed))
        }
        _ => (1.0 - mean(&parts), !parts.iter().any(|part| part.result.passed)),
    };
    Ok(CheckResult { scorer: kind.into(), value, passed, reason: format!("{kind} of: {}", reasons.join("; ")) })
}

/// Weighted mean of the values; 0 of none.
pub fn mean(parts: &[Judged]) -> f64 {
    let total: f64 = parts.iter().map(|part| part.weight).sum();
    let sum: f64 = parts.iter().map(|part| part.weight * part.result.value).sum();
    if total > 0.0 { sum / total } else { 0.0 }
}

/// Whether everything that is required passed.
pub fn passes(parts: &[Judged]) -> bool {
    parts.iter().all(|part| part.result.passed || !part.required)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn found(tree: &Value, reply: &str) -> (f64, bool) {
        let parts = judge(tree, &Reply::alone(reply)).unwrap();
        assert!(parts.iter().all(|part| !part.result.reason.is_empty()));
        (mean(&parts), passes(&parts))
    }

    #[test]
    fn a_check_that_every_reply_would_meet_is_refused() {
        for empty in [
            json!({"check": "contains", "expected": " "}),
            json!({"check": "contains", "expected": null}),
            json!({"check": "contains", "expected": ["Paris", ""], "of": "any"}),
            json!({"check": "starts_with", "expected": ""}),
            json!({"any": [{"check": "regex", "expected": ""}]}),
        ] {
            assert!(refusal(&empty).is_some_and(|why| why.contains("every reply")), "{empty}");
        }
    }

    #[test]
    fn which_models_are_needed_is_known_wherever_a_check_stands() {
        let tree = json!({"all": [{"check": "contains", "expected": "a"}, {"not": {"any": [
            {"check": "semantic", "expected": "x"}, {"check": "llm_judge", "expected": "y"}]}}]});
        assert_eq!(needs(&tree), [ModelKind::Embeddings, ModelKind::Judge].into());
        assert_eq!(needs(&json!({"check": "contains", "expected": "a"})), BTreeSet::new());
        assert_eq!(refusal(&tree), None);
    }

    #[test]
    fn weights_and_what_is_required_decide() {
        let tree = json!({"all": [
            {"check": "contains", "expected": "Paris", "weight": 3},
            {"check": "regex", "expected": "^The", "required": false},
        ]});
        assert_eq!(found(&tree, "The city is Paris"), (1.0, true));
        assert_eq!(found(&tree, "Paris"), (0.75, true));
        assert_eq!(found(&tree, "The city is Rome"), (0.25, false));
        assert_eq!(judge(&tree, &Reply::alone("Paris")).unwrap().len(), 2);
    }

    #[test]
    fn branches_combine() {
        let has = |text: &str| json!({"check": "contains", "expected": text});
        let tree = json!({"any": [{"all": [has("a"), has("b")]}, {"not": has("c")}]});
        for (reply, passed) in [("a b c", true), ("a c", false), ("x", true), ("c", false)] {
            assert_eq!(found(&tree, reply).1, passed, "{reply}");
        }
    }

    #[test]
    fn what_cannot_be_made_is_told_and_never_counts_as_passed() {
        let mut deep = json!({"check": "contains", "expected": "a"});
        (0..20).for_each(|_| deep = json!({"not": deep}));
        for bad in [
            json!(5),
            json!({}),
            json!({"all": []}),
            json!({"not": []}),
            json!({"any": [], "all": []}),
            json!({"check": "vibes", "expected": "x"}),
            json!({"check": "contains"}),
            json!({"check": "contains", "expected": "x", "weight": 0}),
            json!({"check": "contains", "expected": "x", "required": 1}),
            json!({"check": "contains", "expected": "x", "colour": 1}),
            json!({"any": [{"check": "semantic", "expected": ""}, {"check": "contains", "expected": "x"}]}),
            json!({"check": "llm_judge", "expected": "x", "threshold": 2}),
            json!({"not": {"check": "regex", "expected": "("}}),
            json!({"any": [{"check": "contains", "expected": "x"}], "expected": 1}),
            deep,
        ] {
            assert!(refusal(&bad).is_some_and(|why| why.starts_with("not scored: ")), "{bad}");
        }
    }

    fn trees() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof!["[ab]", "[abc]{2}"].prop_map(|text| json!({"check": "contains", "expected": text}));
        leaf.prop_recursive(4, 16, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| json!({"all": parts})),
                prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| json!({"any": parts})),
                inner.prop_map(|part| json!({"not": part})),
            ]
        })
    }

    proptest! {
        #[test]
        fn values_are_shares_and_not_turns_them_round(tree in trees(), reply in "[abc]{0,6}") {
            let (value, passed) = found(&tree, &reply);
            prop_assert!((0.0..=1.0).contains(&value));
            // Checks of yes or no: where all is right it passes, where nothing is it does not.
            prop_assert!(passed || value < 1.0 - 1e-12);
            prop_assert!(!passed || value > 1e-12);
            let turned = found(&json!({"not": tree}), &reply);
            prop_assert_eq!(turned.1, !passed);
            prop_assert!((turned.0 + value - 1.0).abs() < 1e-12);
        }
    }
}
