//! A test case as its form holds it: texts as typed, and what they mean.

use types::{
    FieldError, Split, TestCaseCreate, TestCaseUpdate,
    number::{self, Plain},
};

/// What the case says about tools.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ToolRule {
    /// Whatever the agent calls is fine.
    #[default]
    NotChecked,
    /// It must answer without a tool.
    NoTool,
    /// It must call the chosen tools.
    These,
}

impl ToolRule {
    /// The value of its radio button.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotChecked => "not_checked",
            Self::NoTool => "no_tool",
            Self::These => "these",
        }
    }
}

/// The form.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct CaseDraft {
    /// Name for people.
    pub name: String,
    /// What the person says.
    pub user_input: String,
    /// The expected answer; empty = not checked.
    pub expected_output: String,
    /// How the answer is compared.
    pub task_type: String,
    /// Absolute tolerance, for numbers.
    pub tolerance: String,
    /// What is said about tools.
    pub tool_rule: ToolRule,
    /// The chosen tools, a name twice when it must be called twice.
    pub tools: Vec<String>,
    /// Suite.
    pub suite: String,
    /// `train`, `dev`, `test` or empty.
    pub split: String,
    /// Tags, separated by commas.
    pub tags: String,
    /// Weight in means.
    pub weight: String,
    /// The case that is edited, with what the form does not show.
    pub original: TestCaseCreate,
}

impl CaseDraft {
    /// The form of an existing case.
    pub fn from_case(case: &TestCaseCreate) -> Self {
        let tools: Option<Vec<String>> =
            case.expected_tool_names().map(|names| names.into_iter().map(str::to_owned).collect());
        Self {
            name: case.name.clone().unwrap_or_default(),
            user_input: case.user_input.clone(),
            expected_output: case.expected_output.clone().unwrap_or_default(),
            task_type: case.task_type.clone(),
            tolerance: case.tolerance.map(|t| Plain(t).to_string()).unwrap_or_default(),
            tool_rule: match &tools {
                None => ToolRule::NotChecked,
                Some(names) if names.is_empty() => ToolRule::NoTool,
                Some(_) => ToolRule::These,
            },
            tools: tools.unwrap_or_default(),
            suite: case.suite.clone().unwrap_or_default(),
            split: case.split.map(split_word).unwrap_or_default().to_owned(),
            tags: case.tags.join(", "),
            weight: Plain(case.weight).to_string(),
            original: case.clone(),
        }
    }

    /// Whether saving drops the arguments that the edited case expects: they belong to the tools it named.
    pub fn drops_arguments(&self) -> bool {
        self.original.expected_calls.is_some() && self.case().expected_calls.is_none()
    }

    /// The case that the form describes, whether or not it is valid.
    pub fn case(&self) -> TestCaseCreate {
        let names = match self.tool_rule {
            ToolRule::NotChecked => None,
            ToolRule::NoTool => Some(Vec::new()),
            ToolRule::These => Some(self.tools.clone()),
        };
        let same_tools = sorted(names.clone()) == sorted(self.original.expected_calls.as_deref().map(call_names));
        TestCaseCreate {
            name: text(&self.name),
            user_input: self.user_input.clone(),
            expected_output: text(&self.expected_output),
            task_type: self.task_type.clone(),
            expected_calls: self.original.expected_calls.clone().filter(|_| same_tools),
            expected_tools_json: names,
            suite: text(&self.suite),
            split: split_of(&self.split),
            tags: self.tags.split(',').filter_map(text).collect(),
            weight: number(&self.weight, 1.0),
            tolerance: text(&self.tolerance).map(|tolerance| number(&tolerance, 0.0)),
            ..self.original.clone()
        }
    }

    /// What would be refused, as the service would say it, and what only the form can say.
    pub fn errors(&self) -> Vec<FieldError> {
        let mut errors = self.case().validate();
        if self.tool_rule == ToolRule::These && self.tools.is_empty() {
            errors.push(FieldError::new("expected_tools_json", "choose at least one tool, or “must call no tool”"));
        }
        errors
    }

