//! Agents as records: what is stored, created and changed.

use crate::{AgentId, FieldError, Timestamp, not_null, number::Plain, patch};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// An agent: a framework (`agent_type`), its model and its settings.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Agent {
    /// Its id.
    pub id: AgentId,
    /// Name for people.
    pub name: Option<String>,
    /// Registered framework: `local`, `openai`, `pydantic_ai`, …
    pub agent_type: String,
    /// Model name at the provider, or the checkpoint of a local agent.
    pub model: String,
    /// Sampling temperature, 0 to 2.
    pub temperature: f64,
    /// Instructions that precede every conversation.
    pub system_prompt: Option<String>,
    /// Further settings of the framework.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub config_json: Option<Map<String, Value>>,
    /// False after deletion.
    pub is_active: bool,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Option<Timestamp>,
}

impl Agent {
    /// The name, or type and short id when it has none.
    pub fn title(&self) -> String {
        match self.name.as_deref().map(str::trim) {
            Some(name) if !name.is_empty() => name.to_owned(),
            _ => format!("{} {}", self.agent_type, self.id.to_string().chars().take(8).collect::<String>()),
        }
    }
}

/// An agent to create.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct AgentCreate {
    /// Name for people, at most 200 characters.
    pub name: Option<String>,
    /// Registered framework.
    pub agent_type: String,
    /// Model name.
    pub model: String,
    /// Sampling temperature, 0 to 2.
    pub temperature: f64,
    /// Instructions, at most 20,000 characters.
    pub system_prompt: Option<String>,
    /// Further settings.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub config_json: Option<Map<String, Value>>,
}

impl From<Agent> for AgentCreate {
    /// What would create it again.
    fn from(agent: Agent) -> Self {
        let Agent { name, agent_type, model, temperature, system_prompt, config_json, .. } = agent;
        Self { name, agent_type, model, temperature, system_prompt, config_json }
    }
}

impl Default for AgentCreate {
    fn default() -> Self {
        Self {
            name: None,
            agent_type: "openai".into(),
            model: "gpt-4o".into(),
            temperature: 1.0,
            system_prompt: None,
            config_json: None,
        }
    }
}

/// A change to an agent: absent = unchanged, `null` clears (where the field may be empty).
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct AgentUpdate {
    /// New name.
    #[serde(deserialize_with = "patch", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub name: Option<Option<String>>,
    /// New model.
    #[serde(deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// New temperature.
    #[serde(deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// New instructions.
    #[serde(deserialize_with = "patch", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub system_prompt: Option<Option<String>>,
    /// New settings (replaced whole).
    #[serde(deserialize_with = "patch", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub config_json: Option<Option<Map<String, Value>>>,
    /// Delete or restore.
    #[serde(deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
}

impl AgentCreate {
    /// Every field that would be refused; empty = valid. Whether `agent_type` is registered is the service's to say.
    pub fn validate(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        check_name(self.name.as_deref(), &mut errors);
        check_model(&self.model, &mut errors);
        check_temperature(self.temperature, &mut errors);
        check_prompt(self.system_prompt.as_deref(), &mut errors);
        errors
    }
}

impl AgentUpdate {
    /// Every field that would be refused; empty = valid.
    pub fn validate(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        check_name(self.name.as_ref().and_then(Option::as_deref), &mut errors);
        if let Some(model) = &self.model {
            check_model(model, &mut errors);
        }
        if let Some(temperature) = self.temperature {
            check_temperature(temperature, &mut errors);
        }
        check_prompt(self.system_prompt.as_ref().and_then(Option::as_deref), &mut errors);
        errors
    }
}

fn check_name(name: Option<&str>, errors: &mut Vec<FieldError>) {
    if let Some(name) = name
        && name.chars().count() > 200
    {
        errors.push(FieldError::new("name", "is longer than 200 characters"));
    }
}

fn check_model(model: &str, errors: &mut Vec<FieldError>) {
    if model.trim().is_empty() || model.chars().count() > 200 {
        errors.push(FieldError::new("model", "expected 1 to 200 characters, for example gpt-4o"));
    }
}

fn check_temperature(temperature: f64, errors: &mut Vec<FieldError>) {
    if !(0.0..=2.0).contains(&temperature) {
        errors.push(FieldError::new("temperature", format!("is {}, expected 0 to 2", Plain(temperature))));
    }
}

fn check_prompt(prompt: Option<&str>, errors: &mut Vec<FieldError>) {
    if let Some(prompt) = prompt
        && prompt.chars().count() > 20_000
    {
        errors.push(FieldError::new("system_prompt", "is longer than 20,000 characters"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_field_is_unchanged_and_null_clears() {
        let update: AgentUpdate = serde_json::from_str(r#"{"name":null}"#).unwrap();
        assert_eq!(update.name, Some(None));
        assert_eq!(update.system_prompt, None);
    }

    #[test]
    fn null_for_a_field_that_needs_a_value_is_refused() {
        assert!(serde_json::from_str::<AgentUpdate>(r#"{"temperature":null}"#).is_err());
        assert!(serde_json::from_str::<AgentUpdate>(r#"{"is_active":null}"#).is_err());
    }

    #[test]
    fn the_defaults_are_the_contracts() {
        let create: AgentCreate = serde_json::from_str("{}").unwrap();
        assert_eq!((create.agent_type.as_str(), create.model.as_str(), create.temperature), ("openai", "gpt-4o", 1.0));
    }

    #[test]
    fn a_temperature_out_of_range_says_what_would_be_right() {
        let errors = AgentCreate { temperature: 3.5, ..AgentCreate::default() }.validate();
        assert_eq!(errors, [FieldError::new("temperature", "is 3.5, expected 0 to 2")]);
    }
}
