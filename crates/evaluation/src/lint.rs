//! What is wrong with a case beyond its fields: names that are not registered, checks that cannot be made.

use crate::{
    answers::{self, Wanted},
    rules,
};
use std::cell::Cell;
use types::{FieldError, TestCaseCreate};

/// Every registered name that `case` gets wrong; empty = it can be scored. Plain fields are
/// [`TestCaseCreate::validate`]'s to check.
pub fn check_case(case: &TestCaseCreate, tool_names: &[String]) -> Vec<FieldError> {
    let refusal = answers::refusal(&case.task_type, Wanted::of(case).as_ref());
    let mut errors: Vec<FieldError> = refusal.map(|why| FieldError::new("task_type", why)).into_iter().collect();
    for (place, name) in case.expected_tools_json.iter().flatten().enumerate() {
        errors.extend(unknown_tool(&format!("expected_tools_json[{place}]"), name, tool_names));
    }
    let compiled = Cell::new(0);
    for (place, call) in case.expected_calls.iter().flatten().enumerate() {
        let field = format!("expected_calls[{place}]");
        errors.extend(unknown_tool(&format!("{field}.name"), &call.name, tool_names));
        for (argument, wanted) in &call.arguments {
            let refusal = rules::refusal(wanted, &compiled);
            errors.extend(refusal.map(|why| FieldError::new(format!("{field}.arguments.{argument}"), why)));
        }
    }
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
    fn semantic_is_refused_with_what_would_be_right() {
        let case = TestCaseCreate { task_type: "semantic".into(), ..TestCaseCreate::default() };
        let errors = check_case(&case, &[]);
        assert!(errors[0].message.contains("embedding model"), "{errors:?}");
    }

    #[test]
    fn alternatives_that_no_call_can_meet_are_refused() {
        let arguments = json!({"query": {"one_of": []}}).as_object().cloned().unwrap();
        let call = ExpectedCall { name: "search".into(), arguments };
        check(
            TestCaseCreate { expected_calls: Some(vec![call]), ..TestCaseCreate::default() },
            &["expected_calls[0].arguments.query"],
        );
    }
}
