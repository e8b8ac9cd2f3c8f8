//! What a case says beyond its plain fields: one column of JSON, null where it says nothing.

use crate::column::{from_json, json};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use types::{CaseLimits, CaseSource, CaseTool, CaseTurn, Error, TestCaseCreate};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct More {
    #[serde(skip_serializing_if = "Option::is_none")]
    call_mode: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer_checks: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_calls: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    turns: Vec<CaseTurn>,
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_defs: Vec<CaseTool>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    only_own_tools: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    limits: Option<CaseLimits>,
    /// Null = once.
    #[serde(skip_serializing_if = "Option::is_none")]
    repeats: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cluster: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<CaseSource>,
}

/// The column of a draft.
pub(super) fn write(draft: &TestCaseCreate) -> Result<Option<String>, Error> {
    let draft = draft.clone();
    let more = More {
        call_mode: draft.call_mode,
        answer_checks: draft.answer_checks,
        min_calls: draft.min_calls,
        turns: draft.turns,
        system: draft.system,
        tool_defs: draft.tool_defs,
        only_own_tools: draft.only_own_tools,
        limits: draft.limits,
        repeats: Some(draft.repeats).filter(|repeats| *repeats != 1),
        cluster: draft.cluster,
        source: draft.source,
    };
    if more == More::default() { Ok(None) } else { json("more_json", &more).map(Some) }
}

/// The draft with what the column says.
pub(super) fn read(draft: TestCaseCreate, column: Option<&str>) -> Result<TestCaseCreate, Error> {
    let Some(column) = column else { return Ok(draft) };
    let more: More = from_json("test_cases.more_json", column)?;
    Ok(TestCaseCreate {
        call_mode: more.call_mode,
        answer_checks: more.answer_checks,
        min_calls: more.min_calls,
        turns: more.turns,
        system: more.system,
        tool_defs: more.tool_defs,
        only_own_tools: more.only_own_tools,
        limits: more.limits,
        repeats: more.repeats.unwrap_or(1),
        cluster: more.cluster,
        source: more.source,
        ..draft
    })
}
