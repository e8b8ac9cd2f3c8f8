//! The gateway: models over OpenAI's two APIs and the shared tools over MCP, for clients of any framework.
//!
//! Model `local/<policy>` is answered here, one decision a request; `<provider>/<model>` is passed on. What must stay true:
//! every call is recorded before its answer is whole, ids are never repeated (clients merge by id), and no answer or record
//! holds a key.

mod assembly;
mod chat;
mod export;
mod local;
mod messages;
mod models;
mod prompt;
mod record;
mod refusal;
mod responses;
mod upstream;

pub use export::{TrajectoryExport, TrajectoryFormat};
pub use record::GatewayLimits;
pub use refusal::{openai_error, openai_refusal};

pub(crate) use models::ModelBook;
pub(crate) use record::Shelf;

use crate::{Result, Service, agent::refuse_if_any, new_id};
use record::Asked;
use serde_json::{Map, Value, json};
use tokio::sync::mpsc::Receiver;
use tokio_util::sync::CancellationToken;
use tools::ToolRegistry;
use types::{Attempt, CallKind, Error, JSON_DEPTH_MAX, ToolSpec, json_depth};
use upstream::{Passed, Piece};

/// How the name of a model that is answered here begins.
const LOCAL: &str = "local/";
/// Longest name of a model, in characters.
const MODEL_CHARS_MAX: usize = 256;

/// Which of OpenAI's APIs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GatewayApi {
    /// `/chat/completions`.
    Chat,
    /// `/responses`.
    Responses,
}

/// One server-sent event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GatewayEvent {
    /// Its name, in the API that names them.
    pub name: Option<&'static str>,
    /// Its data.
    pub data: String,
}

/// What a client is answered.
pub enum GatewayReply {
    /// One JSON body.
    Whole {
        /// The status.
        status: u16,
        /// The body.
        body: Value,
        /// When another try may be welcome, in seconds.
        retry_after_s: Option<u64>,
    },
    /// A stream of events, in order.
    Events(Vec<GatewayEvent>),
    /// A provider's stream of events as it comes; dropping it closes the connection to the provider.
    Stream(Receiver<Piece>),
}

impl GatewayReply {
    /// A success.
    pub(crate) const fn whole(body: Value) -> Self {
        Self::Whole { status: 200, body, retry_after_s: None }
    }
}

/// What a tool answered over MCP.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ToolAnswer {
    /// The text the model reads.
    pub text: String,
    /// Whether it failed.
    pub is_error: bool,
}

/// What an API needs to answer with, besides the decision.
pub(crate) struct Answering<'a> {
    /// The model as it was asked for.
    pub model: &'a str,
    /// Seconds since 1970.
    pub created: i64,
    /// What was asked.
    pub body: &'a Map<String, Value>,
}

impl Service {
    /// Answers a request of one of OpenAI's APIs, for an attempt or for nobody in particular, and records both.
    ///
    /// # Errors
    /// What [`openai_refusal`] puts into OpenAI's words: a request that is wrong, a model that does not exist.
    pub async fn gateway_ask(
        &self,
        of: Option<Attempt>,
        api: GatewayApi,
        body: Map<String, Value>,
    ) -> Result<GatewayReply> {
        refuse_if_any(of.as_ref().map(Attempt::validate).unwrap_or_default())?;
        let model = model_of(&body)?;
        let asked = Asked::new(self.now(), of, CallKind::Model, model.clone(), Value::Object(body.clone()));
        let Some(name) = model.strip_prefix(LOCAL) else {
            let Some((provider, model)) = model.split_once('/').filter(|(_, model)| !model.is_empty()) else {
                return self.gateway_refuse(asked, unknown(&model)).await;
            };
            return self.gateway_pass(asked, Passed { provider, model, api, body }).await;
        };
        let answering = Answering { model: &model, created: asked.seconds(), body: &body };
        match self.gateway_local(name, api, &answering).await {
            Ok((answer, reply)) => {
                self.gateway_record(asked.answered(200, answer)).await?;
                Ok(reply)
            }
            Err(error) => self.gateway_refuse(asked, error).await,
        }
    }

    /// Records a refusal and refuses.
    async fn gateway_refuse(&self, asked: Asked, error: Error) -> Result<GatewayReply> {
        let (status, _) = openai_refusal(&error);
        self.gateway_record(asked.refused(status, error.to_string())).await?;
        Err(error)
    }

