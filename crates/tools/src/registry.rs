//! Tools by name, and the one way to call them: bounded in time and size.

use crate::{Approver, Arguments, Schema, Tool, ToolError};
use moka::sync::Cache;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio_util::sync::CancellationToken;
use types::ToolSpec;

/// Longest a call may take, unless the tool says otherwise.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Longest answer, in bytes, unless the tool says otherwise.
const RESULT_BYTES_MAX: usize = 64 * 1024;
/// Most bytes of answers, and of the arguments they belong to, that are kept of one tool.
const KEPT_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// How long a call may take, how long its answer may be, and how long answers are kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ToolBounds {
    /// Longest time of a call.
    pub timeout: Duration,
    /// Longest answer, in bytes.
    pub bytes_max: usize,
    /// How long an answer is given again to the same arguments; zero = never.
    pub cached: Duration,
}

impl Default for ToolBounds {
    fn default() -> Self {
        Self { timeout: TIMEOUT, bytes_max: RESULT_BYTES_MAX, cached: Duration::ZERO }
    }
}

/// Tools by name. Cheap to clone.
#[derive(Clone, Default)]
pub struct ToolRegistry {
    tools: BTreeMap<String, Entry>,
    asked: Option<Asked>,
    specs: OnceLock<Arc<[ToolSpec]>>,
}

/// A tool, what its arguments must fit, and the answers it gave.
#[derive(Clone)]
struct Entry {
    tool: Arc<dyn Tool>,
    schema: Arc<Schema>,
    bounds: ToolBounds,
    kept: Option<Cache<String, String>>,
}

/// The tools that run only when someone agrees, and who is asked.
#[derive(Clone)]
struct Asked {
    tools: BTreeSet<String>,
    approver: Arc<dyn Approver>,
}

impl ToolRegistry {
    /// Adds a tool; a tool of the same name is replaced.
    #[must_use]
    pub fn with(mut self, tool: impl Tool + 'static) -> Self {
        let spec = tool.spec();
        let schema = Arc::new(Schema::lenient(spec.parameters));
        let bounds = tool.bounds();
        let kept = (!bounds.cached.is_zero()).then(|| cache(bounds.cached));
        self.tools.insert(spec.name, Entry { tool: Arc::new(tool), schema, bounds, kept });
        self.specs = OnceLock::new();
        self
    }

    /// All tools of both; of two by one name, that of `others`.
    #[must_use]
    pub fn with_all(mut self, others: Self) -> Self {
        self.tools.extend(others.tools);
        self.specs = OnceLock::new();
        self
    }

    /// Only the tools of these names.
    ///
    /// # Errors
    /// A sentence naming the one that does not exist.
    pub fn restricted_to(&self, names: &[impl AsRef<str>]) -> Result<Self, String> {
        let tools = names.iter().map(|name| match self.tools.get(name.as_ref()) {
            Some(entry) => Ok((name.as_ref().to_owned(), entry.clone())),
            None => Err(self.unknown(name.as_ref()).to_string()),
        });
        Ok(Self { tools: tools.collect::<Result<_, _>>()?, asked: self.asked.clone(), specs: OnceLock::new() })
    }

    /// The same tools; those of these names run only when `approver` agrees.
    #[must_use]
    pub fn asking(self, tools: BTreeSet<String>, approver: Arc<dyn Approver>) -> Self {
        Self { asked: Some(Asked { tools, approver }), ..self }
    }

    /// What the tools say of themselves, by name: one list, shared by all who ask.
    pub fn specs(&self) -> Arc<[ToolSpec]> {
        self.specs.get_or_init(|| self.tools.values().map(|entry| entry.tool.spec()).collect()).clone()
    }

    /// Whether a tool has that name.
    pub fn contains(&self, name: &str) -> bool {
        self.tools.contains_key(name)
    }

    /// Calls a tool by name, once its arguments fit its schema.
    ///
    /// # Errors
    /// Unknown name, refused arguments, failure, timeout or cancellation, each in words a model can act on.
    pub async fn call(
        &self,
        name: &str,
        arguments: &Arguments,
        cancel: &CancellationToken,
    ) -> Result<String, ToolError> {
        let entry = self.tools.get(name).ok_or_else(|| self.unknown(name))?;
        entry.schema.check_object(arguments).map_err(ToolError::Arguments)?;
        if let Some(asked) = self.asked.as_ref().filter(|asked| asked.tools.contains(name)) {
            tokio::select! {
                () = cancel.cancelled() => return Err(ToolError::Cancelled),
                answer = asked.approver.ask(name, arguments) => answer.map_err(ToolError::Refused)?,
            }
        }
        entry.answer(arguments, cancel).await
    }

