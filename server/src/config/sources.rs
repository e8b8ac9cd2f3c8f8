//! Where tools find what is not in this program: weather, search, and whether they reach the network at all.

use super::flag;
use service::SourceSettings;

/// The sources that the variables describe, checked.
///
/// # Errors
/// The variable that is wrong, and what would be right.
pub fn sources(
    set: &impl Fn(&str) -> Option<String>,
    text: &impl Fn(&str) -> String,
) -> Result<SourceSettings, String> {
    let settings = SourceSettings {
        network: flag("TOOLS_NETWORK", &text("TOOLS_NETWORK"))?,
        private_network: flag("TOOLS_PRIVATE_NETWORK", &text("TOOLS_PRIVATE_NETWORK"))?,
        weather: text("WEATHER_SOURCE"),
        forecast_url: text("WEATHER_FORECAST_URL"),
        places_url: text("WEATHER_PLACES_URL"),
        search: text("SEARCH_SOURCE"),
        search_url: set("SEARCH_URL"),
        search_key: set("SEARCH_API_KEY"),
    };
    settings.open().map(|_| settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<SourceSettings, String> {
        let set = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        sources(&set, &|name| set(name).unwrap_or_else(|| super::super::default_of(name).to_owned()))
    }

    #[test]
    fn the_defaults_are_those_of_the_tools_and_reach_nothing() {
        let (read, own) = (read(&[]).unwrap(), SourceSettings::default());
        assert_eq!((read.network, read.private_network), (false, false));
        assert_eq!((&read.weather, &read.search), (&own.weather, &own.search));
        assert_eq!((&read.forecast_url, &read.places_url), (&own.forecast_url, &own.places_url));
    }

    #[test]
    fn a_source_that_cannot_work_is_refused_at_the_start() {
        assert!(read(&[("WEATHER_SOURCE", "open-meteo"), ("SEARCH_SOURCE", "wikipedia")]).is_ok());
        assert!(read(&[("SEARCH_SOURCE", "brave")]).unwrap_err().contains("SEARCH_API_KEY"));
        assert!(read(&[("TOOLS_NETWORK", "maybe")]).unwrap_err().contains("TOOLS_NETWORK"));
    }
}
