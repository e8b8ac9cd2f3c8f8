//! Each engine against a scripted server in its own shape.

use super::*;
use crate::{
    SearchIndex, ToolRegistry,
    outbound::Reach,
    search::Search,
    testing::{Asked, ScriptedWeb},
};
use tokio_util::sync::CancellationToken;

async fn search(name: &str, answer: &'static str, status: u16) -> (Result<Value, String>, Asked) {
    let web = ScriptedWeb::start(move |_| (status, "application/json", answer.into())).await.unwrap();
    let source = WebSearch {
        engine: engine(name).unwrap(),
        url: format!("{}/base/", web.url).parse().unwrap(),
        key: Some("key-secret".into()),
        outbound: Outbound::new(Reach::Private).unwrap(),
    };
    assert!(!format!("{source:?}").contains("secret"));
    let tools = ToolRegistry::default().with(Search::new(SearchIndex::empty().unwrap(), Some(source)));
    let arguments = json!({ "query": "rust & more", "limit": 2 });
    let answer = tools.call("search", arguments.as_object().unwrap(), &CancellationToken::new()).await;
    let answer = answer.map(|text| serde_json::from_str(&text).unwrap()).map_err(|error| error.to_string());
    (answer, web.asked().remove(0))
}

fn hit(title: &str, url: &str, snippet: &str) -> Value {
    json!({ "title": title, "url": url, "snippet": snippet })
}

#[tokio::test]
async fn searxng_is_asked_for_json() {
    let answer = r#"{"results": [{"title": "A", "url": "https://a.example", "content": "one"}, {"title": "B"}, {}]}"#;
    let (found, asked) = search("searxng", answer, 200).await;
    let found = found.unwrap();
    assert_eq!(found["results"], json!([hit("A", "https://a.example", "one"), hit("B", "", "")]));
    assert_eq!(found["source"], "searxng");
    assert_eq!(asked.target, "/base/search?q=rust+%26+more&format=json");
}

#[tokio::test]
async fn brave_is_given_its_key_in_a_header() {
    let answer = r#"{"type": "search", "web": {"results": [
        {"title": "A", "url": "https://a.example", "description": "<strong>rust</strong> &amp; iron"}]}}"#;
    let (found, asked) = search("brave", answer, 200).await;
    assert_eq!(found.unwrap()["results"], json!([hit("A", "https://a.example", "rust & iron")]));
    assert_eq!(asked.target, "/base/search?q=rust+%26+more&count=2");
    assert_eq!(asked.header("x-subscription-token"), Some("key-secret"));
    assert_eq!(search("brave", r#"{"type": "search"}"#, 200).await.0.unwrap()["results"], json!([]));
}

#[tokio::test]
async fn tavily_is_asked_by_post() {
    let answer = r#"{"results": [{"title": "A", "url": "https://a.example", "content": "one", "score": 0.9}]}"#;
    let (found, asked) = search("tavily", answer, 200).await;
    assert_eq!(found.unwrap()["results"], json!([hit("A", "https://a.example", "one")]));
    assert_eq!((asked.method.as_str(), asked.target.as_str()), ("POST", "/base/search"));
    assert_eq!(asked.header("authorization"), Some("Bearer key-secret"));
    let body: Value = serde_json::from_str(&asked.body).unwrap();
    assert_eq!(body, json!({ "query": "rust & more", "max_results": 2 }));
}

#[tokio::test]
async fn wikipedia_is_asked_by_its_own_search_and_its_pages_are_named() {
    let answer = r#"{"query": {"search": [
        {"title": "Rust (language)", "pageid": 1, "snippet": "<span class=\"searchmatch\">Rust</span> is"}]}}"#;
    let (found, asked) = search("wikipedia", answer, 200).await;
    let found = found.unwrap();
    assert_eq!(
        (&found["results"][0]["title"], &found["results"][0]["snippet"]),
        (&json!("Rust (language)"), &json!("Rust is"))
    );
    assert!(found["results"][0]["url"].as_str().unwrap().ends_with("/base/wiki/Rust_(language)"), "{found}");
    assert!(asked.target.starts_with("/base/w/api.php?action=query&list=search&format=json"), "{asked:?}");
}

#[tokio::test]
async fn an_engine_that_fails_is_told_without_its_key() {
    for engine in engines() {
        for (answer, status, why) in
            [("{}", 401, "status 401"), ("<html>", 200, "no JSON"), ("{}", 200, "not as expected")]
        {
            let told = search(engine.name(), answer, status).await.0.unwrap_err();
            assert!(told.contains(why) && told.starts_with(engine.name()) && !told.contains("secret"), "{told}");
        }
    }
}
