//! A tool without code: a request that is made from the arguments of a call, as a person described it.

mod template;

use crate::{
    Arguments, Schema, Tool, ToolBounds, ToolError,
    outbound::{Ask, Bounds, Outbound},
    query_json,
};
use async_trait::async_trait;
use reqwest::{
    Method, Url,
    header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, ORIGIN, REFERER, USER_AGENT},
};
use serde_json::Value;
use template::{Template, plain};
use tokio_util::sync::CancellationToken;
use types::ToolSpec;

/// Most bytes of an answer that are read: what the response path chooses from it may be far less.
const BODY_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Headers that belong to the connection, or would change what the request is.
const OWN_HEADERS: [&str; 7] =
    ["host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "proxy-authorization"];

/// What a person says of such a tool.
#[derive(Clone)]
pub struct HttpToolSettings {
    /// Name, description and arguments.
    pub spec: ToolSpec,
    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
    pub method: String,
    /// The address, with `{argument}` where one stands in path or query.
    pub url: String,
    /// Headers of every request, secrets among them.
    pub headers: Vec<(String, String)>,
    /// Which part of a JSON answer is the result: a JSON pointer (`/a/0`) or a JSONPath (`$.a[0]`).
    pub response_path: Option<String>,
    /// Its bounds.
    pub bounds: ToolBounds,
}

/// The tool.
pub struct HttpTool {
    spec: ToolSpec,
    method: Method,
    template: Template,
    headers: HeaderMap,
    response_path: Option<String>,
    bounds: ToolBounds,
    outbound: Outbound,
}

impl HttpTool {
    /// The tool over a way out.
    ///
    /// # Errors
    /// The field that is wrong, and what would be right. Values of headers are not repeated.
    pub fn new(settings: HttpToolSettings, outbound: Outbound) -> Result<Self, (&'static str, String)> {
        let method = match settings.method.as_str() {
            "GET" => Method::GET,
            "POST" => Method::POST,
            "PUT" => Method::PUT,
            "PATCH" => Method::PATCH,
            "DELETE" => Method::DELETE,
            _ => return Err(("method", "is unknown, expected GET, POST, PUT, PATCH or DELETE".into())),
        };
        let parameters = &settings.spec.parameters;
        if parameters["type"] != "object" {
            return Err(("parameters", "is no object schema, expected {\"type\": \"object\", …}".into()));
        }
        Schema::strict(parameters.clone()).map_err(|why| ("parameters", why))?;
        let template = Template::read(&settings.url).map_err(|why| ("url", why))?;
        template.names().iter().try_for_each(|name| match parameters["properties"].get(name) {
            Some(_) => Ok(()),
            None => Err(("url", format!("holds {{{name}}}, which is none of the arguments in `parameters`"))),
        })?;
        outbound.check(template.url()).map_err(|why| ("url", why))?;
        let response_path = settings.response_path.filter(|path| !path.is_empty());
        if let Some(path) = &response_path {
            chosen(&Value::Null, path).map_err(|why| ("response_path", why))?;
        }
        let headers = headers(&settings.headers).map_err(|why| ("headers", why))?;
        let (spec, bounds) = (settings.spec, settings.bounds);
        Ok(Self { spec, method, template, headers, response_path, bounds, outbound })
    }

    fn ask(&self, arguments: &Arguments) -> Result<Ask, String> {
        let mut url = self.template.filled(arguments)?;
        let rest = arguments.iter().filter(|(name, _)| !self.template.names().contains(name));
        rest.clone().try_for_each(|(name, _)| self.check_undeclared(name, &url))?;
        let mut ask = Ask { method: self.method.clone(), url: url.clone(), headers: self.headers.clone(), body: None };
        if matches!(self.method, Method::GET | Method::DELETE) {
            let text = |(name, value)| match plain(value) {
                Some(text) => Ok((name, text)),
                None => Err(format!("`{name}` is a list or an object, which no query of an address can hold")),
            };
            let rest: Vec<_> = rest.filter(|(_, value)| !value.is_null()).map(text).collect::<Result<_, _>>()?;
            if !rest.is_empty() {
                url.query_pairs_mut().extend_pairs(rest);
                ask.url = url;
            }
        } else {
            let rest: Arguments = rest.map(|(name, value)| (name.clone(), value.clone())).collect();
            ask.headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static("application/json"));
            ask.body = Some(Value::Object(rest).to_string());
        }
        ask.headers.entry(ACCEPT).or_insert(HeaderValue::from_static("application/json, text/*;q=0.9, */*;q=0.5"));
        Ok(ask)
    }

    /// Refuses an argument that whoever added the tool did not think of: it would reach the server beside theirs.
    fn check_undeclared(&self, name: &str, url: &Url) -> Result<(), String> {
        let parameters = &self.spec.parameters;
        let others = parameters.get("additionalProperties").is_some_and(|others| *others != false);
        if !others && parameters["properties"].get(name).is_none() {
            return Err(format!("`{name}` is none of the arguments of this tool"));
        }
        if url.query_pairs().any(|(fixed, _)| fixed == name) {
            return Err(format!("`{name}` is fixed in the address of this tool"));
        }
        Ok(())
    }
}

