//! The form of an existing case.

use super::{
    Offer,
    form::{ArgumentForm, CallForm, CheckForm, Form, ToolForm, TurnForm, tick},
    read,
};
use serde_json::{Map, Value};
use types::{CaseTool, CaseTurn, Expectation, ExpectedCall, SPLIT_WORDS, TestCaseCreate, number::Plain};

/// The form of `case`: its fields, or its JSON where fields could not say all of it.
pub fn form(case: &TestCaseCreate, offer: &Offer) -> Form {
    let fields = fields(case, offer);
    let same = |read: TestCaseCreate| TestCaseCreate { is_active: case.is_active, ..read } == *case;
    if read::case(&fields, offer).is_ok_and(same) { fields } else { as_json(case) }
}

/// The form of a new case that was drafted, which may say nothing yet.
pub fn draft(case: &TestCaseCreate, offer: &Offer) -> Form {
    if case.user_input.is_empty() { fields(case, offer) } else { form(case, offer) }
}

/// The form that shows `case` as JSON.
pub fn as_json(case: &TestCaseCreate) -> Form {
    Form { view: "json".into(), json: serde_json::to_string_pretty(case).unwrap_or_default(), ..Form::default() }
}

fn fields(case: &TestCaseCreate, offer: &Offer) -> Form {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let (limits, source) = (case.limits.unwrap_or_default(), case.source.clone().unwrap_or_default());
    let split = SPLIT_WORDS.iter().find(|(_, split)| Some(*split) == case.split).map_or("", |(word, _)| word);
    let turns = if case.turns.is_empty() { vec![plain_turn(case, offer)] } else { turns(case, offer) };
    Form {
        name: text(&case.name),
        external_id: text(&case.external_id),
        suite: text(&case.suite),
        split: split.into(),
        tags: case.tags.join(", "),
        weight: Plain(case.weight).to_string(),
        cluster: text(&case.cluster),
        repeats: case.repeats.to_string(),
        max_steps: limits.max_steps.map(|steps| steps.to_string()).unwrap_or_default(),
        timeout_ms: limits.timeout_ms.map(|ms| ms.to_string()).unwrap_or_default(),
        system: text(&case.system),
        dataset: source.dataset,
        source_id: text(&source.id),
        licence: text(&source.licence),
        only_own_tools: tick(case.only_own_tools),
        as_turns: tick(!case.turns.is_empty()),
        turns,
        tools: case.tool_defs.iter().map(own_tool).collect(),
        ..Form::default()
    }
}

fn turns(case: &TestCaseCreate, offer: &Offer) -> Vec<TurnForm> {
    case.turns.iter().map(|turn| turn_form(turn, &case.tool_defs, offer)).collect()
}

/// The one turn that the plain fields say.
fn plain_turn(case: &TestCaseCreate, offer: &Offer) -> TurnForm {
    let expect = Expectation { answer: case.answer_checks.clone(), ..case.expectation() };
    let turn = CaseTurn { user: case.user_input.clone(), expect };
    let mut form = turn_form(&turn, &case.tool_defs, offer);
    form.as_tree = tick(case.answer_checks.is_some());
    if case.answer_checks.is_none() {
        let tolerance = case.tolerance.map(|tolerance| ("tolerance".to_owned(), Plain(tolerance).to_string()));
        form.checks = vec![CheckForm {
            kind: case.task_type.clone(),
            expected: case.expected_output.clone().unwrap_or_default(),
            parameters: tolerance.into_iter().collect(),
            ..CheckForm::default()
        }];
    }
    form
}

fn turn_form(turn: &CaseTurn, tools: &[CaseTool], offer: &Offer) -> TurnForm {
    let expect = &turn.expect;
    let (rule, names) = match (&expect.calls, &expect.tools) {
        (Some(calls), _) if calls.is_empty() && expect.tools.is_none() => ("calls", Vec::new()),
        (Some(_), _) => ("calls", Vec::new()),
        (None, Some(names)) if names.is_empty() => ("no_tool", Vec::new()),
        (None, Some(names)) => ("these", names.clone()),
        (None, None) => ("not_checked", Vec::new()),
    };
    let (combine, checks) = checks(expect.answer.as_ref());
    TurnForm {
        user: turn.user.clone(),
        rule: rule.into(),
        names,
        mode: expect.mode.clone().unwrap_or_default(),
        calls: expect.calls.iter().flatten().map(|call| call_form(call, tools, offer)).collect(),
        named_twice: tick(expect.calls.is_some() && expect.tools.is_some()),
        min_calls: expect.min_calls.map(|least| least.to_string()).unwrap_or_default(),
        combine: combine.into(),
        checks,
        as_tree: String::new(),
    }
}

