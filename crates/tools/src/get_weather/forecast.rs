//! The weather of a real source: a keyless forecast API in the shape of Open-Meteo, with its search for places.

use crate::{
    ToolError,
    outbound::{Ask, Bounds, Outbound, shown},
};
use reqwest::Url;
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;

const BOUNDS: Bounds = Bounds { timeout: Duration::from_secs(8), bytes_max: 256 * 1024 };

/// Where places and their weather are asked.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// Address of the forecast, such as `https://api.open-meteo.com/v1/forecast`.
    pub forecast_url: Url,
    /// Address of the search for places, such as `https://geocoding-api.open-meteo.com/v1/search`.
    pub places_url: Url,
    /// The way there.
    pub outbound: Outbound,
}

#[derive(Deserialize)]
struct Places {
    #[serde(default)]
    results: Vec<Place>,
}

#[derive(Deserialize)]
struct Place {
    name: String,
    latitude: f64,
    longitude: f64,
    #[serde(default)]
    country: Option<String>,
    #[serde(default)]
    country_code: Option<String>,
    /// The state or province.
    #[serde(default)]
    admin1: Option<String>,
}

impl Place {
    /// Whether it lies in a country or province of this name, in lower case.
    fn lies_in(&self, region: &str) -> bool {
        let region = match region {
            "uk" | "great britain" => "gb",
            "usa" => "us",
            other => other,
        };
        let names = [&self.country, &self.country_code, &self.admin1];
        names.into_iter().flatten().any(|name| name.to_lowercase() == region)
    }
}

#[derive(Deserialize)]
struct Weather {
    current: Current,
}

#[derive(Deserialize)]
struct Current {
    time: String,
    temperature_2m: f64,
    relative_humidity_2m: Option<f64>,
    weather_code: Option<u32>,
    wind_speed_10m: Option<f64>,
}

impl Forecast {
    /// The current weather of a place, as JSON text.
    ///
    /// # Errors
    /// A place that nobody knows, a source that does not answer.
    pub async fn weather(&self, location: &str) -> Result<String, ToolError> {
        // "Paris, France" is looked for as "Paris"; the rest chooses among what is found.
        let (name, region) = location.split_once(',').map_or((location, ""), |(name, rest)| (name.trim(), rest.trim()));
        let query = [("name", name), ("count", "10"), ("language", "en"), ("format", "json")];
        let found: Places = self.ask(&self.places_url, &query).await?;
        let region = region.to_lowercase();
        let fits = |place: &&Place| region.is_empty() || region.split(',').all(|part| place.lies_in(part.trim()));
        let place = found.results.iter().find(fits).ok_or_else(|| {
            ToolError::Arguments(format!(
                "`location` is `{location}`, which no place is called; expected a city such as `Oslo`, or with its country or \
                 state as in `Portland, Maine`"
            ))
        })?;
        let (latitude, longitude) = (place.latitude.to_string(), place.longitude.to_string());
        let wanted = "temperature_2m,relative_humidity_2m,weather_code,wind_speed_10m";
        let query =
            [("latitude", latitude.as_str()), ("longitude", &longitude), ("current", wanted), ("timezone", "auto")];
        let Weather { current } = self.ask(&self.forecast_url, &query).await?;
        let place = [Some(place.name.as_str()), place.admin1.as_deref(), place.country.as_deref()];
        let answer = json!({
            "location": place.into_iter().flatten().collect::<Vec<_>>().join(", "),
            "temperature_c": current.temperature_2m,
            "condition": current.weather_code.map_or("unknown", condition),
            "humidity_percent": current.relative_humidity_2m,
            "wind_kmh": current.wind_speed_10m,
            "time": current.time,
            "source": self.forecast_url.host_str(),
        });
        Ok(answer.to_string())
    }

    async fn ask<T: for<'a> Deserialize<'a>>(&self, base: &Url, query: &[(&str, &str)]) -> Result<T, ToolError> {
        let mut url = base.clone();
        url.query_pairs_mut().extend_pairs(query);
        let failed = |why: String| ToolError::Failed(format!("the weather cannot be asked at {}: {why}", shown(base)));
        let answer = self.outbound.send(Ask::get(url), BOUNDS).await.map_err(failed)?;
        if !answer.status.is_success() {
            return Err(failed(format!("status {}", answer.status.as_u16())));
        }
        serde_json::from_slice(&answer.body).map_err(|error| failed(format!("the answer is not as expected ({error})")))
    }
}

