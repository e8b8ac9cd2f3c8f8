//! Evaluation runs: to the end, stopped and resumed, ranked.

use crate::world::{World, assert_gap_free, easy_cases, ended_as, local, nth_event, openai, to_its_end};
use agents::testing::{Reply, ScriptedProvider};
use futures::StreamExt;
use serde_json::json;
use service::Service;
use std::collections::BTreeSet;
use types::{
    AgentCreate, AgentId, EvaluationCreate, EvaluationOptions, EventKind, LeaderboardQuery, Outcome, RunState, RunView,
    TestCaseId,
};
use uuid::Uuid;

fn of(agent: AgentId, cases: &[TestCaseId]) -> EvaluationCreate {
    EvaluationCreate { agent_id: agent, test_case_ids: Some(cases.to_vec()), options: EvaluationOptions::default() }
}

fn is_sample(kind: &EventKind) -> bool {
    matches!(kind, EventKind::SampleFinished { .. })
}

#[tokio::test]
async fn a_run_over_all_cases_completes_with_a_result_for_each_and_events_without_gaps() {
    let world = World::new();
    let service = world.start().await;
    let agent = local(&service, "builtin").await;
    let request = EvaluationCreate { agent_id: agent.id, test_case_ids: None, options: EvaluationOptions::default() };
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
    assert_eq!(service.leaderboard(&LeaderboardQuery::default()).await.unwrap().unranked.len(), 2);
    for agent in [&untrained, &trained] {
        let run = service
            .evaluation_start(EvaluationCreate {
                agent_id: agent.id,
                test_case_ids: None,
                options: EvaluationOptions::default(),
            })
            .await
            .unwrap();
        assert_eq!(ended_as(&to_its_end(&service, run.id).await), RunState::Completed);
    }
    let board = service.leaderboard(&LeaderboardQuery::default()).await.unwrap();
    let order: Vec<_> = board.rows.iter().map(|row| row.agent_id).collect();
    assert_eq!(order, [trained.id, untrained.id]);
    assert_eq!((board.rows[0].rank_range.0, board.rows[0].p_against_leader), (1, None));
    assert!(board.rows[0].task_success > board.rows[1].task_success);
    assert!(!board.rows[1].in_top_tier, "{:?}", board.rows[1]);

    // The twin's latest run is now over other cases: of two sets with one run each, the newer one is ranked over.
    let few = easy_cases(&service, 2).await;
    let run = service.evaluation_start(of(untrained.id, &few)).await.unwrap();
    to_its_end(&service, run.id).await;
    let board = service.leaderboard(&LeaderboardQuery::default()).await.unwrap();
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

#[tokio::test]
async fn cases_asked_several_times_tell_what_chance_is_and_a_run_goes_on_with_the_versions_it_began_with() {
    // Two cases, three times each: ok, ok / not, not / ok, not.
    let said = ["ok", "ok", "not", "not", "ok", "not"].map(Reply::text);
    let provider = ScriptedProvider::start(said).await.unwrap();
    let world = World::new();
    let service = Service::start(world.config_with(&provider)).await.unwrap();
    let agent = openai(&service).await;
    let cases = easy_cases(&service, 2).await;
    let options = EvaluationOptions { repeats: Some(3), ..EvaluationOptions::default() };
    let request = EvaluationCreate { options, ..of(agent.id, &cases) };
    let refused = EvaluationCreate { options: EvaluationOptions { repeats: Some(0), ..options }, ..request.clone() };
    assert_eq!(service.evaluation_start(refused).await.unwrap_err().status(), 422);
    let run = service.evaluation_start_with(request, 1).await.unwrap();
    assert_eq!(run.num_test_cases, 6);
    assert_eq!(ended_as(&to_its_end(&service, run.id).await), RunState::Completed);
    let stored = service.evaluation_get(run.id).await.unwrap();
    let asked: Vec<_> = stored.results.iter().map(|result| (result.test_case_id, result.case_version)).collect();
    assert_eq!(asked, [(cases[0], 1), (cases[1], 1)].repeat(3));
    let metrics = stored.run.aggregate_metrics_json.unwrap();
    // Case 1 passed 2 of 3, case 2 1 of 3.
    assert_eq!((metrics.repeats, metrics.task_success, metrics.n.task_success), (3, 0.5, 6));
    let close = |found: &[f64], wanted: [f64; 3]| {
        found.iter().zip(wanted).all(|(found, wanted)| (found - wanted).abs() < 1e-12)
    };
    assert!(close(&metrics.pass_at_k, [0.5, (1.0 + 2.0 / 3.0) / 2.0, 1.0]), "{:?}", metrics.pass_at_k);
    assert!(close(&metrics.pass_hat_k, [0.5, 1.0 / 6.0, 0.0]), "{:?}", metrics.pass_hat_k);

    let update = types::TestCaseUpdate { expected_output: Some(Some("never".into())), ..Default::default() };
    let changed = service.case_update(cases[0], update).await.unwrap();
    assert_eq!(changed.version, 2);
    let before = service.case_versions(cases[0]).await.unwrap();
    assert_eq!(before.iter().map(|case| case.version).collect::<Vec<_>>(), [2, 1]);
    let restored = types::TestCaseUpdate { is_active: Some(false), ..Default::default() };
    assert_eq!(service.case_update(cases[0], restored).await.unwrap().version, 2, "it says the same");
    let run = service.evaluation_start_with(of(agent.id, &cases[1..]), 1).await.unwrap();
    assert_eq!(ended_as(&to_its_end(&service, run.id).await), RunState::Completed);
}

#[tokio::test]
async fn a_run_stops_at_its_budget_and_says_so() {
    let provider = ScriptedProvider::start([Reply::text("ok")]).await.unwrap();
    let world = World::new();
    let service = Service::start(world.config_with(&provider)).await.unwrap();
    let priced = AgentCreate { model: "gpt-4o".into(), ..AgentCreate::default() };
    let agent = service.agent_create(priced).await.unwrap();
    let cases = easy_cases(&service, 20).await;
    let options = EvaluationOptions { max_cost_usd: Some(1e-9), ..EvaluationOptions::default() };
    let request = EvaluationCreate { options, ..of(agent.id, &cases) };
    let run = service.evaluation_start_with(request, 2).await.unwrap();
    assert_eq!(ended_as(&to_its_end(&service, run.id).await), RunState::Cancelled);
    let stored = service.evaluation_get(run.id).await.unwrap();
    assert!((1..20).contains(&stored.results.len()), "{}", stored.results.len());
    assert!(stored.results.iter().all(|result| result.usage.is_some_and(|usage| usage.cost_usd.is_some())));
    let why = service.run_view(run.id).await.unwrap();
    assert!(format!("{why:?}").contains("budget"), "{why:?}");
}

#[tokio::test]
async fn a_case_is_a_conversation_with_tools_of_its_own() {
    let call = Reply::calls([("call_1", "lookup", r#"{"key": "a"}"#)]);
    let provider = ScriptedProvider::start([call, Reply::text("It is 5."), Reply::text("Still 5.")]).await.unwrap();
    let world = World::new();
    let service = Service::start(world.config_with(&provider)).await.unwrap();
    let agent = openai(&service).await;
    let draft = json!({
        "user_input": "", "system": "Be brief.", "only_own_tools": true,
        "tool_defs": [{"name": "lookup", "description": "Looks up.", "parameters": {"type": "object"}, "result": {"value": 5}}],
        "turns": [
            {"user": "What is a?", "expect": {"calls": [{"name": "lookup", "arguments": {"key": "a"}}], "answer": {"check": "contains", "expected": "5"}}},
            {"user": "And now?", "expect": {"tools": [], "answer": {"not": {"check": "contains", "expected": "6"}}}},
        ],
    });
    let case = service.case_create(serde_json::from_value(draft).unwrap()).await.unwrap();
    assert_eq!(case.draft.user_input, "What is a?");
    assert_eq!(service.case_get(case.id).await.unwrap(), case);
    let run = service.evaluation_start(of(agent.id, &[case.id])).await.unwrap();
    assert_eq!(ended_as(&to_its_end(&service, run.id).await), RunState::Completed);
    let result = service.evaluation_get(run.id).await.unwrap().results.remove(0);
    assert_eq!(result.outcome, Outcome::Pass, "{:?}", result.checks);
    assert_eq!((result.turns.len(), result.turns[1].reply.as_str()), (2, "Still 5."));
    assert_eq!(result.turns[0].calls[0].result, r#"{"value":5}"#);
    let asked = provider.requests();
    let names: Vec<_> = asked[0].body["tools"].as_array().unwrap().iter().map(|tool| tool["name"].clone()).collect();
    assert_eq!(names, ["lookup"]);
    assert!(asked[0].body.to_string().contains("Be brief."));
    assert_eq!(asked.len(), 3);
}

#[tokio::test]
async fn stored_answers_are_judged_again_by_the_versions_asked_or_by_those_of_now() {
    let provider = ScriptedProvider::start(["ok", "fine"].map(Reply::text)).await.unwrap();
    let world = World::new();
    let service = Service::start(world.config_with(&provider)).await.unwrap();
    let agent = openai(&service).await;
    let cases = easy_cases(&service, 2).await;
    let run = service.evaluation_start_with(of(agent.id, &cases), 1).await.unwrap();
    assert_eq!(ended_as(&to_its_end(&service, run.id).await), RunState::Completed);
    let counts = |done: types::Rescored| (done.changed, done.unchanged, done.left);
    assert_eq!(counts(service.evaluation_rescore(run.id, false).await.unwrap()), (0, 2, 0));

    // The key of the second was wrong; the first asks something else now.
    let expected = |text: &str| Some(Some(text.to_owned()));
    let update = types::TestCaseUpdate { expected_output: expected("fine"), ..Default::default() };
    service.case_update(cases[1], update).await.unwrap();
    let update = types::TestCaseUpdate { user_input: Some("Another question".into()), ..Default::default() };
    service.case_update(cases[0], update).await.unwrap();
    assert_eq!(counts(service.evaluation_rescore(run.id, false).await.unwrap()), (0, 2, 0));
    assert_eq!(counts(service.evaluation_rescore(run.id, true).await.unwrap()), (1, 0, 1));
    let stored = service.evaluation_get(run.id).await.unwrap();
    let judged: Vec<_> = stored.results.iter().map(|result| (result.outcome, result.case_version)).collect();
    assert_eq!(judged, [(Outcome::Pass, 1), (Outcome::Pass, 2)]);
    assert_eq!(stored.run.aggregate_metrics_json.as_ref().unwrap().task_success, 1.0);
    let events = to_its_end(&service, run.id).await;
    assert_gap_free(&events);
    let view = service.run_view(run.id).await.unwrap();
    assert_eq!((view.outcomes.get("pass"), view.state), (Some(&2), RunState::Completed));
    assert_eq!(view, RunView::from_events(&events));
    assert_eq!(provider.requests().len(), 2, "nobody was asked again");
}
