//! Pages of other sites can neither post nor open a socket; foreign names are refused.

use crate::support::{App, Reply, Socket};
use axum::{body::Body, http::Request};

async fn post_from(app: &App, origin: Option<&str>, kind: Option<&str>) -> Reply {
    let mut request = Request::builder().method("POST").uri("/api/v1/agents").header("content-length", 2);
    if let Some(origin) = origin {
        request = request.header("origin", origin);
    }
    if let Some(kind) = kind {
        request = request.header("content-type", kind);
    }
    app.send(request.body(Body::from("{}")).unwrap()).await
}

#[tokio::test]
async fn posts_are_judged_by_their_origin() {
    let app = App::start().await;
    let json = Some("application/json");
    for origin in ["http://localhost:5173", "http://127.0.0.1:3000", "http://localhost:8000", "http://[::1]:1"] {
        assert_eq!(post_from(&app, Some(origin), json).await.status, 201, "{origin}");
    }
    for origin in ["http://evil.example", "http://localhost.evil.example", "null", "http://localhost:5173.evil.example"]
    {
        let detail = post_from(&app, Some(origin), json).await.problem(403);
        assert!(detail.contains("CORS_ORIGINS"), "{detail}");
    }
    assert_eq!(post_from(&app, None, json).await.status, 201, "a client that is no browser");
}

#[tokio::test]
async fn sockets_are_judged_by_their_origin() {
    let app = App::start().await;
    let address = app.listen().await;
    let path = "/api/v1/chat/ws/00000000-0000-0000-0000-000000000000";
    for origin in ["http://evil.example", "http://localhost.evil.example", "null"] {
        assert_eq!(Socket::open(address, path, &[("origin", origin)]).await.err(), Some(403), "{origin}");
    }
    for origin in ["http://localhost:5173", "http://127.0.0.1:5173"] {
        assert!(Socket::open(address, path, &[("origin", origin)]).await.is_ok(), "{origin}");
    }
}

#[tokio::test]
async fn listed_origins_replace_the_default() {
    let app = App::with(&[("CORS_ORIGINS", "https://chat.example.com")]).await;
    let json = Some("application/json");
    assert_eq!(post_from(&app, Some("https://chat.example.com"), json).await.status, 201);
    assert_eq!(post_from(&app, Some("http://localhost:5173"), json).await.status, 403);
    assert_eq!(post_from(&app, Some("http://localhost:8000"), json).await.status, 201, "its own pages");
}

#[tokio::test]
async fn a_foreign_host_is_refused() {
    let app = App::start().await;
    let ask = |host: &'static str| Request::get("/api/v1/tools").header("host", host).body(Body::empty()).unwrap();
    let detail = app.send(ask("evil.example")).await.problem(421);
    assert!(detail.contains("`evil.example`") && detail.contains("ALLOWED_HOSTS"), "{detail}");
    assert_eq!(app.send(ask("localhost.evil.example:8000")).await.status, 421);
    assert_eq!(app.send(ask("127.0.0.1:8000")).await.status, 200);
    assert_eq!(app.send(ask("LOCALHOST")).await.status, 200);
    let absolute = Request::get("http://evil.example/api/v1/tools").body(Body::empty()).unwrap();
    assert_eq!(app.send(absolute).await.status, 421);
}

#[tokio::test]
async fn allowed_hosts_are_names_of_this_server() {
    let app = App::with(&[("ALLOWED_HOSTS", "chat.example.com, other.example.com")]).await;
    let request = Request::get("/api/v1/tools").header("host", "Chat.Example.com:8000").body(Body::empty()).unwrap();
    assert_eq!(app.send(request).await.status, 200);
}

#[tokio::test]
async fn bodies_that_a_foreign_form_could_send_are_refused() {
    let app = App::start().await;
    for kind in [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("multipart/form-data")] {
        let detail = post_from(&app, None, kind).await.problem(415);
        assert!(detail.contains("expected application/json"), "{detail}");
    }
}

#[tokio::test]
async fn preflights_are_answered_for_localhost_and_not_for_others() {
    let app = App::start().await;
    let preflight = |origin: &'static str| {
        Request::builder()
            .method("OPTIONS")
            .uri("/api/v1/agents/")
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type")
            .body(Body::empty())
            .unwrap()
    };
    let allowed = app.send(preflight("http://localhost:5173")).await;
    assert_eq!(allowed.status, 200);
    assert_eq!(allowed.header("access-control-allow-origin"), "http://localhost:5173");
    assert_eq!(allowed.header("access-control-allow-headers"), "content-type");
    assert!(allowed.header("access-control-allow-methods").contains("POST"));
    let refused = app.send(preflight("http://evil.example")).await;
    assert_eq!(refused.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn answers_to_listed_origins_can_be_read_with_their_total() {
    let app = App::start().await;
    let request = Request::get("/api/v1/agents").header("origin", "http://localhost:5173").body(Body::empty()).unwrap();
    let reply = app.send(request).await;
    assert_eq!(reply.header("access-control-allow-origin"), "http://localhost:5173");
    assert!(reply.header("access-control-expose-headers").contains("x-total-count"));
    let request = Request::get("/api/v1/agents").header("origin", "http://evil.example").body(Body::empty()).unwrap();
    assert_eq!(app.send(request).await.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_whether_it_says_so_or_not() {
    let app = App::start().await;
    let large = format!(r#"{{"system_prompt":"{}"}}"#, "x".repeat(2 * 1024 * 1024));
    let post = || Request::post("/api/v1/agents").header("content-type", "application/json");
    let announced = post().header("content-length", large.len()).body(Body::from(large.clone())).unwrap();
    assert!(app.send(announced).await.problem(413).contains("2 MB"));
    let streamed = post().header("transfer-encoding", "chunked").body(Body::from(large)).unwrap();
    assert!(app.send(streamed).await.problem(413).contains("larger"));
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let app = App::start().await;
    for path in ["/api/v1/tools", "/docs", "/openapi.json", "/", "/nowhere", "/pkg/rl-chatbot.css"] {
        let reply = app.get(path).await;
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(reply.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(reply.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert!(reply.header("permissions-policy").contains("camera=()"), "{path}");
        assert!(!reply.header("content-security-policy").is_empty(), "{path}");
        assert!(
            !reply.header("content-security-policy").contains("unsafe-eval'") || path == "/" || path == "/nowhere",
            "{path}"
        );
        assert_eq!(reply.header("x-request-id").len(), 32, "{path}");
    }
    assert!(app.get("/api/v1/tools").await.header("content-security-policy").contains("default-src 'none'"));
}
