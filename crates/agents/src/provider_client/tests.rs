//! Agents on model providers, against a scripted one: what both APIs must do, and what each has alone.

mod chat_completions;
mod faults;
mod responses;
mod runtime;

use crate::{
    Agent, AgentEvent, Checkpoints, Dependencies, PriceTable, ProviderEndpoint, Turn,
    frameworks::framework,
    http_client,
    testing::{Reply, ScriptedProvider},
};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use types::{Agent as AgentRecord, AgentId, Ending, Timestamp, Transcript, TurnLimits};

const KEY: &str = "sk-very-secret-0123456789";

/// The framework, and whether it streams.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Api {
    framework: &'static str,
    stream: bool,
}

const RESPONSES: Api = Api { framework: "openai", stream: true };
const CHAT: Api = Api { framework: "openai_chat", stream: true };
/// Both APIs, streaming and not.
const APIS: [Api; 4] = [RESPONSES, CHAT, Api { stream: false, ..RESPONSES }, Api { stream: false, ..CHAT }];

struct NoWeights;

impl Checkpoints for NoWeights {
    fn policy(&self, _agent: &AgentRecord) -> Result<Arc<policy::ActionPolicy>, String> {
        Err("no weights here".into())
    }
}

fn record(api: Api, config: Value) -> AgentRecord {
    let mut config = config.as_object().cloned().unwrap();
    config.insert("stream".into(), api.stream.into());
    AgentRecord {
        id: AgentId(uuid::Uuid::nil()),
        name: None,
        agent_type: api.framework.into(),
        model: "gpt-test".into(),
        temperature: 0.5,
        system_prompt: Some("Be brief.".into()),
        config_json: Some(config),
        is_active: true,
        created_at: Timestamp::from_millis(0),
        updated_at: None,
    }
}

fn endpoint(base_url: &str, key: Option<&str>) -> ProviderEndpoint {
    ProviderEndpoint { base_url: base_url.into(), api_key: key.map(String::from), ..ProviderEndpoint::openai() }
}

fn dependencies(endpoint: ProviderEndpoint) -> Dependencies {
    let prices = PriceTable::read(r#"{"prices":[{"model":"gpt-test","input":1,"output":2}]}"#).unwrap();
    Dependencies {
        tools: tools::built_in(tools::SearchIndex::empty().unwrap()),
        http: http_client().unwrap(),
        providers: Arc::new(vec![endpoint]),
        prices: Arc::new(prices),
        checkpoints: Arc::new(NoWeights),
        bridge: Arc::new(crate::bridge::NoBridge),
        lent: crate::LentTools::default(),
    }
}

fn agent(api: Api, base_url: &str, key: Option<&str>, config: Value) -> Arc<dyn Agent> {
    let framework = framework(api.framework).unwrap();
    framework.create(&record(api, config), &dependencies(endpoint(base_url, key))).unwrap()
}

fn turn(user_input: &str) -> Turn {
    Turn { history: Vec::new(), user_input: user_input.into(), limits: TurnLimits::default(), seed: 0, tools: None }
}

struct Played {
    provider: ScriptedProvider,
    transcript: Transcript,
    events: Vec<AgentEvent>,
}

impl Played {
    fn bodies(&self) -> Vec<Value> {
        self.provider.requests().into_iter().map(|request| request.body).collect()
    }

    fn error(&self) -> &str {
        match &self.transcript.ending {
            Ending::ProviderError { message } => message,
            other => panic!("ended with {other:?}"),
        }
    }
}

async fn play_turn(api: Api, script: Vec<Reply>, config: Value, turn: Turn) -> Played {
    let provider = ScriptedProvider::start(script).await.unwrap();
    let agent = agent(api, provider.base_url(), Some(KEY), config);
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let transcript = agent.respond(turn, &sender, &CancellationToken::new()).await;
    drop(sender);
    let mut events = Vec::new();
    while let Some(event) = receiver.recv().await {
        events.push(event);
    }
    Played { provider, transcript, events }
}

async fn play(api: Api, script: Vec<Reply>) -> Played {
    play_turn(api, script, json!({}), turn("What is 15 * 23, and the weather in Oslo?")).await
}

fn tokens(events: &[AgentEvent]) -> String {
    events
        .iter()
        .filter_map(|event| if let AgentEvent::Token(text) = event { Some(text.as_str()) } else { None })
        .collect()
}
