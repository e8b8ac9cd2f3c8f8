//! Tools that people add without code: a request of their own, or the tools of another MCP server.

use crate::{AddedToolId, FieldError, Secret, Timestamp, not_null, patch};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// An added tool, or an added server of tools. What its headers hold is never told.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AddedTool {
    /// Its id.
    pub id: AddedToolId,
    /// What agents call it by; for a server, how the names of its tools begin.
    pub name: String,
    /// What it is.
    pub kind: AddedToolKind,
    /// What a model is told of it.
    pub description: String,
    /// The address; of a request with `{argument}` where one stands.
    pub url: String,
    /// Method of the request.
    pub method: String,
    /// JSON Schema of the arguments of the request.
    pub parameters: Value,
    /// Which part of the answer is the result: a JSON pointer or a JSONPath; null = all of it.
    pub response_path: Option<String>,
    /// The headers that are sent; their values are not told.
    pub header_names: Vec<String>,
    /// Longest call, in milliseconds.
    pub timeout_ms: u32,
    /// Longest result, in bytes.
    pub output_bytes_max: u32,
    /// How long a result is given again to the same arguments, in seconds; 0 = never.
    pub cache_seconds: u32,
    /// Whether agents are offered it.
    pub is_active: bool,
    /// The tools of a server.
    pub tools: Vec<ServerTool>,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Option<Timestamp>,
}

/// What an added tool is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AddedToolKind {
    /// A request of one's own.
    #[default]
    Http,
    /// Another MCP server, over streamable HTTP.
    Mcp,
}

/// A tool of an added server.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServerTool {
    /// What the server calls it.
    pub name: String,
    /// What the server says of it.
    pub description: String,
    /// JSON Schema of its arguments.
    pub parameters: Value,
    /// Whether agents are offered it.
    pub is_on: bool,
}

/// A tool to add.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct AddedToolCreate {
    /// 1 to 40 lower-case letters, digits and `_`, a letter first, no `_` beside another or at the end.
    pub name: String,
    /// What it is.
    pub kind: AddedToolKind,
    /// What a model is told of it.
    pub description: String,
    /// The address.
    pub url: String,
    /// Method of the request: GET, POST, PUT, PATCH or DELETE.
    pub method: String,
    /// JSON Schema of the arguments of the request.
    pub parameters: Value,
    /// Which part of the answer is the result.
    pub response_path: Option<String>,
    /// Headers of every request, secrets among them.
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, String>))]
    pub headers: BTreeMap<String, Secret>,
    /// Longest call, 100 to 60000 milliseconds.
    pub timeout_ms: u32,
    /// Longest result, 100 to 262144 bytes.
    pub output_bytes_max: u32,
    /// How long a result is given again to the same arguments, up to 86400 seconds; 0 = never.
    pub cache_seconds: u32,
}

impl Default for AddedToolCreate {
    fn default() -> Self {
        Self {
            name: String::new(),
            kind: AddedToolKind::Http,
            description: String::new(),
            url: String::new(),
            method: "GET".into(),
            parameters: json!({ "type": "object", "properties": {} }),
            response_path: None,
            headers: BTreeMap::new(),
            timeout_ms: 10_000,
            output_bytes_max: 16_384,
            cache_seconds: 0,
        }
    }
}

/// A change to an added tool: absent = unchanged.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct AddedToolUpdate {
    /// What a model is told of it.
    #[serde(deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The address; headers are not sent to another one unless they are given again.
    #[serde(deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Method of the request.
    #[serde(deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// JSON Schema of the arguments of the request.
    #[serde(deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Value>,
    /// Which part of the answer is the result; null = all of it.
    #[serde(deserialize_with = "patch", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub response_path: Option<Option<String>>,
    /// Headers that are set; those that are null are taken out, others stay.
    #[serde(deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<BTreeMap<String, Option<String>>>))]
    pub headers: Option<BTreeMap<String, Option<Secret>>>,
    /// Longest call, in milliseconds.
    #[serde(deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u32>,
    /// Longest result, in bytes.
    #[serde(deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub output_bytes_max: Option<u32>,
    /// How long results are given again, in seconds.
    #[serde(deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub cache_seconds: Option<u32>,
    /// Whether agents are offered it.
    #[serde(deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
    /// The tools of a server that are on, by the server's names; all others are off.
    #[serde(deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub tools_on: Option<Vec<String>>,
}

