//! Declared parameters of algorithms, read with their defaults.

use serde_json::{Map, Value, json};
use types::{ExtensionSpec, FieldError, ParameterKind, ParameterSpec};

/// A whole number from `min` to `max`.
pub fn integer(name: &str, label: &str, description: &str, (min, max, default): (i64, i64, i64)) -> ParameterSpec {
    let (name, label, description) = (name.to_owned(), label.to_owned(), description.to_owned());
    ParameterSpec { name, label, description, kind: ParameterKind::Integer { min, max }, default: json!(default) }
}

/// A number from `min` to `max`.
pub fn number(name: &str, label: &str, description: &str, (min, max, default): (f64, f64, f64)) -> ParameterSpec {
    let (name, label, description) = (name.to_owned(), label.to_owned(), description.to_owned());
    ParameterSpec { name, label, description, kind: ParameterKind::Number { min, max }, default: json!(default) }
}

/// Values of an algorithm's parameters: what was given, else the default.
#[derive(Clone, Debug)]
pub struct Parameters {
    values: Map<String, Value>,
}

impl Parameters {
    /// Reads `given` by `spec`.
    pub fn new(spec: &ExtensionSpec, given: &Map<String, Value>) -> Self {
        let value = |parameter: &ParameterSpec| given.get(&parameter.name).filter(|value| !value.is_null()).cloned();
        let read = |parameter: &ParameterSpec| {
            (parameter.name.clone(), value(parameter).unwrap_or_else(|| parameter.default.clone()))
        };
        Self { values: spec.parameters.iter().map(read).collect() }
    }

    /// A declared number.
    pub fn number(&self, name: &str) -> f64 {
        self.values.get(name).and_then(Value::as_f64).unwrap_or_default()
    }

    /// A declared whole number that is at least 0.
    pub fn count(&self, name: &str) -> usize {
        self.values.get(name).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok()).unwrap_or_default()
    }
}

/// Every given parameter that is unknown or out of range.
pub fn check(spec: &ExtensionSpec, given: &Map<String, Value>) -> Vec<FieldError> {
    let field = |name: &str| format!("parameters.{name}");
    given
        .iter()
        .filter_map(|(name, value)| match spec.parameters.iter().find(|parameter| parameter.name == *name) {
            None => {
                let known: Vec<_> = spec.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
                let known = known.join(", ");
                Some(FieldError::new(field(name), format!("is not a parameter of {}; they are {known}", spec.name)))
            }
            Some(_) if value.is_null() => None,
            Some(parameter) => parameter.check(value).err().map(|what| FieldError::new(field(name), what)),
        })
        .collect()
}
