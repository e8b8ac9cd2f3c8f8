//! What a form says: the case that it describes.

use super::{
    Offer,
    form::{ArgumentForm, CallForm, CheckForm, Form, ToolForm, TurnForm, said, ticked},
};
use serde_json::{Map, Value, json};
use types::{
    CaseLimits, CaseSource, CaseTool, CaseTurn, Expectation, ExpectedCall, FieldError, ParameterKind, SPLIT_WORDS,
    TestCaseCreate, number,
};

/// Fields that cannot be read, so far.
#[derive(Default)]
struct Faults(Vec<FieldError>);

impl Faults {
    fn note<T: Default>(&mut self, place: &str, read: Result<T, String>) -> T {
        read.unwrap_or_else(|why| {
            self.0.push(FieldError::new(place, why));
            T::default()
        })
    }

    fn number(&mut self, place: &str, typed: &str) -> Option<f64> {
        let typed = said(typed)?;
        self.note(place, number::read(&typed).map(Some).ok_or_else(|| format!("`{typed}` is not a number")))
    }

    fn whole<N: std::str::FromStr>(&mut self, place: &str, typed: &str) -> Option<N> {
        let typed = said(typed)?;
        let read = typed.parse().ok().ok_or_else(|| format!("`{typed}` is not a whole number that fits here"));
        read.map_or_else(
            |why| {
                self.0.push(FieldError::new(place, why));
                None
            },
            Some,
        )
    }
}

/// The case that the form describes.
///
/// # Errors
/// What cannot be read, by the names of its fields. What could be read but is refused is not among it.
pub fn case(form: &Form, offer: &Offer) -> Result<TestCaseCreate, Vec<FieldError>> {
    if form.view == "json" {
        return of_json(&form.json).map_err(|why| vec![FieldError::new("json", why)]);
    }
    let mut faults = Faults::default();
    let mut case = plain(form, &mut faults);
    let reading = Reading { offer, tools: &case.tool_defs };
    let turns: Vec<CaseTurn> =
        (0..).zip(&form.turns).map(|(place, turn)| reading.turn(turn, place, &mut faults)).collect();
    match (turns.as_slice(), form.turns.first()) {
        ([only], Some(typed)) if !ticked(&form.as_turns) => put_plain_turn(&mut case, only.clone(), typed),
        _ => {
            case.user_input = turns.first().map(|turn| turn.user.clone()).unwrap_or_default();
            case.turns = turns;
        }
    }
    if faults.0.is_empty() { Ok(case) } else { Err(faults.0) }
}

fn of_json(text: &str) -> Result<TestCaseCreate, String> {
    let mut case: Value = serde_json::from_str(text).map_err(|why| format!("is not JSON: {why}"))?;
    if let Some(fields) = case.as_object_mut()
        && !fields.contains_key("user_input")
        && let Some(first) = fields.get("turns").and_then(|turns| turns.pointer("/0/user")).cloned()
    {
        fields.insert("user_input".into(), first);
    }
    let known = serde_json::to_value(TestCaseCreate::default()).unwrap_or_default();
    let optional = ["call_mode", "answer_checks", "min_calls", "turns", "system", "tool_defs", "only_own_tools"];
    let more = ["limits", "repeats", "cluster", "source", "expected_tools"];
    let is_known =
        |name: &String| known.get(name).is_some() || optional.contains(&name.as_str()) || more.contains(&name.as_str());
    if let Some(other) = case.as_object().and_then(|fields| fields.keys().find(|name| !is_known(name))) {
        return Err(format!("a test case has no field `{other}`"));
    }
    serde_json::from_value(case).map_err(|why| format!("is no test case: {why}"))
}

fn plain(form: &Form, faults: &mut Faults) -> TestCaseCreate {
    let split = said(&form.split);
    let split = split.and_then(|word| SPLIT_WORDS.iter().find(|(known, _)| *known == word).map(|(_, split)| *split));
    let limits = CaseLimits {
        max_steps: faults.whole("max_steps", &form.max_steps),
        timeout_ms: faults.whole("timeout_ms", &form.timeout_ms),
    };
    let source = CaseSource {
        dataset: said(&form.dataset).unwrap_or_default(),
        id: said(&form.source_id),
        licence: said(&form.licence),
    };
    let tools = (0..).zip(&form.tools).map(|(place, tool)| own_tool(tool, place, faults)).collect();
    TestCaseCreate {
        name: said(&form.name),
        external_id: said(&form.external_id),
        suite: said(&form.suite),
        split,
        tags: form.tags.split(',').filter_map(said).collect(),
        weight: faults.number("weight", &form.weight).unwrap_or(1.0),
        cluster: said(&form.cluster),
        repeats: faults.whole("repeats", &form.repeats).unwrap_or(1),
        limits: (limits != CaseLimits::default()).then_some(limits),
        system: said(&form.system),
        source: (source != CaseSource::default()).then_some(source),
        only_own_tools: ticked(&form.only_own_tools),
        tool_defs: tools,
        ..TestCaseCreate::default()
    }
}

