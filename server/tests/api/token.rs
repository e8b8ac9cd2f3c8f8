//! With API_TOKEN set, every route and socket asks for it; a person exchanges it for a session.

use crate::support::{App, Reply, Socket};
use axum::{body::Body, http::Request};

const TOKEN: &str = "correct horse battery staple";

async fn guarded() -> App {
    App::with(&[("API_TOKEN", TOKEN), ("HOST", "0.0.0.0")]).await
}

async fn ask(app: &App, path: &str, name: &str, value: &str) -> Reply {
    app.send(Request::get(path).header(name, value).body(Body::empty()).unwrap()).await
}

async fn sign_in(app: &App, token: &str, next: &str) -> Reply {
    let form = format!("token={}&next={next}", token.replace(' ', "+"));
    let request = Request::post("/login")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("content-length", form.len())
        .header("origin", "http://localhost:8000");
    app.send(request.body(Body::from(form)).unwrap()).await
}

#[tokio::test]
async fn every_path_of_the_document_asks_for_the_token() {
    let app = guarded().await;
    let document = serde_json::to_value(server::openapi_document()).unwrap();
    let id = "00000000-0000-0000-0000-000000000000";
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.replace("{id}", id).replace("{agent_id}", id).replace("{run_id}", id);
        for method in item.as_object().unwrap().keys() {
            let reply = app.call(&method.to_uppercase(), &path, None).await;
            let said = match path.contains("/api/v1/") {
                true => reply.problem(401),
                // OpenAI's clients are told in their own words.
                false => reply.expect(401)["error"]["message"].to_string(),
            };
            assert!(said.contains("Authorization: Bearer"), "{method} {path}: {said}");
            assert_eq!(reply.header("www-authenticate"), "Bearer");
        }
    }
}

#[tokio::test]
async fn pages_documents_and_server_functions_ask_for_it_too() {
    let app = guarded().await;
    for path in [
        "/",
        "/chat",
        "/docs",
        "/docs/swagger-ui.css",
        "/openapi.json",
        "/api/v1/health/",
        "/api/ui/x",
        "/nowhere",
        "/pkg/x.js",
    ] {
        assert_eq!(app.get(path).await.status, 401, "{path}");
    }
    assert_eq!(app.post("/api/ui/theme_set", serde_json::json!({})).await.status, 401);
}

#[tokio::test]
async fn the_token_opens_the_door_and_nothing_near_it_does() {
    let app = guarded().await;
    assert_eq!(ask(&app, "/api/v1/tools", "authorization", &format!("Bearer {TOKEN}")).await.status, 200);
    assert_eq!(ask(&app, "/api/v1/tools", "authorization", &format!("bearer {TOKEN}")).await.status, 200);
    for wrong in ["Bearer correct horse", "Bearer", "Bearer ", "Basic Y29ycmVjdA==", TOKEN] {
        assert_eq!(ask(&app, "/api/v1/tools", "authorization", wrong).await.status, 401, "{wrong}");
    }
}

#[tokio::test]
async fn sockets_ask_for_it() {
    let app = guarded().await;
    let address = app.listen().await;
    let path = "/api/v1/runs/00000000-0000-0000-0000-000000000000/events";
    assert_eq!(Socket::open(address, path, &[]).await.err(), Some(401));
    let bearer = format!("Bearer {TOKEN}");
    assert!(Socket::open(address, path, &[("authorization", &bearer)]).await.is_ok());
}

#[tokio::test]
async fn a_visitor_is_led_to_the_login_page_and_back() {
    let app = guarded().await;
    let led = ask(&app, "/training", "accept", "text/html").await;
    assert_eq!((led.status.as_u16(), led.header("location")), (303, "/login?next=%2Ftraining"));
    let page = app.get("/login?next=%2Ftraining").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains(r#"name="next" value="/training""#) && page.text.contains("<label"), "{}", page.text);
    assert_eq!(app.get("/pkg/rl-chatbot.css").await.status, 200, "the page's own style sheet");

    let entered = sign_in(&app, TOKEN, "%2Ftraining").await;
    assert_eq!((entered.status.as_u16(), entered.header("location")), (303, "/training"));
    let cookie = entered.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let session = cookie.split(';').next().unwrap();
    assert_eq!(ask(&app, "/api/v1/tools", "cookie", session).await.status, 200);
    let address = app.listen().await;
    let path = "/api/v1/runs/00000000-0000-0000-0000-000000000000/events";
    assert!(Socket::open(address, path, &[("cookie", session)]).await.is_ok());
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let app = guarded().await;
    let entered = sign_in(&app, TOKEN, "%2F").await;
    let session = entered.header("set-cookie").split(';').next().unwrap().to_owned();
    let request = Request::post("/logout").header("cookie", &session).header("origin", "http://localhost:8000");
    assert_eq!(app.send(request.body(Body::empty()).unwrap()).await.status, 303);
    assert_eq!(ask(&app, "/api/v1/tools", "cookie", &session).await.status, 401);
}

#[tokio::test]
async fn a_wrong_token_stays_outside_and_attempts_are_limited() {
    let app = guarded().await;
    let refused = sign_in(&app, "wrong", "%2F").await;
    assert_eq!(refused.status, 401);
    assert!(refused.text.contains(r#"role="alert""#) && refused.header("set-cookie").is_empty());
    let mut last = refused;
    for _ in 0..10 {
        last = sign_in(&app, "wrong", "%2F").await;
    }
    assert_eq!((last.status.as_u16(), last.header("retry-after")), (429, "60"));
    assert_eq!(sign_in(&app, TOKEN, "%2F").await.status, 429, "even with the right one");
}

#[tokio::test]
async fn the_login_page_leads_nowhere_else() {
    let app = guarded().await;
    assert_eq!(sign_in(&app, TOKEN, "%2F%2Fevil.example").await.header("location"), "/");
    let page = app.get("/login?next=%22%3E%3Cscript%3E").await;
    assert!(!page.text.contains("<script>"), "{}", page.text);
}

#[tokio::test]
async fn a_foreign_page_cannot_sign_anyone_in() {
    let app = guarded().await;
    let form = format!("token={}", TOKEN.replace(' ', "+"));
    let request = Request::post("/login")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("content-length", form.len())
        .header("origin", "http://evil.example");
    assert_eq!(app.send(request.body(Body::from(form)).unwrap()).await.status, 403);
}

#[tokio::test]
async fn preflights_need_no_token() {
    let app = App::with(&[("API_TOKEN", TOKEN)]).await;
    let request = Request::builder()
        .method("OPTIONS")
        .uri("/api/v1/agents")
        .header("origin", "http://localhost:5173")
        .header("access-control-request-method", "POST");
    assert_eq!(app.send(request.body(Body::empty()).unwrap()).await.status, 200);
}

#[tokio::test]
async fn the_key_of_the_python_worker_opens_the_gateway_and_nothing_else() {
    let app = guarded().await;
    let key = format!("Bearer {}", app.service.gateway_key());
    for path in ["/api/v1/agents", "/v1/models", "/", "/g", "/api/v1/bridge"] {
        let reply = ask(&app, path, "authorization", &key).await;
        assert!(reply.status == 401 || reply.status.is_redirection(), "{path}: {}", reply.status);
    }
    assert_ne!(ask(&app, "/g/a-rollout/0/v1/models", "authorization", &key).await.status, 401);
    assert_eq!(ask(&app, "/g/a-rollout/0/v1/models", "authorization", "Bearer another").await.status, 401);
}
