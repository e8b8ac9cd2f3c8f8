//! What a turn of a case is expected to bring, and what the case has beside its questions.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How calls are compared where nothing is said of it.
pub const CALL_MODE: &str = "any_order";

/// An expected call: its name, and the rules of its arguments.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ExpectedCall {
    /// Name of the tool.
    pub name: String,
    /// A pattern for each argument: a value (strings trimmed and case-insensitive), or a rule, such as
    /// `{"one_of": ["a", "b"]}`. Arguments that are not named are not checked.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub arguments: Map<String, Value>,
    /// What arguments are where they are not given.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub defaults: Map<String, Value>,
    /// Arguments that do not matter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<String>,
    /// No other argument may be given.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub only_these: bool,
}

/// What is expected of one turn. What is absent is not checked.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// The calls to make; empty = none may be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calls: Option<Vec<ExpectedCall>>,
    /// How the calls that were made must stand to them: `any_order`, `exact_order`, `in_order`, `subset`, `superset`;
    /// null = [`CALL_MODE`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// Names of the tools to call, where nothing is said of arguments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tools: Option<Vec<String>>,
    /// The checks of the answer: `{"check": name, "expected": …}`, or `all`, `any`, `not` of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub answer: Option<Value>,
    /// The fewest calls that the turn can be done with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_calls: Option<u32>,
}

impl Expectation {
    /// Names of the tools to call; `None` when nothing is said of calls.
    pub fn tool_names(&self) -> Option<Vec<&str>> {
        match (&self.calls, &self.tools) {
            (Some(calls), _) => Some(calls.iter().map(|call| call.name.as_str()).collect()),
            (None, Some(names)) => Some(names.iter().map(String::as_str).collect()),
            (None, None) => None,
        }
    }

    /// How its calls are compared.
    pub fn call_mode(&self) -> &str {
        self.mode.as_deref().unwrap_or(CALL_MODE)
    }
}

/// One turn of a conversation that is a case.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CaseTurn {
    /// What the person says.
    pub user: String,
    /// What is expected then.
    #[serde(default)]
    pub expect: Expectation,
}

/// A tool that exists for one case only. It answers with what the case says.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CaseTool {
    /// Its name.
    pub name: String,
    /// What it does, for the model.
    #[serde(default)]
    pub description: String,
    /// JSON Schema of its arguments.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub parameters: Map<String, Value>,
    /// What it answers, whatever it is called with; null = it says that it has no canned result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub result: Option<Value>,
}

/// Limits of each turn of a case; null = those of every run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CaseLimits {
    /// Most decisions (model calls), 1 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_steps: Option<u32>,
    /// Longest time in milliseconds, 1 to 600,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
}

/// Where a case comes from.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CaseSource {
    /// Name of the data set.
    pub dataset: String,
    /// Its id there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The licence it is under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
}
