//! What can be set in the `config_json` of an agent on a model provider, whatever the API. Keys that are not declared are
//! left alone.

mod declared;
mod reply_schema;

pub use declared::parameters;
pub use reply_schema::ReplySchema;

use crate::{
    Dependencies,
    provider::ProviderEndpoint,
    provider_client::Client,
    tool_loop::{Item, LoopLimits},
};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};
use tools::ToolRegistry;
use types::{Agent as AgentRecord, Error, FieldError, ParameterSpec, Role};

/// The value that leaves the effort to the model.
const EFFORT_DEFAULT: &str = "default";
/// Every setting, as it is declared: read in every turn.
static DECLARED: LazyLock<Vec<ParameterSpec>> = LazyLock::new(parameters);
/// Most examples of an agent.
const EXAMPLES_MAX: usize = 50;

/// The settings, read and checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Name of the provider.
    pub provider: String,
    /// Most tokens of one model call.
    pub max_output_tokens: u32,
    /// Most characters of the conversation that a model call is shown.
    pub max_input_chars: usize,
    /// Limits of a turn.
    pub limits: LoopLimits,
    /// Names of the tools on offer; `None` = all.
    pub tools: Option<Vec<String>>,
    /// Whether the model may ask for several calls at once.
    pub parallel_tool_calls: bool,
    /// Effort of a reasoning model; `None` = the model's own.
    pub reasoning_effort: Option<String>,
    /// Whether the answer is asked for piece by piece.
    pub stream: bool,
    /// Whether the provider keeps the conversation, so that only what is new is sent (Responses API only).
    pub keeps_state: bool,
    /// Exchanges that the model is shown before every conversation.
    pub examples: Vec<Example>,
    /// What every reply must fit.
    pub reply_schema: Option<Arc<ReplySchema>>,
}

/// An exchange that shows the model how to answer.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What a person says.
    pub user: String,
    /// What the agent should answer.
    pub assistant: String,
}

/// What agents of every API are made of: the record's own fields, its settings, and whom it asks.
pub struct Setup {
    /// Asks the provider.
    pub client: Client,
    /// Model name at the provider.
    pub model: String,
    /// Sampling temperature.
    pub temperature: f64,
    /// System prompt, with what the reply must fit.
    pub instructions: Option<String>,
    /// The settings.
    pub settings: Settings,
    /// What may be called.
    pub tools: ToolRegistry,
}

impl Setup {
    /// From an agent's record.
    ///
    /// # Errors
    /// Every setting that is wrong, a tool or provider that does not exist.
    pub fn read(record: &AgentRecord, dependencies: &Dependencies) -> Result<Self, Error> {
        let mut settings = Settings::read(record.config_json.as_ref())?;
        let tools = match &settings.tools {
            Some(names) => {
                dependencies.tools.restricted_to(names).map_err(|what| Error::field("config_json.tools", what))?
            }
            None => dependencies.tools.clone(),
        };
        let endpoint = dependencies.providers.provider(&settings.provider);
        let endpoint: ProviderEndpoint = endpoint.map_err(|what| Error::field("config_json.provider", what))?;
        settings.limits.price = dependencies.prices.price(&record.model);
        if settings.limits.cost_usd_max.is_some() && settings.limits.price.is_none() {
            let why = format!("needs a price for the model `{}`; add it to PRICES_FILE or set 0", record.model);
            return Err(Error::field("config_json.max_cost_usd", why));
        }
        Ok(Self {
            client: Client::new(dependencies.http.clone(), endpoint)?,
            model: record.model.clone(),
            temperature: record.temperature,
            instructions: instructions(record.system_prompt.as_deref(), settings.reply_schema.as_deref()),
            settings,
            tools,
        })
    }
}

fn instructions(system_prompt: Option<&str>, schema: Option<&ReplySchema>) -> Option<String> {
    let prompt = system_prompt.map(str::trim_end).filter(|text| !text.trim().is_empty());
    let parts: Vec<String> =
        prompt.map(str::to_owned).into_iter().chain(schema.map(ReplySchema::instruction)).collect();
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}

