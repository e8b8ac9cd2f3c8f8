//! Checks that a model decides: configured, asked, and refused or unscored where there is no verdict.

use crate::world::{World, ended_as, openai, to_its_end};
use agents::testing::{Reply, ScriptedProvider};
use serde_json::json;
use service::Service;
use types::{
    EvaluationCreate, EvaluationOptions, EvaluationResult, JudgeSettings, Outcome, RunId, RunState, TestCaseCreate,
    TestCaseId,
};

fn checked(question: &str, check: serde_json::Value) -> TestCaseCreate {
    TestCaseCreate { user_input: question.into(), answer_checks: Some(check), ..TestCaseCreate::default() }
}

fn rubric() -> serde_json::Value {
    json!({"check": "llm_judge", "expected": "It is polite."})
}

fn models() -> JudgeSettings {
    JudgeSettings::typed("openai/embedder", "openai/judge").unwrap()
}

async fn evaluated(service: &Service, cases: &[TestCaseId]) -> (RunId, Vec<EvaluationResult>) {
    let agent = openai(service).await;
    let options = EvaluationOptions::default();
    let request = EvaluationCreate { agent_id: agent.id, test_case_ids: Some(cases.to_vec()), options };
    let run = service.evaluation_start_with(request, 1).await.unwrap();
    assert_eq!(ended_as(&to_its_end(service, run.id).await), RunState::Completed);
    (run.id, service.evaluation_get(run.id).await.unwrap().results)
}

#[tokio::test]
async fn a_check_that_needs_a_model_is_refused_until_one_is_named() {
    let world = World::new();
    let service = world.start().await;
    let error = service.case_create(checked("Hi", rubric())).await.unwrap_err();
    assert!(error.status() == 422 && error.to_string().contains("name one in the settings"), "{error}");
    let stranger = JudgeSettings::typed("", "nobody/judge").unwrap();
    assert_eq!(service.judge_settings_set(stranger).await.unwrap_err().status(), 422);
    service.judge_settings_set(models()).await.unwrap();
    let case = service.case_create(checked("Hi", rubric())).await.unwrap();
    // The setting survives the process; taken away, the case stays and no run begins.
    service.shutdown().await.unwrap();
    let service = world.start().await;
    assert_eq!(service.judge_settings(), models());
    service.judge_settings_set(JudgeSettings::default()).await.unwrap();
    let agent = openai(&service).await;
    let options = EvaluationOptions::default();
    let request = EvaluationCreate { agent_id: agent.id, test_case_ids: Some(vec![case.id]), options };
    let error = service.evaluation_start(request).await.unwrap_err();
    assert!(error.status() == 400 && error.to_string().contains(&case.id.to_string()), "{error}");
}

#[tokio::test]
async fn the_judge_gives_marks_and_what_it_said_is_not_asked_again() {
    let script = [
        Reply::text("Hello, my friend"),
        Reply::text("{\"score\": 0.9, \"reason\": \"Friendly.\"}"),
        Reply::text("Go away"),
        Reply::text("```json\n{\"score\": 0.1, \"reason\": \"Rude.\"}\n```"),
        Reply::text("Hm"),
        Reply::text("I would rather not say"),
    ];
    let provider = ScriptedProvider::start(script).await.unwrap();
    let world = World::new();
    let service = Service::start(world.config_with(&provider)).await.unwrap();
    service.judge_settings_set(models()).await.unwrap();
    let drafts = ["One", "Two", "Three"].map(|question| checked(question, rubric())).to_vec();
    let cases: Vec<_> = service.case_create_all(drafts).await.unwrap().into_iter().map(|case| case.id).collect();
    let (run, results) = evaluated(&service, &cases).await;
    let outcomes: Vec<_> = results.iter().map(|result| result.outcome).collect();
    assert_eq!(outcomes, [Outcome::Pass, Outcome::Fail, Outcome::Unscored]);
    assert!(results[0].checks[0].reason.contains("Friendly."), "{:?}", results[0].checks);
    assert_eq!((results[0].response_quality, results[0].checks[0].value), (0.9, 0.9));
    assert!(results[2].checks[0].reason.contains("verdict is no JSON") && !results[2].scored.reward, "{results:?}");
    let asked = provider.requests();
    assert_eq!((asked.len(), asked[1].body["model"].as_str()), (6, Some("judge")));
    assert!(asked[1].path.ends_with("/chat/completions"));
    // What the judge is asked about is data: the question, the reply and the rubric as JSON.
    let told: serde_json::Value =
        serde_json::from_str(asked[1].body["messages"][1]["content"].as_str().unwrap()).unwrap();
    assert_eq!(told, json!({"rubric": "It is polite.", "question": "One", "reply": "Hello, my friend"}));
    // Judged again: only what had no verdict is asked about.
    let report = service.evaluation_rescore(run, false).await.unwrap();
    assert_eq!((report.unchanged, report.changed), (3, 0));
    assert_eq!(provider.requests().len(), 7);
}

#[tokio::test]
async fn likeness_is_the_cosine_of_the_embeddings_and_an_endpoint_that_fails_leaves_it_unscored() {
    let vectors = json!({"data": [{"index": 1, "embedding": [0.6, 0.8]}, {"index": 0, "embedding": [1.0, 0.0]}]});
    let script = [
        Reply::text("Oslo"),
        Reply::raw(vectors.to_string()),
        Reply::text("Bergen"),
        Reply::error(400, "bad_request", "no such model"),
    ];
    let provider = ScriptedProvider::start(script).await.unwrap();
    let world = World::new();
    let service = Service::start(world.config_with(&provider)).await.unwrap();
    service.judge_settings_set(models()).await.unwrap();
    let loose = checked("Capital?", json!({"check": "semantic", "expected": "The capital", "threshold": 0.5}));
    let plain = TestCaseCreate {
        user_input: "City?".into(),
        expected_output: Some("A city".into()),
        task_type: "semantic".into(),
        ..TestCaseCreate::default()
    };
    let cases = service.case_create_all(vec![loose, plain]).await.unwrap();
    let cases: Vec<_> = cases.into_iter().map(|case| case.id).collect();
    let (_, results) = evaluated(&service, &cases).await;
    assert_eq!((results[0].outcome, results[1].outcome), (Outcome::Pass, Outcome::Unscored));
    assert!((results[0].response_quality - 0.6).abs() < 1e-9, "{results:?}");
    assert!(results[1].checks[0].reason.contains("no such model"), "{:?}", results[1].checks);
    let asked = &provider.requests()[1];
    assert!(asked.path.ends_with("/embeddings"), "{asked:?}");
    assert_eq!(asked.body, json!({"model": "embedder", "input": ["The capital", "Oslo"]}));
}