fn own_tool(tool: &ToolForm, place: usize, faults: &mut Faults) -> CaseTool {
    let parameters = said(&tool.parameters).map_or(Ok(Map::new()), |text| object(&text));
    CaseTool {
        name: tool.name.trim().to_owned(),
        description: tool.description.trim().to_owned(),
        parameters: faults.note(&format!("tools.{place}.parameters"), parameters),
        result: said(&tool.result).map(|text| json_or_text(&text)),
    }
}

fn object(text: &str) -> Result<Map<String, Value>, String> {
    serde_json::from_str(text).map_err(|why| format!("is no JSON object: {why}"))
}

/// JSON where the text is some, else the text.
pub fn json_or_text(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}

/// One turn, said by the plain fields of the case.
fn put_plain_turn(case: &mut TestCaseCreate, turn: CaseTurn, typed: &TurnForm) {
    let CaseTurn { user, expect } = turn;
    case.user_input = user;
    case.expected_tools_json = expect.tools;
    case.expected_calls = expect.calls;
    case.call_mode = expect.mode;
    case.min_calls = expect.min_calls;
    let plain = match &expect.answer {
        None => Some(None),
        Some(answer) => plain_check(answer).filter(|_| !ticked(&typed.as_tree)).map(Some),
    };
    let Some(plain) = plain else {
        case.answer_checks = expect.answer;
        return;
    };
    let first = typed.checks.first().cloned().unwrap_or_default();
    case.task_type = plain.as_ref().map_or(first.kind, |(kind, _)| kind.clone());
    case.expected_output = plain.map(|(_, expected)| expected);
    case.tolerance = first.parameters.get("tolerance").and_then(|typed| number::read(&said(typed)?));
}

/// The one check that plain fields can say: its name, and what is expected.
fn plain_check(answer: &Value) -> Option<(String, String)> {
    let check = answer.as_object()?;
    if check.keys().any(|key| !["check", "expected", "tolerance"].contains(&key.as_str())) {
        return None;
    }
    Some((check.get("check")?.as_str()?.to_owned(), check.get("expected")?.as_str()?.to_owned()))
}

/// The pattern that an argument of a call of `tool` is typed as.
///
/// # Errors
/// It is no JSON where it must be.
pub fn argument_of(argument: &ArgumentForm, tool: &str, own: &[CaseTool], offer: &Offer) -> Result<Value, String> {
    Reading { offer, tools: own }.argument(tool, argument)
}

/// What arguments and checks are read by.
struct Reading<'a> {
    offer: &'a Offer,
    tools: &'a [CaseTool],
}

