//! Server functions of model providers.

use crate::{
    error::AppError,
    protocol::{JsonOrForm, Ui},
};
use leptos::prelude::*;
use types::{JudgeSettings, Provider, ProviderId, ProviderModels};

/// Every provider, without keys.
#[server(ProviderListCall, prefix = "/api/ui", endpoint = "provider_list", protocol = Ui)]
pub async fn provider_list() -> Result<Vec<Provider>, AppError> {
    Ok(crate::ssr::service().provider_list())
}

/// Adds a provider, or changes the one with that id: an empty key stays as it is then. A plain form, so that it works
/// without JavaScript.
#[server(ProviderSaveCall, prefix = "/api/ui", endpoint = "provider_save", protocol = Ui<JsonOrForm>)]
pub async fn provider_save(
    #[server(default)] id: Option<ProviderId>,
    name: String,
    base_url: String,
    api_key: String,
) -> Result<Provider, AppError> {
    let service = crate::ssr::service();
    let given = types::Secret(api_key);
    Ok(match id {
        Some(id) => service.provider_update(id, types::ProviderUpdate::filled(name, base_url, given)).await?,
        None => service.provider_create(types::ProviderCreate { name, base_url, api_key: Some(given) }).await?,
    })
}

/// Deletes a provider. A plain form, so that it works without JavaScript.
#[server(ProviderDeleteCall, prefix = "/api/ui", endpoint = "provider_delete", protocol = Ui<JsonOrForm>)]
pub async fn provider_delete(id: ProviderId) -> Result<(), AppError> {
    Ok(crate::ssr::service().provider_delete(id).await?)
}

/// Brings back a provider that was just deleted.
#[server(ProviderRestoreCall, prefix = "/api/ui", endpoint = "provider_restore", protocol = Ui)]
pub async fn provider_restore(id: ProviderId) -> Result<Provider, AppError> {
    Ok(crate::ssr::service().provider_restore(id).await?)
}

/// Asks a provider for its models.
#[server(ProviderTestCall, prefix = "/api/ui", endpoint = "provider_test", protocol = Ui)]
pub async fn provider_test(id: ProviderId) -> Result<ProviderModels, AppError> {
    Ok(crate::ssr::service().provider_test(id).await?)
}

/// The models that judge replies.
#[server(JudgesCall, prefix = "/api/ui", endpoint = "judges", protocol = Ui)]
pub async fn judges() -> Result<JudgeSettings, AppError> {
    Ok(crate::ssr::service().judge_settings())
}

/// Sets the models that judge replies, each as its provider, a slash and its name; blank = none.
#[server(JudgesSaveCall, prefix = "/api/ui", endpoint = "judges_save", protocol = Ui<JsonOrForm>)]
pub async fn judges_save(embeddings: String, judge: String) -> Result<JudgeSettings, AppError> {
    let settings = JudgeSettings::typed(&embeddings, &judge).map_err(types::Error::Fields)?;
    Ok(crate::ssr::service().judge_settings_set(settings).await?)
}
