//! From a question with its possible answer to a test case.

use super::{Case, PossibleCall};
use serde_json::{Map, Value, json};
use types::{CaseSource, CaseTool, ExpectedCall, TestCaseCreate};

/// The data set that cases say they come from.
const DATASET: &str = "BFCL";
/// The licence it is under.
const LICENCE: &str = "Apache-2.0";

/// The case, in a suite of its category, with the functions of the question as its only tools.
///
/// # Errors
/// It has several turns: their possible answers are told in another form.
pub fn test_case(case: &Case) -> Result<TestCaseCreate, String> {
    let [question] = case.turns.as_slice() else {
        return Err(format!("has {} turns; cases of one turn are read", case.turns.len()));
    };
    let tools = case.functions.iter().map(|function| CaseTool {
        name: function.name.clone(),
        description: function.description.clone(),
        parameters: function.schema().as_object().cloned().unwrap_or_default(),
        result: None,
    });
    Ok(TestCaseCreate {
        user_input: question.clone(),
        expected_calls: Some(case.expected.iter().map(|call| expected_call(case, call)).collect()),
        external_id: Some(case.id.clone()),
        suite: Some(format!("bfcl/{}", category(&case.id))),
        system: case.system.clone(),
        tool_defs: tools.collect(),
        only_own_tools: true,
        source: Some(CaseSource { dataset: DATASET.into(), id: Some(case.id.clone()), licence: Some(LICENCE.into()) }),
        ..TestCaseCreate::default()
    })
}

/// `live_simple` of `live_simple_3-1-0`.
pub fn category(id: &str) -> &str {
    id.rsplit_once('_').map_or(id, |(category, _)| category)
}

/// The alternatives of each argument as `one_of`; those that may be left out as `@optional`, unless the function demands
/// them.
pub fn expected_call(case: &Case, call: &PossibleCall) -> ExpectedCall {
    let function = case.functions.iter().find(|function| function.name == call.name);
    let demanded = |name: &str| function.is_some_and(|function| function.required().any(|required| required == name));
    let arguments = call.alternatives().map(|(name, alternatives)| {
        // Where a list is asked for and no alternative is told, the empty list is meant.
        let is_list = || function.is_some_and(|function| function.asks_for_list(name));
        let wanted = match alternatives {
            [] if is_list() => json!([]),
            alternatives => one_of(alternatives, !demanded(name)),
        };
        (name.to_owned(), wanted)
    });
    ExpectedCall {
        name: call.name.clone(),
        arguments: arguments.collect(),
        only_these: true,
        ..ExpectedCall::default()
    }
}

fn one_of(alternatives: &[Value], may_be_left_out: bool) -> Value {
    let omission = |alternative: &&Value| alternative.as_str() == Some("");
    let choices: Vec<Value> = alternatives.iter().map(pattern).collect();
    let wanted = json!({ "one_of": choices });
    if may_be_left_out && alternatives.iter().any(|alternative| omission(&alternative)) {
        json!({ "@optional": wanted })
    } else {
        wanted
    }
}

/// An alternative: the members of an object have alternatives each, where all of them are lists.
fn pattern(alternative: &Value) -> Value {
    match alternative {
        Value::Array(items) => items.iter().map(pattern).collect(),
        Value::Object(members) if members.values().all(Value::is_array) => {
            let members: Map<String, Value> = members
                .iter()
                .map(|(name, listed)| (name.clone(), one_of(listed.as_array().map_or(&[], Vec::as_slice), true)))
                .collect();
            Value::Object(members)
        }
        // What looks like a rule is none here.
        Value::Object(_) => json!({ "@equals": alternative }),
        other => other.clone(),
    }
}
