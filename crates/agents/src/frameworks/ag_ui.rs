//! `ag_ui`: an agent anywhere that speaks AG-UI, by the address of its endpoint. Its model and its tools are its own.

use crate::{
    Agent, Dependencies, EventSink, Framework, Turn,
    ag_ui::{Asked, Endpoint, Record, respond},
    call_ids,
    provider::may_be_asked,
    settings::{self, count, line, max_steps, text},
};
use async_trait::async_trait;
use reqwest::{
    Url,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use types::{Agent as AgentRecord, Ending, Error, ExtensionSpec, ParameterSpec, Transcript};

/// The framework.
pub struct AgUi;

impl Framework for AgUi {
    fn spec(&self) -> ExtensionSpec {
        ExtensionSpec {
            name: "ag_ui".into(),
            label: "AG-UI endpoint".into(),
            description:
                "An agent anywhere that speaks AG-UI (Pydantic AI, LangGraph, CrewAI, Mastra and others), by the \
                          address of its endpoint. It brings its own model and tools; temperature and instructions are \
                          handed to it, and it may heed them."
                    .into(),
            parameters: parameters(),
        }
    }

    fn model(&self) -> Option<&'static str> {
        Some("its own")
    }

    fn can_train(&self) -> bool {
        false
    }

    fn create(&self, record: &AgentRecord, dependencies: &Dependencies) -> Result<Arc<dyn Agent>, Error> {
        let settings = settings::read(parameters(), record.config_json.as_ref())?;
        let given = text(&settings, "url");
        let url = Url::parse(given).ok().filter(may_be_asked).ok_or_else(|| {
            Error::field(
                "config_json.url",
                format!("is `{given}`, expected an address such as http://localhost:9000/agent"),
            )
        })?;
        let headers = headers(record.config_json.as_ref())?;
        let secrets = headers.values().filter_map(|value| value.to_str().ok()).map(str::to_owned).collect();
        let http = dependencies.http.clone();
        Ok(Arc::new(AgUiAgent {
            endpoint: Endpoint { http, url, headers, name: "the AG-UI endpoint", secrets },
            forwarded_props: json!({
                "model": record.model,
                "temperature": record.temperature,
                "systemPrompt": record.system_prompt,
            }),
            steps_max: count(&settings, "max_steps"),
        }))
    }
}

fn parameters() -> Vec<ParameterSpec> {
    vec![
        line("url", ["Address", "The endpoint that takes the runs: http://localhost:9000/agent."]),
        max_steps("Most messages of its model in one turn; beyond it the run is dropped."),
    ]
}

/// `headers` of the settings: an object of texts, such as an authorisation.
fn headers(settings: Option<&Map<String, Value>>) -> Result<HeaderMap, Error> {
    let refused = || Error::field("config_json.headers", "expected an object of header names and texts");
    let Some(given) = settings.and_then(|settings| settings.get("headers")).filter(|given| !given.is_null()) else {
        return Ok(HeaderMap::new());
    };
    let given = given.as_object().ok_or_else(refused)?;
    let header = |(name, value): (&String, &Value)| {
        let name = HeaderName::try_from(name).ok()?;
        Some((name, HeaderValue::try_from(value.as_str()?).ok()?))
    };
    given.iter().map(|entry| header(entry).ok_or_else(refused)).collect()
}

struct AgUiAgent {
    endpoint: Endpoint,
    forwarded_props: Value,
    steps_max: u32,
}

#[async_trait]
impl Agent for AgUiAgent {
    async fn respond(&self, turn: Turn, events: &EventSink, cancel: &CancellationToken) -> Transcript {
        let record = Record::new(&turn, self.steps_max, events);
        if turn.tools.is_some() {
            let message = "an AG-UI endpoint brings its own tools: it cannot be asked a case that brings others".into();
            return record.finish(Ending::ProviderError { message });
        }
        let forwarded_props = self.forwarded_props.clone();
        let asked = Asked { endpoint: &self.endpoint, forwarded_props, rollout: call_ids::rollout(turn.seed) };
        respond(asked, &turn, record, cancel).await
    }
}
