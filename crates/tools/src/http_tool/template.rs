//! Addresses with places for arguments: `https://host/items/{id}?q={query}`. Arguments fill path and query, and can change
//! neither the host nor how many parts the path has.

use crate::Arguments;
use reqwest::Url;
use serde_json::Value;
use std::fmt::Write;

/// An address with places.
#[derive(Clone, Debug)]
pub struct Template {
    parts: Vec<Part>,
    names: Vec<String>,
    sample: Url,
}

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Argument(String),
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// What is wrong with it, and what would be right.
    pub fn read(text: &str) -> Result<Self, String> {
        let expected = "expected an address such as https://host/items/{id}?q={query}";
        let mut parts = Vec::new();
        let mut rest = text.trim();
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').ok_or_else(|| format!("has a `{{` without `}}`, {expected}"))?;
            parts.extend([Part::Text(before.to_owned()), Part::Argument(name.to_owned())]);
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        let names: Vec<String> = parts.iter().filter_map(Part::name).map(str::to_owned).collect();
        let with = |filling: &str| Url::parse(&joined(&parts, |_| Some(filling.to_owned())).unwrap_or_default());
        let (sample, other) = (with("x").ok(), with("y").ok());
        let (Some(sample), Some(other)) = (sample, other) else { return Err(format!("is no web address, {expected}")) };
        if sample.origin() != other.origin() || sample.username() != other.username() || sample.fragment().is_some() {
            return Err(format!("has an argument before its path, or a fragment, {expected}"));
        }
        Ok(Self { parts, names, sample })
    }

    /// The arguments that have a place.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The address with something in every place, to be checked.
    pub fn url(&self) -> &Url {
        &self.sample
    }

    /// The address of a call.
    ///
    /// # Errors
    /// An argument that is missing, or would lead elsewhere.
    pub fn filled(&self, arguments: &Arguments) -> Result<Url, String> {
        let value = |name: &str| arguments.get(name).and_then(plain).map(|text| encoded(&text));
        let missing = || {
            let name = self.names.iter().find(|name| value(name).is_none()).cloned().unwrap_or_default();
            format!("`{name}` is missing, expected a text, a number, or true or false")
        };
        let url = Url::parse(&joined(&self.parts, value).ok_or_else(missing)?);
        // `.`, `..` and nothing at all leave a part empty or take one away.
        let parts = |url: &Url| -> Vec<bool> { url.path_segments().into_iter().flatten().map(str::is_empty).collect() };
        let stays = |url: &Url| url.origin() == self.sample.origin() && parts(url) == parts(&self.sample);
        url.ok().filter(stays).ok_or_else(|| {
            "the arguments would lead to another address; expected no empty text, `.` or `..` in the path".into()
        })
    }
}

impl Part {
    fn name(&self) -> Option<&str> {
        match self {
            Self::Argument(name) => Some(name),
            Self::Text(_) => None,
        }
    }
}

fn joined(parts: &[Part], value: impl Fn(&str) -> Option<String>) -> Option<String> {
    let part = |part: &Part| match part {
        Part::Text(text) => Some(text.clone()),
        Part::Argument(name) => value(name),
    };
    parts.iter().map(part).collect()
}

/// A single value as text; lists and objects have none.
pub fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Everything but letters, digits and `-._~` as `%XX`.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing into a text cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn filled(template: &str, arguments: Value) -> Result<String, String> {
        Template::read(template)?.filled(arguments.as_object().unwrap()).map(String::from)
    }

    #[test]
    fn arguments_fill_path_and_query() {
        assert_eq!(
            filled("https://h.example/items/{id}?q={q}&n={n}", json!({ "id": "a/b c", "q": "x&y=é", "n": 7 })).unwrap(),
            "https://h.example/items/a%2Fb%20c?q=x%26y%3D%C3%A9&n=7"
        );
        assert_eq!(filled("https://h.example", json!({ "id": 1 })).unwrap(), "https://h.example/");
        assert!(filled("https://h.example/{id}", json!({ "id": [1] })).unwrap_err().starts_with("`id` is missing"));
    }

    #[test]
    fn an_argument_cannot_lead_elsewhere() {
        for id in ["..", ".", "%2e%2e"] {
            let answer = filled("https://h.example/a/{id}/b", json!({ "id": id }));
            assert!(answer.as_ref().is_err() || answer.as_ref().unwrap().contains("%252e"), "{answer:?}");
        }
        assert!(filled("https://h.example/a/{x}{y}/b", json!({ "x": ".", "y": "." })).is_err());
        for id in ["", ".", ".."] {
            assert!(filled("https://h.example/items/{id}", json!({ "id": id })).is_err(), "{id:?}");
        }
        let host = filled("https://h.example/{id}", json!({ "id": "@evil.example/" })).unwrap();
        assert_eq!(host, "https://h.example/%40evil.example%2F");
    }

    #[test]
    fn a_template_that_leaves_the_host_open_is_refused() {
        for template in [
            "https://{host}/x",
            "{url}",
            "https://h.example{rest}/x",
            "https://{user}@h.example/",
            "nonsense",
            "https://h.example:{port}/",
            "https://h.example/{open",
            "https://h.example/#{part}",
        ] {
            assert!(Template::read(template).is_err(), "{template}");
        }
    }
}
