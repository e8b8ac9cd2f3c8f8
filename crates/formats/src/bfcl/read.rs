//! Reads BFCL's files. Rows that cannot be used are told with their line; the others are kept.

use super::{
    Call, Case, Function, PossibleCall, Recorded,
    lines::{Problem, objects},
};
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// Most calls expected of one case, or made for it.
const CALLS_MAX: usize = 100;
/// Types that parameters may have, and their names in JSON Schema; `any` demands nothing.
const TYPES: [(&str, &str); 11] = [
    ("string", "string"),
    ("integer", "integer"),
    ("float", "number"),
    ("number", "number"),
    ("boolean", "boolean"),
    ("array", "array"),
    ("tuple", "array"),
    ("dict", "object"),
    ("object", "object"),
    ("null", "null"),
    ("any", ""),
];

/// What a file, or a pair of files, holds.
#[derive(Clone, PartialEq, Debug)]
pub struct Read<T> {
    /// The rows that can be used, in the file's order.
    pub rows: Vec<T>,
    /// What is wrong with the others.
    pub problems: Vec<Problem>,
}

/// The possible answers that are left, by id: the line of each, and its calls.
pub type Answers = HashMap<String, (usize, Vec<PossibleCall>)>;

/// The cases of a question file, with their answers. Cases of the category `irrelevance` need none: no function fits, and
/// no call may be made.
pub fn read_cases(questions: &str, answers: &str) -> Read<Case> {
    let mut problems = Vec::new();
    let mut answers = read_answers(objects(answers), &mut problems);
    let (mut rows, mut seen) = (Vec::new(), HashSet::new());
    for (line, parsed) in objects(questions) {
        match parsed.and_then(|object| join(&object, &mut answers, &mut seen)) {
            Ok(case) => rows.push(case),
            Err(message) => problems.push(Problem { file: "questions", line, message }),
        }
    }
    let orphans = orphans(answers, &seen).into_iter();
    problems.extend(orphans.map(|(line, message)| Problem { file: "answers", line, message }));
    Read { rows, problems }
}

/// The question with its answer, which is taken out of those that are left; `seen` are the ids so far.
pub fn join(object: &Map<String, Value>, answers: &mut Answers, seen: &mut HashSet<String>) -> Result<Case, String> {
    let mut case = question(object)?;
    if !seen.insert(case.id.clone()) {
        return Err(format!("the id `{}` is there twice", case.id));
    }
    match answers.remove(&case.id) {
        Some((_, expected)) => case.expected = expected,
        None if is_irrelevance(&case.id) => {}
        None => return Err(format!("`{}` has no possible answer that can be used", case.id)),
    }
    complete(case)
}

/// The lines of answers to no question, in their order, with what is wrong.
pub fn orphans(answers: Answers, seen: &HashSet<String>) -> Vec<(usize, String)> {
    let mut orphans: Vec<(usize, String)> =
        answers.into_iter().map(|(id, (line, _))| (line, id)).filter(|(_, id)| !seen.contains(id)).collect();
    orphans.sort();
    orphans.into_iter().map(|(line, id)| (line, format!("`{id}` is no question"))).collect()
}

/// Recorded calls: `{"case": id, "calls": [{name: {argument: value}}], "mutation": optional name}` a line.
pub fn read_calls(text: &str) -> impl Iterator<Item = Result<Recorded, Problem>> {
    objects(text).map(|(line, parsed)| {
        parsed.and_then(|object| recorded(line, &object)).map_err(|message| Problem { file: "calls", line, message })
    })
}

/// The answers of those lines, and what is wrong with others.
pub fn read_answers(
    lines: impl Iterator<Item = (usize, Result<Map<String, Value>, String>)>,
    problems: &mut Vec<Problem>,
) -> Answers {
    let mut answers = HashMap::new();
    for (line, parsed) in lines {
        match parsed.and_then(|object| answer(&object)) {
            Ok((id, _)) if answers.contains_key(&id) => {
                problems.push(Problem { file: "answers", line, message: format!("the id `{id}` is there twice") });
            }
            Ok((id, calls)) => {
                answers.insert(id, (line, calls));
            }
            Err(message) => problems.push(Problem { file: "answers", line, message }),
        }
    }
    answers
}

/// `irrelevance_3`, `live_irrelevance_3-1-0`.
fn is_irrelevance(id: &str) -> bool {
    id.starts_with("irrelevance") || id.starts_with("live_irrelevance")
}

/// Every expected call must be of a function at hand.
fn complete(case: Case) -> Result<Case, String> {
    let known = |call: &PossibleCall| case.functions.iter().any(|function| function.name == call.name);
    match case.expected.iter().find(|call| !known(call)) {
        Some(call) => Err(format!("the possible answer calls `{}`, which is no function of the question", call.name)),
        None => Ok(case),
    }
}

fn text<'a>(object: &'a Map<String, Value>, field: &str) -> Result<&'a str, String> {
    let text = object.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
    text.ok_or_else(|| format!("`{field}` is missing, empty or no text"))
}

