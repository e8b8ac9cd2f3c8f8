//! `local`: agents that act with a small policy network. No model provider, no key, no network.
//!
//! The record's `model` names the weights: `builtin`, `untrained`, or `run:<id of a training run>`. Its `temperature` 0
//! takes the most probable choice each time; above 0 each choice is drawn with its probability raised to
//! `1 / temperature`, from the turn's seed.

mod decide;
mod play;

pub use decide::{Decision, Demand, decide};
pub use play::{Play, Recorded, play};

use crate::{Agent, Dependencies, EventSink, Framework, Turn, turn_tools};
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
        let tools = named(&settings, &dependencies.tools)?;
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

/// The tools that an agent of this framework chooses among: those its settings name, else [`policy::TOOLS`].
///
/// # Errors
/// A setting out of range, or a name that no tool has.
pub fn offered(record: &AgentRecord, tools: &ToolRegistry) -> Result<ToolRegistry, Error> {
    named(&settings(record.config_json.as_ref())?, tools)
}

fn named(settings: &Map<String, Value>, tools: &ToolRegistry) -> Result<ToolRegistry, Error> {
    let names = settings.get("tools").and_then(Value::as_str).unwrap_or_default();
    let names: Vec<&str> = names.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    let names = if names.is_empty() { policy::TOOLS.to_vec() } else { names };
    tools.restricted_to(&names).map_err(|what| Error::field("config_json.tools", what))
}

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
        description: format!(
            "Names of the tools it chooses among, separated by commas; empty: {}, which the built-in weights know. \
             Teach it others by training.",
            policy::TOOLS.join(", ")
        ),
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
        let tools = turn_tools::offered(turn.tools.as_ref(), &self.tools);
        let how = Play { policy: &self.policy, tools: &tools, selection, record: None };
        play(how, &turn, events, cancel).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(settings: Value) -> AgentRecord {
        AgentRecord {
            id: types::AgentId(uuid::Uuid::nil()),
            name: None,
            agent_type: "local".into(),
            model: "builtin".into(),
            temperature: 0.0,
            system_prompt: None,
            config_json: settings.as_object().cloned(),
            is_active: true,
            created_at: types::Timestamp::from_millis(0),
            updated_at: None,
        }
    }

    #[test]
    fn an_agent_chooses_among_the_tools_it_was_taught_unless_its_settings_name_others() {
        let all = tools::built_in(tools::SearchIndex::empty().unwrap());
        let names = |settings: Value| -> Result<Vec<String>, Error> {
            Ok(offered(&record(settings), &all)?.specs().iter().map(|spec| spec.name.clone()).collect())
        };
        assert!(all.specs().len() > policy::TOOLS.len());
        assert_eq!(names(json!({})).unwrap(), policy::TOOLS);
        assert_eq!(names(json!({"tools": "convert_units, search"})).unwrap(), ["convert_units", "search"]);
        assert!(names(json!({"tools": "fly"})).unwrap_err().to_string().contains("config_json.tools"));
    }

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
