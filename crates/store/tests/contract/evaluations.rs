//! Evaluation runs and their results.

use super::{
    engines::each_store,
    samples::{
        agent, append, at, case, evaluation, evaluation_state, first_versions, object, page, result, stored_agent,
        stored_evaluation, uuid,
    },
};
use store::{RunWrite, Store};
use types::{
    Agent, AgentId, AggregateMetrics, CallRecord, CheckResult, Error, EvaluationOptions, EvaluationResult,
    EvaluationRunListItem, HumanVerdict, MetricCounts, Outcome, ResultId, ResultQuery, ResultShow, ResultSort,
    ResultTurn, Review, RunId, RunKind, RunState, RunStatus, Scored, Split, TestCaseId, Usage,
};

fn aggregate() -> AggregateMetrics {
    AggregateMetrics {
        task_success: 0.5,
        reward: -0.25,
        n: MetricCounts { task_success: 4, ..MetricCounts::default() },
        task_success_interval: Some((0.15, 0.85)),
        outcomes: [("pass".to_owned(), 2), ("step limit".to_owned(), 2)].into(),
        latency_ms_p50: Some(12.5),
        ..AggregateMetrics::default()
    }
}

fn full_result(number: u128, test_case_id: TestCaseId) -> EvaluationResult {
    EvaluationResult {
        response_text: Some("345 «é»".into()),
        tool_calls_json: Some(vec![CallRecord {
            tool_name: "calculate".into(),
            arguments: Some(object(r#"{"expression": "15 * 23"}"#)),
            result: "345".into(),
            is_error: false,
            duration_ms: 3,
        }]),
        scored: Scored { task_success: true, tool_usage_efficiency: true, response_quality: false, reward: true },
        outcome: Outcome::MaxSteps,
        checks: vec![CheckResult { scorer: "numeric".into(), value: 1.0, passed: true, reason: "345 = 345".into() }],
        error: Some("the step limit".into()),
        case_version: 3,
        usage: Some(Usage { input_tokens: 12, cost_usd: Some(0.25), ..Usage::default() }),
        metrics: [("call_exactness".to_owned(), 0.5)].into(),
        turns: vec![ResultTurn { user_input: "Hi".into(), calls: Vec::new(), reply: "Ho".into(), latency_ms: 1 }],
        ..result(number, test_case_id)
    }
}

#[tokio::test]
async fn a_run_survives_with_its_cases_in_order() {
    each_store(async |store| {
        let agent = stored_agent(&store, 1).await;
        let run = EvaluationRunListItem {
            status: RunStatus::Failed,
            state: RunState::Interrupted,
            completed_at: Some(at(99)),
            aggregate_metrics_json: Some(aggregate()),
            error: Some("cut off".into()),
            options: EvaluationOptions { repeats: Some(2), max_cost_usd: Some(0.5) },
            ..evaluation(agent, 7, 2)
        };
        let ids = [TestCaseId(uuid(5)), TestCaseId(uuid(3))];
        store.evaluation_insert(&run, &first_versions(&ids), 8).await.unwrap();
        let stored = store.evaluation_get(run.id).await.unwrap().unwrap();
        assert_eq!((stored.run, stored.results), (run.clone(), vec![]));
        assert_eq!(store.evaluation_samples(run.id).await.unwrap(), first_versions(&ids));
        assert_eq!(store.run_kind(run.id).await.unwrap(), Some(RunKind::Evaluation));
        assert_eq!(store.run_state(run.id).await.unwrap(), Some(RunState::Interrupted));
    })
    .await;
}

#[tokio::test]
async fn an_unknown_run_is_nothing_in_every_query() {
    each_store(async |store| {
        let run = RunId(uuid(7));
        assert_eq!(store.evaluation_get(run).await.unwrap(), None);
        assert_eq!(store.evaluation_samples(run).await.unwrap(), []);
        assert_eq!(store.evaluation_results(run).await.unwrap(), []);
        assert_eq!(store.run_kind(run).await.unwrap(), None);
        assert_eq!(store.run_state(run).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_run_needs_an_agent_that_exists_and_leaves_nothing_behind() {
    each_store(async |store| {
        let run = evaluation(AgentId(uuid(1)), 7, 0);
        let refused = store.evaluation_insert(&run, &[], 8).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
        assert_eq!(store.run_kind(run.id).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn results_survive_in_the_order_of_the_cases_and_are_counted() {
    each_store(async |store| {
        let agent = stored_agent(&store, 1).await;
        store.case_insert_all(&[case(1, "a"), case(2, "b"), case(3, "c")]).await.unwrap();
        let ids = [1, 2, 3].map(|number| TestCaseId(uuid(number)));
        let run = evaluation(agent, 7, 3);
        store.evaluation_insert(&run, &first_versions(&ids), 8).await.unwrap();
        let (last, first) = (full_result(10, ids[2]), result(20, ids[0]));
        append(&store, run.id, &[RunWrite::Result { position: 2, result: last.clone() }]).await;
        append(&store, run.id, &[RunWrite::Result { position: 0, result: first.clone() }]).await;
        let stored = store.evaluation_get(run.id).await.unwrap().unwrap();
        assert_eq!(stored.results, [first, last.clone()]);
        assert_eq!(stored.run.num_completed, 2);
        assert_eq!(store.evaluation_positions(run.id).await.unwrap(), [0, 2]);
        let query = ResultQuery { page: page(1, 5), ..ResultQuery::default() };
        let second = store.evaluation_result_list(run.id, query).await.unwrap();
        assert_eq!((second.items, second.total), (vec![last], 2));
        assert_eq!(store.evaluation_list(None, page(0, 5)).await.unwrap().items[0].num_completed, 2);
    })
    .await;
}

#[tokio::test]
async fn results_are_filtered_by_outcome_and_sorted() {
    each_store(async |store| {
        let run = stored_evaluation(&store).await;
        let case = TestCaseId(uuid(1));
        let judged = [(Outcome::Pass, 0.9, 20), (Outcome::MaxSteps, 0.1, 10), (Outcome::Fail, 0.5, 30)];
        for (position, (outcome, reward, latency_ms)) in (0..).zip(judged) {
            let result = EvaluationResult { outcome, reward, latency_ms, ..result(position + 10, case) };
            let position = i64::try_from(position).unwrap();
            append(&store, run, &[RunWrite::Result { position, result }]).await;
        }
        for (show, sort, expected) in [
            (ResultShow::All, ResultSort::Case, &[10, 11, 12][..]),
            (ResultShow::All, ResultSort::Reward, &[11, 12, 10]),
            (ResultShow::Failures, ResultSort::Latency, &[12, 11]),
            (ResultShow::Errors, ResultSort::Case, &[11]),
        ] {
            let query = ResultQuery { page: page(0, 5), show, sort, within: None };
            let expected: Vec<_> = expected.iter().map(|number| ResultId(uuid(*number))).collect();
            assert_eq!(store.evaluation_result_ids(run, query.clone()).await.unwrap(), expected);
            let listed = store.evaluation_result_list(run, query).await.unwrap();
            assert_eq!(listed.total, expected.len() as u64);
            assert_eq!(listed.items.iter().map(|result| result.id).collect::<Vec<_>>(), expected);
        }
        let found = store.evaluation_result_get(run, ResultId(uuid(12))).await.unwrap().unwrap();
        assert_eq!(found.outcome, Outcome::Fail);
        assert_eq!(store.evaluation_result_get(RunId(uuid(99)), found.id).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_result_of_the_same_place_is_replaced() {
    each_store(async |store| {
        let run = stored_evaluation(&store).await;
        let case = TestCaseId(uuid(1));
        append(&store, run, &[RunWrite::Result { position: 0, result: result(10, case) }]).await;
        append(&store, run, &[RunWrite::Result { position: 0, result: full_result(11, case) }]).await;
        assert_eq!(store.evaluation_results(run).await.unwrap(), [full_result(11, case)]);
    })
    .await;
}

#[tokio::test]
async fn runs_are_listed_newest_first_of_one_agent_or_all() {
    each_store(async |store| {
        let (ada, bob) = (stored_agent(&store, 1).await, stored_agent(&store, 2).await);
        for (agent, number) in [(ada, 10), (bob, 11), (ada, 12)] {
            store.evaluation_insert(&evaluation(agent, number, 0), &[], 8).await.unwrap();
        }
        let listed = async |agent, skip, limit| {
            let list = store.evaluation_list(agent, page(skip, limit)).await.unwrap();
            (list.items.iter().map(|run| run.id.0.as_u128()).collect::<Vec<_>>(), list.total)
        };
        assert_eq!(listed(None, 0, 100).await, (vec![12, 11, 10], 3));
        assert_eq!(listed(None, 1, 1).await, (vec![11], 3));
        assert_eq!(listed(Some(ada), 0, 100).await, (vec![12, 10], 2));
        assert_eq!(listed(Some(AgentId(uuid(9))), 0, 100).await, (vec![], 0));
    })
    .await;
}

#[tokio::test]
async fn a_state_replaces_end_error_and_means() {
    each_store(async |store| {
        let run = stored_evaluation(&store).await;
        let failed = RunWrite::EvaluationState {
            state: RunState::Failed,
            completed_at: Some(at(90)),
            error: Some("no key".into()),
            aggregate: Some(aggregate()),
        };
        append(&store, run, &[failed]).await;
        let stored = store.evaluation_get(run).await.unwrap().unwrap().run;
        assert_eq!((stored.state, stored.status), (RunState::Failed, RunStatus::Failed));
        assert_eq!((stored.completed_at, stored.error.as_deref()), (Some(at(90)), Some("no key")));
        assert_eq!(stored.aggregate_metrics_json, Some(aggregate()));
        append(&store, run, &[evaluation_state(RunState::Running, None)]).await;
        let resumed = store.evaluation_get(run).await.unwrap().unwrap().run;
        assert_eq!(resumed.state, RunState::Running);
        assert_eq!((resumed.completed_at, resumed.error, resumed.aggregate_metrics_json), (None, None, None));
    })
    .await;
}

async fn completed(store: &Store, agent: AgentId, number: u32, completed_at: i64) {
    let run = evaluation(agent, number, 0);
    store.evaluation_insert(&run, &[], 8).await.unwrap();
    append(store, run.id, &[evaluation_state(RunState::Completed, Some(completed_at))]).await;
}

#[tokio::test]
async fn the_latest_completed_run_of_each_active_agent_is_found() {
    each_store(async |store| {
        let (ada, bob) = (stored_agent(&store, 1).await, stored_agent(&store, 2).await);
        let deleted = Agent { is_active: false, ..agent(3) };
        store.agent_insert(&deleted).await.unwrap();
        // Ada's run 11 began later and ended earlier; her run 13 is not completed.
        completed(&store, ada, 10, 200).await;
        completed(&store, ada, 11, 150).await;
        completed(&store, bob, 12, 300).await;
        completed(&store, deleted.id, 14, 400).await;
        store.evaluation_insert(&evaluation(ada, 13, 0), &[], 8).await.unwrap();
        append(&store, RunId(uuid(13)), &[evaluation_state(RunState::Failed, Some(500))]).await;
        let latest = store.evaluation_latest_completed().await.unwrap();
        assert_eq!(latest.iter().map(|run| run.id.0.as_u128()).collect::<Vec<_>>(), [12, 10]);
    })
    .await;
}

#[tokio::test]
async fn what_people_say_of_a_result_is_replaced_listed_and_taken_back() {
    each_store(async |store| {
        let run_id = stored_evaluation(&store).await;
        let review = |number: u128, disputed: bool| Review {
            result_id: ResultId(uuid(number)),
            run_id,
            test_case_id: TestCaseId(uuid(1)),
            case_version: 2,
            verdict: (!disputed).then_some(HumanVerdict::Fail),
            disputed,
            comment: "«é»".into(),
            reviewed_at: at(i64::try_from(number).unwrap()),
        };
        let (first, second) = (review(10, false), review(11, true));
        store.review_put(&review(10, true)).await.unwrap();
        store.review_put(&first).await.unwrap();
        store.review_put(&second).await.unwrap();
        let all = store.review_list(false, page(0, 10)).await.unwrap();
        assert_eq!((all.items, all.total), (vec![second.clone(), first.clone()], 2));
        let disputed = store.review_list(true, page(0, 10)).await.unwrap();
        assert_eq!((disputed.items, disputed.total), (vec![second.clone()], 1));
        assert_eq!(store.reviews_of_run(run_id).await.unwrap().len(), 2);
        assert_eq!(store.reviews_of_case(TestCaseId(uuid(1))).await.unwrap(), [second.clone(), first]);
        assert_eq!(store.reviews_of_case(TestCaseId(uuid(2))).await.unwrap(), []);
        assert!(store.review_delete(second.result_id).await.unwrap());
        assert!(!store.review_delete(second.result_id).await.unwrap());
        let stranger = Review { run_id: RunId(uuid(99)), ..second };
        assert!(matches!(store.review_put(&stranger).await, Err(Error::Conflict(_))));
    })
    .await;
}

#[tokio::test]
async fn results_are_narrowed_to_a_group_of_cases() {
    each_store(async |store| {
        let agent = stored_agent(&store, 1).await;
        let mut cases = [case(1, "a"), case(2, "b"), case(3, "c")];
        (cases[0].draft.suite, cases[0].draft.tags) = (Some("air".into()), vec!["a\"b".into(), "long".into()]);
        cases[1].draft.split = Some(Split::Test);
        store.case_insert_all(&cases).await.unwrap();
        let ids = [1, 2, 3].map(|number| TestCaseId(uuid(number)));
        let run = evaluation(agent, 7, 3);
        store.evaluation_insert(&run, &first_versions(&ids), 8).await.unwrap();
        for (position, id) in (0..).zip(ids) {
            let number = u128::try_from(position).unwrap() + 1;
            append(&store, run.id, &[RunWrite::Result { position, result: result(number, id) }]).await;
        }
        for (group, expected) in [
            ("suite:air", &[1][..]),
            ("suite:", &[2, 3]),
            ("split:test", &[2]),
            ("tag:a\"b", &[1]),
            ("tag:a", &[]),
            ("tag:", &[2, 3]),
        ] {
            let within = Some(group.parse().unwrap());
            let query = ResultQuery { page: page(0, 5), within, ..ResultQuery::default() };
            let expected: Vec<_> = expected.iter().map(|number| ResultId(uuid(*number))).collect();
            assert_eq!(store.evaluation_result_ids(run.id, query.clone()).await.unwrap(), expected, "{group}");
            let listed = store.evaluation_result_list(run.id, query).await.unwrap();
            assert_eq!(listed.items.iter().map(|result| result.id).collect::<Vec<_>>(), expected, "{group}");
        }
        let labels = store.case_labels_of(run.id).await.unwrap();
        assert_eq!(labels.len(), 3);
        assert_eq!(store.evaluation_position(run.id, ResultId(uuid(2))).await.unwrap(), Some(1));
    })
    .await;
}
