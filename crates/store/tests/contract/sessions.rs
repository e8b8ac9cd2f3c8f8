//! Sessions.

use super::{engines::each_store, samples::at};

#[tokio::test]
async fn a_session_is_replaced_read_until_it_expires_and_forgotten() {
    each_store(async |store| {
        store.session_save("s", "{}", at(100)).await.unwrap();
        store.session_save("s", r#"{"theme":"dark"}"#, at(200)).await.unwrap();
        let load = async |now| store.session_load("s", at(now)).await.unwrap();
        assert_eq!(load(199).await.as_deref(), Some(r#"{"theme":"dark"}"#));
        assert_eq!(load(200).await, None);
        store.session_delete("s").await.unwrap();
        store.session_delete("s").await.unwrap();
        assert_eq!(load(150).await, None);
    })
    .await;
}

#[tokio::test]
async fn a_sweep_forgets_what_expired() {
    each_store(async |store| {
        for (id, expires) in [("a", 10), ("b", 20), ("c", 30)] {
            store.session_save(id, "{}", at(expires)).await.unwrap();
        }
        assert_eq!(store.session_sweep(at(20)).await.unwrap(), 2);
        assert_eq!(store.session_load("b", at(0)).await.unwrap(), None);
        assert_eq!(store.session_load("c", at(0)).await.unwrap().as_deref(), Some("{}"));
    })
    .await;
}