fn list<'a>(object: &'a Map<String, Value>, field: &str) -> Result<&'a [Value], String> {
    object
        .get(field)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .ok_or_else(|| format!("`{field}` is missing or no list"))
}

fn question(object: &Map<String, Value>) -> Result<Case, String> {
    let id = text(object, "id")?.to_owned();
    let (mut system, mut turns) = (None, Vec::new());
    for turn in list(object, "question")? {
        let messages = turn.as_array().ok_or("a turn of `question` is no list of messages")?;
        let mut said = Vec::new();
        for message in messages {
            let message = message.as_object().ok_or("a message of `question` is no object")?;
            let content =
                message.get("content").and_then(Value::as_str).ok_or("a message of `question` has no `content`")?;
            match text(message, "role")? {
                "system" => system = Some(content.to_owned()),
                "user" => said.push(content),
                role => {
                    return Err(format!("a message of `question` is of the role `{role}`, expected system or user"));
                }
            }
        }
        turns.push(said.join("\n"));
    }
    if turns.iter().all(|turn| turn.trim().is_empty()) {
        return Err("`question` has no message of a user".into());
    }
    let functions = list(object, "function")?.iter().map(function).collect::<Result<Vec<_>, _>>()?;
    Ok(Case { id, system, turns, functions, expected: Vec::new() })
}

fn function(value: &Value) -> Result<Function, String> {
    let object = value.as_object().ok_or("a part of `function` is no object")?;
    let name = text(object, "name")?.to_owned();
    let description = object.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
    let parameters =
        object.get("parameters").cloned().unwrap_or_else(|| serde_json::json!({"type": "dict", "properties": {}}));
    check_types(&parameters).map_err(|why| format!("`{name}`: {why}"))?;
    Ok(Function { name, description, parameters })
}

/// As deep as the line, which is bounded.
fn check_types(schema: &Value) -> Result<(), String> {
    let keywords = schema.as_object().ok_or("a description of parameters is no object")?;
    if let Some(named) = keywords.get("type") {
        let known = named.as_str().is_some_and(|named| TYPES.iter().any(|(theirs, _)| *theirs == named));
        if !known {
            return Err(format!(
                "the type {named} is not known; known are {}",
                TYPES.map(|(theirs, _)| theirs).join(", ")
            ));
        }
    }
    match keywords.get("properties") {
        Some(Value::Object(properties)) => properties.values().try_for_each(check_types)?,
        Some(_) => return Err("`properties` is no object".into()),
        None => {}
    }
    keywords.get("items").map_or(Ok(()), check_types)
}

/// The schema with its types named as in JSON Schema, and without BFCL's own `optional`.
pub fn json_schema(schema: &Value) -> Value {
    let Value::Object(keywords) = schema else { return schema.clone() };
    let mut mapped = Map::new();
    for (keyword, given) in keywords {
        let given = match (keyword.as_str(), given) {
            ("optional", _) => continue,
            ("type", Value::String(named)) => match TYPES.iter().find(|(theirs, _)| theirs == named) {
                Some((_, "")) => continue,
                Some((_, ours)) => Value::from(*ours),
                None => given.clone(),
            },
            ("properties", Value::Object(properties)) => {
                properties.iter().map(|(name, part)| (name.clone(), json_schema(part))).collect()
            }
            ("items" | "additionalProperties", _) => json_schema(given),
            _ => given.clone(),
        };
        mapped.insert(keyword.clone(), given);
    }
    Value::Object(mapped)
}

fn answer(object: &Map<String, Value>) -> Result<(String, Vec<PossibleCall>), String> {
    let id = text(object, "id")?.to_owned();
    let calls = list(object, "ground_truth")?;
    if calls.len() > CALLS_MAX {
        return Err(format!("`ground_truth` has {} calls, at most {CALLS_MAX}", calls.len()));
    }
    let calls = calls.iter().map(|call| {
        let (name, arguments) = single(call).ok_or("a part of `ground_truth` is not {name: {arguments}}")?;
        match arguments.iter().find(|(_, alternatives)| !alternatives.is_array()) {
            Some((argument, _)) => Err(format!("the alternatives of `{argument}` of `{name}` are no list")),
            None => Ok(PossibleCall { name: name.into(), arguments: arguments.clone() }),
        }
    });
    Ok((id, calls.collect::<Result<_, String>>()?))
}

/// The name and the arguments of `{name: {…}}`.
fn single(call: &Value) -> Option<(&str, &Map<String, Value>)> {
    let call = call.as_object().filter(|call| call.len() == 1)?;
    let (name, arguments) = call.iter().next()?;
    Some((name, arguments.as_object()?))
}

fn recorded(line: usize, object: &Map<String, Value>) -> Result<Recorded, String> {
    let calls = list(object, "calls")?;
    if calls.len() > CALLS_MAX {
        return Err(format!("`calls` has {} calls, at most {CALLS_MAX}", calls.len()));
    }
    let mutation = match object.get("mutation") {
        None | Some(Value::Null) => None,
        Some(Value::String(name)) => Some(name.clone()),
        Some(_) => return Err("`mutation` is no text".into()),
    };
    Ok(Recorded { line, case: text(object, "case")?.into(), mutation, calls: calls.iter().map(call).collect() })
}

