//! Model providers as records: where models are asked, and the key for it, which is written and never read out.

use crate::{FieldError, ProviderId, Timestamp, not_null, patch};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A model provider: a server that speaks one of OpenAI's two APIs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Provider {
    /// Its id; that of a provider of the environment follows from its name.
    pub id: ProviderId,
    /// What agents name it by: lower-case letters, digits, `-` and `_`.
    pub name: String,
    /// Where its API begins, such as `http://localhost:11434/v1`.
    pub base_url: String,
    /// Whether a key is set. The key itself is never told.
    pub has_key: bool,
    /// Where it comes from.
    pub source: ProviderSource,
    /// When it was added; null for one of the environment.
    pub created_at: Option<Timestamp>,
    /// When it was last changed.
    pub updated_at: Option<Timestamp>,
}

/// Where a provider comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProviderSource {
    /// `OPENAI_…` or `PROVIDER_<NAME>_…`: changed there, not here.
    Environment,
    /// Added in the settings.
    Stored,
}

/// A text that is taken in and never shown: `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A provider to add.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProviderCreate {
    /// 1 to 40 lower-case letters, digits, `-` and `_`; one of the environment may be taken over by its name.
    pub name: String,
    /// Where its API begins.
    pub base_url: String,
    /// Its key, if it asks for one.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub api_key: Option<Secret>,
}

/// A change to a provider: absent = unchanged; a null key is taken out.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct ProviderUpdate {
    /// New name.
    #[serde(deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// New address; a key is not sent there unless it is given again.
    #[serde(deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// New key.
    #[serde(deserialize_with = "patch", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub api_key: Option<Option<Secret>>,
}

/// What a provider answered when it was tested.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProviderModels {
    /// The names of its models, in alphabetical order.
    pub models: Vec<String>,
}

/// Providers that people have, to start a form with: what it is, name, base URL.
pub const PROVIDER_PRESETS: [(&str, &str, &str); 6] = [
    ("Ollama", "ollama", "http://localhost:11434/v1"),
    ("vLLM", "vllm", "http://localhost:8000/v1"),
    ("llama.cpp", "llama-cpp", "http://localhost:8080/v1"),
    ("LM Studio", "lm-studio", "http://localhost:1234/v1"),
    ("OpenRouter", "openrouter", "https://openrouter.ai/api/v1"),
    ("Azure OpenAI", "azure", "https://YOUR-RESOURCE.openai.azure.com/openai/v1"),
];

/// Longest name of a provider, in characters.
pub const PROVIDER_NAME_CHARS_MAX: usize = 40;
const URL_CHARS_MAX: usize = 500;
const KEY_CHARS_MAX: usize = 2000;

impl ProviderCreate {
    /// Every field that would be refused; empty = valid. Whether the address may be asked is the service's to say.
    pub fn validate(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        check_name(&self.name, &mut errors);
        check_url(&self.base_url, &mut errors);
        check_key(self.api_key.as_ref(), &mut errors);
        errors
    }
}

impl ProviderUpdate {
    /// The change that a filled form asks for: an empty key stays as it is.
    pub fn filled(name: String, base_url: String, key: Secret) -> Self {
        let api_key = (!key.0.trim().is_empty()).then_some(Some(key));
        Self { name: Some(name), base_url: Some(base_url), api_key }
    }

    /// Every field that would be refused; empty = valid.
    pub fn validate(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if let Some(name) = &self.name {
            check_name(name, &mut errors);
        }
        if let Some(url) = &self.base_url {
            check_url(url, &mut errors);
        }
        check_key(self.api_key.as_ref().and_then(Option::as_ref), &mut errors);
        errors
    }
}

/// Whether `name` can name a provider.
pub fn is_provider_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
    let length = name.chars().count();
    (1..=PROVIDER_NAME_CHARS_MAX).contains(&length) && name.chars().all(allowed) && !name.starts_with(['-', '_'])
}

fn check_name(name: &str, errors: &mut Vec<FieldError>) {
    if !is_provider_name(name) {
        let shown: String = name.chars().take(60).collect();
        errors.push(FieldError::new(
            "name",
            format!("is `{shown}`, expected 1 to 40 lower-case letters, digits, - and _, such as ollama"),
        ));
    } else if name == "local" {
        errors.push(FieldError::new("name", "is `local`, which names the policies of this server"));
    }
}

fn check_url(url: &str, errors: &mut Vec<FieldError>) {
    let has_scheme = url.starts_with("http://") || url.starts_with("https://");
    if !has_scheme || url.chars().count() > URL_CHARS_MAX || url.chars().any(|c| c.is_whitespace() || c.is_control()) {
        errors.push(FieldError::new("base_url", "expected a web address such as http://localhost:11434/v1"));
    }
}

fn check_key(key: Option<&Secret>, errors: &mut Vec<FieldError>) {
    let fits = |key: &Secret| key.0.len() <= KEY_CHARS_MAX && key.0.trim().bytes().all(|b| b.is_ascii_graphic());
    if key.is_some_and(|key| !fits(key)) {
        errors.push(FieldError::new("api_key", "expected at most 2000 visible ASCII characters without blanks"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(name: &str, base_url: &str, key: Option<&str>) -> Vec<String> {
        let api_key = key.map(|key| Secret(key.into()));
        let draft = ProviderCreate { name: name.into(), base_url: base_url.into(), api_key };
        draft.validate().into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn names_addresses_and_keys_are_checked_and_every_refusal_is_said() {
        assert!(refused("my-ollama_2", "http://localhost:11434/v1", Some("sk-x")).is_empty());
        assert_eq!(refused("My Provider", "localhost", Some("two words")), ["name", "base_url", "api_key"]);
        assert_eq!(refused("local", "https://host/v1", None), ["name"]);
        assert_eq!(refused(&"x".repeat(41), "ftp://host", None), ["name", "base_url"]);
    }

    #[test]
    fn every_preset_is_a_valid_start() {
        for (_, name, url) in PROVIDER_PRESETS {
            assert!(refused(name, url, None).is_empty(), "{name}");
        }
    }

    #[test]
    fn a_secret_is_not_in_debug_output() {
        let draft = ProviderCreate { api_key: Some(Secret("sk-secret".into())), ..ProviderCreate::default() };
        assert!(!format!("{draft:?}").contains("sk-"));
    }
}
