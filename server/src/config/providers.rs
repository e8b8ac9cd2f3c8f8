//! Model providers of the environment: `PROVIDER_<NAME>_BASE_URL`, and `PROVIDER_<NAME>_API_KEY` for those that ask for one;
//! and what their models cost.

use service::{PriceTable, ProviderEndpoint};
use std::collections::BTreeSet;

const PREFIX: &str = "PROVIDER_";
const SUFFIX: &str = "_BASE_URL";

/// The providers that the variables of these names describe, by name.
///
/// # Errors
/// A variable whose name can name no provider.
pub fn providers(
    names: impl Iterator<Item = String>,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Vec<ProviderEndpoint>, String> {
    let part = |name: String| Some(name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?.to_owned());
    let set = |name: String| variable(&name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
    let parts: BTreeSet<String> = names.filter_map(part).collect();
    let mut providers = Vec::new();
    for part in parts {
        let Some(base_url) = set(format!("{PREFIX}{part}{SUFFIX}")) else { continue };
        let name = part.to_ascii_lowercase().replace('_', "-");
        if !types::is_provider_name(&name) || name == "openai" || name == "local" {
            return Err(format!(
                "{PREFIX}{part}{SUFFIX} names a provider `{name}`, expected letters, digits and _ between {PREFIX} and \
                 {SUFFIX}, and neither OPENAI nor LOCAL"
            ));
        }
        providers.push(ProviderEndpoint { name, base_url, api_key: set(format!("{PREFIX}{part}_API_KEY")) });
    }
    Ok(providers)
}

/// The table in the program, with the prices of `file` over it.
///
/// # Errors
/// The file cannot be read, or is no table.
pub fn prices(file: Option<String>) -> Result<PriceTable, String> {
    let Some(file) = file else { return Ok(PriceTable::built_in()) };
    let text =
        std::fs::read_to_string(&file).map_err(|error| format!("PRICES_FILE `{file}` cannot be read: {error}"))?;
    let own = PriceTable::read(&text).map_err(|why| format!("PRICES_FILE `{file}` {why}"))?;
    Ok(PriceTable::built_in().with(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Vec<ProviderEndpoint>, String> {
        let value = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        providers(variables.iter().map(|(name, _)| (*name).to_owned()), value)
    }

    #[test]
    fn each_base_url_makes_a_provider_and_its_key_is_found() {
        let found = read(&[
            ("PROVIDER_LM_STUDIO_BASE_URL", " http://localhost:1234/v1 "),
            ("PROVIDER_EMPTY_BASE_URL", ""),
            ("PROVIDER_BROKER_API_KEY", "sk-x"),
            ("PROVIDER_BROKER_BASE_URL", "https://broker.example/v1"),
            ("PROVIDER_OTHER_API_KEY", "sk-y"),
        ]);
        let found = found.unwrap();
        let told: Vec<_> = found.iter().map(|p| (p.name.as_str(), p.base_url.as_str(), p.api_key.as_deref())).collect();
        assert_eq!(
            told,
            [("broker", "https://broker.example/v1", Some("sk-x")), ("lm-studio", "http://localhost:1234/v1", None)]
        );
    }

    #[test]
    fn a_name_that_is_taken_or_none_is_refused() {
        for name in ["PROVIDER_OPENAI_BASE_URL", "PROVIDER_LOCAL_BASE_URL", "PROVIDER__BASE_URL", "PROVIDER_É_BASE_URL"]
        {
            assert!(read(&[(name, "http://host/v1")]).unwrap_err().contains(name), "{name}");
        }
    }
}
