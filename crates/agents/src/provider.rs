//! Where models are asked: a provider's address and key, found by name.

use reqwest::Url;
use std::fmt;
use tools::outbound::{Reach, within};
use types::Error;

/// The provider of `OPENAI_BASE_URL` and `OPENAI_API_KEY`, which there always is.
pub const OPENAI: &str = "openai";
/// Where OpenAI's own API begins.
pub const OPENAI_BASE_URL: &str = "https://api.openai.com/v1";

/// A model provider: where it is and what opens it. `Debug` hides the key.
#[derive(Clone, PartialEq, Eq)]
pub struct ProviderEndpoint {
    /// What agents name it by.
    pub name: String,
    /// Where its API begins, such as `https://api.openai.com/v1`.
    pub base_url: String,
    /// Its key; never shown.
    pub api_key: Option<String>,
}

impl fmt::Debug for ProviderEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = if self.api_key.is_some() { "set" } else { "not set" };
        f.debug_struct("ProviderEndpoint")
            .field("name", &self.name)
            .field("base_url", &self.base_url)
            .field("api_key", &key)
            .finish()
    }
}

/// Finds providers by name.
pub trait Providers: Send + Sync {
    /// The provider of that name.
    ///
    /// # Errors
    /// A sentence naming those there are.
    fn provider(&self, name: &str) -> Result<ProviderEndpoint, String>;
}

impl Providers for Vec<ProviderEndpoint> {
    fn provider(&self, name: &str) -> Result<ProviderEndpoint, String> {
        let found = self.iter().find(|endpoint| endpoint.name == name).cloned();
        found.ok_or_else(|| unknown(name, self.iter().map(|endpoint| endpoint.name.as_str())))
    }
}

/// What is said of a name that no provider has.
pub fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let shown: String = name.chars().take(64).collect();
    format!("there is no provider `{shown}`; the providers are {}", known.collect::<Vec<_>>().join(", "))
}

impl ProviderEndpoint {
    /// The provider `openai` as it is when nothing is set: OpenAI's address and no key.
    pub fn openai() -> Self {
        Self { name: OPENAI.into(), base_url: OPENAI_BASE_URL.into(), api_key: None }
    }

    /// The address of `path` below the base URL.
    ///
    /// # Errors
    /// `Invalid` when the base URL is none, or one that must not be asked.
    pub fn url(&self, path: &str) -> Result<Url, Error> {
        let base = self.base_url.trim_end_matches('/');
        Url::parse(&format!("{base}/{path}")).ok().filter(may_be_asked).ok_or_else(|| {
            Error::Invalid(format!(
                "{} is not a web address that may be asked, expected one such as {OPENAI_BASE_URL}",
                self.address_setting()
            ))
        })
    }

    /// The key, if there is one worth sending.
    pub fn key(&self) -> Option<&str> {
        self.api_key.as_deref().map(str::trim).filter(|key| !key.is_empty())
    }

    /// Whether the address is OpenAI's own, where nothing is answered without a key.
    pub fn is_openai(&self) -> bool {
        let host = Url::parse(&self.base_url).ok().and_then(|url| url.host_str().map(str::to_owned));
        host.is_some_and(|host| host == "openai.com" || host.ends_with(".openai.com"))
    }

    /// Where a person sets the address.
    pub fn address_setting(&self) -> String {
        if self.name == OPENAI { "OPENAI_BASE_URL".into() } else { format!("the base URL of provider `{}`", self.name) }
    }

    /// Where a person sets the key.
    pub fn key_setting(&self) -> String {
        if self.name == OPENAI { "OPENAI_API_KEY".into() } else { format!("the key of provider `{}`", self.name) }
    }
}

/// Web addresses, except link-local ones and those at which clouds hand out what opens everything else. Names are looked up
/// when they are asked, with the same rule.
pub fn may_be_asked(url: &Url) -> bool {
    let metadata = url.host_str().unwrap_or_default().trim_end_matches('.') == "metadata.google.internal";
    matches!(url.scheme(), "http" | "https") && url.username().is_empty() && !metadata && within(url, Reach::Private)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(name: &str, base_url: &str) -> ProviderEndpoint {
        ProviderEndpoint { name: name.into(), base_url: base_url.into(), api_key: Some(" sk-secret ".into()) }
    }

    #[test]
    fn an_address_that_must_not_be_asked_is_refused_by_the_name_of_its_setting() {
        for base_url in [
            "nonsense",
            "ftp://host/v1",
            "http://169.254.169.254/v1",
            "http://[fe80::1]/v1",
            "http://[::ffff:a9fe:a9fe]",
            "http://100.100.100.200/v1",
        ] {
            let refused = endpoint(OPENAI, base_url).url("models").unwrap_err().to_string();
            assert!(refused.starts_with("OPENAI_BASE_URL is not"), "{base_url}: {refused}");
        }
        let refused = endpoint("mine", "http://me:pw@host/v1").url("models").unwrap_err().to_string();
        assert!(refused.starts_with("the base URL of provider `mine` is not"), "{refused}");
        let url = endpoint("mine", "http://localhost:11434/v1/").url("chat/completions").unwrap();
        assert_eq!(url.as_str(), "http://localhost:11434/v1/chat/completions");
    }

    #[test]
    fn a_provider_is_found_by_its_name_and_its_key_is_not_in_debug_output() {
        let providers = vec![endpoint("openai", OPENAI_BASE_URL), endpoint("mine", "http://localhost/v1")];
        assert_eq!(providers.provider("mine").unwrap().key(), Some("sk-secret"));
        assert_eq!(
            providers.provider("other").unwrap_err(),
            "there is no provider `other`; the providers are openai, mine"
        );
        assert!(!format!("{providers:?}").contains("sk-"));
        assert!(providers[0].is_openai() && !providers[1].is_openai());
        assert!(!endpoint("x", "https://api.openai.com.evil.example/v1").is_openai());
    }
}
