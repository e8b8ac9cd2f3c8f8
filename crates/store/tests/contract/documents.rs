//! Documents.

use super::{
    engines::each_store,
    samples::{at, page, uuid},
};
use types::{Document, DocumentId, Error};

fn document(number: u32, title: &str) -> Document {
    Document {
        id: DocumentId(uuid(number.into())),
        title: title.into(),
        body: "Rust is a language.".into(),
        created_at: at(number.into()),
    }
}

#[tokio::test]
async fn documents_survive_are_listed_newest_first_and_deleted_once() {
    each_store(async |store| {
        let (old, new) = (document(1, "Old"), document(2, "Neü 'quoted'"));
        store.document_insert(&old).await.unwrap();
        store.document_insert(&new).await.unwrap();
        let listed = store.document_list(page(0, 10)).await.unwrap();
        assert_eq!((listed.items, listed.total), (vec![new.clone(), old.clone()], 2));
        let rest = store.document_list(page(1, 10)).await.unwrap();
        assert_eq!((rest.items, rest.total), (vec![old], 2));
        assert!(store.document_delete(new.id).await.unwrap());
        assert!(!store.document_delete(new.id).await.unwrap());
        assert_eq!(store.document_list(page(0, 10)).await.unwrap().total, 1);
    })
    .await;
}

#[tokio::test]
async fn an_id_is_taken_once() {
    each_store(async |store| {
        store.document_insert(&document(1, "a")).await.unwrap();
        let again = store.document_insert(&document(1, "b")).await;
        assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
    })
    .await;
}
