//! Ranking, additions and hostile queries.

use super::*;
use futures::FutureExt;
use std::pin::pin;
use types::{Document, DocumentId, Timestamp};

fn id(number: u128) -> DocumentId {
    DocumentId(uuid::Uuid::from_u128(number))
}

fn document(number: u128, title: &str, body: &str) -> Document {
    let created_at = Timestamp::from_millis(0);
    Document { id: id(number), title: title.into(), body: body.into(), created_at }
}

fn titles(index: &SearchIndex, query: &str) -> Vec<String> {
    index.find(query, 3).unwrap().into_iter().map(|found| found.title).collect()
}

async fn call(arguments: Value) -> Result<Value, String> {
    let search = Search::new(SearchIndex::bundled().unwrap(), None);
    let answer = search.call(arguments.as_object().unwrap(), &CancellationToken::new()).await;
    answer.map(|text| serde_json::from_str(&text).unwrap()).map_err(|error| error.to_string())
}

#[test]
fn the_bundled_corpus_answers_what_people_ask() {
    let index = SearchIndex::bundled().unwrap();
    for (query, title) in [
        ("history of Rust", "The history of Rust"),
        ("Who was Ada Lovelace?", "Ada Lovelace"),
        ("reinforcement learning", "Reinforcement learning"),
        ("Q-learning", "Q-learning"),
        ("how volcanoes form", "Volcanoes"),
        ("speed of light", "The speed of light"),
        ("SQLite", "SQLite"),
        ("vaccine", "Vaccines"),
        ("capital of Japan", "Capitals of Asia"),
    ] {
        assert_eq!(titles(&index, query).first().map(String::as_str), Some(title), "{query}");
    }
}

#[test]
fn a_snippet_shows_where_the_words_are() {
    let found = SearchIndex::bundled().unwrap().find("Satoshi Nakamoto", 1).unwrap();
    assert!(found[0].snippet.contains("Satoshi Nakamoto"), "{}", found[0].snippet);
}

#[tokio::test]
async fn documents_can_be_added_replaced_and_removed_through_any_clone() {
    let index = SearchIndex::empty().unwrap();
    let clone = index.clone();
    index.add(vec![document(1, "Zorblax", "The zorblax is a made-up animal.")]).await.unwrap();
    assert_eq!(titles(&clone, "zorblax"), ["Zorblax"]);
    clone.add(vec![document(1, "Zorblax, revised", "The zorblax is still made up.")]).await.unwrap();
    assert_eq!(titles(&index, "zorblax"), ["Zorblax, revised"]);
    clone.remove(id(1)).await.unwrap();
    clone.remove(id(2)).await.unwrap();
    assert!(titles(&index, "zorblax").is_empty());
}

#[tokio::test]
async fn a_change_that_has_to_wait_leaves_the_runtime_free() {
    let index = SearchIndex::empty().unwrap();
    let change_under_way = index.hold();
    let mut addition = pin!(index.add(vec![document(1, "Zorblax", "A made-up animal.")]));
    let mut removal = pin!(index.remove(id(2)));
    assert_eq!((addition.as_mut().now_or_never(), removal.as_mut().now_or_never()), (None, None));
    drop(change_under_way);
    assert_eq!((addition.await, removal.await), (Ok(()), Ok(())));
    assert_eq!(titles(&index, "zorblax"), ["Zorblax"]);
}

#[tokio::test]
async fn equal_scores_are_ordered_by_id_whatever_the_order_of_adding() {
    for order in [[3, 1, 2], [1, 2, 3], [2, 3, 1]] {
        let index = SearchIndex::empty().unwrap();
        for number in order {
            let twin = document(number, &format!("Twin {number}"), "the same words in every body");
            index.add(vec![twin]).await.unwrap();
        }
        assert_eq!(titles(&index, "same words"), ["Twin 1", "Twin 2", "Twin 3"]);
    }
}

#[test]
fn no_query_can_fail() {
    let index = SearchIndex::bundled().unwrap();
    for query in [
        "\"unclosed",
        "title:(",
        "a AND OR NOT",
        "*",
        "[a TO",
        "+-&&||!(){}^\"~*?:\\/",
        "é\u{0}\u{202e}🦀",
        "' OR 1=1 --",
        "body:^1e999",
        "   ",
    ] {
        assert!(index.find(query, 5).is_ok(), "{query}");
    }
    assert!(index.find(&"rust ".repeat(100_000), 5).is_ok());
}

#[tokio::test]
async fn a_common_word_ranks_below_a_rare_one() {
    let index = SearchIndex::empty().unwrap();
    let documents = [
        document(1, "One", "common words everywhere"),
        document(2, "Two", "common words and the platypus"),
        document(3, "Three", "common words again"),
    ];
    index.add(documents.into()).await.unwrap();
    assert_eq!(titles(&index, "common platypus")[0], "Two");
}

#[tokio::test]
async fn the_answer_names_its_source_and_keeps_the_limit() {
    let answer = call(json!({ "query": " Rust ", "limit": 2 })).await.unwrap();
    assert_eq!((&answer["query"], &answer["source"]), (&json!("Rust"), &json!("offline index")));
    let results = answer["results"].as_array().unwrap();
    assert_eq!(results.len(), 2);
    assert!(results[0]["score"].as_f64().unwrap() >= results[1]["score"].as_f64().unwrap());
    assert_eq!(call(json!({ "query": "xyzzyplugh" })).await.unwrap()["results"], json!([]));
}

#[tokio::test]
async fn wrong_arguments_say_what_would_be_right() {
    for (arguments, expected) in [
        (json!({ "query": " " }), "`query` is empty, expected 1 to 1000 characters"),
        (json!({}), "`query` is missing, expected a string"),
        (json!({ "query": "a", "limit": 0 }), "`limit` is 0, expected a whole number from 1 to 10"),
        (json!({ "query": "a", "limit": "many" }), "`limit` is \"many\", expected a whole number from 1 to 10"),
    ] {
        assert_eq!(call(arguments).await, Err(expected.to_owned()));
    }
}
