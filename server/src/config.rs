//! The one configuration: command line over process environment over `.env` over defaults.
//!
//! [`SETTINGS`] is the list a person reads (`.env.sample`, the README and `--help` follow it); [`Config::read`] is the only
//! place that understands the values. Secrets never appear in `Debug` output or in a message.

mod origin;
mod providers;
mod sources;

pub use origin::OriginPattern;

use providers::{prices, providers};
use service::{BridgeSettings, GatewayLimits, PriceTable, ProviderEndpoint, ServiceConfig, SourceSettings};
use sources::sources;
use std::{collections::HashMap, fmt, net::IpAddr, path::PathBuf};

/// A setting a person can make in the environment or in `.env`.
pub struct Setting {
    /// Name of the variable.
    pub name: &'static str,
    /// Value when it is not set; empty = none.
    pub default: &'static str,
    /// What it does, in a sentence.
    pub description: &'static str,
}

const fn setting(name: &'static str, default: &'static str, description: &'static str) -> Setting {
    Setting { name, default, description }
}

/// Every setting there is.
pub const SETTINGS: &[Setting] = &[
    setting("DATABASE_URL", "sqlite://data/rl_chatbot.db", "Where data is kept: a SQLite file or postgres://…"),
    setting("HOST", "127.0.0.1", "Address to listen on; anything but loopback needs API_TOKEN"),
    setting("PORT", "8000", "Port to listen on"),
    setting("DEBUG", "false", "Log more"),
    setting(
        "CORS_ORIGINS",
        "",
        "Browser origins that may use the API, comma-separated, such as http://localhost:*. Not set: any port of localhost \
         while HOST is loopback, else none",
    ),
    setting("ALLOWED_HOSTS", "", "Further names this server is reached by (Host header), comma-separated"),
    setting("API_TOKEN", "", "Shared secret asked of every client (Bearer, or at /login)"),
    setting("COOKIE_SECURE", "false", "Send the session cookie over HTTPS only: set it behind a TLS proxy"),
    setting("OPENAI_API_KEY", "", "Key of the OpenAI-compatible provider, for agents of type openai"),
    setting("OPENAI_BASE_URL", "https://api.openai.com/v1", "Base URL of the OpenAI-compatible provider"),
    setting("OPENAI_MODEL", "gpt-4o", "Model of new openai agents"),
    setting("OPENAI_TEMPERATURE", "1.0", "Temperature of new openai agents, 0 to 2"),
    setting("PROVIDER_<NAME>_BASE_URL", "", "Base URL of a further provider, called <name> in lower case"),
    setting("PROVIDER_<NAME>_API_KEY", "", "Its key, if it asks for one"),
    setting(
        "TOOLS_NETWORK",
        "false",
        "Let tools reach the public internet: fetch_page, and tools added on the Tools page",
    ),
    setting("TOOLS_PRIVATE_NETWORK", "false", "Let them reach this machine and private networks too"),
    setting("WEATHER_SOURCE", "simulated", "Source of get_weather: simulated, or open-meteo (no key)"),
    setting("WEATHER_FORECAST_URL", "https://api.open-meteo.com/v1/forecast", "Address of its forecast"),
    setting("WEATHER_PLACES_URL", "https://geocoding-api.open-meteo.com/v1/search", "Address of its search for places"),
    setting("SEARCH_SOURCE", "offline", "Source of search: offline, searxng, brave, tavily or wikipedia"),
    setting("SEARCH_URL", "", "Address of the search engine; searxng needs one, the others have theirs"),
    setting("SEARCH_API_KEY", "", "Key of the search engine: brave and tavily need one"),
    setting("GATEWAY_CALLS_KEPT", "20000", "Most calls through the gateway that are kept; 0 keeps none"),
    setting("GATEWAY_MEGABYTES_KEPT", "256", "Most megabytes of such calls"),
    setting("BRIDGE_DIR", "data/bridge", "Folder the Python frameworks are installed into, at their first use"),
    setting("BRIDGE_PYTHON", "python3", "Interpreter they are installed with, 3.11 or newer"),
    setting("BRIDGE_MODULES", "", "Folder of Python modules with agents of your own"),
    setting("PRICES_FILE", "", "Prices of models as JSON, over the built-in table (docs/prices.md)"),
    setting("CHECKPOINT_DIR", "checkpoints", "Folder of the trained weights"),
    setting("SITE_ROOT", "target/site", "Folder of the browser's files"),
];

