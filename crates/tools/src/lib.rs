//! The tools agents can call: trait, registry, one file per tool.
//!
//! A tool is found by its name in a [`ToolRegistry`]; no enum lists them. To add one: a file here, and a line in
//! [`built_in`].

pub mod argument;
mod calculate;
mod convert_units;
mod date_time;
mod fetch_page;
mod get_weather;
mod http_tool;
pub mod outbound;
mod query_json;
mod registry;
mod remote;
mod schema;
mod search;
mod sources;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use get_weather::Forecast;
pub use http_tool::{HttpTool, HttpToolSettings};
pub use registry::{ToolBounds, ToolRegistry};
pub use remote::{RemoteServer, RemoteTool, offered_name};
pub use schema::Schema;
pub use search::{Found, SearchIndex, WebSearch};
pub use sources::{SourceSettings, Sources};

use async_trait::async_trait;
use serde_json::{Map, Value};
use thiserror::Error;
use tokio_util::sync::CancellationToken;
use types::ToolSpec;

/// Arguments of a call: a JSON object.
pub type Arguments = Map<String, Value>;

/// Something an agent can call.
#[async_trait]
pub trait Tool: Send + Sync {
    /// What it says of itself; `parameters` is an object schema.
    fn spec(&self) -> ToolSpec;

    /// How long a call may take, how long its answer may be, and how long answers are kept.
    fn bounds(&self) -> ToolBounds {
        ToolBounds::default()
    }

    /// Runs it. The answer is the text the model reads (JSON text for structured answers).
    ///
    /// # Errors
    /// A [`ToolError`] goes back to the model as the tool's result, so its message says what would be right.
    async fn call(&self, arguments: &Arguments, cancel: &CancellationToken) -> Result<String, ToolError>;
}

/// Decides about calls that are not to run without being asked for.
#[async_trait]
pub trait Approver: Send + Sync {
    /// Whether the call may run.
    ///
    /// # Errors
    /// Why it may not, in words that a model can act on.
    async fn ask(&self, tool: &str, arguments: &Arguments) -> Result<(), String>;
}

/// The built-in tools that need no network; `search` looks into `index`.
pub fn built_in(index: SearchIndex) -> ToolRegistry {
    built_in_with(index, Sources::default())
}

/// The built-in tools over the sources that the operator chose.
pub fn built_in_with(index: SearchIndex, sources: Sources) -> ToolRegistry {
    let tools = ToolRegistry::default()
        .with(calculate::Calculate)
        .with(convert_units::ConvertUnits)
        .with(date_time::DateTime::default())
        .with(get_weather::GetWeather::of(sources.weather))
        .with(query_json::QueryJson)
        .with(search::Search::new(index, sources.search));
    match sources.network {
        Some(outbound) => tools.with(fetch_page::FetchPage::new(outbound)),
        None => tools,
    }
}

/// Why a tool did not answer. The message is read by a model and by people.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ToolError {
    /// No tool has that name.
    #[error("there is no tool `{name}`; the tools are {known}")]
    Unknown {
        /// The name that was asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// The arguments are wrong.
    #[error("{0}")]
    Arguments(String),
    /// The arguments are right, and yet it failed.
    #[error("{0}")]
    Failed(String),
    /// A person, or nobody being there to be asked, refused it.
    #[error("not run: {0}")]
    Refused(String),
    /// It took too long.
    #[error("the tool took longer than {0} ms and was stopped")]
    Timeout(u64),
    /// The caller stopped it.
    #[error("cancelled")]
    Cancelled,
}