    fn unknown(&self, name: &str) -> ToolError {
        let known = self.tools.keys().cloned().collect::<Vec<_>>().join(", ");
        ToolError::Unknown { name: name.chars().take(64).collect(), known }
    }
}

impl Entry {
    async fn answer(&self, arguments: &Arguments, cancel: &CancellationToken) -> Result<String, ToolError> {
        // Members of arguments are in the order of their names, so that equal arguments are equal texts.
        let asked = || serde_json::to_string(arguments).unwrap_or_default();
        let kept = self.kept.as_ref().map(|kept| (kept, asked()));
        if let Some(answer) = kept.as_ref().and_then(|(kept, asked)| kept.get(asked)) {
            return Ok(answer);
        }
        let work = tokio::time::timeout(self.bounds.timeout, self.tool.call(arguments, cancel));
        let late = |_| ToolError::Timeout(u64::try_from(self.bounds.timeout.as_millis()).unwrap_or(u64::MAX));
        let answer = tokio::select! {
            () = cancel.cancelled() => return Err(ToolError::Cancelled),
            answer = work => answer.map_err(late)?.map_err(|error| short(error, self.bounds.bytes_max))?,
        };
        let answer = truncated(answer, self.bounds.bytes_max);
        if let Some((kept, asked)) = kept {
            kept.insert(asked, answer.clone());
        }
        Ok(answer)
    }
}

fn cache(kept: Duration) -> Cache<String, String> {
    let bytes = |asked: &String, answer: &String| u32::try_from(asked.len() + answer.len()).unwrap_or(u32::MAX);
    Cache::builder().weigher(bytes).max_capacity(KEPT_BYTES_MAX).time_to_live(kept).build()
}

/// An error no longer than an answer may be: it may repeat what a server said.
fn short(error: ToolError, bytes_max: usize) -> ToolError {
    match error {
        ToolError::Failed(why) => ToolError::Failed(truncated(why, bytes_max)),
        ToolError::Arguments(why) => ToolError::Arguments(truncated(why, bytes_max)),
        other => other,
    }
}

