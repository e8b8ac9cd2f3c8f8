//! `openai_chat`: agents on a model behind the Chat Completions API, which almost every server speaks: Ollama, vLLM,
//! llama.cpp, LM Studio, OpenRouter, Azure, and OpenAI itself.

mod stream;
mod wire;

use crate::{
    Agent, Dependencies, Framework,
    model_settings::{Setup, parameters},
    provider_client::window,
    tool_loop::{Item, Model, Step, Tokens, ToolLoop},
};
use async_trait::async_trait;
use std::sync::Arc;
use types::{Agent as AgentRecord, Ending, Error, ExtensionSpec, ToolSpec};

/// The framework.
pub struct OpenAiChat;

impl Framework for OpenAiChat {
    fn spec(&self) -> ExtensionSpec {
        let mut parameters = parameters();
        // This API keeps nothing: there is no choice.
        parameters.retain(|parameter| parameter.name != "state");
        ExtensionSpec {
            name: "openai_chat".into(),
            label: "Chat Completions".into(),
            description: "A model behind the Chat Completions API, at any provider of the Settings: Ollama, vLLM, \
                          llama.cpp, LM Studio, OpenRouter, Azure or OpenAI."
                .into(),
            parameters,
        }
    }

    fn can_train(&self) -> bool {
        false
    }

    fn create(&self, record: &AgentRecord, dependencies: &Dependencies) -> Result<Arc<dyn Agent>, Error> {
        let setup = Setup::read(record, dependencies)?;
        let (tools, limits) = (setup.tools.clone(), setup.settings.limits.clone());
        let reply_schema = setup.settings.reply_schema.clone();
        let examples = setup.settings.example_items();
        Ok(Arc::new(ToolLoop { model: ChatCompletions { setup, examples }, tools, limits, reply_schema }))
    }
}

/// One model with one agent's settings.
struct ChatCompletions {
    setup: Setup,
    examples: Vec<Item>,
}

#[async_trait]
impl Model for ChatCompletions {
    fn ready(&self) -> Result<(), Ending> {
        let client = &self.setup.client;
        if client.endpoint().is_openai() { client.require_key() } else { Ok(()) }
    }

    async fn step(&self, items: &[Item], tools: &[ToolSpec], tokens: &mut Tokens<'_>) -> Result<Step, Ending> {
        let settings = &self.setup.settings;
        let window = window(items, settings.max_input_chars);
        let request = self.request(self.examples.iter().chain(window.items), tools);
        let answered = self.setup.client.step(request, tokens).await;
        let mut step = answered.map_err(|error| Ending::ProviderError { message: error.message })?;
        step.notes.extend(window.is_cut.then(|| settings.cut_note()));
        Ok(step)
    }
}

impl ChatCompletions {
    fn request<'a>(&'a self, shown: impl Iterator<Item = &'a Item>, tools: &'a [ToolSpec]) -> wire::Request<'a> {
        let Setup { client, model, temperature, instructions, settings, .. } = &self.setup;
        let system = instructions.as_deref().map(wire::system);
        // OpenAI's newer models take only the newer name, most other servers only the older.
        let (newer, older) = if client.endpoint().is_openai() {
            (Some(settings.max_output_tokens), None)
        } else {
            (None, Some(settings.max_output_tokens))
        };
        wire::Request {
            model,
            messages: system.into_iter().chain(shown.map(wire::message)).collect(),
            tools: tools.iter().map(wire::Tool::from).collect(),
            stream: settings.stream,
            stream_options: settings.stream.then_some(wire::StreamOptions { include_usage: true }),
            temperature: Some(*temperature),
            max_completion_tokens: newer,
            max_tokens: older,
            // Said only when it is not the default: not every server knows the word.
            parallel_tool_calls: (!tools.is_empty() && !settings.parallel_tool_calls).then_some(false),
            reasoning_effort: settings.reasoning_effort.as_deref(),
            response_format: settings.reply_schema.as_deref().map(|schema| wire::ResponseFormat::of(schema.json())),
        }
    }
}
