//! Declared parameters: an extension says what can be set; forms, CLI flags and documentation are derived from it.

use crate::number::Plain;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One thing that can be set on a framework or an algorithm.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ParameterSpec {
    /// Key in the configuration: `learning_rate`.
    pub name: String,
    /// Label of the form field: "Learning rate".
    pub label: String,
    /// What it does, in a sentence.
    pub description: String,
    /// Its type and range.
    pub kind: ParameterKind,
    /// Value when not set.
    pub default: Value,
}

/// Type and range of a parameter.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ParameterKind {
    /// A whole number from `min` to `max`.
    Integer {
        /// Least value.
        min: i64,
        /// Greatest value.
        max: i64,
    },
    /// A number from `min` to `max`.
    Number {
        /// Least value.
        min: f64,
        /// Greatest value.
        max: f64,
    },
    /// Yes or no.
    Boolean,
    /// A line or more of text.
    Text {
        /// Shown as a text area.
        multiline: bool,
    },
    /// A JSON value, or JSON text; an empty text is none.
    Json,
    /// One of a list.
    Choice {
        /// The values.
        options: Vec<String>,
    },
}

/// What an extension (framework, algorithm, reward term) says of itself.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExtensionSpec {
    /// Registered name: `reinforce`.
    pub name: String,
    /// Name for people: "REINFORCE".
    pub label: String,
    /// What it is, in one or two sentences.
    pub description: String,
    /// What can be set.
    pub parameters: Vec<ParameterSpec>,
}

impl ParameterSpec {
    /// Checks `value` against type and range; the message says what would be right.
    pub fn check(&self, value: &Value) -> Result<(), String> {
        match &self.kind {
            ParameterKind::Integer { min, max } => match value.as_i64() {
                Some(n) if (*min..=*max).contains(&n) => Ok(()),
                _ => Err(format!("is {value}, expected a whole number from {min} to {max}")),
            },
            ParameterKind::Number { min, max } => match value.as_f64() {
                Some(n) if (*min..=*max).contains(&n) => Ok(()),
                _ => Err(format!("is {value}, expected a number from {} to {}", Plain(*min), Plain(*max))),
            },
            ParameterKind::Boolean if value.is_boolean() => Ok(()),
            ParameterKind::Boolean => Err(format!("is {value}, expected true or false")),
            ParameterKind::Text { .. } if value.is_string() => Ok(()),
            ParameterKind::Text { .. } => Err(format!("is {value}, expected a string")),
            ParameterKind::Json => match value {
                Value::String(text) if text.trim().is_empty() || is_json(text) => Ok(()),
                Value::Array(_) | Value::Object(_) => Ok(()),
                _ => Err(format!("is {value}, expected JSON")),
            },
            ParameterKind::Choice { options } => match value.as_str() {
                Some(text) if options.iter().any(|o| o == text) => Ok(()),
                _ => Err(format!("is {value}, expected one of {}", options.join(", "))),
            },
        }
    }
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}
