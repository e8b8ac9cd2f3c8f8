//! Metrics that people wrote.

use super::{
    engines::each_store,
    samples::{at, uuid},
};
use types::{Error, Metric, MetricId, MetricKind};

fn metric(number: u128, name: &str) -> Metric {
    Metric {
        id: MetricId(uuid(number)),
        name: name.into(),
        description: "How many calls".into(),
        expression: "calls|length".into(),
        kind: MetricKind::Number,
        created_at: at(1),
        updated_at: None,
    }
}

#[tokio::test]
async fn metrics_are_listed_by_name_changed_and_deleted_once() {
    each_store(async |store| {
        let (length, apology) = (metric(1, "length"), metric(2, "apology"));
        store.metric_insert(&length).await.unwrap();
        store.metric_insert(&apology).await.unwrap();
        assert_eq!(store.metric_list().await.unwrap(), [apology.clone(), length.clone()]);
        let again = store.metric_insert(&metric(3, "length")).await;
        assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
        let changed =
            Metric { kind: MetricKind::Flag, expression: "reward > 0".into(), updated_at: Some(at(9)), ..length };
        assert!(store.metric_update(&changed).await.unwrap());
        assert_eq!(store.metric_list().await.unwrap(), [apology.clone(), changed.clone()]);
        let taken = store.metric_update(&Metric { name: "apology".into(), ..changed.clone() }).await;
        assert!(matches!(taken, Err(Error::Conflict(_))), "{taken:?}");
        assert!(store.metric_delete(changed.id).await.unwrap());
        assert!(!store.metric_delete(changed.id).await.unwrap());
        assert!(!store.metric_update(&changed).await.unwrap());
        assert_eq!(store.metric_list().await.unwrap(), [apology]);
    })
    .await;
}