impl Reading<'_> {
    fn turn(&self, turn: &TurnForm, place: usize, faults: &mut Faults) -> CaseTurn {
        let mut expect = Expectation {
            answer: self.answer(turn, place, faults),
            min_calls: faults.whole(&format!("turns.{place}.min_calls"), &turn.min_calls),
            ..Expectation::default()
        };
        match turn.rule.as_str() {
            "no_tool" => expect.tools = Some(Vec::new()),
            "these" if turn.names.is_empty() => {
                let why = "choose at least one tool, or “must call no tool”";
                faults.0.push(FieldError::new(format!("turns.{place}.tools"), why));
            }
            "these" => expect.tools = Some(turn.names.clone()),
            "calls" => {
                let calls: Vec<ExpectedCall> =
                    (0..).zip(&turn.calls).map(|(at, call)| self.call(call, place, at, faults)).collect();
                expect.tools = ticked(&turn.named_twice).then(|| calls.iter().map(|call| call.name.clone()).collect());
                expect.calls = Some(calls);
                expect.mode = said(&turn.mode);
            }
            _ => {}
        }
        CaseTurn { user: turn.user.clone(), expect }
    }

    fn call(&self, call: &CallForm, turn: usize, at: usize, faults: &mut Faults) -> ExpectedCall {
        let place = format!("turns.{turn}.calls.{at}");
        let mut arguments = Map::new();
        for argument in call.arguments.iter().filter(|argument| !argument.name.trim().is_empty()) {
            let name = argument.name.trim().to_owned();
            let value = self.argument(&call.name, argument).map_err(|why| format!("the argument `{name}` {why}"));
            if arguments.contains_key(&name) {
                faults.0.push(FieldError::new(&place, format!("has two rules for the argument `{name}`")));
            }
            arguments.insert(name, faults.note(&place, value));
        }
        let defaults = said(&call.defaults).map_or(Ok(Map::new()), |text| object(&text));
        ExpectedCall {
            name: call.name.trim().to_owned(),
            arguments,
            defaults: faults.note(&place, defaults.map_err(|why| format!("what is assumed {why}"))),
            ignored: call.ignored.split(',').filter_map(said).collect(),
            only_these: ticked(&call.only_these),
        }
    }

    fn argument(&self, tool: &str, argument: &ArgumentForm) -> Result<Value, String> {
        let typed = argument.value.as_str();
        match argument.rule.as_str() {
            "" if self.offer.is_text(self.tools, tool, argument.name.trim()) => Ok(Value::from(typed)),
            "" => Ok(json_or_text(typed)),
            "json" => serde_json::from_str(typed).map_err(|why| format!("is no JSON: {why}")),
            rule => {
                let spec = self.offer.rules.iter().find(|known| known.name == rule);
                let is_text = spec.is_some_and(|spec| serde_json::from_str::<Value>(spec.example).is_err());
                let given = if is_text { Value::from(typed) } else { json_or_text(typed) };
                let sign = if rule == "one_of" { "" } else { "@" };
                Ok(json!({ format!("{sign}{rule}"): given }))
            }
        }
    }

    fn answer(&self, turn: &TurnForm, place: usize, faults: &mut Faults) -> Option<Value> {
        let mut nodes = Vec::new();
        for (at, check) in turn.checks.iter().enumerate() {
            let place = format!("turns.{place}.checks.{at}");
            if let Some(kept) = said(&check.kept) {
                nodes.push(faults.note(&place, serde_json::from_str(&kept).map_err(|why| format!("{why}"))));
            } else if ticked(&check.raw) || !check.expected.trim().is_empty() {
                let node = self.check(check);
                nodes.push(faults.note(&place, node));
            }
        }
        match (nodes.len(), turn.combine.as_str()) {
            (0, _) => None,
            (1, _) => nodes.pop(),
            (_, "any") => Some(json!({ "any": nodes })),
            _ => Some(json!({ "all": nodes })),
        }
    }

    fn check(&self, check: &CheckForm) -> Result<Value, String> {
        let expected = if ticked(&check.raw) {
            serde_json::from_str(&check.expected).map_err(|why| format!("the expected answer is no JSON: {why}"))?
        } else {
            Value::from(check.expected.trim())
        };
        let mut leaf = Map::new();
        leaf.insert("check".into(), check.kind.clone().into());
        leaf.insert("expected".into(), expected);
        let specs = self.offer.checks.iter().find(|spec| spec.name == check.kind).map(|spec| &spec.parameters);
        for (name, typed) in &check.parameters {
            let spec = specs.and_then(|specs| specs.iter().find(|spec| spec.name == *name));
            if let (Some(typed), Some(spec)) = (said(typed), spec) {
                leaf.insert(name.clone(), parameter(&spec.kind, &typed).ok_or(format!("`{name}` is not a number"))?);
            }
        }
        let mut outer = if ticked(&check.not) { Map::from_iter([("not".to_owned(), Value::from(leaf))]) } else { leaf };
        if let Some(weight) = said(&check.weight) {
            let weight = number::read(&weight).ok_or_else(|| format!("the weight `{weight}` is not a number"))?;
            outer.insert("weight".into(), json!(weight));
        }
        if ticked(&check.optional) {
            outer.insert("required".into(), false.into());
        }
        Ok(outer.into())
    }
}

fn parameter(kind: &ParameterKind, typed: &str) -> Option<Value> {
    match kind {
        ParameterKind::Integer { .. } => typed.parse::<i64>().ok().map(Value::from),
        ParameterKind::Number { .. } => number::read(typed).map(Value::from),
        ParameterKind::Boolean => Some((typed == "true").into()),
        ParameterKind::Json => Some(json_or_text(typed)),
        ParameterKind::Text { .. } | ParameterKind::Choice { .. } => Some(typed.into()),
    }
}