fn truncated(mut answer: String, bytes_max: usize) -> String {
    if answer.len() > bytes_max {
        let cut = (0..=bytes_max).rev().find(|i| answer.is_char_boundary(*i)).unwrap_or(0);
        answer.truncate(cut);
        answer.push_str(&format!("\n[cut: the answer was longer than {bytes_max} bytes]"));
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SearchIndex, SourceSettings, built_in, built_in_with};
    use async_trait::async_trait;
    use serde_json::json;

    fn tools() -> ToolRegistry {
        built_in(SearchIndex::empty().unwrap())
    }

    #[test]
    fn every_tool_in_the_folder_is_registered_under_its_files_name() {
        let not_tools =
            ["lib", "registry", "argument", "schema", "outbound", "sources", "http_tool", "remote", "testing"];
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .filter_map(|entry| Some(entry.unwrap().file_name().to_str()?.strip_suffix(".rs")?.to_owned()))
            .filter(|name| !not_tools.contains(&name.as_str()))
            .collect();
        files.sort();
        let sources = SourceSettings { network: true, ..SourceSettings::default() }.open().unwrap();
        let tools = built_in_with(SearchIndex::empty().unwrap(), sources);
        let names: Vec<String> = tools.specs().iter().map(|spec| spec.name.clone()).collect();
        assert_eq!(names, files);
    }

    #[test]
    fn every_tool_is_described_and_declares_its_arguments() {
        for spec in tools().specs().iter() {
            assert!(
                spec.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'),
                "{}",
                spec.name
            );
            assert!(spec.description.len() > 40, "{} needs a description", spec.name);
            assert_eq!(spec.parameters["type"], "object");
            for (name, property) in spec.parameters["properties"].as_object().unwrap() {
                assert!(property["description"].is_string(), "{}.{name} needs a description", spec.name);
            }
        }
    }

    #[test]
    fn the_schemas_are_those_that_models_were_shown_before() {
        let shown = tools().restricted_to(&["calculate", "get_weather", "search"]).unwrap();
        let parameters: Vec<_> =
            shown.specs().iter().map(|spec| (spec.name.clone(), spec.parameters.clone())).collect();
        let text = |description: &str| json!({ "type": "string", "description": description });
        let schema = |properties: serde_json::Value, required: &str| {
            json!({
                "type": "object", "properties": properties, "required": [required], "additionalProperties": false
            })
        };
        let expression = "The expression, for example `15 * 23`, `20% of 50`, `sqrt(144) + 2^8` or `100 divided by 4`.";
        let limit = json!({
            "type": "integer", "minimum": 1, "maximum": 10, "description": "How many results to return, 5 by default."
        });
        let query = text("What to look for: a few words or a question.");
        let location = text("Name of a city or place, for example `New York`.");
        let expected = [
            ("calculate", schema(json!({ "expression": text(expression) }), "expression")),
            ("get_weather", schema(json!({ "location": location }), "location")),
            ("search", schema(json!({ "query": query, "limit": limit }), "query")),
        ];
        assert_eq!(parameters, expected.map(|(name, schema)| (name.to_owned(), schema)));
    }

    #[tokio::test]
    async fn an_unknown_tool_is_told_which_there_are() {
        let error = tools().call("teleport", &Arguments::new(), &CancellationToken::new()).await.unwrap_err();
        let expected = "there is no tool `teleport`; the tools are calculate, convert_units, date_time, get_weather, \
                        query_json, search";
        assert_eq!(error.to_string(), expected);
    }

    #[tokio::test]
    async fn arguments_that_do_not_fit_the_schema_never_reach_the_tool() {
        let cancel = CancellationToken::new();
        for (tool, arguments, expected) in [
            ("calculate", json!({}), "`expression` is missing, expected a string"),
            ("calculate", json!({ "expression": "1", "by": 2 }), "`by` is unknown, expected only expression"),
            ("search", json!({ "query": "x", "limit": 50 }), "`limit` is 50, expected at most 10"),
        ] {
            let error = tools().call(tool, arguments.as_object().unwrap(), &cancel).await.unwrap_err();
            assert_eq!(error, ToolError::Arguments(expected.into()));
        }
    }

    #[test]
    fn a_choice_of_tools_offers_only_those() {
        let names = |tools: ToolRegistry| tools.specs().iter().map(|spec| spec.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(tools().restricted_to(&["search"]).unwrap()), ["search"]);
        assert!(tools().restricted_to(&["search", "fly"]).err().unwrap().contains("no tool `fly`"));
    }

    /// Agrees to calls without arguments only.
    struct Strict;

    #[async_trait]
    impl Approver for Strict {
        async fn ask(&self, tool: &str, arguments: &Arguments) -> Result<(), String> {
            if arguments.is_empty() { Ok(()) } else { Err(format!("a person refused `{tool}`")) }
        }
    }

    #[tokio::test]
    async fn a_tool_that_is_asked_for_runs_only_when_someone_agrees() {
        let tools = tools().asking(["calculate".to_owned()].into(), Arc::new(Strict));
        let tools = tools.restricted_to(&["calculate", "get_weather"]).unwrap();
        let call = async |name: &str, arguments: serde_json::Value| {
            tools.call(name, arguments.as_object().unwrap(), &CancellationToken::new()).await
        };
        let refused = call("calculate", json!({ "expression": "1 + 1" })).await.unwrap_err();
        assert_eq!(refused.to_string(), "not run: a person refused `calculate`");
        assert!(matches!(call("calculate", json!({})).await, Err(ToolError::Arguments(_))));
        assert!(call("get_weather", json!({ "location": "Oslo" })).await.is_ok());
    }

    struct Endless;

    #[async_trait]
    impl Tool for Endless {
        fn spec(&self) -> ToolSpec {
            ToolSpec { name: "endless".into(), description: String::new(), parameters: json!({}) }
        }

        async fn call(&self, _: &Arguments, _: &CancellationToken) -> Result<String, ToolError> {
            std::future::pending().await
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_tool_that_never_answers_is_stopped() {
        let tools = ToolRegistry::default().with(Endless);
        let error = tools.call("endless", &Arguments::new(), &CancellationToken::new()).await.unwrap_err();
        assert_eq!(error, ToolError::Timeout(20_000));
        let cancel = CancellationToken::new();
        cancel.cancel();
        assert_eq!(tools.call("endless", &Arguments::new(), &cancel).await, Err(ToolError::Cancelled));
    }

    #[test]
    fn a_long_answer_is_cut_between_characters() {
        let cut = truncated("é".repeat(RESULT_BYTES_MAX), RESULT_BYTES_MAX);
        assert!(cut.starts_with('é') && cut.ends_with("longer than 65536 bytes]"));
        assert_eq!(truncated("short".into(), 5), "short");
    }
}
