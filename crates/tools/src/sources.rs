//! Where tools find what is not in this program, as the operator set it. By default: nowhere.

use crate::{
    Forecast, WebSearch,
    outbound::{Outbound, Reach},
    search::{engine, engines},
};
use reqwest::Url;
use std::fmt;

/// The weather that needs no network.
const SIMULATED: &str = "simulated";
/// The weather of a forecast API in the shape of Open-Meteo.
const OPEN_METEO: &str = "open-meteo";
/// The search that needs no network.
const OFFLINE: &str = "offline";

/// What the operator sets, as it is written in the environment.
#[derive(Clone)]
pub struct SourceSettings {
    /// Whether tools may reach the public internet: `fetch_page`, and tools that people add.
    pub network: bool,
    /// Whether such tools may reach this machine and private networks too.
    pub private_network: bool,
    /// `simulated` or `open-meteo`.
    pub weather: String,
    /// Address of the forecast.
    pub forecast_url: String,
    /// Address of the search for places.
    pub places_url: String,
    /// `offline`, or the name of an engine.
    pub search: String,
    /// Address of the engine, when it is not at its usual place.
    pub search_url: Option<String>,
    /// Key of the engine.
    pub search_key: Option<String>,
}

impl Default for SourceSettings {
    fn default() -> Self {
        Self {
            network: false,
            private_network: false,
            weather: SIMULATED.into(),
            forecast_url: "https://api.open-meteo.com/v1/forecast".into(),
            places_url: "https://geocoding-api.open-meteo.com/v1/search".into(),
            search: OFFLINE.into(),
            search_url: None,
            search_key: None,
        }
    }
}

impl fmt::Debug for SourceSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SourceSettings")
            .field("network", &self.network)
            .field("private_network", &self.private_network)
            .field("weather", &self.weather)
            .field("search", &self.search)
            .finish_non_exhaustive()
    }
}

/// The sources, ready to be asked.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Real weather; `None` = simulated.
    pub weather: Option<Forecast>,
    /// Search of the web; `None` = the offline index.
    pub search: Option<WebSearch>,
    /// The way out for what models and forms point at the network; `None` = there is none.
    pub network: Option<Outbound>,
}

impl SourceSettings {
    /// Makes the sources ready. Nothing is asked yet.
    ///
    /// # Errors
    /// Which variable is wrong, and what would be right.
    pub fn open(&self) -> Result<Sources, String> {
        let reach = if self.private_network { Reach::Private } else { Reach::Public };
        // What the operator names is reached wherever it is: a search engine often runs beside this server.
        let named = || Outbound::new(Reach::Private);
        let weather = match self.weather.as_str() {
            SIMULATED => None,
            OPEN_METEO => Some(Forecast {
                forecast_url: address("WEATHER_FORECAST_URL", &self.forecast_url)?,
                places_url: address("WEATHER_PLACES_URL", &self.places_url)?,
                outbound: named()?,
            }),
            other => return Err(format!("WEATHER_SOURCE is `{other}`, expected {SIMULATED} or {OPEN_METEO}")),
        };
        let network = self.network.then(|| Outbound::new(reach)).transpose()?;
        Ok(Sources { weather, search: self.search(named)?, network })
    }

    fn search(&self, outbound: impl Fn() -> Result<Outbound, String>) -> Result<Option<WebSearch>, String> {
        if self.search == OFFLINE {
            return Ok(None);
        }
        let engine = engine(&self.search).ok_or_else(|| {
            let known: Vec<&str> = engines().iter().map(|engine| engine.name()).collect();
            format!("SEARCH_SOURCE is `{}`, expected {OFFLINE} or one of {}", self.search, known.join(", "))
        })?;
        let name = engine.name();
        let url = self.search_url.as_deref().or(engine.home());
        let url = url.ok_or_else(|| format!("SEARCH_URL is not set, expected the address of your {name}"))?;
        if engine.needs_key() && self.search_key.is_none() {
            return Err(format!("SEARCH_API_KEY is not set, expected your key of {name}"));
        }
        let key = self.search_key.clone();
        Ok(Some(WebSearch { engine, url: address("SEARCH_URL", url)?, key, outbound: outbound()? }))
    }
}

fn address(name: &str, text: &str) -> Result<Url, String> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    // The address itself is not repeated: it may hold a password.
    let url = url.ok_or_else(|| format!("{name} is no web address, expected one that begins with https://"))?;
    if url.username().is_empty() && url.password().is_none() {
        return Ok(url);
    }
    Err(format!("{name} holds a user name or a password, which are not sent; expected an address without them"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(settings: SourceSettings) -> String {
        settings.open().unwrap_err()
    }

    #[test]
    fn nothing_set_reaches_nothing() {
        let sources = SourceSettings::default().open().unwrap();
        assert!(sources.weather.is_none() && sources.search.is_none() && sources.network.is_none());
    }

    #[test]
    fn every_source_can_be_chosen_and_a_wrong_setting_is_named() {
        let all = SourceSettings {
            network: true,
            weather: "open-meteo".into(),
            search: "wikipedia".into(),
            ..SourceSettings::default()
        };
        let sources = all.open().unwrap();
        assert!(sources.weather.is_some() && sources.network.is_some());
        assert_eq!(sources.search.unwrap().url.as_str(), "https://en.wikipedia.org/");
        let with = |search: &str| SourceSettings { search: search.into(), ..SourceSettings::default() };
        assert!(told(with("altavista")).contains("offline or one of searxng, brave, tavily, wikipedia"));
        assert!(told(with("searxng")).starts_with("SEARCH_URL is not set"));
        assert!(told(with("brave")).starts_with("SEARCH_API_KEY is not set"));
        let search_url = Some("me:pw-secret".to_owned());
        let wrong = told(SourceSettings { search_url, ..with("searxng") });
        assert!(wrong.starts_with("SEARCH_URL is no web address") && !wrong.contains("secret"), "{wrong}");
        let weather = SourceSettings { weather: "sunny".into(), ..SourceSettings::default() };
        assert!(told(weather).starts_with("WEATHER_SOURCE is `sunny`"));
        let keyed = SourceSettings { search_key: Some("key-secret".into()), ..with("brave") };
        assert!(!format!("{keyed:?}").contains("secret") && keyed.open().is_ok());
    }
}
