//! What is probably not meant in a case that can be scored: a warning says where, what, and what would help.

use serde_json::{Map, Value};
use std::collections::HashMap;
use types::{CALL_MODE, CaseWarning, Expectation, ExpectedCall, TestCaseCreate, ToolSpec};

/// Most checks of a tree that are looked at.
const CHECKS_MAX: usize = 1000;
/// A cosine that only the same words reach.
const COSINE_HIGH: f64 = 0.99;

/// What is probably not meant in `case`, with `registered` on offer beside its own tools; empty = nothing was found.
/// Whether there is another case like it is the caller's to know, see [`question_of`].
pub fn lint(case: &TestCaseCreate, registered: &[ToolSpec]) -> Vec<CaseWarning> {
    let tools = schemas(case, registered);
    let mut warnings = Vec::new();
    let turns = case.all_turns();
    for (place, turn) in turns.iter().enumerate() {
        let plain = case.turns.is_empty();
        let at = |name: &str, plainly: &str| {
            if plain { plainly.to_owned() } else { format!("turns[{place}].expect.{name}") }
        };
        let calls = at("calls", "expected_calls");
        for (place, call) in turn.expect.calls.iter().flatten().enumerate() {
            if let Some(schema) = tools.get(call.name.as_str()) {
                lint_call(&format!("{calls}[{place}]"), call, schema, &mut warnings);
            }
        }
        warnings.extend(lint_least(&turn.expect, &at("min_calls", "min_calls")));
        let answer = if case.answer_checks.is_some() { "answer_checks" } else { "expected_output" };
        if let Some(tree) = &turn.expect.answer {
            lint_answer(tree, &at("answer", answer), &mut warnings);
        }
    }
    warnings
}

/// What decides whether two cases ask and expect the same: their turns and what stands around them, not their names.
pub fn question_of(case: &TestCaseCreate) -> String {
    serde_json::json!([case.all_turns(), case.system, case.tool_defs, case.only_own_tools]).to_string()
}

/// The schemas of the arguments, by the tool's name; a tool of the case hides another one of its name.
fn schemas<'a>(case: &'a TestCaseCreate, registered: &'a [ToolSpec]) -> HashMap<&'a str, &'a Map<String, Value>> {
    let registered = registered.iter().filter(|_| !case.only_own_tools);
    let registered = registered.filter_map(|tool| Some((tool.name.as_str(), tool.parameters.as_object()?)));
    let own = case.tool_defs.iter().map(|tool| (tool.name.as_str(), &tool.parameters));
    registered.chain(own).collect()
}

fn warning(field: &str, message: String, hint: impl Into<String>) -> CaseWarning {
    CaseWarning { field: field.into(), message, hint: hint.into() }
}

fn lint_call(field: &str, call: &ExpectedCall, schema: &Map<String, Value>, warnings: &mut Vec<CaseWarning>) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
    if !is_open(schema) {
        for name in call.arguments.keys().filter(|name| !properties.contains_key(*name)) {
            let message = format!("`{}` has no argument `{name}`", call.name);
            warnings.push(warning(&format!("{field}.arguments.{name}"), message, nearest(name, properties)));
        }
        for name in call.ignored.iter().filter(|name| !properties.contains_key(*name)) {
            let message = format!("`{}` has no argument `{name}` that could be ignored", call.name);
            warnings.push(warning(&format!("{field}.ignored"), message, nearest(name, properties)));
        }
    }
    for name in call.ignored.iter().filter(|name| call.arguments.contains_key(*name)) {
        let message = format!("says what `{name}` must be, and that it does not matter; it is not checked");
        warnings.push(warning(&format!("{field}.arguments.{name}"), message, "leave it out of one of the two"));
    }
    let required = schema.get("required").and_then(Value::as_array);
    let names = required.into_iter().flatten().filter_map(Value::as_str);
    let said = |name: &str| call.arguments.contains_key(name) || call.defaults.contains_key(name);
    for name in names.filter(|name| !said(name) && !call.ignored.iter().any(|ignored| ignored == name)) {
        warnings.extend(lint_required(field, call, name));
    }
}

/// A required argument of which nothing is said. A call of which only the name is told means just that.
fn lint_required(field: &str, call: &ExpectedCall, name: &str) -> Option<CaseWarning> {
    let field = format!("{field}.arguments");
    if call.only_these {
        let message =
            format!("`{}` requires `{name}`, and `only_these` allows no other argument: no call passes", call.name);
        return Some(warning(&field, message, format!("say what `{name}` must be, or list it in `ignored`")));
    }
    let message = || format!("`{}` requires `{name}`, which is not checked", call.name);
    let hint = "say what it must be, or list it in `ignored`";
    (!call.arguments.is_empty()).then(|| warning(&field, message(), hint))
}

