//! Evaluation runs: to the end, stopped and resumed, ranked.

use crate::world::{World, assert_gap_free, easy_cases, ended_as, local, nth_event, openai, to_its_end};
use agents::testing::{Reply, ScriptedProvider};
use futures::StreamExt;
use serde_json::json;
use service::Service;
use std::collections::BTreeSet;
use types::{AgentCreate, AgentId, EvaluationCreate, EventKind, Outcome, RunState, RunView, TestCaseId};
use uuid::Uuid;

fn of(agent: AgentId, cases: &[TestCaseId]) -> EvaluationCreate {
    EvaluationCreate { agent_id: agent, test_case_ids: Some(cases.to_vec()) }
}

fn is_sample(kind: &EventKind) -> bool {
    matches!(kind, EventKind::SampleFinished { .. })
}

#[tokio::test]
async fn a_run_over_all_cases_completes_with_a_result_for_each_and_events_without_gaps() {
    let world = World::new();
    let service = world.start().await;
    let agent = local(&service, "builtin").await;
    let request = EvaluationCreate { agent_id: agent.id, test_case_ids: None };
    let run = service.evaluation_start(request).await.unwrap();
    assert_eq!(run.state, RunState::Pending);
    let events = to_its_end(&service, run.id).await;
    assert_gap_free(&events);
    assert_eq!(ended_as(&events), RunState::Completed);
    let stored = service.evaluation_get(run.id).await.unwrap();
    assert_eq!(stored.results.len(), usize::try_from(run.num_test_cases).unwrap());
    let metrics = stored.run.aggregate_metrics_json.unwrap();
    assert!(metrics.reward > 0.5 && metrics.task_success_interval.is_some(), "{metrics:?}");
    let view = RunView::from_events(&events);
    assert_eq!((view.done, view.total, view.progress_percent()), (run.num_test_cases, run.num_test_cases, 100));
    // To the last bit of every number: what was told as it happened is what is read back.
    assert_eq!(service.run_view(run.id).await.unwrap(), view);
    let late: Vec<_> = service.run_subscribe(run.id, 3).await.unwrap().collect().await;
    assert_eq!(late, events[3..]);
}

#[tokio::test]
async fn no_two_samples_are_recorded_under_the_same_name_whatever_runs_they_are_of() {
    let events = [
        json!({"type": "RUN_STARTED", "threadId": "t", "runId": "r"}),
        json!({"type": "TEXT_MESSAGE_START", "messageId": "m", "role": "assistant"}),
        json!({"type": "TEXT_MESSAGE_CONTENT", "messageId": "m", "delta": "ok"}),
        json!({"type": "TEXT_MESSAGE_END", "messageId": "m"}),
        json!({"type": "RUN_FINISHED", "threadId": "t", "runId": "r"}),
    ];
    let answer: String = events.iter().map(|event| format!("data: {event}\n\n")).collect();
    let provider = ScriptedProvider::start([Reply::raw(answer)]).await.unwrap();
    let world = World::new();
    let service = world.start().await;
    let settings = json!({ "url": provider.base_url() });
    let draft = AgentCreate {
        agent_type: "ag_ui".into(),
        config_json: settings.as_object().cloned(),
        ..AgentCreate::default()
    };
    let agent = service.agent_create(draft).await.unwrap();
    let cases = easy_cases(&service, 2).await;
    for _ in 0..2 {
        let run = service.evaluation_start(of(agent.id, &cases)).await.unwrap();
        assert_eq!(ended_as(&to_its_end(&service, run.id).await), RunState::Completed);
    }
    let names: BTreeSet<String> = provider.requests().iter().map(|asked| asked.body["runId"].to_string()).collect();
    assert_eq!(names.len(), 4, "{names:?}");
}

#[tokio::test]
async fn a_stopped_run_keeps_what_was_judged_and_resumes_with_the_rest() {
    // Twelve cases, at most eight at once: five are answered, seven hang.
    let script = std::iter::repeat_n(Reply::text("ok"), 5).chain(std::iter::repeat_n(Reply::hang(""), 7));
    let provider = ScriptedProvider::start(script.chain([Reply::text("ok")])).await.unwrap();
    let world = World::new();
    let service = Service::start(world.config_with(&provider)).await.unwrap();
    let agent = openai(&service).await;
    let cases = easy_cases(&service, 12).await;
    let run = service.evaluation_start(of(agent.id, &cases)).await.unwrap();
    nth_event(&service, run.id, 5, is_sample).await;
    provider.asked(12).await;
    service.evaluation_stop(run.id).await.unwrap();
    let events = to_its_end(&service, run.id).await;
    assert_eq!(ended_as(&events), RunState::Cancelled);
    assert_eq!(service.evaluation_get(run.id).await.unwrap().results.len(), 5);
    assert_eq!(service.evaluation_stop(run.id).await.unwrap_err().status(), 404);

    service.evaluation_resume(run.id).await.unwrap();
    let events = to_its_end(&service, run.id).await;
    assert_gap_free(&events);
    assert_eq!(ended_as(&events), RunState::Completed);
    let stored = service.evaluation_get(run.id).await.unwrap();
    assert_eq!(stored.results.iter().map(|result| result.test_case_id).collect::<Vec<_>>(), cases);
    assert_eq!(stored.run.aggregate_metrics_json.unwrap().n.task_success, 12);
    // Seven questions were asked again, five were not.
    assert_eq!(provider.requests().len(), 12 + 7);
    assert_eq!(service.evaluation_resume(run.id).await.unwrap_err().status(), 409);
}

