//! Providers.

use super::{
    engines::each_store,
    samples::{at, uuid},
};
use store::StoredProvider;
use types::{Error, ProviderId};

fn provider(number: u128, name: &str) -> StoredProvider {
    StoredProvider {
        id: ProviderId(uuid(number)),
        name: name.into(),
        base_url: "http://localhost:11434/v1".into(),
        api_key: Some("sk-secret".into()),
        created_at: at(1),
        updated_at: None,
    }
}

#[tokio::test]
async fn providers_are_listed_by_name_changed_and_deleted_once() {
    each_store(async |store| {
        let (vllm, ollama) = (provider(1, "vllm"), provider(2, "ollama"));
        store.provider_insert(&vllm).await.unwrap();
        store.provider_insert(&ollama).await.unwrap();
        assert_eq!(store.provider_list().await.unwrap(), [ollama.clone(), vllm.clone()]);
        let changed = StoredProvider { api_key: None, updated_at: Some(at(9)), ..vllm.clone() };
        assert!(store.provider_update(&changed).await.unwrap());
        assert_eq!(store.provider_list().await.unwrap(), [ollama.clone(), changed]);
        assert!(store.provider_delete(vllm.id).await.unwrap());
        assert!(!store.provider_delete(vllm.id).await.unwrap());
        assert!(!store.provider_update(&vllm).await.unwrap());
        assert_eq!(store.provider_list().await.unwrap(), [ollama]);
    })
    .await;
}

#[tokio::test]
async fn a_name_is_taken_once_and_keys_are_not_in_debug_output() {
    each_store(async |store| {
        store.provider_insert(&provider(1, "ollama")).await.unwrap();
        let again = store.provider_insert(&provider(2, "ollama")).await;
        assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
        assert!(!format!("{:?}", provider(1, "ollama")).contains("secret"));
    })
    .await;
}
