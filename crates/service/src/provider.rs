//! Model providers: those of the environment and those that people added. Keys go in and are never told.
//!
//! Every lookup is answered from memory, for agents are made anew for each turn. A stored provider takes the place of one
//! of the environment with the same name; without it, that one is back.

use crate::{Result, Service, agent::refuse_if_any, new_id};
use agents::{ProviderEndpoint, Providers, provider::unknown, provider_client};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError, RwLock},
};
use store::{Store, StoredProvider};
use types::{Error, Provider, ProviderCreate, ProviderId, ProviderModels, ProviderSource, ProviderUpdate, Secret};

/// Deleted providers that can be brought back, until the process ends.
const DELETED_MAX: usize = 16;
/// Most providers that are stored.
const STORED_MAX: usize = 200;

/// All providers, by name.
pub(crate) struct ProviderBook {
    environment: Vec<ProviderEndpoint>,
    stored: RwLock<BTreeMap<String, StoredProvider>>,
    /// The newest last. Their keys are no longer in the database.
    deleted: Mutex<VecDeque<StoredProvider>>,
}

impl ProviderBook {
    pub(crate) async fn open(environment: &[ProviderEndpoint], store: &Store) -> Result<Self> {
        let stored = store.provider_list().await?.into_iter().map(|one| (one.name.clone(), one)).collect();
        Ok(Self { environment: environment.to_vec(), stored: RwLock::new(stored), deleted: Mutex::default() })
    }

