//! The form's fields as signals, and what they amount to. No markup here.

use crate::{
    components::{error_of, parameters::check_parameters},
    error::AppError,
};
use leptos::prelude::*;
use serde_json::{Map, Value};
use types::{
    Agent, AgentCreate, AgentUpdate, ExtensionSpec, FieldError,
    number::{self, Plain},
};

/// The fields of the form; cheap to copy.
#[derive(Clone, Copy)]
pub struct Draft {
    /// Name for people.
    pub name: RwSignal<String>,
    /// Registered framework.
    pub agent_type: RwSignal<String>,
    /// Model, or weights.
    pub model: RwSignal<String>,
    /// Temperature as typed.
    pub temperature: RwSignal<String>,
    /// Instructions.
    pub system_prompt: RwSignal<String>,
    /// The framework's own parameters, where they differ from the defaults.
    pub parameters: RwSignal<Map<String, Value>>,
    /// What the server refused, until the next change.
    pub refused: RwSignal<Option<AppError>>,
}

impl Draft {
    /// Filled from a draft.
    pub fn new(draft: AgentCreate) -> Self {
        Self {
            name: RwSignal::new(draft.name.unwrap_or_default()),
            agent_type: RwSignal::new(draft.agent_type),
            model: RwSignal::new(draft.model),
            temperature: RwSignal::new(Plain(draft.temperature).to_string()),
            system_prompt: RwSignal::new(draft.system_prompt.unwrap_or_default()),
            parameters: RwSignal::new(draft.config_json.unwrap_or_default()),
            refused: RwSignal::new(None),
        }
    }

    /// Filled from a stored agent.
    pub fn of(agent: &Agent) -> Self {
        Self::new(agent.clone().into())
    }

    /// The agent that the fields describe. A temperature that is no number is NaN, which no range holds.
    pub fn create(self) -> AgentCreate {
        let parameters = self.parameters.get();
        AgentCreate {
            name: filled(self.name.get()),
            agent_type: self.agent_type.get(),
            model: self.model.get().trim().to_owned(),
            temperature: number::read(self.temperature.get().trim()).unwrap_or(f64::NAN),
            system_prompt: filled(self.system_prompt.get()),
            config_json: (!parameters.is_empty()).then_some(parameters),
        }
    }

    /// The change that makes the stored agent like the fields.
    pub fn update(self) -> AgentUpdate {
        let draft = self.create();
        AgentUpdate {
            name: Some(draft.name),
            model: Some(draft.model),
            temperature: Some(draft.temperature),
            system_prompt: Some(draft.system_prompt),
            config_json: Some(draft.config_json),
            is_active: None,
        }
    }

    /// Everything that is wrong with the fields.
    pub fn errors(self, frameworks: &[ExtensionSpec]) -> Vec<FieldError> {
        let draft = self.create();
        let framework = frameworks.iter().find(|framework| framework.name == draft.agent_type);
        let mut errors = draft.validate();
        if let (Some(framework), Some(values)) = (framework, &draft.config_json) {
            errors.extend(check_parameters(&framework.parameters, values));
        }
        errors.extend(self.refused.get().map(|error| error.fields()).unwrap_or_default());
        errors
    }
}

/// The message of one field among `errors`.
pub fn error_in(errors: Memo<Vec<FieldError>>, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || errors.with(|errors| error_of(errors, field)))
}

fn filled(text: String) -> Option<String> {
    (!text.trim().is_empty()).then_some(text)
}