/// Whether the server may listen beyond loopback without a token.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Exposure {
    /// No: it refuses to start.
    #[default]
    Guarded,
    /// Yes: the operator said `--unsafe-no-auth`.
    UnsafeNoAuth,
}

/// Everything the process is told from outside.
#[derive(Clone)]
pub struct Config {
    /// Database URL.
    pub database_url: String,
    /// Address to listen on.
    pub host: IpAddr,
    /// Port to listen on; 0 lets the system choose.
    pub port: u16,
    /// Whether to log more.
    pub debug: bool,
    /// Allowed browser origins; `None` = the default of the contract.
    pub cors_origins: Option<Vec<OriginPattern>>,
    /// Further allowed names in `Host`.
    pub allowed_hosts: Vec<String>,
    /// The shared secret.
    pub api_token: Option<String>,
    /// Whether the session cookie is sent over HTTPS only.
    pub cookie_secure: bool,
    /// Key of the provider `openai`.
    pub openai_api_key: Option<String>,
    /// Base URL of the provider `openai`.
    pub openai_base_url: String,
    /// Further providers.
    pub providers: Vec<ProviderEndpoint>,
    /// Model of new agents.
    pub openai_model: String,
    /// Temperature of new agents.
    pub openai_temperature: f64,
    /// Where tools find what is not in this program.
    pub sources: SourceSettings,
    /// How much of the gateway's traffic is kept.
    pub gateway: GatewayLimits,
    /// The Python frameworks.
    pub bridge: BridgeSettings,
    /// What models cost.
    pub prices: PriceTable,
    /// Folder of trained weights.
    pub checkpoint_dir: PathBuf,
    /// Folder of the browser's files.
    pub site_root: PathBuf,
    /// Whether missing authentication off loopback is accepted.
    pub exposure: Exposure,
}