/// Whether a schema allows arguments that it does not name, or says of them where this does not look.
fn is_open(schema: &Map<String, Value>) -> bool {
    let elsewhere = ["$ref", "anyOf", "oneOf", "allOf", "patternProperties"];
    elsewhere.iter().any(|keyword| schema.contains_key(*keyword))
        || schema.get("additionalProperties").is_some_and(|others| *others != Value::Bool(false))
}

fn nearest(name: &str, properties: &Map<String, Value>) -> String {
    let like = |known: &&String| strsim::normalized_levenshtein(&name.to_lowercase(), &known.to_lowercase());
    let close = properties.keys().map(|known| (like(&known), known)).filter(|(like, _)| *like >= 0.5);
    match close.max_by(|one, other| one.0.total_cmp(&other.0)) {
        Some((_, known)) => format!("is `{known}` meant?"),
        None if properties.is_empty() => "the tool has no arguments".into(),
        None => format!("its arguments are {}", properties.keys().take(20).cloned().collect::<Vec<_>>().join(", ")),
    }
}

/// The fewest calls beside those expected.
fn lint_least(expected: &Expectation, field: &str) -> Option<CaseWarning> {
    let least = usize::try_from(expected.min_calls?).ok()?;
    let names = expected.tool_names()?;
    let mode = expected.call_mode();
    if names.is_empty() && least > 0 {
        let message = format!("is {least}, and no call may be made");
        return Some(warning(field, message, "leave it out, or say which calls are expected"));
    }
    let exact = [CALL_MODE, "exact_order"].contains(&mode);
    if least > names.len() && (exact || mode == "subset") {
        let message = format!("is {least}, and `{mode}` allows only the {} expected calls", names.len());
        return Some(warning(field, message, format!("{} at most", names.len())));
    }
    let fewer = least < names.len() && mode != "subset";
    let message =
        || format!("is {least}, and the case passes only with {} calls: the efficiency cannot be 1", names.len());
    fewer.then(|| warning(field, message(), format!("{} at least", names.len())))
}

fn lint_answer(tree: &Value, field: &str, warnings: &mut Vec<CaseWarning>) {
    let mut open = vec![tree];
    let mut seen = 0;
    while let Some(node) = open.pop() {
        seen += 1;
        if seen > CHECKS_MAX {
            return;
        }
        warnings.extend(lint_threshold(node, field));
        let parts = |kind: &str| node.get(kind).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        warnings.extend(contradiction(parts("all"), field));
        open.extend(parts("all").iter().chain(parts("any")).chain(node.get("not")));
    }
}

/// A threshold that everything reaches, or next to nothing.
fn lint_threshold(check: &Value, field: &str) -> Option<CaseWarning> {
    let name = check.get("check")?.as_str()?;
    let threshold = check.get("threshold")?.as_f64()?;
    if threshold <= 0.0 {
        return Some(warning(field, format!("`{name}` with the threshold 0 is passed by every reply"), "raise it"));
    }
    // The nearest other text has one letter more.
    let letters = check.get("expected").and_then(Value::as_str).map_or(0, |text| text.trim().chars().count());
    let letters = f64::from(u32::try_from(letters).unwrap_or(u32::MAX));
    let most = match name {
        "levenshtein" => letters / (letters + 1.0),
        "semantic" => COSINE_HIGH,
        _ => return None,
    };
    let message = || {
        format!(
            "`{name}` with the threshold {threshold} is passed only by the same text; another reaches at most {most:.3}"
        )
    };
    (threshold > most).then(|| warning(field, message(), "lower it, or use `exact_match`"))
}

/// Two required checks that no reply passes both of.
fn contradiction(parts: &[Value], field: &str) -> Option<CaseWarning> {
    let required: Vec<&Value> = parts.iter().filter(|part| part.get("required") != Some(&Value::Bool(false))).collect();
    let negated = required.iter().filter_map(|part| part.get("not"));
    let mut turned = negated.filter(|not| required.iter().any(|part| same_check(part, not)));
    if turned.next().is_some() {
        let message = "`all` asks for a check and for its opposite: no reply passes".to_owned();
        return Some(warning(field, message, "leave out one of the two, or put them into `any`"));
    }
    let exact = required.iter().filter(|part| part.get("check").is_some_and(|name| name == "exact_match"));
    let mut texts = exact.filter_map(|part| part.get("expected")?.as_str()).map(|text| text.trim().to_lowercase());
    let first = texts.next()?;
    let message = || "`all` asks for two different texts by `exact_match`: no reply passes".to_owned();
    texts.any(|text| text != first).then(|| warning(field, message(), "put them into `any`"))
}

