//! Added tools.

use super::{
    engines::each_store,
    samples::{at, uuid},
};
use serde_json::json;
use store::StoredTool;
use types::{AddedTool, AddedToolId, AddedToolKind, Error, ServerTool};

fn stored(number: u128, name: &str) -> StoredTool {
    let tool = ServerTool {
        name: "Look.Up".into(),
        description: "Looks up: é, \0 and \"quotes\".".into(),
        parameters: json!({ "type": "object" }),
        is_on: true,
    };
    StoredTool {
        tool: AddedTool {
            id: AddedToolId(uuid(number)),
            name: name.into(),
            kind: AddedToolKind::Mcp,
            description: String::new(),
            url: "https://host.example/mcp".into(),
            method: "GET".into(),
            parameters: json!({ "type": "object", "properties": { "id": { "type": "string" } } }),
            response_path: Some("/a".into()),
            header_names: vec!["Authorization".into()],
            timeout_ms: 10_000,
            output_bytes_max: 16_384,
            cache_seconds: 60,
            is_active: true,
            tools: vec![tool],
            created_at: at(1),
            updated_at: None,
        },
        headers: vec![("Authorization".into(), "Bearer sk-secret".into())],
    }
}

#[tokio::test]
async fn added_tools_are_listed_by_name_changed_and_deleted_once() {
    each_store(async |store| {
        let (shop, atlas) = (stored(1, "shop"), stored(2, "atlas"));
        store.added_tool_insert(&shop).await.unwrap();
        store.added_tool_insert(&atlas).await.unwrap();
        assert_eq!(store.added_tool_list().await.unwrap(), [atlas.clone(), shop.clone()]);
        let mut changed = shop.clone();
        (changed.tool.is_active, changed.tool.updated_at, changed.headers) = (false, Some(at(9)), Vec::new());
        assert!(store.added_tool_update(&changed).await.unwrap());
        assert_eq!(store.added_tool_list().await.unwrap(), [atlas.clone(), changed]);
        assert!(store.added_tool_delete(shop.tool.id).await.unwrap());
        assert!(!store.added_tool_delete(shop.tool.id).await.unwrap());
        assert!(!store.added_tool_update(&shop).await.unwrap());
        assert_eq!(store.added_tool_list().await.unwrap(), [atlas]);
    })
    .await;
}

#[tokio::test]
async fn a_name_is_taken_once_and_headers_are_not_in_debug_output() {
    each_store(async |store| {
        store.added_tool_insert(&stored(1, "shop")).await.unwrap();
        let again = store.added_tool_insert(&stored(2, "shop")).await;
        assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
        assert!(!format!("{:?}", stored(1, "shop")).contains("secret"));
    })
    .await;
}
