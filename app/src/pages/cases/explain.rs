//! What a test case demands, in words.

use serde_json::Value;
use types::{Expectation, TestCaseCreate};

/// The rule about tools, as a table cell says it.
pub fn tools_text(case: &TestCaseCreate) -> String {
    let names = match case.turns.as_slice() {
        [] => case.expected_tool_names(),
        turns => {
            let named: Vec<_> = turns.iter().filter_map(|turn| turn.expect.tool_names()).collect();
            (!named.is_empty()).then(|| named.concat())
        }
    };
    match names {
        None => "not checked".into(),
        Some(names) if names.is_empty() => "must call no tool".into(),
        Some(names) => names.join(", "),
    }
}

/// What is expected of the answer where more is said of it than the one expected answer.
pub fn answer_text(case: &TestCaseCreate) -> Option<String> {
    match case.turns.len() {
        0 => case.answer_checks.as_ref().map(|_| "several checks".to_owned()),
        turns => Some(crate::present::count(i64::try_from(turns).unwrap_or(i64::MAX), "turn")),
    }
}

/// When the case passes, as one sentence.
pub fn passes_when(case: &TestCaseCreate) -> String {
    let several = case.turns.len() > 1;
    let turns = case.all_turns();
    let turns = turns.iter().enumerate().map(|(place, turn)| {
        let parts: Vec<String> =
            [answer_part(turn.expect.answer.as_ref()), tools_part(&turn.expect)].into_iter().flatten().collect();
        let where_ = if several { format!(" in turn {}", place + 1) } else { String::new() };
        (!parts.is_empty()).then(|| format!("{}{where_}", parts.join(" and ")))
    });
    let parts: Vec<String> = turns.flatten().collect();
    if parts.is_empty() {
        return "Nothing is checked yet: an evaluation would leave this case unscored.".into();
    }
    format!("Passes when {}.", parts.join(", and "))
}

/// A check, or checks put together, in words.
fn answer_part(answer: Option<&Value>) -> Option<String> {
    let answer = answer?;
    for (combine, word) in [("all", " and "), ("any", " or ")] {
        if let Some(parts) = answer.get(combine).and_then(Value::as_array) {
            let parts: Vec<String> = parts.iter().filter_map(|part| answer_part(Some(part))).collect();
            return (!parts.is_empty()).then(|| parts.join(word));
        }
    }
    if let Some(not) = answer.get("not") {
        return answer_part(Some(not)).map(|part| format!("not ({part})"));
    }
    let expected = answer.get("expected")?;
    let expected = expected.as_str().map_or_else(|| expected.to_string(), str::to_owned);
    let expected = crate::present::one_line(&expected, 60);
    let tolerance = answer.get("tolerance").and_then(Value::as_f64).filter(|tolerance| *tolerance > 0.0);
    Some(match answer.get("check")?.as_str()? {
        "exact_match" => format!("the answer is exactly “{expected}”"),
        "contains" => format!("the answer contains “{expected}”"),
        "numeric" => match tolerance {
            Some(tolerance) => format!("the answer's number is {expected} ± {tolerance}"),
            None => format!("the answer's number is {expected}"),
        },
        "llm_judge" => format!("a judging model finds that it meets “{expected}”"),
        "semantic" => format!("the answer means the same as “{expected}”"),
        other => format!("the check {other} accepts “{expected}”"),
    })
}

fn tools_part(expect: &Expectation) -> Option<String> {
    let names = expect.tool_names()?;
    let arguments = expect.calls.iter().flatten().any(|call| !call.arguments.is_empty());
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

    #[test]
    fn turns_and_checks_put_together_are_said() {
        let case = serde_json::json!({"user_input": "a", "turns": [
            {"user": "a", "expect": {"answer": {"any": [{"check": "contains", "expected": "x"}, {"not": {"check": "contains", "expected": "y"}}]}}},
            {"user": "b", "expect": {"tools": []}}]});
        let case: TestCaseCreate = serde_json::from_value(case).unwrap();
        let said = "Passes when the answer contains “x” or not (the answer contains “y”) in turn 1, and the agent calls no tool in turn 2.";
        assert_eq!(passes_when(&case), said);
        assert_eq!((tools_text(&case), answer_text(&case)), ("must call no tool".into(), Some("2 turns".into())));
    }
}
