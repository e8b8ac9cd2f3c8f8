//! `local`: agents that act with a small policy network. No model provider, no key, no network.
//!
//! The record's `model` names the weights: `builtin`, `untrained`, or `run:<id of a training run>`. Its `temperature` 0
//! takes the most probable choice each time; above 0 each choice is drawn with its probability raised to
//! `1 / temperature`, from the turn's seed.

mod decide;
mod play;

pub use decide::{Decision, Demand, decide};
pub use play::{Play, Recorded, play};

use crate::{Agent, Dependencies, EventSink, Framework, Turn};
use async_trait::async_trait;
use policy::{ActionPolicy, Selection};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tools::ToolRegistry;
use types::{Agent as AgentRecord, Error, ExtensionSpec, ParameterKind, ParameterSpec, Transcript};

/// The framework.
pub struct Local;

impl Framework for Local {
    fn spec(&self) -> ExtensionSpec {
        ExtensionSpec {
            name: "local".into(),
            label: "Local policy".into(),
            description:
                "A small network that chooses a tool, points at its arguments in what was said, and answers in \
                          registered reply forms. It works offline and can be trained here. Models: `builtin`, \
                          `untrained`, or `run:<id>` of a training run. Temperature 0 always takes the most probable \
                          choice."
                    .into(),
            parameters: vec![max_steps(), offered_tools()],
        }
    }

    fn model(&self) -> Option<&'static str> {
        Some("builtin")
    }

    fn can_train(&self) -> bool {
        true
    }

    fn create(&self, record: &AgentRecord, dependencies: &Dependencies) -> Result<Arc<dyn Agent>, Error> {
        let settings = settings(record.config_json.as_ref())?;
        let names = settings.get("tools").and_then(Value::as_str).unwrap_or_default();
        let names: Vec<String> = names.split(',').map(str::trim).filter(|n| !n.is_empty()).map(str::to_owned).collect();
        let tools = if names.is_empty() {
            dependencies.tools.clone()
        } else {
            dependencies.tools.only(&names).map_err(|what| Error::field("config_json.tools", what))?
        };
        let steps_max = settings.get("max_steps").and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok());
        Ok(Arc::new(LocalAgent {
            policy: dependencies.checkpoints.policy(record).map_err(Error::Unavailable)?,
            tools,
            temperature: record.temperature,
            steps_max: steps_max.unwrap_or(STEPS_DEFAULT),
        }))
    }
}

const STEPS_DEFAULT: u32 = 8;

fn max_steps() -> ParameterSpec {
    ParameterSpec {
        name: "max_steps".into(),
        label: "Most steps".into(),
        description: "Most decisions in one turn; each calls a tool or replies.".into(),
        kind: ParameterKind::Integer { min: 1, max: 32 },
        default: json!(STEPS_DEFAULT),
    }
}

fn offered_tools() -> ParameterSpec {
    ParameterSpec {
        name: "tools".into(),
        label: "Tools".into(),
        description: "Names of the tools on offer, separated by commas; empty offers all of them.".into(),
        kind: ParameterKind::Text { multiline: false },
        default: json!(""),
    }
}

/// Every declared setting, from the record or by default.
fn settings(given: Option<&Map<String, Value>>) -> Result<Map<String, Value>, Error> {
    let mut settings = Map::new();
    for parameter in [max_steps(), offered_tools()] {
        let value = given.and_then(|given| given.get(&parameter.name)).filter(|value| !value.is_null());
        let value = match value {
            Some(Value::Array(names)) => {
                Value::String(names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","))
            }
            Some(value) => value.clone(),
            None => parameter.default.clone(),
        };
        parameter.check(&value).map_err(|what| Error::field(format!("config_json.{}", parameter.name), what))?;
        settings.insert(parameter.name, value);
    }
    Ok(settings)
}

struct LocalAgent {
    policy: Arc<ActionPolicy>,
    tools: ToolRegistry,
    temperature: f64,
    steps_max: u32,
}

#[async_trait]
impl Agent for LocalAgent {
    async fn respond(&self, mut turn: Turn, events: &EventSink, cancel: &CancellationToken) -> Transcript {
        turn.limits.max_steps = turn.limits.max_steps.min(self.steps_max);
        let mut rng = ChaCha8Rng::seed_from_u64(turn.seed);
        let selection = if self.temperature > 0.0 {
            Selection::Sample { rng: &mut rng, temperature: self.temperature }
        } else {
            Selection::Greedy
        };
        let how = Play { policy: &self.policy, tools: &self.tools, selection, record: None };
        play(how, &turn, events, cancel).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_have_defaults_and_a_wrong_one_is_named() {
        let defaults = settings(None).unwrap();
        assert_eq!((&defaults["max_steps"], &defaults["tools"]), (&json!(8), &json!("")));
        let listed = json!({"tools": ["search", "calculate"]});
        assert_eq!(settings(listed.as_object()).unwrap()["tools"], json!("search,calculate"));
        let wrong = settings(json!({"max_steps": 0}).as_object()).unwrap_err();
        assert!(wrong.to_string().contains("config_json.max_steps"), "{wrong}");
    }
}
