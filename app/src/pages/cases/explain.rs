//! What a test case demands, in words.

use types::TestCaseCreate;

/// The rule about tools, as a table cell says it.
pub fn tools_text(case: &TestCaseCreate) -> String {
    match case.expected_tool_names() {
        None => "not checked".into(),
        Some(names) if names.is_empty() => "must call no tool".into(),
        Some(names) => names.join(", "),
    }
}

/// When the case passes, as one sentence.
pub fn passes_when(case: &TestCaseCreate) -> String {
    let parts: Vec<String> = [answer_part(case), tools_part(case)].into_iter().flatten().collect();
    if parts.is_empty() {
        return "Nothing is checked yet: an evaluation would leave this case unscored.".into();
    }
    format!("Passes when {}.", parts.join(" and "))
}

fn answer_part(case: &TestCaseCreate) -> Option<String> {
    let expected = crate::present::one_line(case.expected_output.as_deref()?, 60);
    Some(match case.task_type.as_str() {
        "exact_match" => format!("the answer is exactly “{expected}”"),
        "contains" => format!("the answer contains “{expected}”"),
        "numeric" => match case.tolerance {
            Some(tolerance) if tolerance > 0.0 => format!("the answer's number is {expected} ± {tolerance}"),
            _ => format!("the answer's number is {expected}"),
        },
        "semantic" => format!("the answer means the same as “{expected}”"),
        other => format!("the check {other} accepts “{expected}”"),
    })
}

fn tools_part(case: &TestCaseCreate) -> Option<String> {
    let names = case.expected_tool_names()?;
    let arguments = case.expected_calls.iter().flatten().any(|call| !call.arguments.is_empty());
    Some(match names.as_slice() {
        [] => "the agent calls no tool".into(),
        names if arguments => format!("the agent calls {} with the expected arguments", names.join(", ")),
        names => format!("the agent calls {}", names.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_in_one_sentence() {
        let case = TestCaseCreate {
            user_input: "What is 15 * 23?".into(),
            expected_output: Some("345".into()),
            task_type: "numeric".into(),
            expected_tools_json: Some(vec!["calculate".into()]),
            ..TestCaseCreate::default()
        };
        assert_eq!(passes_when(&case), "Passes when the answer's number is 345 and the agent calls calculate.");
    }

    #[test]
    fn a_case_that_checks_nothing_says_so() {
        assert!(passes_when(&TestCaseCreate::default()).starts_with("Nothing is checked"));
        let silent = TestCaseCreate { expected_tools_json: Some(vec![]), ..TestCaseCreate::default() };
        assert_eq!(passes_when(&silent), "Passes when the agent calls no tool.");
        assert_eq!(tools_text(&silent), "must call no tool");
    }
}