/// Whether two checks are the same but for their weight.
fn same_check(one: &Value, other: &Value) -> bool {
    let said = |check: &Value| {
        let mut said = check.as_object().cloned().unwrap_or_default();
        said.retain(|name, _| !["weight", "required"].contains(&name.as_str()));
        said
    };
    said(one) == said(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(case: Value, told: &[(&str, &str)]) {
        let tool = ToolSpec {
            name: "search".into(),
            description: String::new(),
            parameters: json!({"type": "object", "properties": {"query": {}, "limit": {}}, "required": ["query"]}),
        };
        let mut case = case;
        case["user_input"] = "Go".into();
        let case: TestCaseCreate = serde_json::from_value(case).unwrap();
        let warnings = lint(&case, &[tool]);
        assert_eq!(warnings.len(), told.len(), "{warnings:?}");
        for (warning, (field, words)) in warnings.iter().zip(told) {
            assert_eq!(warning.field, *field, "{warning:?}");
            assert!(format!("{} {}", warning.message, warning.hint).contains(words), "{warning:?}");
        }
    }

    #[test]
    fn arguments_are_looked_up_in_the_schema_of_their_tool() {
        check(json!({"expected_calls": [{"name": "search"}]}), &[]);
        check(json!({"expected_calls": [{"name": "search", "arguments": {"query": "x"}}]}), &[]);
        check(
            json!({"expected_calls": [{"name": "search", "arguments": {"qurey": "x"}}]}),
            &[
                ("expected_calls[0].arguments.qurey", "is `query` meant?"),
                ("expected_calls[0].arguments", "requires `query`, which is not checked"),
            ],
        );
        check(json!({"expected_calls": [{"name": "search", "arguments": {"limit": 1}, "ignored": ["query"]}]}), &[]);
        check(
            json!({"expected_calls": [{"name": "search", "only_these": true}]}),
            &[("expected_calls[0].arguments", "no call passes")],
        );
        check(
            json!({"expected_calls": [{"name": "search", "arguments": {"query": 1}, "ignored": ["query"]}]}),
            &[("expected_calls[0].arguments.query", "it is not checked")],
        );
    }

    #[test]
    fn a_tool_of_the_case_hides_a_registered_one() {
        let own = json!([{"name": "search", "parameters": {"type": "object", "properties": {"text": {}}}}]);
        check(
            json!({"tool_defs": own, "expected_calls": [{"name": "search", "arguments": {"query": "x"}}]}),
            &[("expected_calls[0].arguments.query", "its arguments are text")],
        );
    }

    #[test]
    fn the_fewest_calls_agree_with_those_expected() {
        check(json!({"expected_tools_json": [], "min_calls": 1}), &[("min_calls", "no call may be made")]);
        check(json!({"expected_tools_json": [], "min_calls": 0}), &[]);
        check(json!({"expected_tools_json": ["search"], "min_calls": 2}), &[("min_calls", "1 at most")]);
        check(json!({"expected_calls": [{"name": "search"}], "call_mode": "superset", "min_calls": 2}), &[]);
        check(
            json!({"turns": [{"user": "Go", "expect": {"tools": ["search", "search"], "min_calls": 1}}]}),
            &[("turns[0].expect.min_calls", "the efficiency cannot be 1")],
        );
    }

    #[test]
    fn thresholds_and_contradictions_of_answers_are_told() {
        let near = |threshold: f64| json!({"check": "levenshtein", "expected": "kitten", "threshold": threshold});
        // Six letters: the nearest other text has seven, 6/7 = 0.857.
        check(json!({"answer_checks": near(0.85)}), &[]);
        check(json!({"answer_checks": near(0.9)}), &[("answer_checks", "at most 0.857")]);
        check(json!({"answer_checks": {"any": [near(0.0)]}}), &[("answer_checks", "every reply")]);
        let has = json!({"check": "contains", "expected": "a"});
        check(
            json!({"answer_checks": {"all": [has, {"not": has, "weight": 2}]}}),
            &[("answer_checks", "its opposite")],
        );
        check(json!({"answer_checks": {"all": [has, {"not": has, "required": false}]}}), &[]);
        let is = |text: &str| json!({"check": "exact_match", "expected": text});
        check(json!({"answer_checks": {"all": [is("a"), is(" A")]}}), &[]);
        check(json!({"answer_checks": {"all": [is("a"), is("b")]}}), &[("answer_checks", "two different texts")]);
    }

    #[test]
    fn names_and_tags_do_not_make_another_question() {
        let case = |name: &str, expected: &str| TestCaseCreate {
            user_input: "Go".into(),
            name: Some(name.into()),
            expected_output: Some(expected.into()),
            ..TestCaseCreate::default()
        };
        assert_eq!(question_of(&case("a", "x")), question_of(&case("b", "x")));
        assert_ne!(question_of(&case("a", "x")), question_of(&case("a", "y")));
    }
}
