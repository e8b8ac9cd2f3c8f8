//! Which models a provider has: `GET /models`, which every compatible server answers.

use super::{read::bounded_body, refusal};
use crate::{provider::ProviderEndpoint, redact::redacted};
use serde::Deserialize;
use std::time::Duration;
use types::Error;

/// Longest wait for the list.
const TIMEOUT: Duration = Duration::from_secs(15);
/// Longest list that is read; a broker of all models answers about half a megabyte.
const LIST_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Most names that are told.
const MODELS_MAX: usize = 2000;
/// Longest name that is told, in characters.
const NAME_CHARS_MAX: usize = 200;

#[derive(Deserialize)]
struct List {
    data: Vec<Model>,
}

#[derive(Deserialize)]
struct Model {
    id: String,
}

/// The names of the provider's models, in alphabetical order.
///
/// # Errors
/// `Invalid` when its base URL must not be asked, `Upstream` with what went wrong, without the key.
pub async fn models(http: &reqwest::Client, endpoint: &ProviderEndpoint) -> Result<Vec<String>, Error> {
    let url = endpoint.url("models")?;
    let mut call = http.get(url);
    if let Some(key) = endpoint.key() {
        call = call.bearer_auth(key);
    }
    let asked = tokio::time::timeout(TIMEOUT, async {
        let response = call.send().await.map_err(|error| refusal::unreachable(endpoint, &error).message)?;
        if !response.status().is_success() {
            return Err(refusal::read(endpoint, response).await.message);
        }
        bounded_body(response, LIST_BYTES_MAX)
            .await
            .map_err(|_| "the provider's list of models is too large".to_owned())
    });
    let late = |_| format!("the provider did not list its models within {} seconds", TIMEOUT.as_secs());
    let body = asked.await.map_err(late).flatten().map_err(Error::Upstream)?;
    names(&body).map_err(|why| Error::Upstream(redacted(&why, endpoint.key())))
}

fn names(body: &[u8]) -> Result<Vec<String>, String> {
    let list: List = serde_json::from_slice(body).map_err(|error| {
        format!("the provider answered `GET /models` with something that is no list of models: {error}")
    })?;
    let cut = |name: String| name.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect::<String>();
    let mut names: Vec<String> = list.data.into_iter().take(MODELS_MAX).map(|model| cut(model.id)).collect();
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_told_once_and_without_control_characters() {
        let body = br#"{"object":"list","data":[{"id":"b\n"},{"id":"a","object":"model"},{"id":"a"}]}"#;
        assert_eq!(names(body).unwrap(), ["a", "b"]);
        assert!(names(b"<html>").unwrap_err().contains("no list of models"));
    }
}
