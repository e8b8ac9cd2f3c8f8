//! `get_weather`: a forecast when the operator chose a source, else a simulation that says so, in which the same place
//! always has the same weather.

mod forecast;

pub use forecast::Forecast;

use crate::{Arguments, Tool, ToolBounds, ToolError, argument};
use async_trait::async_trait;
use serde::Serialize;
use serde_json::json;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use types::ToolSpec;

/// Longest location, in characters.
const LOCATION_CHARS_MAX: usize = 100;
/// What every answer says of its origin.
const SOURCE: &str = "simulated (offline)";
/// How long real weather is kept: sources change theirs every quarter of an hour.
const KEPT: Duration = Duration::from_secs(600);

/// The tool.
pub struct GetWeather {
    source: Option<Forecast>,
}

impl GetWeather {
    /// The tool over a source; without one it simulates.
    pub const fn of(source: Option<Forecast>) -> Self {
        Self { source }
    }
}

#[derive(Serialize)]
struct Weather<'a> {
    location: &'a str,
    temperature_c: i32,
    condition: &'static str,
    humidity_percent: u32,
    source: &'static str,
}

#[async_trait]
impl Tool for GetWeather {
    fn spec(&self) -> ToolSpec {
        let origin = match self.source {
            Some(_) => "",
            None => " Offline, the weather is simulated, and the answer says so.",
        };
        ToolSpec {
            name: "get_weather".into(),
            description: format!(
                "Returns the current weather of a place: temperature, condition and humidity.{origin}"
            ),
            parameters: json!({
                "type": "object",
                "properties": {
                    "location": {
                        "type": "string",
                        "description": "Name of a city or place, for example `New York`."
                    }
                },
                "required": ["location"],
                "additionalProperties": false
            }),
        }
    }

    fn bounds(&self) -> ToolBounds {
        let cached = if self.source.is_some() { KEPT } else { Duration::ZERO };
        ToolBounds { cached, ..ToolBounds::default() }
    }

    async fn call(&self, arguments: &Arguments, _cancel: &CancellationToken) -> Result<String, ToolError> {
        let location = argument::text(arguments, "location", LOCATION_CHARS_MAX)?;
        if !location.chars().any(char::is_alphabetic) {
            return Err(ToolError::Arguments(format!(
                "`location` is `{location}`, expected the name of a place, for example `New York`"
            )));
        }
        if let Some(source) = &self.source {
            return source.weather(location).await;
        }
        serde_json::to_string(&simulated(location)).map_err(|error| ToolError::Failed(error.to_string()))
    }
}

/// Weather from nothing but the name, so that every run and every machine agrees. Case and spacing do not matter.
fn simulated(location: &str) -> Weather<'_> {
    let key = location.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let hash = crc32fast::hash(key.as_bytes());
    let temperature_c = i32::try_from(hash % 41).unwrap_or_default() - 5;
    let conditions: &[&str] =
        if temperature_c <= 1 { &["snow", "cloudy", "clear"] } else { &["sunny", "cloudy", "rain", "windy"] };
    let choice = usize::try_from(hash / 41).unwrap_or_default() % conditions.len();
    Weather {
        location,
        temperature_c,
        condition: conditions.get(choice).copied().unwrap_or("cloudy"),
        humidity_percent: 30 + (hash >> 8) % 61,
        source: SOURCE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    async fn call(arguments: Value) -> Result<Value, String> {
        let answer = GetWeather::of(None).call(arguments.as_object().unwrap(), &CancellationToken::new()).await;
        answer.map(|text| serde_json::from_str(&text).unwrap()).map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn the_same_place_has_the_same_weather_and_says_that_it_is_simulated() {
        let mut weather = call(json!({ "location": "New York" })).await.unwrap();
        assert_eq!(weather["source"], "simulated (offline)");
        assert_eq!(weather["location"], "New York");
        let mut again = call(json!({ "location": " new   york" })).await.unwrap();
        assert_eq!(weather["location"].take(), "New York");
        assert_eq!(again["location"].take(), "new   york");
        assert_eq!(weather, again);
    }

    #[test]
    fn the_weather_is_plausible_everywhere() {
        for number in 0..2_000 {
            let weather = simulated(&format!("Place {number}")).temperature_c;
            assert!((-5..=35).contains(&weather));
        }
        for place in (0..2_000).map(|number| format!("Place {number}")) {
            let weather = simulated(&place);
            assert!((30..=90).contains(&weather.humidity_percent));
            assert!(weather.condition != "snow" || weather.temperature_c <= 1);
        }
    }

    #[tokio::test]
    async fn what_is_no_place_is_refused() {
        for (arguments, expected) in [
            (json!({ "location": "" }), "`location` is empty, expected 1 to 100 characters"),
            (json!({ "location": "x".repeat(101) }), "`location` has 101 characters, expected at most 100"),
            (json!({ "location": "12?" }), "`location` is `12?`, expected the name of a place, for example `New York`"),
            (json!({ "city": "Oslo" }), "`location` is missing, expected a string"),
        ] {
            assert_eq!(call(arguments).await, Err(expected.to_owned()));
        }
    }
}