    /// The change that makes the edited case what the form describes; what it does not show stays.
    pub fn update(&self) -> TestCaseUpdate {
        let case = self.case();
        TestCaseUpdate {
            name: Some(case.name),
            user_input: Some(case.user_input),
            expected_output: Some(case.expected_output),
            expected_tools_json: Some(case.expected_tools_json),
            task_type: Some(case.task_type),
            is_active: None,
            expected_calls: Some(case.expected_calls),
            suite: Some(case.suite),
            tags: Some(case.tags),
            weight: Some(case.weight),
            split: Some(case.split),
            tolerance: Some(case.tolerance),
            ..TestCaseUpdate::default()
        }
    }
}

/// Chooses a tool, or takes it away.
pub fn choose_tool(tools: &mut Vec<String>, name: &str, chosen: bool) {
    tools.retain(|tool| tool != name);
    tools.extend(chosen.then(|| name.to_owned()));
}

/// The word of a split on the wire.
pub const fn split_word(split: Split) -> &'static str {
    match split {
        Split::Train => "train",
        Split::Dev => "dev",
        Split::Test => "test",
    }
}

fn split_of(word: &str) -> Option<Split> {
    [Split::Train, Split::Dev, Split::Test].into_iter().find(|split| split_word(*split) == word)
}

fn call_names(calls: &[types::ExpectedCall]) -> Vec<String> {
    calls.iter().map(|call| call.name.clone()).collect()
}

fn sorted(names: Option<Vec<String>>) -> Option<Vec<String>> {
    names.map(|mut names| {
        names.sort_unstable();
        names
    })
}

fn text(typed: &str) -> Option<String> {
    let trimmed = typed.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

/// The number typed, `empty` for nothing, and NaN (which validation refuses) for anything else.
fn number(typed: &str, empty: f64) -> f64 {
    if typed.trim().is_empty() { empty } else { number::read(typed.trim()).unwrap_or(f64::NAN) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::ExpectedCall;

    fn asks(question: &str) -> CaseDraft {
        CaseDraft { user_input: question.into(), ..CaseDraft::from_case(&TestCaseCreate::default()) }
    }

    #[test]
    fn the_three_rules_about_tools_are_three_different_cases() {
        let mut draft = asks("What is 15 * 23?");
        assert_eq!(draft.case().expected_tools_json, None);
        draft.tool_rule = ToolRule::NoTool;
        assert_eq!(draft.case().expected_tools_json, Some(vec![]));
        draft.tool_rule = ToolRule::These;
        assert_eq!(draft.errors().len(), 1);
        choose_tool(&mut draft.tools, "calculate", true);
        assert_eq!(draft.case().expected_tools_json, Some(vec!["calculate".to_owned()]));
        assert!(draft.errors().is_empty());
    }

    #[test]
    fn an_existing_case_comes_through_the_form_unchanged() {
        let case = TestCaseCreate {
            user_input: "Weather in Oslo?".into(),
            expected_calls: Some(vec![ExpectedCall { name: "get_weather".into(), ..ExpectedCall::default() }]),
            expected_tools_json: Some(vec!["get_weather".into()]),
            tags: vec!["a".into(), "b".into()],
            split: Some(Split::Test),
            tolerance: Some(0.5),
            ..TestCaseCreate::default()
        };
        assert_eq!(CaseDraft::from_case(&case).case(), case);
    }

    #[test]
    fn changing_the_tools_drops_the_expected_arguments_and_says_so() {
        let call = ExpectedCall { name: "search".into(), ..ExpectedCall::default() };
        let case = TestCaseCreate { expected_calls: Some(vec![call]), ..asks("x").case() };
        let mut draft = CaseDraft::from_case(&case);
        assert!(!draft.drops_arguments());
        choose_tool(&mut draft.tools, "search", false);
        choose_tool(&mut draft.tools, "calculate", true);
        assert!(draft.drops_arguments());
        assert_eq!(draft.case().expected_calls, None);
    }

    #[test]
    fn a_weight_that_is_not_a_number_is_refused() {
        let draft = CaseDraft { weight: "heavy".into(), ..asks("x") };
        assert_eq!(draft.errors().first().map(|error| error.field.clone()), Some("weight".into()));
    }
}
