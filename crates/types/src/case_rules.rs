//! What a test case must be to be accepted, and its turns.

use crate::{CaseTurn, Expectation, FieldError, REPEATS, TestCaseCreate, WEIGHTS, number};
use serde_json::{Value, json};
use std::collections::HashSet;

/// Most turns of a case.
pub const TURNS_MAX: usize = 50;
/// Most tools of a case of its own.
pub const CASE_TOOLS_MAX: usize = 128;
/// Longest text of a case, in characters.
const TEXT_CHARS_MAX: usize = 32_000;
/// Most calls that are expected of a turn.
const CALLS_MAX: usize = 100;
/// Longest name of a tool, in characters.
const TOOL_NAME_CHARS_MAX: usize = 128;

/// Fields that are refused so far.
#[derive(Default)]
struct Refused(Vec<FieldError>);

impl Refused {
    fn check(&mut self, ok: bool, field: &str, message: &str) {
        if !ok {
            self.0.push(FieldError::new(field, message));
        }
    }

    fn text(&mut self, text: Option<&str>, most: usize, field: &str) {
        let long = text.is_some_and(|text| text.len() > most && text.chars().count() > most);
        self.check(!long, field, &format!("is longer than {most} characters"));
    }
}

impl TestCaseCreate {
    /// Names of the tools that must be called in a case of one turn, from whichever field says so. `None` = not checked.
    pub fn expected_tool_names(&self) -> Option<Vec<&str>> {
        match (&self.expected_calls, &self.expected_tools_json) {
            (Some(calls), _) => Some(calls.iter().map(|c| c.name.as_str()).collect()),
            (None, Some(names)) => Some(names.iter().map(String::as_str).collect()),
            (None, None) => None,
        }
    }

    /// Whether it is one question to an agent with its own tools, as training needs it.
    pub fn is_plain(&self) -> bool {
        self.turns.is_empty() && self.tool_defs.is_empty() && !self.only_own_tools
    }

    /// All turns of the case, at least one.
    pub fn all_turns(&self) -> Vec<CaseTurn> {
        if self.turns.is_empty() {
            vec![CaseTurn { user: self.user_input.clone(), expect: self.expectation() }]
        } else {
            self.turns.clone()
        }
    }

    /// What the plain fields expect of the one turn.
    pub fn expectation(&self) -> Expectation {
        Expectation {
            calls: self.expected_calls.clone(),
            mode: self.call_mode.clone(),
            tools: self.expected_tools_json.clone(),
            answer: self.answer_checks.clone().or_else(|| self.expected_answer()),
            min_calls: self.min_calls,
        }
    }

    fn expected_answer(&self) -> Option<Value> {
        let expected = self.expected_output.as_deref().map(str::trim).filter(|text| !text.is_empty())?;
        let mut check = json!({ "check": self.task_type, "expected": expected });
        let tolerance = self.tolerance.filter(|tolerance| *tolerance > 0.0 && tolerance.is_finite());
        if let (Some(check), Some(tolerance)) = (check.as_object_mut(), tolerance) {
            check.insert("tolerance".into(), tolerance.into());
        }
        Some(check)
    }

    /// Every field that would be refused; empty = valid. Registered names (`task_type`, tools) are the service's to
    /// check.
    pub fn validate(&self) -> Vec<FieldError> {
        let mut refused = Refused::default();
        self.check_texts(&mut refused);
        self.check_numbers(&mut refused);
        self.check_plain_turn(&mut refused);
        self.check_turns(&mut refused);
        self.check_tools(&mut refused);
        refused.0
    }

    fn check_texts(&self, refused: &mut Refused) {
        refused.text(self.name.as_deref(), 200, "name");
        let asks = !self.user_input.trim().is_empty();
        refused.check(asks, "user_input", "is empty; write what the person says to the agent");
        refused.text(Some(&self.user_input), TEXT_CHARS_MAX, "user_input");
        refused.text(self.expected_output.as_deref(), TEXT_CHARS_MAX, "expected_output");
        refused.text(self.system.as_deref(), TEXT_CHARS_MAX, "system");
        refused.text(self.cluster.as_deref(), 200, "cluster");
        refused.check(self.tags.len() <= 50, "tags", "more than 50 tags");
        let sourced = self.source.as_ref().is_none_or(|source| !source.dataset.trim().is_empty());
        refused.check(sourced, "source.dataset", "is empty; write the name of the data set");
    }

