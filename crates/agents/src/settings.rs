//! A framework's declared settings, read from an agent's `config_json`.

use serde_json::{Map, Value, json};
use types::{Error, FieldError, ParameterKind, ParameterSpec};

/// Every declared setting: as given, or its default. A list of names may be given as an array or separated by commas.
///
/// # Errors
/// Every setting that is out of its range.
pub fn read(parameters: Vec<ParameterSpec>, given: Option<&Map<String, Value>>) -> Result<Map<String, Value>, Error> {
    let mut errors = Vec::new();
    let mut settings = Map::new();
    for parameter in parameters {
        let value = given.and_then(|given| given.get(&parameter.name)).filter(|value| !value.is_null());
        let value = value.map_or_else(|| parameter.default.clone(), with_commas);
        if let Err(what) = parameter.check(&value) {
            errors.push(FieldError::new(format!("config_json.{}", parameter.name), what));
        }
        settings.insert(parameter.name, value);
    }
    if errors.is_empty() { Ok(settings) } else { Err(Error::Fields(errors)) }
}

fn with_commas(value: &Value) -> Value {
    match value {
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",").into(),
        other => other.clone(),
    }
}

/// The names of a list separated by commas; `None` when it is empty.
pub fn names(settings: &Map<String, Value>, name: &str) -> Option<Vec<String>> {
    let names = text(settings, name).split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
    let names: Vec<String> = names.collect();
    (!names.is_empty()).then_some(names)
}

/// A text without the blanks around it.
pub fn text<'a>(settings: &'a Map<String, Value>, name: &str) -> &'a str {
    settings.get(name).and_then(Value::as_str).unwrap_or_default().trim()
}

/// A count.
pub fn count(settings: &Map<String, Value>, name: &str) -> u32 {
    settings.get(name).and_then(Value::as_u64).and_then(|count| u32::try_from(count).ok()).unwrap_or_default()
}

/// The declaration of `max_steps`.
pub fn max_steps(description: &str) -> ParameterSpec {
    declared("max_steps", ["Most steps", description], ParameterKind::Integer { min: 1, max: 32 }, json!(8))
}

/// The declaration of a line of text, empty by default: its name, label and description.
pub fn line(name: &str, words: [&str; 2]) -> ParameterSpec {
    declared(name, words, ParameterKind::Text { multiline: false }, json!(""))
}

/// A declaration: name, label and description, kind and default.
pub fn declared(name: &str, [label, description]: [&str; 2], kind: ParameterKind, default: Value) -> ParameterSpec {
    ParameterSpec { name: name.into(), label: label.into(), description: description.into(), kind, default }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters() -> Vec<ParameterSpec> {
        vec![max_steps("Steps."), line("tools", ["Tools", "Names."])]
    }

    #[test]
    fn what_is_not_given_has_its_default() {
        let settings = read(parameters(), json!({"tools": null, "note": "mine"}).as_object()).unwrap();
        assert_eq!((count(&settings, "max_steps"), names(&settings, "tools")), (8, None));
    }

    #[test]
    fn names_are_a_list_or_separated_by_commas() {
        for given in [json!({"tools": "search, calculate"}), json!({"tools": ["search", "calculate"]})] {
            let settings = read(parameters(), given.as_object()).unwrap();
            assert_eq!(names(&settings, "tools"), Some(vec!["search".into(), "calculate".into()]));
        }
    }

    #[test]
    fn every_setting_out_of_range_is_named() {
        let error = read(parameters(), json!({"max_steps": 0, "tools": 7}).as_object()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`config_json.max_steps` is 0, expected a whole number from 1 to 32; `config_json.tools` is 7, expected a string"
        );
    }
}