#[tokio::test]
async fn only_cases_whose_provider_failed_are_asked_again_when_a_completed_run_is_retried() {
    let refused = || Reply::error(400, "bad_request", "not today");
    let script = [Reply::text("ok"), refused(), Reply::text("ok"), refused(), Reply::text("ok")];
    let provider = ScriptedProvider::start(script).await.unwrap();
    let world = World::new();
    let service = Service::start(world.config_with(&provider)).await.unwrap();
    let agent = openai(&service).await;
    let cases = easy_cases(&service, 4).await;
    let run = service.evaluation_start_with(of(agent.id, &cases), 1).await.unwrap();
    assert_eq!(ended_as(&to_its_end(&service, run.id).await), RunState::Completed);
    let before = service.evaluation_get(run.id).await.unwrap().results;
    let failed = |results: &[types::EvaluationResult]| {
        results.iter().map(|result| result.outcome == Outcome::ProviderError).collect::<Vec<_>>()
    };
    assert_eq!(failed(&before), [false, true, false, true]);

    service.evaluation_retry(run.id).await.unwrap();
    let events = to_its_end(&service, run.id).await;
    assert_gap_free(&events);
    assert_eq!(ended_as(&events), RunState::Completed);
    let after = service.evaluation_get(run.id).await.unwrap();
    assert_eq!(failed(&after.results), [false; 4]);
    assert_eq!((&after.results[0], &after.results[2]), (&before[0], &before[2]), "what was answered stays");
    assert_eq!(after.run.aggregate_metrics_json.unwrap().n.task_success, 4);
    assert_eq!(provider.requests().len(), 4 + 2);
    assert_eq!(service.evaluation_retry(run.id).await.unwrap_err().status(), 409);
}

#[tokio::test]
async fn an_agent_without_a_key_fails_the_run_with_what_to_set() {
    let world = World::new();
    let service = world.start().await;
    let agent = openai(&service).await;
    let cases = easy_cases(&service, 3).await;
    let run = service.evaluation_start(of(agent.id, &cases)).await.unwrap();
    assert_eq!(ended_as(&to_its_end(&service, run.id).await), RunState::Failed);
    let stored = service.evaluation_get(run.id).await.unwrap();
    assert!(stored.run.error.unwrap().contains("OPENAI_API_KEY"));
    assert!(stored.results.is_empty());
}

#[tokio::test]
async fn unknown_agents_and_cases_are_refused_at_once() {
    let world = World::new();
    let service = world.start().await;
    let agent = local(&service, "builtin").await;
    let nobody = service.evaluation_start(of(AgentId(Uuid::nil()), &[])).await.unwrap_err();
    assert_eq!(nobody.status(), 400);
    let nothing = service.evaluation_start(of(agent.id, &[TestCaseId(Uuid::nil())])).await.unwrap_err();
    assert!(nothing.status() == 400 && nothing.to_string().contains("0000"), "{nothing}");
}

#[tokio::test]
async fn agents_judged_on_the_same_cases_are_ranked_and_others_are_not() {
    let world = World::new();
    let service = world.start().await;
    let (trained, untrained) = (local(&service, "builtin").await, local(&service, "untrained").await);
    assert_eq!(service.leaderboard().await.unwrap().unranked.len(), 2);
    for agent in [&untrained, &trained] {
        let run = service.evaluation_start(EvaluationCreate { agent_id: agent.id, test_case_ids: None }).await.unwrap();
        assert_eq!(ended_as(&to_its_end(&service, run.id).await), RunState::Completed);
    }
    let board = service.leaderboard().await.unwrap();
    let order: Vec<_> = board.rows.iter().map(|row| row.agent_id).collect();
    assert_eq!(order, [trained.id, untrained.id]);
    assert_eq!((board.rows[0].rank_range.0, board.rows[0].p_against_leader), (1, None));
    assert!(board.rows[0].task_success > board.rows[1].task_success);
    assert!(!board.rows[1].in_top_tier, "{:?}", board.rows[1]);

    // The twin's latest run is now over other cases: of two sets with one run each, the newer one is ranked over.
    let few = easy_cases(&service, 2).await;
    let run = service.evaluation_start(of(untrained.id, &few)).await.unwrap();
    to_its_end(&service, run.id).await;
    let board = service.leaderboard().await.unwrap();
    assert_eq!((board.rows.len(), board.num_test_cases), (1, 2));
    assert!(board.unranked[0].reason.contains("other cases"), "{}", board.unranked[0].reason);
}

#[tokio::test]
async fn the_results_file_has_the_contracts_shape() {
    let provider = ScriptedProvider::start([Reply::text("ok")]).await.unwrap();
    let world = World::new();
    let service = Service::start(world.config_with(&provider)).await.unwrap();
    let agent = openai(&service).await;
    let cases = easy_cases(&service, 2).await;
    let run = service.evaluation_start(of(agent.id, &cases)).await.unwrap();
    to_its_end(&service, run.id).await;
    let file = service.evaluation_export(run.id).await.unwrap();
    assert_eq!(file["num_test_cases"], 2);
    assert_eq!(file["aggregate_metrics"]["reward"], 1.0);
    assert_eq!(file["individual_results"][1]["test_case"]["user_input"], "Question 1");
    assert_eq!(file["individual_results"][1]["metrics"]["task_success"], 1.0);
}
