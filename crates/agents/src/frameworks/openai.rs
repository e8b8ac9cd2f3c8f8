//! `openai`: agents on a model behind the OpenAI Responses API, or any server that speaks it.
//!
//! Stateless unless the agent says otherwise: every request carries the conversation, as far as it fits, and
//! `store: false`, so nothing is kept at the provider. With `state: previous_response_id` the provider keeps it, and only
//! what is new is sent ([`thread`]).

mod stream;
mod thread;
mod wire;

use crate::{
    Agent, Dependencies, Framework,
    model_settings::{Setup, parameters},
    provider::OPENAI,
    provider_client::{StepError, window},
    tool_loop::{Item, Model, Step, Tokens, ToolLoop},
};
use async_trait::async_trait;
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
            parameters: parameters(),
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
        Ok(Arc::new(ToolLoop { model: Responses { setup, examples }, tools, limits, reply_schema }))
    }
}

/// One model with one agent's settings.
struct Responses {
    setup: Setup,
    examples: Vec<Item>,
}

#[async_trait]
impl Model for Responses {
    fn ready(&self) -> Result<(), Ending> {
        let endpoint = self.setup.client.endpoint();
        if endpoint.name == OPENAI || endpoint.is_openai() { self.setup.client.require_key() } else { Ok(()) }
    }

    async fn step(&self, items: &[Item], tools: &[ToolSpec], tokens: &mut Tokens<'_>) -> Result<Step, Ending> {
        let Setup { client, settings, .. } = &self.setup;
        let window = window(items, settings.max_input_chars);
        let shown: Vec<&Item> = self.examples.iter().chain(window.items).collect();
        let mut request = self.request(&shown, tools);
        let kept =
            settings.keeps_state.then(|| thread::Thread::new(client.endpoint(), &request, &self.examples, items));
        let known = kept.as_ref().and_then(thread::Thread::continued);
        let mut step = match known {
            Some((id, new)) => {
                let whole = std::mem::replace(&mut request.input, new.iter().map(wire::input).collect());
                request.previous_response_id = Some(id);
                match client.step(request.clone(), tokens).await {
                    // What the provider no longer has is sent again, whole.
                    Err(StepError { status: Some(400 | 404), .. }) if tokens.text().is_empty() => {
                        let request = wire::Request { previous_response_id: None, input: whole, ..request };
                        client.step(request, tokens).await
                    }
                    answered => answered,
                }
            }
            None => client.step(request, tokens).await,
        }
        .map_err(|error| Ending::ProviderError { message: error.message })?;
        if let (Some(thread), Some(id)) = (kept, &step.response_id) {
            thread.remember(&step, id);
        }
        step.notes.extend(window.is_cut.then(|| settings.cut_note()));
        Ok(step)
    }
}

impl Responses {
    fn request<'a>(&'a self, shown: &[&Item], tools: &'a [ToolSpec]) -> wire::Request<'a> {
        let Setup { model, temperature, instructions, settings, .. } = &self.setup;
        wire::Request {
            model,
            input: shown.iter().map(|item| wire::input(item)).collect(),
            previous_response_id: None,
            instructions: instructions.as_deref(),
            tools: tools.iter().map(wire::FunctionTool::from).collect(),
            stream: settings.stream,
            store: settings.keeps_state,
            temperature: Some(*temperature),
            max_output_tokens: Some(settings.max_output_tokens),
            parallel_tool_calls: (!tools.is_empty()).then_some(settings.parallel_tool_calls),
            reasoning: settings.reasoning_effort.as_deref().map(|effort| wire::Reasoning { effort }),
            text: settings.reply_schema.as_deref().map(|schema| wire::Text::of(schema.json())),
            include: None,
        }
    }
}
