//! Test cases: what is asked, what is expected, how it is compared.

use crate::{CaseLimits, CaseSource, CaseTool, CaseTurn, ExpectedCall, TestCaseId, Timestamp, not_null, patch};
use serde::{Deserialize, Serialize};
use serde_json::Value;
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

impl Split {
    /// Its word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Dev => "dev",
            Self::Test => "test",
        }
    }
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
    /// Added: which version it is, from 1; every change of what it says makes a new one.
    #[serde(default = "one")]
    pub version: u32,
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
    /// Added: how the calls must stand to `expected_calls`; null = [`crate::CALL_MODE`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_mode: Option<String>,
    /// Added: checks of the answer beyond `expected_output`: `{"check": name, "expected": …}`, or `all`, `any`, `not` of
    /// them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub answer_checks: Option<Value>,
    /// Added: the fewest calls that it can be done with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_calls: Option<u32>,
    /// Added: all turns, each with what is expected then; empty = one turn, that of the plain fields. `user_input` is then
    /// what the person says first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub turns: Vec<CaseTurn>,
    /// Added: instructions for this case, in front of the agent's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// Added: tools of this case, beside those of the agent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tool_defs: Vec<CaseTool>,
    /// Added: the agent has the tools of this case and no others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub only_own_tools: bool,
    /// Added: limits of each turn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<CaseLimits>,
    /// Added: how often a run asks it, of [`REPEATS`], unless the run says otherwise.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub repeats: u32,
    /// Added: cases of one cluster are not independent of each other; intervals treat it as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// Added: where it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<CaseSource>,
}

const fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_one(number: &u32) -> bool {
    *number == 1
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
            call_mode: None,
            answer_checks: None,
            min_calls: None,
            turns: Vec::new(),
            system: None,
            tool_defs: Vec::new(),
            only_own_tools: false,
            limits: None,
            repeats: 1,
            cluster: None,
            source: None,
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
    /// New way to compare calls.
    #[serde(deserialize_with = "patch", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub call_mode: Option<Option<String>>,
    /// New checks of the answer.
    #[serde(deserialize_with = "patch", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub answer_checks: Option<Option<Value>>,
    /// New fewest calls.
    #[serde(deserialize_with = "patch", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u32>))]
    pub min_calls: Option<Option<u32>>,
    /// New turns.
    #[serde(deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub turns: Option<Vec<CaseTurn>>,
    /// New instructions.
    #[serde(deserialize_with = "patch", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub system: Option<Option<String>>,
    /// New tools.
    #[serde(deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub tool_defs: Option<Vec<CaseTool>>,
    /// Whether the agent has the tools of this case alone.
    #[serde(deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub only_own_tools: Option<bool>,
    /// New limits.
    #[serde(deserialize_with = "patch", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<CaseLimits>))]
    pub limits: Option<Option<CaseLimits>>,
    /// New repeats.
    #[serde(deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub repeats: Option<u32>,
    /// New cluster.
    #[serde(deserialize_with = "patch", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub cluster: Option<Option<String>>,
    /// New source.
    #[serde(deserialize_with = "patch", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<CaseSource>))]
    pub source: Option<Option<CaseSource>>,
    /// New id in the file or data set it came from.
    #[serde(deserialize_with = "patch", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub external_id: Option<Option<String>>,
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
            tolerance,
            call_mode,
            answer_checks,
            min_calls,
            turns,
            system,
            tool_defs,
            only_own_tools,
            limits,
            repeats,
            cluster,
            source,
            external_id
        );
        draft
    }
}

/// What the weight of a case, or of a check of one, may be: sums and products of them stay far from infinity.
pub const WEIGHTS: RangeInclusive<f64> = 1e-6..=1e6;
/// How often a run may ask a case.
pub const REPEATS: RangeInclusive<u32> = 1..=100;
