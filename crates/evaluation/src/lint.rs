//! What is wrong with a case beyond its fields: names that are not registered, checks that cannot be made.

mod warnings;

pub use warnings::{lint, question_of};

use crate::{
    answer_tree,
    answers::{self, AnswerCheck, ModelKind, Wanted},
    calls, tools_of,
};
use serde_json::Value;
use std::cell::Cell;
use types::{Expectation, FieldError, TestCaseCreate};

/// What the parts of an expectation are called in a case.
struct Fields {
    calls: String,
    tools: String,
    mode: String,
    answer: String,
}

/// Every registered name that `case` gets wrong; empty = it can be scored. Plain fields are
/// [`TestCaseCreate::validate`]'s to check.
pub fn check_case(case: &TestCaseCreate, tool_names: &[String]) -> Vec<FieldError> {
    let refusal = answers::refusal(&case.task_type, Wanted::of(case).as_ref());
    let mut errors: Vec<FieldError> = refusal.map(|why| FieldError::new("task_type", why)).into_iter().collect();
    errors.extend(tools_of::refusals(case));
    let known = tools_of::names(case, tool_names);
    let compiled = Cell::new(0);
    // What the plain fields say of the answer is looked at above.
    let plain = Expectation { answer: case.answer_checks.clone(), ..case.expectation() };
    let fields = |calls: &str, tools: &str, mode: &str, answer: &str| Fields {
        calls: calls.into(),
        tools: tools.into(),
        mode: mode.into(),
        answer: answer.into(),
    };
    let named = fields("expected_calls", "expected_tools_json", "call_mode", "answer_checks");
    errors.extend(check_expectation(&plain, &named, &known, &compiled));
    for (place, turn) in case.turns.iter().enumerate() {
        let [calls, tools, mode, answer] =
            ["calls", "tools", "mode", "answer"].map(|name| format!("turns[{place}].expect.{name}"));
        errors.extend(check_expectation(&turn.expect, &Fields { calls, tools, mode, answer }, &known, &compiled));
    }
    errors
}

/// The models that judging `case` needs, each with the field that asks for it.
pub fn models_needed(case: &TestCaseCreate) -> Vec<(String, ModelKind)> {
    let plain = answers::find(&case.task_type).and_then(AnswerCheck::needs).filter(|_| Wanted::of(case).is_some());
    let tree = |field: String, tree: &Option<Value>| {
        let needed = tree.as_ref().map(answer_tree::needs).unwrap_or_default();
        needed.into_iter().map(move |kind| (field.clone(), kind)).collect::<Vec<_>>()
    };
    let mut needed: Vec<_> = plain.map(|kind| ("task_type".to_owned(), kind)).into_iter().collect();
    needed.extend(tree("answer_checks".into(), &case.answer_checks));
    for (place, turn) in case.turns.iter().enumerate() {
        needed.extend(tree(format!("turns[{place}].expect.answer"), &turn.expect.answer));
    }
    needed
}

fn check_expectation(
    expected: &Expectation,
    fields: &Fields,
    known: &[String],
    compiled: &Cell<u32>,
) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if calls::mode(expected.call_mode()).is_none() {
        let modes: Vec<&str> = calls::modes().collect();
        let message = format!("is `{}`, expected one of {}", expected.call_mode(), modes.join(", "));
        errors.push(FieldError::new(&fields.mode, message));
    }
    for (place, name) in expected.tools.iter().flatten().enumerate() {
        errors.extend(unknown_tool(&format!("{}[{place}]", fields.tools), name, known));
    }
    for (place, call) in expected.calls.iter().flatten().enumerate() {
        let field = format!("{}[{place}]", fields.calls);
        errors.extend(unknown_tool(&format!("{field}.name"), &call.name, known));
        let refused = calls::refusals(call, compiled).into_iter();
        errors.extend(refused.map(|(name, why)| FieldError::new(format!("{field}.arguments.{name}"), why)));
    }
    let refused = expected.answer.as_ref().and_then(answer_tree::refusal);
    errors.extend(refused.map(|why| FieldError::new(&fields.answer, why)));
    errors
}

fn unknown_tool(field: &str, name: &str, known: &[String]) -> Option<FieldError> {
    let message = || format!("`{name}` is not a tool; the tools are {}", known.join(", "));
    (!known.iter().any(|tool| tool == name)).then(|| FieldError::new(field, message()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use types::ExpectedCall;

    fn check(case: TestCaseCreate, fields: &[&str]) {
        let tools = ["calculate".to_owned(), "search".to_owned()];
        let errors = check_case(&case, &tools);
        assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), fields, "{errors:?}");
    }

    #[test]
    fn registered_names_pass_and_others_are_named_with_their_place() {
        let tools = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
        check(TestCaseCreate { expected_tools_json: tools(&["search"]), ..TestCaseCreate::default() }, &[]);
        check(
            TestCaseCreate { expected_tools_json: tools(&["search", "fly"]), ..TestCaseCreate::default() },
            &["expected_tools_json[1]"],
        );
        check(TestCaseCreate { task_type: "vibes".into(), ..TestCaseCreate::default() }, &["task_type"]);
    }

    #[test]
    fn which_models_a_case_needs_is_told_with_the_field() {
        let case = TestCaseCreate {
            task_type: "semantic".into(),
            expected_output: Some("x".into()),
            turns: vec![
                serde_json::from_value(json!({
                    "user": "Go", "expect": {"answer": {"not": {"check": "llm_judge", "expected": "rude"}}},
                }))
                .unwrap(),
            ],
            ..TestCaseCreate::default()
        };
        assert_eq!(check_case(&case, &[]), []);
        let told =
            [("task_type".to_owned(), ModelKind::Embeddings), ("turns[0].expect.answer".to_owned(), ModelKind::Judge)];
        assert_eq!(models_needed(&case), told);
    }

    #[test]
    fn alternatives_that_no_call_can_meet_are_refused() {
        let arguments = json!({"query": {"one_of": []}}).as_object().cloned().unwrap();
        let call = ExpectedCall { name: "search".into(), arguments, ..ExpectedCall::default() };
        check(
            TestCaseCreate { expected_calls: Some(vec![call]), ..TestCaseCreate::default() },
            &["expected_calls[0].arguments.query"],
        );
    }

    #[test]
    fn what_is_wrong_with_a_turn_is_told_by_its_field() {
        let turn = json!({
            "user": "Go", "expect": {"calls": [{"name": "search"}, {"name": "mine", "arguments": {"x": {"@regex": "("}}}],
            "mode": "backwards", "answer": {"check": "vibes", "expected": "x"}},
        });
        let case = TestCaseCreate {
            user_input: "Go".into(),
            turns: vec![serde_json::from_value(turn).unwrap()],
            tool_defs: vec![types::CaseTool { name: "mine".into(), ..types::CaseTool::default() }],
            ..TestCaseCreate::default()
        };
        let fields = ["turns[0].expect.mode", "turns[0].expect.calls[1].arguments.x", "turns[0].expect.answer"];
        check(case.clone(), &fields);
        let alone = TestCaseCreate { only_own_tools: true, ..case };
        check(alone, &[fields[0], "turns[0].expect.calls[0].name", fields[1], fields[2]]);
    }
}