/// Arguments to try a tool with.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ToolTry {
    /// The arguments.
    pub arguments: serde_json::Map<String, Value>,
}

/// What a tool answered when it was tried.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ToolOutcome {
    /// The answer, or what a model would be told of the failure.
    pub result: String,
    /// Whether it failed.
    pub is_error: bool,
    /// How long it took.
    pub duration_ms: i64,
}

/// A form of a tool, by what it is for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToolForm {
    /// To try the tool of this name.
    Try(String),
    /// To add one.
    Add(AddedToolKind),
    /// To change an added one.
    Change(AddedToolId),
}

/// A change that a page makes to an added tool.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddedToolChange {
    /// Offers all of it, or nothing.
    Switch {
        /// Which.
        on: bool,
    },
    /// Offers one tool of a server, or no longer.
    SwitchTool {
        /// What the server calls it.
        name: String,
        /// Which.
        on: bool,
    },
    /// Asks a server for its tools.
    Refresh,
    /// Deletes it.
    Delete,
}

const NAME_CHARS_MAX: usize = 40;
const DESCRIPTION_CHARS_MAX: usize = 2000;
const URL_CHARS_MAX: usize = 2000;
const PATH_CHARS_MAX: usize = 300;
const PARAMETERS_BYTES_MAX: usize = 32 * 1024;
const HEADERS_MAX: usize = 20;
const HEADER_BYTES_MAX: usize = 4000;

impl AddedToolCreate {
    /// Every field that would be refused; empty = valid. Whether address, schema and path can be used is the service's to
    /// say.
    pub fn validate(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if !is_added_tool_name(&self.name) {
            let shown: String = self.name.chars().take(60).collect();
            errors.push(FieldError::new(
                "name",
                format!("is `{shown}`, expected 1 to 40 lower-case letters, digits and single _, such as stock_level"),
            ));
        }
        let needs_description = self.kind == AddedToolKind::Http;
        if needs_description && self.description.trim().is_empty() {
            errors.push(FieldError::new("description", "is empty, expected what a model should know to use it"));
        }
        let headers = self.headers.iter().map(|(name, value)| (name, Some(value)));
        check_headers(headers, &mut errors);
        let (path, bounds) =
            (self.response_path.as_deref(), (self.timeout_ms, self.output_bytes_max, self.cache_seconds));
        check_sizes((&self.description, &self.url, path, &self.parameters), &mut errors);
        check_bounds(bounds, &mut errors);
        errors
    }
}

impl AddedToolUpdate {
    /// Every field that would be refused; empty = valid.
    pub fn validate(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let headers = self.headers.iter().flatten().map(|(name, value)| (name, value.as_ref()));
        check_headers(headers, &mut errors);
        let own = AddedToolCreate::default();
        let text = |given: &Option<String>| given.clone().unwrap_or_default();
        let path = self.response_path.as_ref().and_then(Option::as_deref);
        let parameters = self.parameters.as_ref().unwrap_or(&own.parameters);
        check_sizes((&text(&self.description), &text(&self.url), path, parameters), &mut errors);
        let bounds = (
            self.timeout_ms.unwrap_or(own.timeout_ms),
            self.output_bytes_max.unwrap_or(own.output_bytes_max),
            self.cache_seconds.unwrap_or(own.cache_seconds),
        );
        check_bounds(bounds, &mut errors);
        errors
    }
}