fn call(value: &Value) -> Call {
    match single(value) {
        Some((name, arguments)) => Call { name: name.into(), arguments: Some(arguments.clone()) },
        None => Call { name: String::new(), arguments: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const QUESTION: &str = r#"{"id": "a_0", "question": [[{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Add"}]], "function": [{"name": "add", "description": "Adds.", "parameters": {"type": "dict", "properties": {"x": {"type": "float"}, "y": {"type": "any", "optional": true}, "p": {"type": "tuple", "items": {"type": "float"}}}, "required": ["x"]}}]}"#;

    fn problems(questions: &str, answers: &str) -> Vec<String> {
        read_cases(questions, answers).problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn question_and_answer_are_joined_and_types_are_mapped() {
        let read = read_cases(QUESTION, r#"{"id": "a_0", "ground_truth": [{"add": {"x": [1.5], "y": ["", 2]}}]}"#);
        assert_eq!(read.problems, []);
        let case = &read.rows[0];
        assert_eq!((case.system.as_deref(), case.turns.as_slice()), (Some("Be brief."), &["Add".to_owned()][..]));
        assert_eq!(
            case.functions[0].schema(),
            json!({"type": "object", "required": ["x"], "properties": {
                "x": {"type": "number"}, "y": {}, "p": {"type": "array", "items": {"type": "number"}}}})
        );
        assert_eq!(case.expected[0].arguments["y"], json!(["", 2]));
    }

    #[test]
    fn irrelevance_needs_no_answer_and_expects_no_call() {
        let read = read_cases(&QUESTION.replace("a_0", "irrelevance_0"), "");
        assert_eq!((read.problems, read.rows[0].expected.len()), (Vec::new(), 0));
    }

    #[test]
    fn what_does_not_fit_together_is_told_with_its_file_and_line() {
        let good = r#"{"id": "a_0", "ground_truth": [{"add": {"x": [1]}}]}"#;
        assert_eq!(problems(QUESTION, ""), ["questions, line 1: `a_0` has no possible answer that can be used"]);
        assert_eq!(problems("", good), ["answers, line 1: `a_0` is no question"]);
        assert_eq!(
            problems(&format!("\n{QUESTION}\n{QUESTION}"), good),
            ["questions, line 3: the id `a_0` is there twice"]
        );
        assert_eq!(problems(QUESTION, &format!("{good}\n{good}")), ["answers, line 2: the id `a_0` is there twice"]);
        let other = good.replace("add", "sub");
        assert!(problems(QUESTION, &other)[0].contains("calls `sub`, which is no function"));
        assert!(problems(QUESTION, &good.replace("[1]", "1"))[0].contains("alternatives of `x` of `add` are no list"));
        assert!(problems(&QUESTION.replace("tuple", "long"), good)[0].contains("the type \"long\" is not known"));
    }

    #[test]
    fn rows_of_the_wrong_shape_are_refused_and_the_others_kept() {
        for (from, to) in [
            ("\"id\": \"a_0\"", "\"id\": 5"),
            ("[[{\"role\": \"system\"", "[{\"role\": \"system\""),
            ("\"role\": \"user\"", "\"role\": \"tool\""),
            ("\"name\": \"add\"", "\"name\": \"\""),
            ("\"properties\": {", "\"properties\": [{"),
        ] {
            let bad = QUESTION.replacen(from, to, 1);
            assert_ne!(bad, QUESTION);
            let read = read_cases(&format!("{bad}\n{}", QUESTION.replace("a_0", "irrelevance_7")), "");
            assert_eq!((read.rows.len(), read.problems.len()), (1, 1), "{bad}");
        }
    }

    #[test]
    fn recorded_calls_are_read_and_malformed_ones_are_kept_as_such() {
        let text = r#"{"case": "a_0", "calls": [{"add": {"x": 1}}, {"add": "x"}, 5, {"a": {}, "b": {}}], "valid": true}
            {"case": "a_0", "calls": [], "mutation": "empty"}
            {"case": "a_0"}
            {"calls": []}"#;
        let read: Vec<_> = read_calls(text).collect();
        let first = read[0].as_ref().unwrap();
        assert_eq!(
            first.calls.iter().map(|call| call.arguments.is_some()).collect::<Vec<_>>(),
            [true, false, false, false]
        );
        assert_eq!(read[1].as_ref().unwrap().mutation.as_deref(), Some("empty"));
        assert_eq!(read[2].as_ref().unwrap_err().to_string(), "calls, line 3: `calls` is missing or no list");
        assert_eq!(read[3].as_ref().unwrap_err().line, 4);
        let flood = format!("{{\"case\": \"a\", \"calls\": [{}5]}}", "5,".repeat(100));
        assert!(read_calls(&flood).next().unwrap().unwrap_err().message.contains("101 calls, at most 100"));
    }
}