    fn check_numbers(&self, refused: &mut Refused) {
        refused.check(WEIGHTS.contains(&self.weight), "weight", "expected a number from 0.000001 to 1,000,000");
        let close = self.tolerance.is_none_or(|t| t.is_finite() && t >= 0.0);
        refused.check(close, "tolerance", "expected a number of at least 0");
        refused.check(REPEATS.contains(&self.repeats), "repeats", "expected a number from 1 to 100");
        let limits = self.limits.unwrap_or_default();
        let steps = limits.max_steps.is_none_or(|steps| (1..=100).contains(&steps));
        refused.check(steps, "limits.max_steps", "expected a number from 1 to 100");
        let timeout = limits.timeout_ms.is_none_or(|ms| (1..=600_000).contains(&ms));
        refused.check(timeout, "limits.timeout_ms", "expected a number from 1 to 600,000 milliseconds");
    }

    fn check_plain_turn(&self, refused: &mut Refused) {
        let few = self.expected_calls.as_ref().is_none_or(|calls| calls.len() <= CALLS_MAX);
        refused.check(few, "expected_calls", "more than 100 calls");
        let few = self.expected_tools_json.as_ref().is_none_or(|names| names.len() <= CALLS_MAX);
        refused.check(few, "expected_tools_json", "more than 100 tools");
        let number =
            || self.expected_output.as_deref().is_none_or(|t| number::read(&t.trim().replace(',', "")).is_some());
        let fits = self.task_type != "numeric" || number();
        refused.check(fits, "expected_output", "is not a number, as the check `numeric` needs");
        let twice = self.answer_checks.is_some() && self.expected_output.is_some();
        refused.check(!twice, "answer_checks", "contradicts `expected_output`: give one of the two");
        let agree = agree(&self.expectation());
        refused.check(
            agree,
            "expected_tools_json",
            "contradicts `expected_calls`: give one, or the same tools in both",
        );
    }

    fn check_turns(&self, refused: &mut Refused) {
        let Some(first) = self.turns.first() else { return };
        refused.check(self.turns.len() <= TURNS_MAX, "turns", "more than 50 turns");
        let same = first.user == self.user_input;
        refused.check(same, "user_input", "is not what the first of `turns` says; leave it out, or write the same");
        let twice = self.expectation() != Expectation::default();
        refused.check(
            !twice,
            "turns",
            "says what is expected turn by turn; leave out what is expected of the plain question",
        );
        for (place, turn) in self.turns.iter().enumerate().take(TURNS_MAX) {
            let field = |name: &str| format!("turns[{place}].{name}");
            refused.check(!turn.user.trim().is_empty(), &field("user"), "is empty; write what the person says");
            refused.text(Some(&turn.user), TEXT_CHARS_MAX, &field("user"));
            let few = turn.expect.calls.as_ref().is_none_or(|calls| calls.len() <= CALLS_MAX);
            refused.check(few, &field("expect.calls"), "more than 100 calls");
            let few = turn.expect.tools.as_ref().is_none_or(|names| names.len() <= CALLS_MAX);
            refused.check(few, &field("expect.tools"), "more than 100 tools");
            let agree = agree(&turn.expect);
            refused.check(agree, &field("expect.tools"), "contradicts `calls`: give one, or the same tools in both");
        }
    }

