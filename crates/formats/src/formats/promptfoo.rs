//! promptfoo: a configuration in YAML or JSON, whose tests are asked with each of its prompts.
//!
//! No program is run and no file opened: tests that need one are refused, each with what to do instead.

mod assertions;
mod sheet;

pub use sheet::PromptfooCsv;

use super::{Each, Format, Raw, openai_evals, small_value::SmallValue, yaml};
use crate::rows::{bounded, object};
use assertions::Expected;
use serde::Deserialize;
use serde_json::{Map, Value};
use serde_saphyr::Spanned;
use types::{CASE_BYTES_MAX, Error, FieldError, json_depth};

/// Most prompts of a configuration.
const PROMPTS_MAX: usize = 100;

/// promptfoo.
pub struct Promptfoo;

#[derive(Deserialize)]
struct Configuration {
    #[serde(default)]
    prompts: Option<SmallValue>,
    #[serde(default, rename = "defaultTest")]
    default_test: Option<SmallValue>,
    tests: Vec<Spanned<SmallValue>>,
}

impl Format for Promptfoo {
    fn name(&self) -> &'static str {
        "promptfoo"
    }

    fn recognises(&self, text: &str) -> bool {
        let keyed = |key: &str| text.lines().take(10_000).any(|line| line.starts_with(key));
        let is_json =
            || text.trim_start().starts_with('{') && text.contains("\"tests\"") && text.contains("\"prompts\"");
        keyed("tests:") && (keyed("prompts:") || keyed("defaultTest:")) || is_json()
    }

    fn rows(&self, text: &str, each: Each<'_>) -> Result<(), Error> {
        let read = serde_saphyr::from_str_with_options::<Configuration>(text, yaml::limits());
        let configuration = read.map_err(|error| {
            let line = error.location().map_or(String::new(), |at| format!(" (line {})", at.line()));
            let what = error.without_snippet().to_string();
            Error::Invalid(format!("the file is no configuration of promptfoo with a list of tests{line}: {what}"))
        })?;
        let prompts = prompts(configuration.prompts)?;
        let shared = configuration.default_test.and_then(|shared| shared.0).unwrap_or_default();
        for test in configuration.tests {
            let line = u32::try_from(test.referenced.line()).unwrap_or(u32::MAX);
            let test = test.value.0.ok_or_else(|| format!("has more than {CASE_BYTES_MAX} bytes"));
            for prompt in &prompts {
                let fields = test.as_ref().map_err(Clone::clone).and_then(|test| case(prompt, test, &shared));
                each(Raw { line, fields: fields.map_err(|why| FieldError::new("", why)) })?;
            }
        }
        Ok(())
    }
}

fn prompts(given: Option<SmallValue>) -> Result<Vec<String>, Error> {
    let refused = |why: &str| Error::Invalid(format!("the prompts of the file {why}"));
    let given = given.and_then(|given| given.0).ok_or_else(|| refused("are missing; write them as `prompts`"))?;
    let listed = match given {
        Value::Array(listed) => listed,
        one => vec![one],
    };
    if listed.is_empty() || listed.len() > PROMPTS_MAX {
        return Err(refused(&format!("are {}, expected 1 to {PROMPTS_MAX}", listed.len())));
    }
    let text = |prompt: &Value| prompt.as_str().or_else(|| prompt.get("raw")?.as_str()).map(str::to_owned);
    let listed: Option<Vec<String>> = listed.iter().map(text).collect();
    listed.ok_or_else(|| refused("are no texts; write each as a text, or as `raw`"))
}