    /// The answer in one piece, and the reply the client wants.
    async fn gateway_local(
        &self,
        name: &str,
        api: GatewayApi,
        answering: &Answering<'_>,
    ) -> Result<(Value, GatewayReply)> {
        let prompt = match api {
            GatewayApi::Chat => chat::read(answering.body)?,
            GatewayApi::Responses => responses::read(answering.body)?,
        };
        let (is_streamed, tells_usage) = (prompt.stream, prompt.stream_usage);
        let decided = self.gateway_decide(name, prompt).await?;
        let answer = match api {
            GatewayApi::Chat => chat::answer(answering, decided),
            GatewayApi::Responses => responses::answer(answering, decided),
        };
        let reply = match (is_streamed, api) {
            (false, _) => GatewayReply::whole(answer.clone()),
            (true, GatewayApi::Chat) => GatewayReply::Events(chat::events(&answer, tells_usage)),
            (true, GatewayApi::Responses) => GatewayReply::Events(responses::events(&answer)),
        };
        Ok((answer, reply))
    }

    /// Runs a tool for a client of the MCP endpoint, and records it.
    ///
    /// # Errors
    /// Not found when there is no such tool; a tool that fails is an answer.
    pub async fn gateway_tool_call(
        &self,
        of: Option<Attempt>,
        (name, arguments): (&str, Map<String, Value>),
        cancel: &CancellationToken,
    ) -> Result<ToolAnswer> {
        refuse_if_any(of.as_ref().map(Attempt::validate).unwrap_or_default())?;
        let tools = self.gateway_tools(of.as_ref());
        if !tools.contains(name) {
            let known: Vec<String> = tools.specs().iter().map(|tool| tool.name.clone()).collect();
            let known = known.join(", ");
            let shown: String = name.chars().take(64).collect();
            return Err(Error::NotFound(format!("there is no tool `{shown}`; the tools are {known}")));
        }
        let request = json!({"name": name, "arguments": arguments});
        let deep = json_depth(request.to_string().as_bytes()) > JSON_DEPTH_MAX;
        let kept = if deep { json!({"name": name, "arguments": null}) } else { request };
        let asked = Asked::new(self.now(), of, CallKind::Tool, name.to_owned(), kept);
        let answer = match deep {
            true => Err(format!("the arguments are nested deeper than {JSON_DEPTH_MAX} levels")),
            false => tools.call(name, &arguments, cancel).await.map_err(|error| error.to_string()),
        };
        let is_error = answer.is_err();
        let text = answer.unwrap_or_else(|error| error);
        let error = is_error.then(|| text.clone());
        let done = asked.answered(200, json!({"result": text, "is_error": is_error}));
        self.gateway_record(done.with_error(error)).await?;
        Ok(ToolAnswer { text, is_error })
    }

    /// What an attempt finds at its address: the tools of all agents, and those its turn brings.
    pub fn gateway_tool_list(&self, of: Option<&Attempt>) -> Vec<ToolSpec> {
        self.gateway_tools(of).specs().to_vec()
    }

    fn gateway_tools(&self, of: Option<&Attempt>) -> ToolRegistry {
        let lent = of.and_then(|attempt| self.inner.dependencies.lent.of(&attempt.rollout));
        match lent {
            Some(lent) => lent.over(self.tools()),
            None => self.tools(),
        }
    }
}

fn unknown(model: &str) -> Error {
    let shown: String = model.chars().take(80).collect();
    Error::NotFound(format!(
        "there is no model `{shown}`; expected local/builtin, local/untrained, local/run:<id of a training run>, \
         local/agent:<id of a local agent>, or <provider>/<model>"
    ))
}

fn model_of(body: &Map<String, Value>) -> Result<String> {
    match body.get("model") {
        Some(Value::String(model)) if (1..=MODEL_CHARS_MAX).contains(&model.chars().count()) => Ok(model.clone()),
        Some(Value::String(model)) => Err(Error::field(
            "model",
            format!("has {} characters, expected 1 to {MODEL_CHARS_MAX}", model.chars().count()),
        )),
        Some(_) => Err(Error::field("model", "is not a string, expected one such as local/builtin")),
        None => Err(Error::field("model", "is missing, expected a name such as local/builtin")),
    }
}

/// An id that was never used before: `resp_0192…`.
pub(crate) fn fresh(prefix: &str) -> String {
    format!("{prefix}{}", new_id().simple())
}
