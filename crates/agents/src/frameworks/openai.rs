//! `openai`: agents on a model behind the OpenAI Responses API, or any server that speaks it (`OPENAI_BASE_URL`).
//!
//! Stateless: every request carries the conversation, as far as it fits, and `store: false`, so nothing is kept at the
//! provider.

mod config;
mod stream;
mod wire;

#[cfg(test)]
mod tests;

use crate::{
    Agent, Dependencies, Framework,
    provider::OPENAI,
    provider_client::{Client, window},
    tool_loop::{Item, Model, Step, Tokens, ToolLoop},
};
use async_trait::async_trait;
use config::Config;
use std::sync::Arc;
use types::{Agent as AgentRecord, Ending, Error, ExtensionSpec, ToolSpec};

/// The framework.
pub struct OpenAi;

impl Framework for OpenAi {
    fn spec(&self) -> ExtensionSpec {
        ExtensionSpec {
            name: "openai".into(),
            label: "OpenAI".into(),
            description: "A model behind the OpenAI Responses API, or any server that speaks it (OPENAI_BASE_URL). \
                          Needs OPENAI_API_KEY."
                .into(),
            parameters: config::parameters(),
        }
    }

    fn can_train(&self) -> bool {
        false
    }

    fn create(&self, record: &AgentRecord, dependencies: &Dependencies) -> Result<Arc<dyn Agent>, Error> {
        let config = Config::read(record.config_json.as_ref())?;
        let tools = match &config.tools {
            Some(names) => dependencies.tools.only(names).map_err(|what| Error::field("config_json.tools", what))?,
            None => dependencies.tools.clone(),
        };
        let endpoint =
            dependencies.providers.provider(OPENAI).map_err(|what| Error::field("config_json.provider", what))?;
        let steps_max = config.max_steps;
        let model = OpenAiModel {
            client: Client::new(dependencies.http.clone(), endpoint)?,
            model: record.model.clone(),
            temperature: record.temperature,
            instructions: record.system_prompt.clone(),
            config,
        };
        Ok(Arc::new(ToolLoop { model, tools, steps_max }))
    }
}

/// One model with one agent's settings.
struct OpenAiModel {
    client: Client,
    model: String,
    temperature: f64,
    instructions: Option<String>,
    config: Config,
}

#[async_trait]
impl Model for OpenAiModel {
    fn ready(&self) -> Result<(), Ending> {
        let endpoint = self.client.endpoint();
        if endpoint.name == OPENAI || endpoint.is_openai() { self.client.require_key() } else { Ok(()) }
    }

    async fn step(&self, items: &[Item], tools: &[ToolSpec], tokens: &mut Tokens<'_>) -> Result<Step, Ending> {
        let window = window(items, self.config.max_input_chars);
        let request = wire::Request {
            model: &self.model,
            input: window.items.into_iter().map(wire::input).collect(),
            instructions: self.instructions.as_deref().filter(|text| !text.trim().is_empty()),
            tools: tools.iter().map(wire::FunctionTool::from).collect(),
            stream: true,
            store: false,
            temperature: Some(self.temperature),
            max_output_tokens: Some(self.config.max_output_tokens),
            parallel_tool_calls: (!tools.is_empty()).then_some(self.config.parallel_tool_calls),
            reasoning: self.config.reasoning_effort.as_deref().map(|effort| wire::Reasoning { effort }),
            include: None,
        };
        let mut step = self.client.step(request, tokens).await.map_err(|message| Ending::ProviderError { message })?;
        if window.is_cut {
            step.notes.push(format!(
                "The conversation is longer than `max_input_chars` ({}); the model was not shown its oldest part.",
                self.config.max_input_chars
            ));
        }
        Ok(step)
    }
}