fn call_form(call: &ExpectedCall, tools: &[CaseTool], offer: &Offer) -> CallForm {
    let object =
        |map: &Map<String, Value>| if map.is_empty() { String::new() } else { Value::from(map.clone()).to_string() };
    let arguments = call.arguments.iter().map(|(name, pattern)| argument(call, name, pattern, tools, offer)).collect();
    CallForm {
        name: call.name.clone(),
        arguments,
        defaults: object(&call.defaults),
        ignored: call.ignored.join(", "),
        only_these: tick(call.only_these),
    }
}

/// An argument by a rule with a name, by its value, or else as JSON.
fn argument(call: &ExpectedCall, name: &str, pattern: &Value, tools: &[CaseTool], offer: &Offer) -> ArgumentForm {
    let form = |rule: &str, value: String| ArgumentForm { name: name.to_owned(), rule: rule.to_owned(), value };
    let ruled = pattern.as_object().filter(|object| object.len() == 1).and_then(|object| {
        let (key, given) = object.iter().next()?;
        let rule = key.strip_prefix('@').unwrap_or(key);
        offer.rules.iter().any(|known| known.name == rule).then(|| form(rule, text_or_json(given)))
    });
    let value = match pattern {
        Value::String(text) if offer.is_text(tools, &call.name, name) => text.clone(),
        other => text_or_json(other),
    };
    let same = |form: &ArgumentForm| read::argument_of(form, &call.name, tools, offer).as_ref() == Ok(pattern);
    let as_json = || form("json", pattern.to_string());
    ruled.into_iter().chain([form("", value)]).find(same).unwrap_or_else(as_json)
}

/// A text as it is, unless it would be read as JSON; JSON otherwise.
fn text_or_json(value: &Value) -> String {
    match value {
        Value::String(text) if serde_json::from_str::<Value>(text).is_err() => text.clone(),
        other => other.to_string(),
    }
}

fn checks(answer: Option<&Value>) -> (&'static str, Vec<CheckForm>) {
    let Some(answer) = answer else {
        return ("all", vec![CheckForm { kind: "contains".into(), ..CheckForm::default() }]);
    };
    for combine in ["all", "any"] {
        let object = answer.as_object().filter(|object| object.len() == 1);
        let parts = object.and_then(|object| object.get(combine)).and_then(Value::as_array);
        if let Some(parts) = parts.filter(|parts| parts.len() > 1) {
            return (combine, parts.iter().map(check_form).collect());
        }
    }
    ("all", vec![check_form(answer)])
}

fn check_form(node: &Value) -> CheckForm {
    simple_check(node).unwrap_or_else(|| CheckForm { kept: node.to_string(), ..CheckForm::default() })
}

fn simple_check(node: &Value) -> Option<CheckForm> {
    let outer = node.as_object()?;
    let negated = outer.get("not").map(Value::as_object);
    let leaf = negated.map_or(Some(outer), |leaf| leaf)?;
    let own = ["check", "expected", "weight", "required"];
    let inner = |key: &str| negated.is_some() && leaf.contains_key(key);
    if inner("weight") || inner("required") {
        return None;
    }
    let expected = leaf.get("expected")?;
    let parameters = leaf.iter().filter(|(name, _)| !own.contains(&name.as_str()));
    Some(CheckForm {
        kind: leaf.get("check")?.as_str()?.to_owned(),
        raw: tick(!expected.is_string()),
        expected: expected.as_str().map_or_else(|| expected.to_string(), str::to_owned),
        not: tick(negated.is_some()),
        weight: outer.get("weight").map(Value::to_string).unwrap_or_default(),
        optional: tick(outer.get("required") == Some(&Value::Bool(false))),
        parameters: parameters.map(|(name, value)| (name.clone(), plain_text(value))).collect(),
        kept: String::new(),
    })
}

fn plain_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn own_tool(tool: &CaseTool) -> ToolForm {
    let parameters = if tool.parameters.is_empty() { String::new() } else { pretty(&tool.parameters.clone().into()) };
    ToolForm {
        name: tool.name.clone(),
        description: tool.description.clone(),
        parameters,
        result: tool.result.as_ref().map(text_or_json).unwrap_or_default(),
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
