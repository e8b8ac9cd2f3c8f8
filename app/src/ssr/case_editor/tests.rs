//! A case through the form and back, and what stands where in it.

use super::{act, form::Form, *};
use serde_json::json;

fn offer() -> Offer {
    let tool = |name: &str, properties: serde_json::Value| ToolSpec {
        name: name.into(),
        description: String::new(),
        parameters: json!({"type": "object", "properties": properties}),
    };
    let tools = vec![
        tool("search", json!({"query": {"type": "string"}, "limit": {"type": "integer"}})),
        tool("calculate", json!({"expression": {"type": "string"}})),
    ];
    Offer {
        checks: service::answer_checks(),
        tools,
        rules: service::argument_rules(),
        modes: vec!["any_order", "in_order"],
        agents: vec![("a".into(), "Agent".into())],
    }
}

fn case(value: serde_json::Value) -> TestCaseCreate {
    serde_json::from_value(value).unwrap()
}

/// What a browser would send of the form: every control of its HTML.
fn typed(form: &Form, offer: &Offer) -> String {
    let html = page::editor(form, offer, &page::History::default()).to_html();
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    for control in html.split('<').filter(|part| part.contains("name=\"")) {
        let attribute = |name: &str| {
            let from = control.split_once(&format!(" {name}=\""))?.1;
            Some(unescaped(from.split_once('"')?.0))
        };
        let name = attribute("name").unwrap();
        let (tag, rest) =
            (control.split(' ').next().unwrap_or_default(), control.split_once('>').map_or("", |(_, text)| text));
        let ticks = control.contains("type=\"checkbox\"") || control.contains("type=\"radio\"");
        match tag {
            "input" if !ticks || control.contains(" checked") => {
                pairs.append_pair(&name, &attribute("value").unwrap_or_default());
            }
            "textarea" => {
                pairs.append_pair(&name, unescaped(rest).strip_prefix('\n').unwrap());
            }
            "select" => {
                let after = html.split_once(&format!("id=\"{name}\"")).unwrap().1;
                let options = after.split_once("</select>").unwrap().0;
                let option = options.split("<option").find(|option| option.contains(" selected")).unwrap_or_default();
                let value = option.split_once("value=\"").map_or("", |(_, value)| value.split('"').next().unwrap());
                pairs.append_pair(&name, &unescaped(value));
            }
            _ => {}
        }
    }
    pairs.finish()
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

fn cases() -> Vec<serde_json::Value> {
    vec![
        json!({"user_input": "What is 15 * 23?", "expected_output": "345", "task_type": "numeric", "tolerance": 0.5,
               "expected_tools_json": ["calculate", "calculate"], "tags": ["a", "b"], "weight": 2.5, "split": "test"}),
        json!({"user_input": "Hi <b> & \"you\" </textarea>", "expected_tools_json": []}),
        json!({"user_input": "Find it", "call_mode": "in_order", "min_calls": 2, "expected_calls": [
            {"name": "search", "arguments": {"query": "1984", "limit": {"@range": {"min": 1, "max": 5}}}, "only_these": true},
            {"name": "search", "arguments": {"query": {"one_of": ["a", "b"]}, "limit": "3"}, "ignored": ["x"], "defaults": {"limit": 3}},
            {"name": "search", "arguments": {"query": {"@regex": "^[0-9]+$"}, "limit": [1, {"@any": true}]}}],
            "answer_checks": {"any": [{"check": "contains", "expected": ["x", "y"], "of": "any"},
                                      {"not": {"check": "exact_match", "expected": "no"}, "weight": 2.0, "required": false}]}}),
        json!({"user_input": "One", "turns": [
            {"user": "One", "expect": {"tools": ["search"], "answer": {"check": "contains", "expected": "1"}}},
            {"user": "Two", "expect": {"calls": [{"name": "mine", "arguments": {"n": 2}}],
                                       "answer": {"all": [{"any": [{"check": "contains", "expected": "2"}, {"check": "contains", "expected": "zwei"}]}, {"check": "starts_with", "expected": "2"}]}}}],
            "tool_defs": [{"name": "mine", "description": "Mine.", "parameters": {"type": "object", "properties": {"n": {"type": "integer"}}}, "result": "17"}],
            "only_own_tools": false, "limits": {"max_steps": 3}, "repeats": 5, "cluster": "c", "system": "Be brief.",
            "source": {"dataset": "D", "id": "7", "licence": "MIT"}, "external_id": "e", "suite": "s", "name": "N"}),
    ]
}

#[test]
fn a_case_comes_through_the_form_and_the_browser_unchanged() {
    let offer = offer();
    for value in cases() {
        let case = case(value);
        let shown = write::form(&case, &offer);
        assert_eq!(shown.view, "", "shown as JSON: {case:?}");
        let back = Form::read(&typed(&shown, &offer)).unwrap();
        assert_eq!(read::case(&back, &offer).unwrap(), case);
    }
}

#[test]
fn what_fields_cannot_say_is_shown_as_json_and_nothing_is_lost() {
    let offer = offer();
    let odd = case(json!({"user_input": "x", "tags": ["a,b"]}));
    let shown = write::form(&odd, &offer);
    assert_eq!(shown.view, "json");
    assert_eq!(read::case(&Form::read(&typed(&shown, &offer)).unwrap(), &offer).unwrap(), odd);
    let wrong = Form { view: "json".into(), json: "{\"user_input\": 1}".into(), ..Form::default() };
    assert_eq!(read::case(&wrong, &offer).unwrap_err()[0].field, "json");
    let unknown =
        Form { view: "json".into(), json: "{\"user_input\": \"x\", \"colour\": 1}".into(), ..Form::default() };
    assert!(read::case(&unknown, &offer).unwrap_err()[0].message.contains("`colour`"));
}

#[test]
fn turns_calls_and_checks_are_added_moved_and_taken_away() {
    let offer = offer();
    let mut form = write::form(&case(cases()[3].clone()), &offer);
    act::change(&mut form, "up", "turns.1");
    assert_eq!(form.turns[0].user, "Two");
    act::change(&mut form, "add_argument", "turns.0.calls.0");
    assert_eq!(form.turns[0].calls[0].arguments.len(), 2);
    act::change(&mut form, "remove", "turns.0.calls.0.arguments.0");
    assert_eq!(form.turns[0].calls[0].arguments[0].name, "");
    act::change(&mut form, "remove", "turns.0.calls.0");
    assert_eq!((form.turns[0].rule.as_str(), form.turns[0].calls.len()), ("not_checked", 0));
    act::change(&mut form, "add_check", "turns.1");
    act::change(&mut form, "remove", "turns.0");
    act::change(&mut form, "remove", "tools.0");
    assert_eq!((form.turns.len(), form.turns[0].checks.len(), form.tools.len()), (1, 2, 0));
    form.turns[0].rule = "calls".into();
    act::change(&mut form, "refresh", "");
    assert_eq!(form.turns[0].calls.len(), 1);
    act::change(&mut form, "remove", "turns.99.calls.7");
    act::change(&mut form, "add_turn", "");
    assert_eq!(form.turns.len(), 2);
}

#[test]
fn what_is_refused_stands_beside_its_field() {
    let offer = offer();
    let form = write::form(&case(cases()[3].clone()), &offer);
    let html = page::editor(&form, &offer, &page::History::default()).to_html();
    let known: Vec<String> = places(&form).iter().map(|place| parts::slot_id(place)).collect();
    let drawn: Vec<&str> = html.split("id=\"why-").skip(1).map(|part| part.split('"').next().unwrap()).collect();
    for field in [
        "turns[1].user",
        "turns[1].expect.calls[0].name",
        "turns[0].expect.tools[0]",
        "turns[0].expect.answer",
        "weight",
        "limits.max_steps",
        "tool_defs[0].name",
        "source.dataset",
    ] {
        let place = place_of(field, &form);
        assert!(known.contains(&parts::slot_id(&place)), "{field} -> {place}");
        assert!(drawn.contains(&place.as_str()), "{field} -> {place}");
    }
    let told = complaints(&[FieldError::new("turns[1].user", "is <empty>"), FieldError::new("odd", "is odd")], &form);
    let told: Vec<_> = told.into_iter().filter(|(_, text)| text.contains("is")).collect();
    assert_eq!(told[0], (parts::slot_id(""), "odd: is odd".to_owned()));
    assert_eq!(told[1].0, parts::slot_id("turns.1.user"));
    assert!(told[1].1.contains("&lt;empty"));
}

#[test]
fn a_number_that_is_none_is_said_at_its_field() {
    let offer = offer();
    let mut form = write::draft(&TestCaseCreate::default(), &offer);
    form.weight = "heavy".into();
    form.repeats = "often".into();
    let fields: Vec<_> = read::case(&form, &offer).unwrap_err().into_iter().map(|error| error.field).collect();
    assert_eq!(fields, ["weight", "repeats"]);
}

#[test]
fn a_form_of_any_names_is_no_panic() {
    for text in ["turns.0=x", "turns.x.user=1", "a.b.c.d.e.f.g.h.i.j=1", "turns.9999999999.user=1", "%ff=%00"] {
        let _ = Form::read(text);
    }
    assert!(Form::read("turns=x").is_err());
}