fn case(prompt: &str, test: &Value, shared: &Value) -> Result<Map<String, Value>, String> {
    let text = test.to_string();
    bounded(text.len(), json_depth(text.as_bytes())).map_err(|error| error.message)?;
    let test = object(test.clone()).map_err(|error| error.message)?;
    let mut vars = shared.get("vars").and_then(Value::as_object).cloned().unwrap_or_default();
    vars.extend(test.get("vars").and_then(Value::as_object).cloned().unwrap_or_default());
    for settings in [Some(&test), shared.as_object()].into_iter().flatten() {
        refuse_settings(settings)?;
    }
    let mut expected = Expected::default();
    for part in [shared.get("assert"), test.get("assert")].into_iter().flatten() {
        let listed = part.as_array().ok_or("`assert` is no list")?;
        listed.iter().try_for_each(|assertion| expected.add(assertion, &vars))?;
    }
    let mut case = Map::new();
    ask(&filled(prompt, &vars)?, &mut case)?;
    if let Some(description) = test.get("description").and_then(Value::as_str) {
        case.insert("name".into(), description.chars().take(200).collect::<String>().into());
    }
    expect(&mut case, expected.answer(), expected.tools);
    Ok(case)
}

/// What a test cannot be read with: it would mean something else without it.
fn refuse_settings(test: &Map<String, Value>) -> Result<(), String> {
    if test.contains_key("threshold") {
        return Err("`threshold` of a test is not read: a case passes when all that is required holds".into());
    }
    let program = |name: &&str| test.get("options").is_some_and(|options| options.get(*name).is_some());
    match ["transform", "postprocess"].iter().find(|name| program(name)) {
        Some(name) => Err(format!("`{name}` is a program, and none is run; assert the reply itself")),
        None => Ok(()),
    }
}

/// The question; a prompt that is a list of messages says who says what.
fn ask(prompt: &str, case: &mut Map<String, Value>) -> Result<(), String> {
    let input = match serde_json::from_str(prompt) {
        Ok(messages @ Value::Array(_)) => messages,
        _ => Value::String(prompt.to_owned()),
    };
    openai_evals::questions(&input, case).map_err(|error| format!("the prompt {}", error.message))
}

/// Puts what is expected into the case, or into its last turn.
fn expect(case: &mut Map<String, Value>, answer: Option<Value>, tools: Option<Vec<String>>) {
    if let Some(last) = case.get_mut("turns").and_then(Value::as_array_mut).and_then(|turns| turns.last_mut()) {
        let mut expect = Map::new();
        expect.extend(answer.map(|answer| ("answer".to_owned(), answer)));
        expect.extend(tools.map(|tools| ("tools".to_owned(), tools.into())));
        if let Some(turn) = last.as_object_mut() {
            turn.insert("expect".into(), Value::Object(expect));
        }
        return;
    }
    case.extend(answer.map(|answer| ("answer_checks".to_owned(), answer)));
    case.extend(tools.map(|tools| ("expected_tools".to_owned(), tools.into())));
}

/// The text with the values of its variables: `{{name}}`.
///
/// # Errors
/// A variable that is not there, of several values or in a file; anything else that a template may do.
fn filled(template: &str, vars: &Map<String, Value>) -> Result<String, String> {
    if template.starts_with("file://") {
        return Err(format!("`{}` is a file, and none is opened; write its text here", shortened(template)));
    }
    if template.contains("{%") || template.contains("{#") {
        return Err("a template has more than `{{names}}`; write the text out".into());
    }
    let (mut text, mut rest) = (String::with_capacity(template.len()), template);
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").ok_or("a `{{` has no `}}`")?;
        text.push_str(before);
        text.push_str(&value(name.trim(), vars)?);
        rest = after;
        if text.len() > CASE_BYTES_MAX {
            return Err(format!("a text is longer than {CASE_BYTES_MAX} bytes with its variables"));
        }
    }
    text.push_str(rest);
    Ok(text)
}

fn value(name: &str, vars: &Map<String, Value>) -> Result<String, String> {
    match vars.get(name) {
        Some(Value::String(text)) if text.starts_with("file://") => {
            Err(format!("the variable `{name}` is a file, and none is opened; write its text here"))
        }
        Some(Value::String(text)) => Ok(text.clone()),
        Some(Value::Array(_)) => Err(format!("the variable `{name}` has several values; write a test for each")),
        Some(value) => Ok(value.to_string()),
        None => Err(format!("the variable `{}` is not among `vars`", shortened(name))),
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}
