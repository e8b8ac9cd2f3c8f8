//! Files of test cases between their preview and their import.

use super::{
    engines::each_store,
    samples::{at, case},
};
use types::ImportOptions;

#[tokio::test]
async fn a_file_is_kept_until_it_is_old_or_too_many_are_newer() {
    each_store(async |store| {
        let options = ImportOptions {
            format: Some("csv".into()),
            columns: [("Question".to_owned(), "user_input".to_owned())].into(),
        };
        let save = async |token: &str, when, keep| {
            store.case_upload_save(token, ("a,b\n", &options), at(when), (at(when - 50), keep)).await.unwrap();
        };
        let load = async |token: &str, since| store.case_upload_load(token, at(since)).await.unwrap();
        save("one", 100, 2).await;
        assert_eq!(load("one", 100).await, Some(("a,b\n".to_owned(), options.clone())));
        assert_eq!(load("one", 101).await, None);
        save("two", 120, 2).await;
        save("one", 130, 2).await;
        save("three", 140, 2).await;
        assert_eq!(load("two", 0).await, None);
        assert!(load("one", 130).await.is_some());
        save("four", 185, 9).await;
        assert_eq!((load("one", 0).await, load("three", 0).await.is_some()), (None, true));
        let write = async |number, token| store.case_write_all(&[case(number, "from a file")], &[], Some(token)).await;
        assert!(write(1, "three").await.unwrap());
        assert_eq!(load("three", 0).await, None);
        assert!(!write(2, "three").await.unwrap(), "a file is written once");
        assert_eq!(store.case_list_all().await.unwrap(), [case(1, "from a file")]);
        assert!(write(1, "four").await.is_err(), "the id is taken");
        assert!(load("four", 0).await.is_some(), "what was not written is kept");
    })
    .await;
}
