//! Test cases: what is asked, what is expected, how it is compared.

use crate::{FieldError, TestCaseId, Timestamp, not_null, number, patch};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::ops::RangeInclusive;

/// Which part of a suite a case belongs to. Training sees `train` only; `test` is held out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Split {
    /// Learned from.
    Train,
    /// For choosing settings.
    Dev,
    /// Held out.
    Test,
}

/// An expected call: its name, and the arguments that must match (strings trimmed and case-insensitive).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ExpectedCall {
    /// Registered name of the tool.
    pub name: String,
    /// Expected value of each argument; an array under `one_of` lists alternatives: `{"query": {"one_of": ["a", "b"]}}`.
    /// Absent arguments are not checked.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub arguments: Map<String, Value>,
}

/// A test case as stored.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TestCase {
    /// Its id.
    pub id: TestCaseId,
    /// What it asks and expects.
    #[serde(flatten)]
    pub draft: TestCaseCreate,
    /// When it was created.
    pub created_at: Timestamp,
}

/// A test case to create. Every field but `user_input` may be absent.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TestCaseCreate {
    /// Name for people, at most 200 characters.
    #[serde(default)]
    pub name: Option<String>,
    /// What the person says, 1 to 32,000 characters.
    pub user_input: String,
    /// What the answer must be or contain, by `task_type`. Null = the answer is not checked.
    #[serde(default)]
    pub expected_output: Option<String>,
    /// Names of the tools that must be called. Null = not checked; empty = must call no tool.
    /// Files call it `expected_tools`.
    #[serde(default)]
    // What people write is read by servers alone; the browser's reader takes fields by their places.
    #[cfg_attr(not(target_arch = "wasm32"), serde(alias = "expected_tools"))]
    pub expected_tools_json: Option<Vec<String>>,
    /// How the answer is compared: a registered answer check (`exact_match`, `contains`, `numeric`, `semantic`).
    #[serde(default = "default_task_type")]
    pub task_type: String,
    /// False after deletion.
    #[serde(default = "default_active")]
    pub is_active: bool,
    /// Added: expected calls with arguments. Null = only names are checked.
    #[serde(default)]
    pub expected_calls: Option<Vec<ExpectedCall>>,
    /// Added: id in the file or data set it came from.
    #[serde(default)]
    pub external_id: Option<String>,
    /// Added: the suite it belongs to.
    #[serde(default)]
    pub suite: Option<String>,
    /// Added: tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Added: weight in means, of [`WEIGHTS`].
    #[serde(default = "default_weight")]
    pub weight: f64,
    /// Added: which part of the suite.
    #[serde(default)]
    pub split: Option<Split>,
    /// Added: absolute tolerance of a `numeric` check.
    #[serde(default)]
    pub tolerance: Option<f64>,
}

fn default_task_type() -> String {
    "exact_match".into()
}

const fn default_active() -> bool {
    true
}

const fn default_weight() -> f64 {
    1.0
}

impl Default for TestCaseCreate {
    fn default() -> Self {
        Self {
            name: None,
            user_input: String::new(),
            expected_output: None,
            expected_tools_json: None,
            task_type: default_task_type(),
            is_active: true,
            expected_calls: None,
            external_id: None,
            suite: None,
            tags: Vec::new(),
            weight: 1.0,
            split: None,
            tolerance: None,
        }
    }
}