impl Config {
    /// From the process environment over the file `.env` of the working directory.
    ///
    /// # Errors
    /// A sentence that names the variable, its value (unless secret) and what would be right.
    pub fn from_environment() -> Result<Self, String> {
        let file = read_env_file()?;
        let variable = |name: &str| std::env::var(name).ok().or_else(|| file.get(name).cloned());
        let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).chain(file.keys().cloned());
        let providers = providers(names, variable)?;
        Ok(Self { providers, ..Self::read(variable)? })
    }

    /// From any source of variables; an empty value counts as not set, except for `CORS_ORIGINS`, where it means none.
    ///
    /// # Errors
    /// As [`Config::from_environment`].
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let set = |name: &str| variable(name).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty());
        let text = |name: &str| set(name).unwrap_or_else(|| default_of(name).to_owned());
        Ok(Self {
            database_url: text("DATABASE_URL"),
            host: host("HOST", &text("HOST"))?,
            port: parsed("PORT", &text("PORT"), "a port from 0 to 65535")?,
            debug: flag("DEBUG", &text("DEBUG"))?,
            cors_origins: variable("CORS_ORIGINS").map(|list| origins(&list)).transpose()?,
            allowed_hosts: comma_separated(&text("ALLOWED_HOSTS")).map(str::to_ascii_lowercase).collect(),
            api_token: set("API_TOKEN"),
            cookie_secure: flag("COOKIE_SECURE", &text("COOKIE_SECURE"))?,
            openai_api_key: set("OPENAI_API_KEY"),
            openai_base_url: text("OPENAI_BASE_URL"),
            providers: Vec::new(),
            openai_model: text("OPENAI_MODEL"),
            openai_temperature: temperature("OPENAI_TEMPERATURE", &text("OPENAI_TEMPERATURE"))?,
            sources: sources(&set, &text)?,
            gateway: gateway(&text)?,
            bridge: BridgeSettings {
                folder: text("BRIDGE_DIR").into(),
                python: text("BRIDGE_PYTHON"),
                modules: set("BRIDGE_MODULES").map(PathBuf::from),
            },
            prices: prices(set("PRICES_FILE"))?,
            checkpoint_dir: text("CHECKPOINT_DIR").into(),
            site_root: text("SITE_ROOT").into(),
            exposure: Exposure::Guarded,
        })
    }

    /// Refuses to listen beyond loopback without a token, unless the operator insists.
    ///
    /// # Errors
    /// A sentence that says what to set.
    pub fn check_exposure(&self) -> Result<(), String> {
        if self.host.is_loopback() || self.api_token.is_some() || self.exposure == Exposure::UnsafeNoAuth {
            return Ok(());
        }
        Err(format!(
            "HOST is {}, which other machines can reach, and API_TOKEN is not set. Set API_TOKEN to a long random secret, \
             or HOST to 127.0.0.1, or start with --unsafe-no-auth if everyone who can reach this port may use it",
            self.host
        ))
    }

    /// The part the service is started with.
    pub fn service(&self) -> ServiceConfig {
        let mut service = ServiceConfig::new(self.database_url.clone());
        let (api_key, base_url) = (self.openai_api_key.clone(), self.openai_base_url.clone());
        service.providers = vec![ProviderEndpoint { base_url, api_key, ..ProviderEndpoint::openai() }];
        service.providers.extend_from_slice(&self.providers);
        service.prices.clone_from(&self.prices);
        service.openai_model.clone_from(&self.openai_model);
        service.openai_temperature = self.openai_temperature;
        service.sources.clone_from(&self.sources);
        service.gateway = self.gateway;
        service.bridge.clone_from(&self.bridge);
        service.checkpoint_dir.clone_from(&self.checkpoint_dir);
        service
    }

    /// The origins that browser clients of the API may come from, besides the server's own.
    pub fn origins(&self) -> Vec<OriginPattern> {
        match &self.cors_origins {
            Some(listed) => listed.clone(),
            None if self.host.is_loopback() => OriginPattern::loopback(),
            None => Vec::new(),
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |secret: &Option<String>| if secret.is_some() { "set" } else { "not set" };
        f.debug_struct("Config")
            .field("database_url", &without_password(&self.database_url))
            .field("host", &self.host)
            .field("port", &self.port)
            .field("cors_origins", &self.cors_origins)
            .field("allowed_hosts", &self.allowed_hosts)
            .field("api_token", &shown(&self.api_token))
            .field("openai_api_key", &shown(&self.openai_api_key))
            .field("openai_base_url", &self.openai_base_url)
            .field("checkpoint_dir", &self.checkpoint_dir)
            .field("site_root", &self.site_root)
            .finish_non_exhaustive()
    }
}

/// `url` with the password of `scheme://user:password@host` replaced.
fn without_password(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if scheme < at => {
            let (head, tail) = (url.get(..scheme + 3), url.get(at..));
            format!("{}…{}", head.unwrap_or_default(), tail.unwrap_or_default())
        }
        _ => url.to_owned(),
    }
}

fn default_of(name: &str) -> &'static str {
    SETTINGS.iter().find(|setting| setting.name == name).map_or("", |setting| setting.default)
}

fn read_env_file() -> Result<HashMap<String, String>, String> {
    let entries = match dotenvy::dotenv_iter() {
        Ok(entries) => entries,
        Err(error) if error.not_found() => return Ok(HashMap::new()),
        Err(_) => return Err("the file .env cannot be read; check its permissions".into()),
    };
    // The parser's own message repeats the line, which may hold a secret.
    entries.collect::<Result<_, _>>().map_err(|_| "the file .env has a line that is not NAME=value".into())
}

fn comma_separated(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|part| !part.is_empty())
}

fn origins(list: &str) -> Result<Vec<OriginPattern>, String> {
    comma_separated(list).map(|text| text.parse().map_err(|why| format!("CORS_ORIGINS: `{text}` {why}"))).collect()
}

fn gateway(text: &impl Fn(&str) -> String) -> Result<GatewayLimits, String> {
    let count = |name: &str| parsed::<u32>(name, &text(name), "a whole number from 0").map(u64::from);
    Ok(GatewayLimits { calls_max: count("GATEWAY_CALLS_KEPT")?, bytes_max: count("GATEWAY_MEGABYTES_KEPT")? << 20 })
}