    fn check_tools(&self, refused: &mut Refused) {
        refused.check(self.tool_defs.len() <= CASE_TOOLS_MAX, "tool_defs", "more than 128 tools");
        let mut names = HashSet::new();
        for (place, tool) in self.tool_defs.iter().enumerate().take(CASE_TOOLS_MAX) {
            let field = format!("tool_defs[{place}].name");
            refused.check(!tool.name.trim().is_empty(), &field, "is empty; write the name of the tool");
            refused.text(Some(&tool.name), TOOL_NAME_CHARS_MAX, &field);
            refused.check(names.insert(tool.name.as_str()), &field, "is that of an earlier tool");
            refused.text(Some(&tool.description), TEXT_CHARS_MAX, &format!("tool_defs[{place}].description"));
        }
    }
}

/// Whether calls and names, where both are given, name the same tools.
fn agree(expected: &Expectation) -> bool {
    let (Some(calls), Some(names)) = (&expected.calls, &expected.tools) else { return true };
    let mut from_calls: Vec<_> = calls.iter().map(|call| call.name.as_str()).collect();
    let mut from_names: Vec<_> = names.iter().map(String::as_str).collect();
    from_calls.sort_unstable();
    from_names.sort_unstable();
    from_calls == from_names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CaseTool;

    fn refused(case: &TestCaseCreate) -> Vec<String> {
        case.validate().into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn turns_say_what_is_expected_or_the_plain_fields_do() {
        let turn = |user: &str| CaseTurn { user: user.into(), expect: Expectation::default() };
        let case = TestCaseCreate {
            user_input: "Hi".into(),
            turns: vec![turn("Hi"), turn("Go on")],
            ..TestCaseCreate::default()
        };
        assert_eq!(refused(&case), [] as [&str; 0]);
        assert_eq!(case.all_turns().len(), 2);
        let other = TestCaseCreate { user_input: "Ho".into(), expected_output: Some("x".into()), ..case.clone() };
        assert_eq!(refused(&other), ["user_input", "turns"]);
        let blank = TestCaseCreate { turns: vec![turn("Hi"), turn(" ")], ..case };
        assert_eq!(refused(&blank), ["turns[1].user"]);
    }

    #[test]
    fn tools_of_a_case_have_names_of_their_own() {
        let tool = |name: &str| CaseTool { name: name.into(), ..CaseTool::default() };
        let case = TestCaseCreate {
            user_input: "Hi".into(),
            tool_defs: vec![tool("f"), tool("f"), tool("")],
            repeats: 0,
            ..TestCaseCreate::default()
        };
        assert_eq!(refused(&case), ["repeats", "tool_defs[1].name", "tool_defs[2].name"]);
    }

    #[test]
    fn the_plain_fields_are_one_turn() {
        let case = TestCaseCreate {
            user_input: "2 + 3?".into(),
            expected_output: Some(" 5 ".into()),
            task_type: "numeric".into(),
            tolerance: Some(0.5),
            ..TestCaseCreate::default()
        };
        let turns = case.all_turns();
        assert_eq!(turns[0].expect.answer, Some(json!({"check": "numeric", "expected": "5", "tolerance": 0.5})));
        assert_eq!((turns[0].expect.tool_names(), turns[0].expect.call_mode()), (None, crate::CALL_MODE));
        let both = TestCaseCreate { answer_checks: Some(json!({"check": "contains", "expected": "5"})), ..case };
        assert_eq!(refused(&both), ["answer_checks"]);
    }

    #[test]
    fn a_file_row_of_the_original_is_understood() {
        let row = r#"{"user_input":"Hi","expected_tools":[],"task_type":"contains"}"#;
        let case: TestCaseCreate = serde_json::from_str(row).unwrap();
        assert_eq!(case.expected_tools_json, Some(vec![]));
        assert_eq!(case.expected_tool_names(), Some(vec![]));
        assert!(case.is_active && case.validate().is_empty());
    }

    #[test]
    fn a_contradiction_between_tools_and_calls_is_refused() {
        let case = TestCaseCreate {
            user_input: "x".into(),
            expected_tools_json: Some(vec!["search".into()]),
            expected_calls: Some(vec![]),
            ..TestCaseCreate::default()
        };
        assert_eq!(case.validate().len(), 1);
    }
}
