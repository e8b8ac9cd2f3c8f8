//! What is registered: tools, frameworks, algorithms, reply forms.

use crate::support::App;

#[tokio::test]
async fn tools_say_what_they_are_and_what_they_take() {
    let app = App::start().await;
    for path in ["/api/v1/tools", "/api/v1/tools/"] {
        let tools = app.get(path).await.expect(200);
        let names: Vec<_> = tools.as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap()).collect();
        for name in ["calculate", "search", "get_weather"] {
            assert!(names.contains(&name), "{names:?}");
        }
        for tool in tools.as_array().unwrap() {
            assert!(tool["description"].as_str().is_some_and(|text| !text.is_empty()));
            assert_eq!(tool["parameters"]["type"], "object");
        }
    }
}

#[tokio::test]
async fn frameworks_and_algorithms_declare_their_parameters() {
    let app = App::start().await;
    let names = |list: serde_json::Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|entry| entry["name"].as_str().unwrap().to_owned()).collect()
    };
    let frameworks = names(app.get("/api/v1/frameworks").await.expect(200));
    assert!(frameworks.contains(&"openai".to_owned()) && frameworks.contains(&"local".to_owned()), "{frameworks:?}");
    let algorithms = names(app.get("/api/v1/algorithms/").await.expect(200));
    assert!(algorithms.contains(&"reinforce".to_owned()), "{algorithms:?}");
}

#[tokio::test]
async fn the_reply_forms_of_local_agents_are_public() {
    let app = App::start().await;
    assert!(!app.get("/api/v1/reply-forms").await.expect(200).as_array().unwrap().is_empty());
}