fn host(name: &str, value: &str) -> Result<IpAddr, String> {
    match value {
        "localhost" => Ok(IpAddr::from([127, 0, 0, 1])),
        _ => parsed(name, value.trim_matches(['[', ']']), "an IP address such as 127.0.0.1, 0.0.0.0 or ::1"),
    }
}

fn parsed<T: std::str::FromStr>(name: &str, value: &str, expected: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("{name} is `{value}`, expected {expected}"))
}

fn flag(name: &str, value: &str) -> Result<bool, String> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err(format!("{name} is `{value}`, expected true or false")),
    }
}

fn temperature(name: &str, value: &str) -> Result<f64, String> {
    let number: f64 = parsed(name, value, "a number from 0 to 2")?;
    if (0.0..=2.0).contains(&number) { Ok(number) } else { Err(format!("{name} is `{value}`, expected 0 to 2")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Config, String> {
        Config::read(|name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn nothing_set_gives_the_contracts_defaults() {
        let config = read(&[]).unwrap();
        assert_eq!((config.host.to_string().as_str(), config.port), ("127.0.0.1", 8000));
        assert_eq!(config.database_url, "sqlite://data/rl_chatbot.db");
        assert_eq!((config.openai_model.as_str(), config.openai_temperature), ("gpt-4o", 1.0));
        assert!(config.cors_origins.is_none() && config.api_token.is_none());
    }

    #[test]
    fn an_empty_value_is_not_set_but_empty_origins_mean_none() {
        let config = read(&[("PORT", ""), ("API_TOKEN", " "), ("CORS_ORIGINS", "")]).unwrap();
        assert_eq!(config.port, 8000);
        assert!(config.api_token.is_none());
        assert_eq!(config.cors_origins.unwrap().len(), 0);
    }

    #[test]
    fn a_wrong_value_is_named_with_what_would_be_right() {
        assert_eq!(read(&[("PORT", "80x")]).unwrap_err(), "PORT is `80x`, expected a port from 0 to 65535");
        assert!(read(&[("DEBUG", "maybe")]).unwrap_err().contains("expected true or false"));
        assert!(read(&[("OPENAI_TEMPERATURE", "9")]).unwrap_err().contains("expected 0 to 2"));
        assert!(read(&[("CORS_ORIGINS", "*")]).unwrap_err().contains("CORS_ORIGINS: `*`"));
    }

    #[test]
    fn listening_beyond_loopback_needs_a_token_or_insistence() {
        let open = read(&[("HOST", "0.0.0.0")]).unwrap();
        assert!(open.check_exposure().unwrap_err().contains("API_TOKEN"));
        assert!(Config { exposure: Exposure::UnsafeNoAuth, ..open }.check_exposure().is_ok());
        assert!(read(&[("HOST", "0.0.0.0"), ("API_TOKEN", "secret")]).unwrap().check_exposure().is_ok());
        assert!(read(&[("HOST", "localhost")]).unwrap().check_exposure().is_ok());
    }

    #[test]
    fn secrets_are_not_in_debug_output() {
        let config = read(&[
            ("API_TOKEN", "tok-secret"),
            ("OPENAI_API_KEY", "sk-secret"),
            ("DATABASE_URL", "postgres://me:pw-secret@db/x"),
        ]);
        let shown = format!("{:?}", config.unwrap());
        assert!(!shown.contains("secret"), "{shown}");
        assert!(shown.contains("postgres://…@db/x"), "{shown}");
    }

    #[test]
    fn every_setting_is_described_and_named_once() {
        let mut names: Vec<_> = SETTINGS.iter().map(|setting| setting.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), SETTINGS.len());
        assert!(SETTINGS.iter().all(|setting| !setting.description.is_empty()));
    }

    #[test]
    fn the_sample_file_shows_every_setting_with_its_default() {
        let sample = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../.env.sample")).unwrap();
        for setting in SETTINGS {
            let line = format!("{}={}", setting.name, setting.default);
            assert!(
                sample.lines().any(|shown| shown.trim_start_matches(['#', ' ']) == line),
                "{line} is not in .env.sample"
            );
        }
    }
}
