//! Agents in the Python worker: what its frameworks have in common. The worker's life is the service's business.

use crate::{
    Agent, Dependencies, EventSink, LentTools, Turn, TurnTools,
    ag_ui::{self, Asked, Endpoint, Record},
    call_ids,
    settings::{self, count, declared, line, max_steps, names, text},
};
use async_trait::async_trait;
use reqwest::{
    Url,
    header::{AUTHORIZATION, HeaderMap, HeaderValue},
};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use types::{Agent as AgentRecord, Ending, Error, ParameterKind, ParameterSpec, Transcript};
use uuid::Uuid;

/// The worker that hosts the Python frameworks.
#[async_trait]
pub trait Bridge: Send + Sync {
    /// Where it listens, as soon as it does: it is installed and started when it must be. `note` hears what takes long.
    ///
    /// # Errors
    /// What is missing, in words that say what to do.
    async fn open(&self, note: &mut (dyn FnMut(String) + Send)) -> Result<BridgeAccess, String>;
}

/// How a turn reaches the worker, and how the worker reaches models and tools.
#[derive(Clone)]
pub struct BridgeAccess {
    /// The worker: `http://127.0.0.1:40000`.
    pub url: String,
    /// What its requests carry.
    pub secret: String,
    /// The server's gateway: `http://127.0.0.1:8000`.
    pub gateway_url: String,
    /// What the gateway asks for.
    pub gateway_key: String,
}

/// No worker: for programs and tests that use other agents only.
pub struct NoBridge;

#[async_trait]
impl Bridge for NoBridge {
    async fn open(&self, _note: &mut (dyn FnMut(String) + Send)) -> Result<BridgeAccess, String> {
        Err("there is no worker for Python frameworks in this program".into())
    }
}

/// What can be set on an agent of the worker.
pub fn parameters() -> Vec<ParameterSpec> {
    let apis = ["chat", "responses"].map(String::from).to_vec();
    vec![
        declared(
            "api",
            ["Model API", "How the framework asks the model: Chat Completions or Responses."],
            ParameterKind::Choice { options: apis },
            json!("chat"),
        ),
        line(
            "entry",
            [
                "Agent of your own",
                "`module:attribute` in the folder BRIDGE_MODULES; empty takes the framework's default agent.",
            ],
        ),
        max_steps("Most model calls in one turn; tools run between them."),
        line("tools", ["Tools", "Names of the tools on offer, separated by commas; empty offers all of them."]),
    ]
}

/// An agent of the framework `name` in the worker.
///
/// # Errors
/// A setting that is wrong, or a model without its provider.
pub fn agent(name: &'static str, record: &AgentRecord, dependencies: &Dependencies) -> Result<Arc<dyn Agent>, Error> {
    let settings = settings::read(parameters(), record.config_json.as_ref())?;
    let tools = names(&settings, "tools");
    if let Some(names) = &tools {
        dependencies.tools.restricted_to(names).map_err(|what| Error::field("config_json.tools", what))?;
    }
    let (provider, model) = record.model.split_once('/').unwrap_or_default();
    if provider.is_empty() || model.is_empty() {
        let what = format!("is {}, expected provider/model such as local/builtin or openai/gpt-4o", record.model);
        return Err(Error::field("model", what));
    }
    Ok(Arc::new(Bridged {
        name,
        bridge: Arc::clone(&dependencies.bridge),
        lent: dependencies.lent.clone(),
        http: dependencies.http.clone(),
        model: record.model.clone(),
        temperature: record.temperature,
        system_prompt: record.system_prompt.clone().filter(|prompt| !prompt.trim().is_empty()),
        api: text(&settings, "api").to_owned(),
        entry: text(&settings, "entry").to_owned(),
        tools,
        steps_max: count(&settings, "max_steps"),
    }))
}

struct Bridged {
    name: &'static str,
    bridge: Arc<dyn Bridge>,
    lent: LentTools,
    http: reqwest::Client,
    model: String,
    temperature: f64,
    system_prompt: Option<String>,
    api: String,
    entry: String,
    tools: Option<Vec<String>>,
    steps_max: u32,
}

#[async_trait]
impl Agent for Bridged {
    /// Installing takes as long as it takes, until it is stopped: the turn's time begins when the worker listens.
    async fn respond(&self, turn: Turn, events: &EventSink, cancel: &CancellationToken) -> Transcript {
        let mut record = Record::new(&turn, self.steps_max, events);
        let opened = {
            let mut note = |text| record.note(text);
            tokio::select! {
                biased;
                () = cancel.cancelled() => Err(Ending::Cancelled),
                opened = self.bridge.open(&mut note) => opened.map_err(|message| Ending::NotConfigured { message }),
            }
        };
        let (rollout, steps_max) = (call_ids::rollout(turn.seed), record.steps_max());
        let _lent = turn.tools.clone().map(|tools| self.lent.lend(rollout, tools));
        let tools = self.names(turn.tools.as_ref());
        match opened.and_then(|access| Ok((self.endpoint(&access)?, self.props(&access, rollout, (steps_max, tools)))))
        {
            Ok((endpoint, forwarded_props)) => {
                let asked = Asked { endpoint: &endpoint, forwarded_props, rollout };
                ag_ui::respond(asked, &turn, record, cancel).await
            }
            Err(ending) => record.finish(ending),
        }
    }
}

impl Bridged {
    fn endpoint(&self, access: &BridgeAccess) -> Result<Endpoint, Ending> {
        let unusable = || Ending::NotConfigured { message: "the address of the worker is none".into() };
        let url = Url::parse(&format!("{}/{}", access.url, self.name)).map_err(|_| unusable())?;
        let secret = HeaderValue::try_from(format!("Bearer {}", access.secret)).map_err(|_| unusable())?;
        Ok(Endpoint {
            http: self.http.clone(),
            url,
            headers: HeaderMap::from_iter([(AUTHORIZATION, secret)]),
            name: "the Python worker",
            secrets: vec![access.secret.clone(), access.gateway_key.clone()],
        })
    }

    /// Which of the tools that its rollout finds the agent is offered; `None` = all.
    fn names(&self, brought: Option<&TurnTools>) -> Option<Vec<String>> {
        let Some(brought) = brought else { return self.tools.clone() };
        let own = brought.own.specs();
        let own = own.iter().map(|tool| tool.name.clone());
        self.tools.as_ref().filter(|_| !brought.only).map(|names| names.iter().cloned().chain(own).collect())
    }

    fn props(&self, access: &BridgeAccess, rollout: Uuid, (steps_max, tools): (u32, Option<Vec<String>>)) -> Value {
        let gateway = format!("{}/g/{rollout}/0", access.gateway_url);
        json!({
            "model": self.model,
            "baseUrl": format!("{gateway}/v1"),
            "apiKey": access.gateway_key,
            "mcpUrl": format!("{gateway}/mcp"),
            "api": self.api,
            "temperature": self.temperature,
            "systemPrompt": self.system_prompt,
            "entry": self.entry,
            "tools": tools,
            "maxSteps": steps_max,
        })
    }
}
