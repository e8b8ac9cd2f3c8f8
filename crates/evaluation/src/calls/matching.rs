//! Maximum bipartite matching of expected to actual calls, and when an argument is the expected one.
//!
//! Greedy matching is wrong: expecting `x ∈ {1, 2}` and `x ∈ {1}`, the calls `x = 1` and `x = 2` must both be matched.

use serde_json::{Map, Value};
use types::{CallRecord, ExpectedCall};

/// For each of `left`, its partner among `right` in a matching of the most pairs (augmenting paths; Kuhn 1955, Berge
/// 1957). O(left · pairs).
pub fn maximum<L, R>(left: &[L], right: &[R], matches: impl Fn(&L, &R) -> bool) -> Vec<Option<usize>> {
    let partners: Vec<Vec<usize>> = left
        .iter()
        .map(|l| right.iter().enumerate().filter(|(_, r)| matches(l, r)).map(|(place, _)| place).collect())
        .collect();
    let mut taken_by: Vec<Option<usize>> = vec![None; right.len()];
    for start in 0..left.len() {
        let mut visited = vec![false; right.len()];
        augment(start, &partners, &mut taken_by, &mut visited);
    }
    let mut matched = vec![None; left.len()];
    for (place, owner) in taken_by.iter().enumerate() {
        if let Some(slot) = owner.and_then(|owner| matched.get_mut(owner)) {
            *slot = Some(place);
        }
    }
    matched
}

/// Finds a partner for `seeker`, moving earlier partners aside. As deep as there are expected calls, at most 100.
fn augment(seeker: usize, partners: &[Vec<usize>], taken_by: &mut [Option<usize>], visited: &mut [bool]) -> bool {
    for &place in partners.get(seeker).into_iter().flatten() {
        let Some(seen) = visited.get_mut(place) else { continue };
        if std::mem::replace(seen, true) {
            continue;
        }
        let owner = taken_by.get(place).copied().flatten();
        if owner.is_none_or(|owner| augment(owner, partners, taken_by, visited)) {
            if let Some(slot) = taken_by.get_mut(place) {
                *slot = Some(seeker);
            }
            return true;
        }
    }
    false
}

/// Whether `actual` is the call that `expected` describes: its name, and every argument that is named.
pub fn call_matches(expected: &ExpectedCall, actual: &CallRecord) -> bool {
    let Some(arguments) = &actual.arguments else { return false };
    expected.name == actual.tool_name && members_match(&expected.arguments, arguments)
}

/// Whether every member that is wanted is there as wanted, or may be left out.
fn members_match(wanted: &Map<String, Value>, actual: &Map<String, Value>) -> bool {
    wanted.iter().all(|(name, wanted)| match actual.get(name) {
        Some(value) => argument_matches(wanted, value),
        None => optional(wanted).is_some(),
    })
}

/// Strings compare trimmed and case-insensitively, numbers by value, `{"one_of": […]}` by any of its values,
/// `{"$optional": …}` as what it holds.
pub fn argument_matches(expected: &Value, actual: &Value) -> bool {
    if let Some(wanted) = optional(expected) {
        return argument_matches(wanted, actual);
    }
    if let Some(choices) = one_of(expected) {
        return choices.iter().any(|choice| argument_matches(choice, actual));
    }
    match (expected, actual) {
        (Value::String(a), Value::String(b)) => a.trim().to_lowercase() == b.trim().to_lowercase(),
        (Value::Number(a), Value::Number(b)) => same_number(a, b),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| argument_matches(a, b))
        }
        (Value::Object(a), Value::Object(b)) => b.keys().all(|name| a.contains_key(name)) && members_match(a, b),
        _ => expected == actual,
    }
}

/// The values of `{"one_of": […]}`.
pub fn one_of(expected: &Value) -> Option<&[Value]> {
    let object = expected.as_object().filter(|object| object.len() == 1)?;
    object.get("one_of")?.as_array().map(Vec::as_slice)
}

/// What `{"$optional": …}` holds.
pub fn optional(expected: &Value) -> Option<&Value> {
    expected.as_object().filter(|object| object.len() == 1)?.get("$optional")
}

/// Whole numbers exactly; otherwise within rounding.
fn same_number(a: &serde_json::Number, b: &serde_json::Number) -> bool {
    if let (Some(a), Some(b)) = (a.as_i64(), b.as_i64()) {
        return a == b;
    }
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()),
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_greedy_choice_is_undone_where_that_matches_more() {
        // Expecting x ∈ {1, 2} and x ∈ {1}; calls 1 and 2. Greedy takes 1 for the first and leaves nothing.
        let expected = [vec![1, 2], vec![1]];
        let found = maximum(&expected, &[1, 2], |choices, value| choices.contains(value));
        assert_eq!(found, [Some(1), Some(0)]);
    }

    #[test]
    fn a_longer_chain_is_rearranged() {
        // a–{0,1}, b–{0,2}, c–{0}: only a→1, b→2, c→0 matches all.
        let found = maximum(&[vec![0, 1], vec![0, 2], vec![0]], &[0, 1, 2], |choices, value| choices.contains(value));
        assert_eq!(found, [Some(1), Some(2), Some(0)]);
    }

    #[test]
    fn without_a_perfect_matching_the_most_pairs_are_found() {
        let found = maximum(&[vec![0], vec![0], vec![5]], &[0], |choices, value| choices.contains(value));
        assert_eq!(found.iter().flatten().count(), 1);
        assert!(maximum(&[] as &[Vec<i32>], &[1], |_, _| true).is_empty());
    }

    #[test]
    fn arguments_compare_as_people_mean_them() {
        let check = |expected: Value, actual: Value, same: bool| {
            assert_eq!(argument_matches(&expected, &actual), same, "{expected} against {actual}");
        };
        check(json!("Paris"), json!(" paris "), true);
        check(json!("Paris"), json!("Rome"), false);
        check(json!(2), json!(2.0), true);
        check(json!(0.3), json!(0.1 + 0.2), true);
        check(json!(9_007_199_254_740_993_i64), json!(9_007_199_254_740_992_i64), false);
        check(json!(2), json!("2"), false);
        check(json!({"one_of": ["a", 2]}), json!(2), true);
        check(json!({"one_of": []}), json!(2), false);
        check(json!([1, "A"]), json!([1.0, "a"]), true);
        check(json!([1, 2]), json!([1]), false);
        check(json!({"k": "V"}), json!({"k": "v"}), true);
        check(json!({"k": 1}), json!({"k": 1, "l": 2}), false);
        check(json!({"k": 1, "l": {"$optional": 2}}), json!({"k": 1}), true);
        check(json!({"k": 1, "l": {"$optional": 2}}), json!({"k": 1, "l": 3}), false);
        check(json!(null), json!(null), true);
        check(json!(true), json!(false), false);
    }
}
