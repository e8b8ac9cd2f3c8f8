//! What can be set in an `openai` agent's `config_json`. Keys that are not declared are left alone.

use serde_json::{Map, Value, json};
use types::{Error, FieldError, ParameterKind, ParameterSpec};

/// The settings, read and checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// Most tokens of one model call.
    pub max_output_tokens: u32,
    /// Most characters of the conversation that a model call is shown.
    pub max_input_chars: usize,
    /// Most model calls of a turn.
    pub max_steps: u32,
    /// Names of the tools on offer; `None` = all.
    pub tools: Option<Vec<String>>,
    /// Whether the model may ask for several calls at once.
    pub parallel_tool_calls: bool,
    /// Effort of a reasoning model; `None` = the model's own.
    pub reasoning_effort: Option<String>,
}

/// The value that leaves the effort to the model.
const EFFORT_DEFAULT: &str = "default";

/// What can be set, for forms and checks.
pub fn parameters() -> Vec<ParameterSpec> {
    let efforts = [EFFORT_DEFAULT, "none", "minimal", "low", "medium", "high"].map(String::from).to_vec();
    let mut parameters = lengths().to_vec();
    parameters.extend([
        parameter(
            "max_steps",
            ["Most steps", "Most model calls in one turn; tools run between them."],
            ParameterKind::Integer { min: 1, max: 32 },
            json!(8),
        ),
        parameter(
            "tools",
            ["Tools", "Names of the tools on offer, separated by commas; empty offers all of them."],
            ParameterKind::Text { multiline: false },
            json!(""),
        ),
        parameter(
            "parallel_tool_calls",
            ["Parallel calls", "Whether the model may ask for several calls at once."],
            ParameterKind::Boolean,
            json!(true),
        ),
        parameter(
            "reasoning_effort",
            ["Reasoning effort", "How much a reasoning model thinks; leave `default` for other models."],
            ParameterKind::Choice { options: efforts },
            json!(EFFORT_DEFAULT),
        ),
    ]);
    parameters
}

/// What bounds the reply and what the model is shown.
fn lengths() -> [ParameterSpec; 2] {
    [
        parameter(
            "max_output_tokens",
            ["Longest reply", "Most tokens the model may write in one call."],
            ParameterKind::Integer { min: 16, max: 128_000 },
            json!(4096),
        ),
        parameter(
            "max_input_chars",
            [
                "Longest conversation",
                "Most characters of the conversation the model is shown, about four to a token; beyond it the oldest \
                 part is left out.",
            ],
            ParameterKind::Integer { min: 1000, max: 8_000_000 },
            json!(200_000),
        ),
    ]
}

fn parameter(name: &str, [label, description]: [&str; 2], kind: ParameterKind, default: Value) -> ParameterSpec {
    ParameterSpec { name: name.into(), label: label.into(), description: description.into(), kind, default }
}

impl Config {
    /// From an agent's `config_json`.
    ///
    /// # Errors
    /// Every declared setting that is out of its range.
    pub fn read(settings: Option<&Map<String, Value>>) -> Result<Self, Error> {
        let mut errors = Vec::new();
        let mut values = Map::new();
        for parameter in parameters() {
            let given = settings.and_then(|settings| settings.get(&parameter.name)).filter(|value| !value.is_null());
            let given = given.map(listed);
            if let Some(Err(message)) = given.as_ref().map(|value| parameter.check(value)) {
                errors.push(FieldError::new(format!("config_json.{}", parameter.name), message));
            }
            values.insert(parameter.name, given.unwrap_or(parameter.default));
        }
        if errors.is_empty() { Ok(Self::from_values(&values)) } else { Err(Error::Fields(errors)) }
    }

    fn from_values(values: &Map<String, Value>) -> Self {
        let number = |name: &str| {
            let value = values.get(name).and_then(Value::as_u64).unwrap_or_default();
            u32::try_from(value).unwrap_or(u32::MAX)
        };
        let text = |name: &str| values.get(name).and_then(Value::as_str).unwrap_or_default();
        let tools: Vec<String> =
            text("tools").split(',').map(str::trim).filter(|name| !name.is_empty()).map(String::from).collect();
        Self {
            max_output_tokens: number("max_output_tokens"),
            max_input_chars: usize::try_from(number("max_input_chars")).unwrap_or(usize::MAX),
            max_steps: number("max_steps"),
            tools: (!tools.is_empty()).then_some(tools),
            parallel_tool_calls: values.get("parallel_tool_calls").and_then(Value::as_bool).unwrap_or(true),
            reasoning_effort: Some(text("reasoning_effort")).filter(|e| *e != EFFORT_DEFAULT).map(String::from),
        }
    }
}

/// A list of names is the same as the names separated by commas.
fn listed(value: &Value) -> Value {
    let names = value.as_array().and_then(|names| names.iter().map(Value::as_str).collect::<Option<Vec<_>>>());
    names.map_or_else(|| value.clone(), |names| Value::String(names.join(",")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(settings: Value) -> Result<Config, Error> {
        Config::read(settings.as_object())
    }

    #[test]
    fn defaults_stand_where_nothing_is_set_and_unknown_keys_are_left_alone() {
        let config = read(json!({ "someone_elses": 1, "max_steps": null })).unwrap();
        assert_eq!((config.max_output_tokens, config.max_steps, config.tools), (4096, 8, None));
        assert!(config.parallel_tool_calls);
        assert_eq!(config.reasoning_effort, None);
    }

    #[test]
    fn tools_are_a_list_or_names_separated_by_commas() {
        for settings in [json!({ "tools": "calculate, search" }), json!({ "tools": ["calculate", "search"] })] {
            assert_eq!(read(settings).unwrap().tools, Some(vec!["calculate".into(), "search".into()]));
        }
    }

    #[test]
    fn every_setting_out_of_range_is_named() {
        let error = read(json!({ "max_steps": 0, "parallel_tool_calls": "yes" })).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`config_json.max_steps` is 0, expected a whole number from 1 to 32; \
             `config_json.parallel_tool_calls` is \"yes\", expected true or false"
        );
    }
}
