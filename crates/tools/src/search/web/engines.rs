//! The engines: how each is asked, and what its answers say. To add one: a struct here and its line in [`engines`].

use super::{Hit, WebSearch};
use crate::outbound::Ask;
use reqwest::{
    Method, Url,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use serde_json::{Value, json};

/// A search engine.
pub trait Engine: Send + Sync {
    /// Its name, as settings say it.
    fn name(&self) -> &'static str;

    /// Where its API is, unless settings say otherwise; `None` when there is no one place.
    fn home(&self) -> Option<&'static str>;

    /// Whether it answers nothing without a key.
    fn needs_key(&self) -> bool {
        false
    }

    /// The request of a search.
    ///
    /// # Errors
    /// A key that no header can hold.
    fn ask(&self, of: &WebSearch, query: &str, limit: usize) -> Result<Ask, String>;

    /// The results of an answer; `None` when it is not in the engine's form.
    fn read(&self, of: &WebSearch, answer: &Value) -> Option<Vec<Hit>>;
}

/// Every engine.
pub fn engines() -> [&'static dyn Engine; 4] {
    [&Searxng, &Brave, &Tavily, &Wikipedia]
}

/// The engine of that name.
pub fn engine(name: &str) -> Option<&'static dyn Engine> {
    engines().into_iter().find(|engine| engine.name() == name)
}

struct Searxng;

impl Engine for Searxng {
    fn name(&self) -> &'static str {
        "searxng"
    }

    fn home(&self) -> Option<&'static str> {
        None
    }

    fn ask(&self, of: &WebSearch, query: &str, _limit: usize) -> Result<Ask, String> {
        Ok(Ask::get(below(&of.url, "search", &[("q", query), ("format", "json")])))
    }

    fn read(&self, _of: &WebSearch, answer: &Value) -> Option<Vec<Hit>> {
        hits(answer.get("results")?, "content")
    }
}

struct Brave;

impl Engine for Brave {
    fn name(&self) -> &'static str {
        "brave"
    }

    fn home(&self) -> Option<&'static str> {
        Some("https://api.search.brave.com/res/v1/web")
    }

    fn needs_key(&self) -> bool {
        true
    }

    fn ask(&self, of: &WebSearch, query: &str, limit: usize) -> Result<Ask, String> {
        let mut ask = Ask::get(below(&of.url, "search", &[("q", query), ("count", &limit.to_string())]));
        ask.headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        ask.headers.insert(HeaderName::from_static("x-subscription-token"), secret("", of)?);
        Ok(ask)
    }

    fn read(&self, _of: &WebSearch, answer: &Value) -> Option<Vec<Hit>> {
        // Without results there is no `web`.
        answer
            .get("web")
            .map_or_else(|| answer.get("type").map(|_| Vec::new()), |web| hits(web.get("results")?, "description"))
    }
}

struct Tavily;

impl Engine for Tavily {
    fn name(&self) -> &'static str {
        "tavily"
    }

    fn home(&self) -> Option<&'static str> {
        Some("https://api.tavily.com")
    }

    fn needs_key(&self) -> bool {
        true
    }

    fn ask(&self, of: &WebSearch, query: &str, limit: usize) -> Result<Ask, String> {
        let headers = HeaderMap::from_iter([
            (CONTENT_TYPE, HeaderValue::from_static("application/json")),
            (AUTHORIZATION, secret("Bearer ", of)?),
        ]);
        let body = Some(json!({ "query": query, "max_results": limit }).to_string());
        Ok(Ask { method: Method::POST, url: below(&of.url, "search", &[]), headers, body })
    }

    fn read(&self, _of: &WebSearch, answer: &Value) -> Option<Vec<Hit>> {
        hits(answer.get("results")?, "content")
    }
}

struct Wikipedia;

impl Engine for Wikipedia {
    fn name(&self) -> &'static str {
        "wikipedia"
    }

    fn home(&self) -> Option<&'static str> {
        Some("https://en.wikipedia.org")
    }

    fn ask(&self, of: &WebSearch, query: &str, limit: usize) -> Result<Ask, String> {
        let limit = limit.to_string();
        let query = [
            ("action", "query"),
            ("list", "search"),
            ("format", "json"),
            ("utf8", "1"),
            ("srlimit", &limit),
            ("srsearch", query),
        ];
        Ok(Ask::get(below(&of.url, "w/api.php", &query)))
    }

    fn read(&self, of: &WebSearch, answer: &Value) -> Option<Vec<Hit>> {
        let found = answer.pointer("/query/search")?.as_array()?;
        let page = |title: &str| {
            let mut url = below(&of.url, "wiki", &[]);
            if let Ok(mut segments) = url.path_segments_mut() {
                segments.push(&title.replace(' ', "_"));
            }
            url.to_string()
        };
        let hit = |one: &Value| {
            let title = one.get("title")?.as_str()?.to_owned();
            let snippet = text(one, "snippet");
            Some(Hit { url: page(&title), title, snippet })
        };
        found.iter().map(hit).collect()
    }
}

/// The list of results that most engines give; `snippet` is what they call it.
fn hits(results: &Value, snippet: &str) -> Option<Vec<Hit>> {
    let hit = |one: &Value| Hit { title: text(one, "title"), url: text(one, "url"), snippet: text(one, snippet) };
    Some(results.as_array()?.iter().map(hit).collect())
}

fn text(value: &Value, member: &str) -> String {
    value.get(member).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The address of `path` below a base, with a query.
fn below(base: &Url, path: &str, query: &[(&str, &str)]) -> Url {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path.split('/'));
    }
    url.set_query(None);
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    url
}

fn secret(before: &str, of: &WebSearch) -> Result<HeaderValue, String> {
    let value = format!("{before}{}", of.key.as_deref().unwrap_or_default());
    let mut value = HeaderValue::from_str(&value).map_err(|_| "the key holds what no header can hold".to_owned())?;
    value.set_sensitive(true);
    Ok(value)
}
