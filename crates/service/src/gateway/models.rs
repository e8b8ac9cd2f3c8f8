//! Which models can be asked: those answered here, and those that the providers say they have.

use super::{LOCAL, local, unknown};
use crate::{Result, Service};
use agents::{ProviderEndpoint, provider::OPENAI, provider_client};
use futures::future::join_all;
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use types::{Page, Timestamp};

/// How long a provider's list is taken for true, and how long a provider that did not answer is left alone.
const FRESH_MS: i64 = 5 * 60 * 1000;
const SILENT_MS: i64 = 30 * 1000;
/// Longest wait for one provider's list.
const PATIENCE: Duration = Duration::from_secs(3);
/// Most models of one provider, and of all of them.
const MODELS_OF_ONE_MAX: usize = 500;
const MODELS_MAX: usize = 5000;

/// What the providers said last, by base URL and key.
#[derive(Default)]
pub(crate) struct ModelBook(Mutex<HashMap<(String, Option<String>), Listed>>);

#[derive(Clone)]
struct Listed {
    until: i64,
    models: Vec<String>,
}

impl ModelBook {
    fn get(&self, endpoint: &ProviderEndpoint, now: Timestamp) -> Option<Vec<String>> {
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        book.retain(|_, listed| listed.until > now.as_millis());
        book.get(&place(endpoint)).map(|listed| listed.models.clone())
    }

    fn put(&self, endpoint: &ProviderEndpoint, listed: Listed) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(place(endpoint), listed);
    }
}

fn place(endpoint: &ProviderEndpoint) -> (String, Option<String>) {
    (endpoint.base_url.clone(), endpoint.key().map(str::to_owned))
}

impl Service {
    /// The models that can be asked, as `GET /v1/models` tells them: those answered here, then those of the providers.
    ///
    /// # Errors
    /// The database fails.
    pub async fn gateway_models(&self) -> Result<Value> {
        let mut names: Vec<String> = self.gateway_local_models().await?;
        // OpenAI without a key cannot be asked; other servers may need none.
        let endpoints = self.inner.providers.endpoints().into_iter();
        let endpoints: Vec<_> = endpoints.filter(|one| one.key().is_some() || !one.is_openai()).collect();
        let listed = join_all(endpoints.iter().map(|endpoint| self.gateway_provider_models(endpoint))).await;
        let configured = format!("{OPENAI}/{}", self.inner.config.openai_model);
        let is_asked = endpoints.iter().any(|endpoint| endpoint.name == OPENAI);
        names.extend(is_asked.then(|| configured.clone()));
        let of_providers = endpoints
            .iter()
            .zip(listed)
            .flat_map(|(endpoint, models)| models.into_iter().map(move |model| format!("{}/{model}", endpoint.name)));
        names.extend(of_providers.filter(|name| *name != configured));
        names.truncate(MODELS_MAX);
        let models: Vec<Value> = names.iter().map(|name| model_entry(name)).collect();
        Ok(json!({"object": "list", "data": models}))
    }

    /// One model, if it can be asked.
    ///
    /// # Errors
    /// Not found.
    pub async fn gateway_model(&self, name: &str) -> Result<Value> {
        let models = self.gateway_models().await?;
        let known = models["data"].as_array().is_some_and(|models| models.iter().any(|model| model["id"] == name));
        if known { Ok(model_entry(name)) } else { Err(unknown(name)) }
    }

    /// The models of a provider as it said a moment ago or says now; none when it does not answer.
    async fn gateway_provider_models(&self, endpoint: &ProviderEndpoint) -> Vec<String> {
        let book = &self.inner.models;
        if let Some(models) = book.get(endpoint, self.now()) {
            return models;
        }
        let asked = tokio::time::timeout(PATIENCE, provider_client::models(&self.inner.dependencies.http, endpoint));
        let (mut models, kept_ms) = match asked.await {
            Ok(Ok(models)) => (models, FRESH_MS),
            Ok(Err(_)) | Err(_) => (Vec::new(), SILENT_MS),
        };
        models.truncate(MODELS_OF_ONE_MAX);
        let until = self.now().as_millis().saturating_add(kept_ms);
        book.put(endpoint, Listed { until, models: models.clone() });
        models
    }

    /// Names of the models that are answered here.
    async fn gateway_local_models(&self) -> Result<Vec<String>> {
        let page = Page { skip: 0, limit: 1000 };
        let runs = self.training_list(None, page).await?.items;
        let trained = runs.iter().filter(|run| self.inner.checkpoints.has_best(run.id));
        let agents = self.agent_list(types::Activity::Active, page).await?.items;
        let names = ["builtin", "untrained"].map(String::from).into_iter();
        let names = names.chain(trained.map(|run| crate::checkpoints::model_of(run.id)));
        let agents = agents.iter().filter(|agent| agent.agent_type == local::FRAMEWORK);
        Ok(names
            .chain(agents.map(|agent| format!("{}{}", local::AGENT, agent.id)))
            .map(|name| format!("{LOCAL}{name}"))
            .collect())
    }
}

fn model_entry(name: &str) -> Value {
    let owner = name.split('/').next().unwrap_or_default();
    json!({"id": name, "object": "model", "created": 0, "owned_by": owner})
}
