//! Agents.

use super::{
    engines::each_store,
    samples::{agent, at, object, page},
};
use types::{Activity, Agent, AgentFilter, AgentId, Error};

fn full(number: u128) -> Agent {
    Agent {
        name: Some("Ada \u{1F916} O'Neil".into()),
        temperature: 0.1,
        system_prompt: Some("Be \"brief\";\n-- really".into()),
        config_json: Some(object(r#"{"a": {"b": [1, 2.5, null]}, "nul": "\u0000"}"#)),
        updated_at: Some(at(3)),
        ..agent(number)
    }
}

#[tokio::test]
async fn an_agent_survives_with_every_field() {
    each_store(async |store| {
        let (full, bare) = (full(1), agent(2));
        store.agent_insert(&full).await.unwrap();
        store.agent_insert(&bare).await.unwrap();
        assert_eq!(store.agent_get(full.id).await.unwrap(), Some(full));
        assert_eq!(store.agent_get(bare.id).await.unwrap(), Some(bare));
        assert_eq!(store.agent_get(agent(3).id).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn an_id_is_taken_once() {
    each_store(async |store| {
        store.agent_insert(&agent(1)).await.unwrap();
        let again = store.agent_insert(&agent(1)).await;
        assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
    })
    .await;
}

#[tokio::test]
async fn agents_are_listed_oldest_first_by_page_and_the_total_is_over_all_pages() {
    each_store(async |store| {
        for (number, created) in [(1, 30), (2, 10), (3, 20), (4, 10)] {
            store.agent_insert(&Agent { created_at: at(created), ..agent(number) }).await.unwrap();
        }
        store.agent_insert(&Agent { is_active: false, ..agent(5) }).await.unwrap();
        let listed = async |activity, skip, limit| {
            let list = store.agent_list(activity, page(skip, limit)).await.unwrap();
            (list.items.iter().map(|agent| agent.id.0.as_u128()).collect::<Vec<_>>(), list.total)
        };
        assert_eq!(listed(Activity::Active, 0, 100).await, (vec![2, 4, 3, 1], 4));
        assert_eq!(listed(Activity::Active, 1, 2).await, (vec![4, 3], 4));
        assert_eq!(listed(Activity::All, 0, 1).await, (vec![5], 5));
        assert_eq!(listed(Activity::All, u32::MAX, u32::MAX).await, (vec![], 5));
    })
    .await;
}

#[tokio::test]
async fn agents_are_added_and_deleted_together_and_listed_by_type() {
    each_store(async |store| {
        let of_type = |number, agent_type: &str| Agent { agent_type: agent_type.into(), ..agent(number) };
        store.agent_insert_all(&[of_type(1, "local"), of_type(2, "pydantic_ai")]).await.unwrap();
        let again = store.agent_insert_all(&[of_type(3, "local"), of_type(1, "local")]).await;
        assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
        let listed = async |agent_type: Option<&str>| {
            let filter = AgentFilter { activity: Activity::Active, agent_type: agent_type.map(Into::into) };
            let list = store.agent_list(filter, page(0, 100)).await.unwrap();
            (list.items.iter().map(|agent| agent.id.0.as_u128()).collect::<Vec<_>>(), list.total)
        };
        assert_eq!(listed(None).await, (vec![1, 2], 2));
        assert_eq!(listed(Some("local")).await, (vec![1], 1));
        assert_eq!(listed(Some("pydanticXai")).await, (vec![], 0));
        store.agent_activate_all(&[agent(1).id, agent(2).id], false, at(7)).await.unwrap();
        assert_eq!(listed(None).await, (vec![], 0));
        assert_eq!(store.agent_get(agent(1).id).await.unwrap().unwrap().updated_at, Some(at(7)));
        store.agent_activate_all(&[agent(2).id], true, at(8)).await.unwrap();
        assert_eq!(listed(None).await, (vec![2], 1));
    })
    .await;
}

#[tokio::test]
async fn an_update_replaces_what_can_change() {
    each_store(async |store| {
        store.agent_insert(&full(1)).await.unwrap();
        let changed = Agent { is_active: false, model: "run:7".into(), updated_at: Some(at(9)), ..agent(1) };
        assert!(store.agent_update(&changed).await.unwrap());
        assert_eq!(store.agent_get(changed.id).await.unwrap(), Some(changed));
        assert!(!store.agent_update(&agent(2)).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_nul_character_is_stored_as_the_replacement_character() {
    each_store(async |store| {
        store.agent_insert(&Agent { name: Some("a\0b".into()), ..agent(1) }).await.unwrap();
        let stored = store.agent_get(AgentId(super::samples::uuid(1))).await.unwrap().unwrap();
        assert_eq!(stored.name.as_deref(), Some("a\u{FFFD}b"));
    })
    .await;
}

#[tokio::test]
async fn a_temperature_that_is_no_number_is_refused() {
    each_store(async |store| {
        let refused = store.agent_insert(&Agent { temperature: f64::NAN, ..agent(1) }).await;
        assert!(matches!(refused, Err(Error::Internal(_))), "{refused:?}");
        assert_eq!(store.agent_get(agent(1).id).await.unwrap(), None);
    })
    .await;
}