#[async_trait]
impl Tool for HttpTool {
    fn spec(&self) -> ToolSpec {
        self.spec.clone()
    }

    fn bounds(&self) -> ToolBounds {
        self.bounds
    }

    async fn call(&self, arguments: &Arguments, _cancel: &CancellationToken) -> Result<String, ToolError> {
        let ask = self.ask(arguments).map_err(ToolError::Arguments)?;
        let bounds = Bounds { timeout: self.bounds.timeout, bytes_max: BODY_BYTES_MAX };
        let answer =
            self.outbound.send(ask, bounds).await.map_err(|why| ToolError::Failed(redacted(&why, &self.headers)))?;
        let text = String::from_utf8_lossy(&answer.body);
        if !answer.status.is_success() {
            let start: String = redacted(&text, &self.headers).chars().take(500).collect();
            return Err(ToolError::Failed(format!("status {}: {start}", answer.status.as_u16())));
        }
        let Some(path) = &self.response_path else { return Ok(redacted(&text, &self.headers)) };
        let document = serde_json::from_str(&text)
            .map_err(|error| ToolError::Failed(format!("the answer is no JSON ({error}), so it has no {path}")))?;
        // Keys are looked for in what is told, not in JSON, where they may be written in other ways.
        let chosen = chosen(&document, path).map_err(ToolError::Failed)?;
        chosen
            .map(|text| redacted(&text, &self.headers))
            .ok_or_else(|| ToolError::Failed(format!("the answer has nothing at {path}")))
    }
}

/// The part of a document that a path names, as text: one value as it is, several as a list.
fn chosen(document: &Value, path: &str) -> Result<Option<String>, String> {
    let found = match path.chars().next() {
        Some('/') => document.pointer(path).into_iter().collect(),
        Some('$') => query_json::find(document, path)?,
        _ => return Err("is no path, expected a JSON pointer such as /items/0 or a JSONPath such as $.items[0]".into()),
    };
    Ok(match found.as_slice() {
        [] => None,
        [Value::String(text)] => Some(text.clone()),
        [one] => Some(one.to_string()),
        several => Some(serde_json::to_string(several).map_err(|error| error.to_string())?),
    })
}

/// Headers of a request, without what belongs to the connection.
pub(crate) fn headers(given: &[(String, String)]) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        let shown: String = name.chars().take(60).collect();
        let name = HeaderName::from_bytes(name.as_bytes())
            .ok()
            .filter(|name| !OWN_HEADERS.contains(&name.as_str()))
            .ok_or_else(|| format!("`{shown}` is no header that can be set, expected one such as Authorization"))?;
        let mut value = HeaderValue::from_str(value.trim())
            .map_err(|_| format!("the value of `{shown}` holds what no header can hold"))?;
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    Ok(headers)
}

/// A text without what the headers hold: an answer may echo a key.
pub(crate) fn redacted(text: &str, headers: &HeaderMap) -> String {
    const SCHEMES: [&str; 4] = ["bearer", "basic", "digest", "apikey"];
    // What everybody sends is no secret, and may well stand in an answer.
    const PUBLIC: [HeaderName; 6] = [ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE, USER_AGENT, ORIGIN, REFERER];
    let is_secret = |name: &HeaderName| !PUBLIC.contains(name) && !name.as_str().ends_with("-version");
    let values = headers.iter().filter(|(name, _)| is_secret(name)).filter_map(|(_, value)| value.to_str().ok());
    let words = values.flat_map(str::split_whitespace);
    let secrets = words.filter(|word| word.len() >= 6 && !SCHEMES.contains(&word.to_ascii_lowercase().as_str()));
    secrets.fold(text.to_owned(), |text, secret| text.replace(secret, "…"))
}

#[cfg(test)]
mod tests;