/// A change to a test case: absent = unchanged, `null` clears.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct TestCaseUpdate {
    /// New name.
    #[serde(deserialize_with = "patch", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub name: Option<Option<String>>,
    /// New question.
    #[serde(deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub user_input: Option<String>,
    /// New expected answer.
    #[serde(deserialize_with = "patch", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub expected_output: Option<Option<String>>,
    /// New expected tools.
    #[serde(deserialize_with = "patch", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<String>>))]
    pub expected_tools_json: Option<Option<Vec<String>>>,
    /// New answer check.
    #[serde(deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub task_type: Option<String>,
    /// Delete or restore.
    #[serde(deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
    /// New expected calls.
    #[serde(deserialize_with = "patch", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<ExpectedCall>>))]
    pub expected_calls: Option<Option<Vec<ExpectedCall>>>,
    /// New suite.
    #[serde(deserialize_with = "patch", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub suite: Option<Option<String>>,
    /// New tags.
    #[serde(deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
    /// New weight.
    #[serde(deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// New split.
    #[serde(deserialize_with = "patch", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Split>))]
    pub split: Option<Option<Split>>,
    /// New tolerance.
    #[serde(deserialize_with = "patch", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<f64>))]
    pub tolerance: Option<Option<f64>>,
}

impl TestCaseUpdate {
    /// `draft` with this change made.
    pub fn apply_to(self, mut draft: TestCaseCreate) -> TestCaseCreate {
        macro_rules! set {
            ($($field:ident),+) => {$( if let Some(value) = self.$field { draft.$field = value; } )+};
        }
        set!(
            name,
            user_input,
            expected_output,
            expected_tools_json,
            task_type,
            is_active,
            expected_calls,
            suite,
            tags,
            weight,
            split,
            tolerance
        );
        draft
    }
}

/// What the weight of a case, or of a check of one, may be: sums and products of them stay far from infinity.
pub const WEIGHTS: RangeInclusive<f64> = 1e-6..=1e6;

impl TestCaseCreate {
    /// Names of the tools that must be called, from whichever field says so. `None` = not checked.
    pub fn expected_tool_names(&self) -> Option<Vec<&str>> {
        match (&self.expected_calls, &self.expected_tools_json) {
            (Some(calls), _) => Some(calls.iter().map(|c| c.name.as_str()).collect()),
            (None, Some(names)) => Some(names.iter().map(String::as_str).collect()),
            (None, None) => None,
        }
    }

    /// Every field that would be refused; empty = valid. Registered names (`task_type`, tools) are the service's to
    /// check.
    pub fn validate(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut check = |ok: bool, field: &str, message: &str| {
            if !ok {
                errors.push(FieldError::new(field, message));
            }
        };
        let chars = |text: &Option<String>| text.as_deref().map_or(0, |t| t.chars().count());
        check(chars(&self.name) <= 200, "name", "is longer than 200 characters");
        check(!self.user_input.trim().is_empty(), "user_input", "is empty; write what the person says to the agent");
        check(self.user_input.chars().count() <= 32_000, "user_input", "is longer than 32,000 characters");
        check(chars(&self.expected_output) <= 32_000, "expected_output", "is longer than 32,000 characters");
        check(WEIGHTS.contains(&self.weight), "weight", "expected a number from 0.000001 to 1,000,000");
        check(self.tolerance.is_none_or(|t| t.is_finite() && t >= 0.0), "tolerance", "expected a number of at least 0");
        check(self.tags.len() <= 50, "tags", "more than 50 tags");
        check(self.expected_calls.as_ref().is_none_or(|c| c.len() <= 100), "expected_calls", "more than 100 calls");
        let few = self.expected_tools_json.as_ref().is_none_or(|names| names.len() <= 100);
        check(few, "expected_tools_json", "more than 100 tools");
        let numeric = self.task_type == "numeric";
        let number = self.expected_output.as_deref().is_none_or(|t| number::read(&t.trim().replace(',', "")).is_some());
        check(!numeric || number, "expected_output", "is not a number, as the check `numeric` needs");
        if let (Some(calls), Some(names)) = (&self.expected_calls, &self.expected_tools_json) {
            let mut from_calls: Vec<_> = calls.iter().map(|c| c.name.as_str()).collect();
            let mut from_names: Vec<_> = names.iter().map(String::as_str).collect();
            from_calls.sort_unstable();
            from_names.sort_unstable();
            let agree = from_calls == from_names;
            check(agree, "expected_tools_json", "contradicts `expected_calls`: give one, or the same tools in both");
        }
        errors
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