impl Settings {
    /// From an agent's `config_json`.
    ///
    /// # Errors
    /// Every declared setting that is out of its range.
    pub fn read(settings: Option<&Map<String, Value>>) -> Result<Self, Error> {
        let mut errors = Vec::new();
        let mut values = Map::new();
        for parameter in DECLARED.iter() {
            let given = settings.and_then(|settings| settings.get(&parameter.name)).filter(|value| !value.is_null());
            let given = given.map(listed);
            if let Some(Err(message)) = given.as_ref().map(|value| parameter.check(value)) {
                errors.push(FieldError::new(format!("config_json.{}", parameter.name), message));
            }
            values.insert(parameter.name.clone(), given.unwrap_or_else(|| parameter.default.clone()));
        }
        let examples = examples(&values).unwrap_or_else(|why| refuse(&mut errors, "examples", why));
        let schema = reply_schema(&values).unwrap_or_else(|why| refuse(&mut errors, "response_schema", why));
        if errors.is_empty() { Ok(Self::from_values(&values, examples, schema)) } else { Err(Error::Fields(errors)) }
    }

    fn from_values(values: &Map<String, Value>, examples: Vec<Example>, schema: Option<ReplySchema>) -> Self {
        let number = |name: &str| {
            let value = values.get(name).and_then(Value::as_u64).unwrap_or_default();
            u32::try_from(value).unwrap_or(u32::MAX)
        };
        let text = |name: &str| values.get(name).and_then(Value::as_str).unwrap_or_default();
        let flag = |name: &str| values.get(name).and_then(Value::as_bool).unwrap_or(true);
        let tools: Vec<String> =
            text("tools").split(',').map(str::trim).filter(|name| !name.is_empty()).map(String::from).collect();
        let cost_usd_max = values.get("max_cost_usd").and_then(Value::as_f64).filter(|most| *most > 0.0);
        Self {
            provider: text("provider").trim().to_owned(),
            max_output_tokens: number("max_output_tokens"),
            max_input_chars: usize::try_from(number("max_input_chars")).unwrap_or(usize::MAX),
            limits: LoopLimits {
                steps_max: number("max_steps"),
                calls_max: number("max_tool_calls"),
                tokens_max: Some(u64::from(number("max_tokens_total"))).filter(|most| *most > 0),
                time_max: Some(Duration::from_secs(number("timeout_s").into())),
                cost_usd_max,
                price: None,
            },
            tools: (!tools.is_empty()).then_some(tools),
            parallel_tool_calls: flag("parallel_tool_calls"),
            reasoning_effort: Some(text("reasoning_effort")).filter(|e| *e != EFFORT_DEFAULT).map(String::from),
            stream: flag("stream"),
            keeps_state: text("state") == declared::STATE_KEPT,
            examples,
            reply_schema: schema.map(Arc::new),
        }
    }

    /// What a person is told when the model is not shown all of the conversation.
    pub fn cut_note(&self) -> String {
        format!(
            "The conversation is longer than `max_input_chars` ({}); the model was not shown its oldest part.",
            self.max_input_chars
        )
    }

    /// The examples as the model is shown them.
    pub fn example_items(&self) -> Vec<Item> {
        let said = |role, text: &String| Item::Message { role, text: text.clone() };
        let pair = |example: &Example| [said(Role::User, &example.user), said(Role::Assistant, &example.assistant)];
        self.examples.iter().flat_map(pair).collect()
    }
}

fn refuse<T: Default>(errors: &mut Vec<FieldError>, name: &str, why: String) -> T {
    errors.push(FieldError::new(format!("config_json.{name}"), why));
    T::default()
}

/// What a JSON setting holds: the value itself, or JSON text; `None` when it is empty.
fn json_of(values: &Map<String, Value>, name: &str) -> Result<Option<Value>, String> {
    match values.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
        Some(Value::String(text)) => {
            serde_json::from_str(text).map(Some).map_err(|error| format!("is not JSON: {error}"))
        }
        Some(value) => Ok(Some(value.clone())),
    }
}

fn examples(values: &Map<String, Value>) -> Result<Vec<Example>, String> {
    let Some(value) = json_of(values, "examples")? else { return Ok(Vec::new()) };
    let examples: Vec<Example> = serde_json::from_value(value).map_err(|error| {
        format!("is wrong: {error}; expected a list such as [{{\"user\": \"2+2?\", \"assistant\": \"4\"}}]")
    })?;
    if examples.len() > EXAMPLES_MAX {
        return Err(format!("has {} examples, expected at most {EXAMPLES_MAX}", examples.len()));
    }
    Ok(examples)
}

fn reply_schema(values: &Map<String, Value>) -> Result<Option<ReplySchema>, String> {
    json_of(values, "response_schema")?.map(ReplySchema::read).transpose()
}

/// A list of names is the same as the names separated by commas.
fn listed(value: &Value) -> Value {
    let names = value.as_array().and_then(|names| names.iter().map(Value::as_str).collect::<Option<Vec<_>>>());
    names.map_or_else(|| value.clone(), |names| Value::String(names.join(",")))
}

#[cfg(test)]
mod tests;