/// Whether `name` can name an added tool. Two underscores stand between a server and its tool.
pub fn is_added_tool_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let length = name.chars().count();
    (1..=NAME_CHARS_MAX).contains(&length)
        && name.chars().all(allowed)
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('_')
        && !name.contains("__")
}

fn check_sizes((description, url, path, parameters): (&str, &str, Option<&str>, &Value), errors: &mut Vec<FieldError>) {
    let mut check = |field: &str, chars: usize, most: usize| {
        if chars > most {
            errors.push(FieldError::new(field, format!("has {chars} characters, expected at most {most}")));
        }
    };
    check("description", description.chars().count(), DESCRIPTION_CHARS_MAX);
    check("url", url.chars().count(), URL_CHARS_MAX);
    check("response_path", path.map_or(0, |path| path.chars().count()), PATH_CHARS_MAX);
    check("parameters", parameters.to_string().len(), PARAMETERS_BYTES_MAX);
}

fn check_headers<'a>(headers: impl Iterator<Item = (&'a String, Option<&'a Secret>)>, errors: &mut Vec<FieldError>) {
    let mut count = 0;
    for (name, value) in headers {
        count += 1;
        if name.len() > 100 || value.is_some_and(|value| value.0.len() > HEADER_BYTES_MAX) {
            errors.push(FieldError::new("headers", "hold one that is too long, expected at most 4000 bytes"));
        }
    }
    if count > HEADERS_MAX {
        errors.push(FieldError::new("headers", format!("are {count}, expected at most {HEADERS_MAX}")));
    }
}

fn check_bounds((timeout, bytes, cache): (u32, u32, u32), errors: &mut Vec<FieldError>) {
    let mut check = |field: &str, value: u32, least: u32, most: u32| {
        if !(least..=most).contains(&value) {
            errors.push(FieldError::new(field, format!("is {value}, expected {least} to {most}")));
        }
    };
    check("timeout_ms", timeout, 100, 60_000);
    check("output_bytes_max", bytes, 100, 262_144);
    check("cache_seconds", cache, 0, 86_400);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(errors: Vec<FieldError>) -> Vec<String> {
        errors.into_iter().map(|error| error.field).collect()
    }

    fn good() -> AddedToolCreate {
        AddedToolCreate { name: "stock_level".into(), description: "How many.".into(), ..AddedToolCreate::default() }
    }

    #[test]
    fn names_sizes_and_bounds_are_checked_and_every_refusal_is_said() {
        assert_eq!(fields(good().validate()), Vec::<String>::new());
        let wrong = AddedToolCreate {
            name: "shop__stock".into(),
            description: " ".into(),
            timeout_ms: 5,
            output_bytes_max: 1,
            cache_seconds: 100_000,
            headers: (0..21).map(|n| (format!("X-{n}"), Secret::default())).collect(),
            ..AddedToolCreate::default()
        };
        assert_eq!(
            fields(wrong.validate()),
            ["name", "description", "headers", "timeout_ms", "output_bytes_max", "cache_seconds"]
        );
        for name in ["", "Stock", "_a", "a_", "1a", "a-b", &"a".repeat(41)] {
            assert!(!is_added_tool_name(name), "{name}");
        }
    }

    #[test]
    fn a_change_is_checked_as_far_as_it_goes() {
        let update: AddedToolUpdate =
            serde_json::from_value(json!({ "headers": { "A": null }, "is_active": false })).unwrap();
        assert!(update.validate().is_empty());
        assert_eq!(update.headers.unwrap()["A"], None);
        let update = AddedToolUpdate { timeout_ms: Some(1), url: Some("x".repeat(2001)), ..AddedToolUpdate::default() };
        assert_eq!(fields(update.validate()), ["url", "timeout_ms"]);
        assert!(
            !format!("{:?}", AddedToolCreate { headers: [("A".into(), Secret("sk-x".into()))].into(), ..good() })
                .contains("sk-")
        );
    }
}
