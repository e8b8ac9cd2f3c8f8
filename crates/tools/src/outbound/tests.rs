//! What the way out reaches, follows and reads, against a scripted server.

use super::*;
use crate::testing::ScriptedWeb;
use reqwest::header::{AUTHORIZATION, HeaderValue};

const BOUNDS: Bounds = Bounds { timeout: Duration::from_secs(10), bytes_max: 100 };

fn private() -> Outbound {
    Outbound::new(Reach::Private).unwrap()
}

fn get(url: &str) -> Ask {
    Ask::get(url.parse().unwrap())
}

#[tokio::test]
async fn private_addresses_are_refused_by_number_by_name_and_after_a_redirect() {
    let web = ScriptedWeb::start(|_| (200, "text/plain", "secret".into())).await.unwrap();
    let port = web.url.rsplit(':').next().unwrap();
    let public = Outbound::new(Reach::Public).unwrap();
    for host in ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"] {
        let refused = public.send(get(&format!("http://{host}:{port}/")), BOUNDS).await.unwrap_err();
        assert!(refused.contains("is not on the public internet"), "{host}: {refused}");
    }
    assert!(web.asked().is_empty());
    let metadata = "http://169.254.169.254/latest/meta-data/";
    let lured = ScriptedWeb::start(move |_| (302, metadata, String::new())).await.unwrap();
    let refused = private().send(get(&lured.url), BOUNDS).await.unwrap_err();
    assert!(refused.contains("169.254.169.254 is an address of this machine's own surroundings"), "{refused}");
}

#[tokio::test]
async fn what_is_no_web_address_is_refused() {
    for (url, why) in [
        ("file:///etc/passwd", "is no web address"),
        ("ftp://host/x", "is no web address"),
        ("http://me:pw@localhost/", "holds a user name"),
    ] {
        let refused = private().send(get(url), BOUNDS).await.unwrap_err();
        assert!(refused.contains(why), "{url}: {refused}");
    }
}

#[tokio::test]
async fn redirects_are_followed_without_the_headers_of_another_origin_and_not_forever() {
    let end = ScriptedWeb::start(|_| (200, "text/plain", "here".into())).await.unwrap();
    let target: &'static str = Box::leak(format!("{}/end", end.url).into_boxed_str());
    let start = ScriptedWeb::start(move |_| (302, target, String::new())).await.unwrap();
    let mut ask = get(&start.url);
    ask.headers.insert(AUTHORIZATION, HeaderValue::from_static("Bearer secret"));
    let answer = private().send(ask.clone(), BOUNDS).await.unwrap();
    assert_eq!((answer.body.as_slice(), answer.url.path()), (b"here".as_slice(), "/end"));
    assert_eq!(start.asked()[0].header("authorization"), Some("Bearer secret"));
    assert_eq!(end.asked()[0].header("authorization"), None);
    ask.method = Method::POST;
    assert!(private().send(ask, BOUNDS).await.unwrap_err().contains("is not followed for POST"));

    let circle = ScriptedWeb::start(|_| (301, "/again", String::new())).await.unwrap();
    assert!(private().send(get(&circle.url), BOUNDS).await.unwrap_err().contains("more than 5 times"));
    assert_eq!(circle.asked().len(), REDIRECTS_MAX + 1);
}

#[tokio::test]
async fn size_and_time_are_bounded_and_an_address_in_an_error_has_no_query() {
    let web = ScriptedWeb::start(|_| (200, "text/plain", "x".repeat(5000))).await.unwrap();
    let answer = private().send(get(&web.url), BOUNDS).await.unwrap();
    assert_eq!((answer.body.len(), answer.is_cut, answer.status.as_u16()), (100, true, 200));
    // A port that accepts and never answers.
    let silent = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/?key=secret", silent.local_addr().unwrap());
    let short = Bounds { timeout: Duration::from_millis(50), ..BOUNDS };
    assert_eq!(private().send(get(&url), short).await.unwrap_err(), "no whole answer within 0.05 s");
    drop(silent);
    let refused = private().send(get(&url), BOUNDS).await.unwrap_err();
    assert!(refused.starts_with("no connection: ") && !refused.contains("secret"), "{refused}");
    assert!(!shown(&url.parse().unwrap()).contains("secret"));
}
