//! `get_weather`: a simulated source that says so. The same place always has the same weather.

use crate::{Arguments, Tool, ToolError, argument};
use async_trait::async_trait;
use serde::Serialize;
use serde_json::json;
use tokio_util::sync::CancellationToken;
use types::ToolSpec;

/// Longest location, in characters.
const LOCATION_CHARS_MAX: usize = 100;
/// What every answer says of its origin.
const SOURCE: &str = "simulated (offline)";

/// The tool.
pub struct GetWeather;

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
        ToolSpec {
            name: "get_weather".into(),
            description: "Returns the current weather of a place: temperature, condition and humidity. Offline, the \
                          weather is simulated, and the answer says so."
                .into(),
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

    async fn call(&self, arguments: &Arguments, _cancel: &CancellationToken) -> Result<String, ToolError> {
        let location = argument::text(arguments, "location", LOCATION_CHARS_MAX)?;
        if !location.chars().any(char::is_alphabetic) {
            return Err(ToolError::Arguments(format!(
                "`location` is `{location}`, expected the name of a place, for example `New York`"
            )));
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