/// Weather codes of the World Meteorological Organization, as forecasts use them.
const fn condition(code: u32) -> &'static str {
    match code {
        0 => "clear",
        1 | 2 => "partly cloudy",
        3 => "cloudy",
        45 | 48 => "fog",
        51..=57 => "drizzle",
        61..=67 => "rain",
        71..=77 => "snow",
        80..=82 => "showers",
        85 | 86 => "snow showers",
        95..=99 => "thunderstorm",
        _ => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ToolRegistry, get_weather::GetWeather, outbound::Reach, testing::ScriptedWeb};
    use serde_json::Value;
    use tokio_util::sync::CancellationToken;

    const PLACES: &str = r#"{"results": [
        {"name": "Paris", "latitude": 33.66, "longitude": -95.55, "country": "United States", "country_code": "US",
            "admin1": "Texas"},
        {"name": "Paris", "latitude": 48.85341, "longitude": 2.3488, "country": "France"}]}"#;
    const WEATHER: &str = r#"{"current": {"time": "2026-03-05T14:30", "interval": 900, "temperature_2m": 11.4,
        "relative_humidity_2m": 63, "weather_code": 61, "wind_speed_10m": 9.7}}"#;

    async fn source() -> ScriptedWeb {
        let web = ScriptedWeb::start(|asked| match asked.target.split('?').next().unwrap_or_default() {
            "/search" if asked.target.contains("Nowhere") => (200, "application/json", "{}".into()),
            "/search" if asked.target.contains("Broken") => (200, "application/json", "<html>".into()),
            "/search" if asked.target.contains("Busy") => (429, "application/json", "{}".into()),
            "/search" => (200, "application/json", PLACES.into()),
            _ => (200, "application/json", WEATHER.into()),
        });
        web.await.unwrap()
    }

    fn tools(web: &ScriptedWeb) -> ToolRegistry {
        let url = |path: &str| format!("{}{path}", web.url).parse().unwrap();
        let outbound = Outbound::new(Reach::Private).unwrap();
        let forecast = Forecast { forecast_url: url("/forecast"), places_url: url("/search"), outbound };
        ToolRegistry::default().with(GetWeather::of(Some(forecast)))
    }

    async fn call(tools: &ToolRegistry, location: &str) -> Result<Value, String> {
        let arguments = json!({ "location": location });
        let answer = tools.call("get_weather", arguments.as_object().unwrap(), &CancellationToken::new()).await;
        answer.map(|text| serde_json::from_str(&text).unwrap()).map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn a_place_is_looked_up_and_its_weather_told_with_the_source() {
        let web = source().await;
        let answer = call(&tools(&web), "Paris, France").await.unwrap();
        assert_eq!(
            answer,
            json!({
                "location": "Paris, France", "temperature_c": 11.4, "condition": "rain", "humidity_percent": 63.0,
                "wind_kmh": 9.7, "time": "2026-03-05T14:30", "source": "127.0.0.1",
            })
        );
        let asked = web.asked();
        assert!(asked[0].target.starts_with("/search?name=Paris&count=10"), "{asked:?}");
        assert!(asked[1].target.starts_with("/forecast?latitude=48.85341&longitude=2.3488&current=temperature_2m"));
        let texas = call(&tools(&web), "Paris, Texas, USA").await.unwrap();
        assert_eq!(texas["location"], "Paris, Texas, United States");
        let nowhere = call(&tools(&web), "Paris, Norway").await.unwrap_err();
        assert!(nowhere.contains("no place is called"), "{nowhere}");
    }

    #[tokio::test]
    async fn the_same_question_is_asked_once_and_failures_are_not_kept() {
        let web = source().await;
        let tools = tools(&web);
        let first = call(&tools, "Paris").await.unwrap();
        assert_eq!(call(&tools, "Paris").await.unwrap(), first);
        assert_eq!(web.asked().len(), 2);
        assert!(call(&tools, "Nowhere").await.unwrap_err().contains("which no place is called"));
        assert!(call(&tools, "Busy").await.unwrap_err().contains("status 429"));
        assert!(call(&tools, "Broken").await.unwrap_err().contains("not as expected"));
        assert!(call(&tools, "Busy").await.is_err());
        assert_eq!(web.asked().len(), 6);
    }
}