    fn read<R>(&self, read: impl FnOnce(&BTreeMap<String, StoredProvider>) -> R) -> R {
        read(&self.stored.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn change<R>(&self, change: impl FnOnce(&mut BTreeMap<String, StoredProvider>) -> R) -> R {
        change(&mut self.stored.write().unwrap_or_else(PoisonError::into_inner))
    }

    fn deleted(&self) -> MutexGuard<'_, VecDeque<StoredProvider>> {
        self.deleted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stored(&self, id: ProviderId) -> Option<StoredProvider> {
        self.read(|stored| stored.values().find(|one| one.id == id).cloned())
    }

    /// Every provider in use, by name.
    fn list(&self) -> Vec<(Provider, ProviderEndpoint)> {
        let named = self.environment.iter().map(|one| (one.name.clone(), (shown_environment(one), one.clone())));
        let mut all: BTreeMap<_, _> = named.collect();
        self.read(|stored| {
            all.extend(stored.values().map(|one| (one.name.clone(), (shown(one), endpoint(one)))));
        });
        all.into_values().collect()
    }

    /// Where each of them is asked, by name.
    pub(crate) fn endpoints(&self) -> Vec<ProviderEndpoint> {
        self.list().into_iter().map(|(_, endpoint)| endpoint).collect()
    }
}

impl Providers for ProviderBook {
    fn provider(&self, name: &str) -> Result<ProviderEndpoint, String> {
        let stored = self.read(|stored| stored.get(name).map(endpoint));
        let found = stored.or_else(|| self.environment.iter().find(|one| one.name == name).cloned());
        found.ok_or_else(|| {
            let names: Vec<String> = self.list().into_iter().map(|(provider, _)| provider.name).collect();
            unknown(name, names.iter().map(String::as_str))
        })
    }
}

impl Service {
    /// Where models of the provider of that name are asked.
    ///
    /// # Errors
    /// Not found, naming those there are.
    pub fn provider(&self, name: &str) -> Result<ProviderEndpoint> {
        self.inner.providers.provider(name).map_err(Error::NotFound)
    }

    /// Every provider, by name, without keys.
    pub fn provider_list(&self) -> Vec<Provider> {
        self.inner.providers.list().into_iter().map(|(provider, _)| provider).collect()
    }

    /// A new provider; agents can name it from now on.
    ///
    /// # Errors
    /// Refused fields, a name that is taken, too many.
    pub async fn provider_create(&self, draft: ProviderCreate) -> Result<Provider> {
        refuse_if_any(draft.validate())?;
        let provider = StoredProvider {
            id: ProviderId(new_id()),
            name: draft.name,
            base_url: draft.base_url,
            api_key: key(draft.api_key),
            created_at: self.now(),
            updated_at: None,
        };
        self.provider_add(provider).await
    }

    /// The provider with a change made.
    ///
    /// # Errors
    /// Not found, refused fields, a name that is taken; `Conflict` for one of the environment.
    pub async fn provider_update(&self, id: ProviderId, update: ProviderUpdate) -> Result<Provider> {
        refuse_if_any(update.validate())?;
        let before = self.provider_stored(id)?;
        let mut after = before.clone();
        if let Some(given) = update.api_key {
            after.api_key = key(given);
        } else if before.api_key.is_some() && update.base_url.as_ref().is_some_and(|url| *url != before.base_url) {
            let why = "is not sent to another address unless it is given again; send null to go on without it";
            return Err(Error::field("api_key", why));
        }
        after.base_url = update.base_url.unwrap_or(after.base_url);
        after.name = update.name.unwrap_or(after.name);
        after.updated_at = Some(self.now());
        endpoint(&after).url("").map_err(|error| Error::field("base_url", error.to_string()))?;
        if !self.store().provider_update(&after).await.map_err(|error| taken(&after.name, error))? {
            return Err(Error::not_found("provider", id));
        }
        self.inner.providers.change(|stored| {
            stored.remove(&before.name);
            stored.insert(after.name.clone(), after.clone());
        });
        Ok(shown(&after))
    }

    /// Deletes a provider and its key. Until the process ends it can be brought back.
    ///
    /// # Errors
    /// Not found; `Conflict` for one of the environment.
    pub async fn provider_delete(&self, id: ProviderId) -> Result<()> {
        let provider = self.provider_stored(id)?;
        if !self.store().provider_delete(id).await? {
            return Err(Error::not_found("provider", id));
        }
        self.inner.providers.change(|stored| stored.remove(&provider.name));
        let mut deleted = self.inner.providers.deleted();
        deleted.push_back(provider);
        if deleted.len() > DELETED_MAX {
            deleted.pop_front();
        }
        Ok(())
    }

    /// Brings back a provider that was deleted since the process started, with its key.
    ///
    /// # Errors
    /// Not found; `Conflict` when its name was taken meanwhile.
    pub async fn provider_restore(&self, id: ProviderId) -> Result<Provider> {
        let found = self.inner.providers.deleted().iter().find(|one| one.id == id).cloned();
        let provider = found.ok_or_else(|| Error::not_found("deleted provider", id))?;
        let shown = self.provider_add(provider).await?;
        self.inner.providers.deleted().retain(|one| one.id != id);
        Ok(shown)
    }

    /// Asks a provider for its models: whether address and key are right.
    ///
    /// # Errors
    /// Not found; `Upstream` with what went wrong.
    pub async fn provider_test(&self, id: ProviderId) -> Result<ProviderModels> {
        let mut all = self.inner.providers.list().into_iter();
        let found = all.find(|(provider, _)| provider.id == id).ok_or_else(|| Error::not_found("provider", id))?;
        let models = provider_client::models(&self.inner.dependencies.http, &found.1).await?;
        Ok(ProviderModels { models })
    }

    async fn provider_add(&self, provider: StoredProvider) -> Result<Provider> {
        endpoint(&provider).url("").map_err(|error| Error::field("base_url", error.to_string()))?;
        if self.inner.providers.read(BTreeMap::len) >= STORED_MAX {
            return Err(Error::Conflict(format!("there are {STORED_MAX} providers, which is the most")));
        }
        self.store().provider_insert(&provider).await.map_err(|error| taken(&provider.name, error))?;
        let shown = shown(&provider);
        self.inner.providers.change(|stored| stored.insert(provider.name.clone(), provider));
        Ok(shown)
    }

    fn provider_stored(&self, id: ProviderId) -> Result<StoredProvider> {
        let of_environment = |one: &ProviderEndpoint| environment_id(&one.name) == id;
        match self.inner.providers.stored(id) {
            Some(provider) => Ok(provider),
            None if self.inner.providers.environment.iter().any(of_environment) => Err(Error::Conflict(
                "this provider comes from the environment: change it there, or add one of the same name here".into(),
            )),
            None => Err(Error::not_found("provider", id)),
        }
    }
}

/// A name that is taken, in words; other errors as they are.
fn taken(name: &str, error: Error) -> Error {
    match error {
        Error::Conflict(_) => Error::field("name", format!("is `{name}`, which another provider has")),
        other => other,
    }
}

/// A key of blanks is none.
fn key(given: Option<Secret>) -> Option<String> {
    given.map(|key| key.0.trim().to_owned()).filter(|key| !key.is_empty())
}

fn endpoint(provider: &StoredProvider) -> ProviderEndpoint {
    ProviderEndpoint {
        name: provider.name.clone(),
        base_url: provider.base_url.clone(),
        api_key: provider.api_key.clone(),
    }
}

fn shown(provider: &StoredProvider) -> Provider {
    Provider {
        id: provider.id,
        name: provider.name.clone(),
        base_url: provider.base_url.clone(),
        has_key: provider.api_key.is_some(),
        source: ProviderSource::Stored,
        created_at: Some(provider.created_at),
        updated_at: provider.updated_at,
    }
}

fn shown_environment(endpoint: &ProviderEndpoint) -> Provider {
    Provider {
        id: environment_id(&endpoint.name),
        name: endpoint.name.clone(),
        base_url: endpoint.base_url.clone(),
        has_key: endpoint.key().is_some(),
        source: ProviderSource::Environment,
        created_at: None,
        updated_at: None,
    }
}

/// The id of a provider that has no row: it follows from the name, so that it is the same after a restart.
fn environment_id(name: &str) -> ProviderId {
    let digest: [u8; 32] = Sha256::digest(format!("provider of the environment: {name}")).into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(digest.first_chunk::<16>().unwrap_or(&[0; 16]));
    ProviderId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}
