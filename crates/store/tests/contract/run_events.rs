//! The event log of runs.

use super::{
    engines::{each_database, each_store},
    samples::{append, at, episode, evaluation, evaluation_state, note, result, stored_evaluation, uuid},
};
use store::{Judged, RunWrite, Store};
use types::{
    AgentId, AggregateMetrics, Error, Event, EventKind, Outcome, ResultId, RunId, RunState, RunView, TestCaseId,
};

fn every_kind() -> Vec<EventKind> {
    vec![
        EventKind::Started { total: 4, done: 1 },
        EventKind::StopRequested,
        EventKind::SampleFinished {
            result_id: ResultId(uuid(1)),
            test_case_id: TestCaseId(uuid(2)),
            outcome: Outcome::ToolError,
            reward: Some(0.1 + 0.2),
            done: 2,
            cost_usd: Some(0.1 + 0.2),
        },
        EventKind::EpisodeFinished { episode_num: 0, avg_reward: -0.5, total_reward: -2.0, num_test_cases: 4 },
        EventKind::Series { step: 1, values: [("reward/mean".to_owned(), 0.5)].into() },
        EventKind::CheckpointSaved { episode: 1, file: "1.safetensors".into(), reward: 0.5, best: true },
        EventKind::Alert { message: "loss is not a number".into() },
        note("half way — «é» \0"),
        EventKind::Finished {
            state: RunState::Completed,
            message: None,
            aggregate: Some(Box::new(AggregateMetrics::default())),
        },
    ]
}

#[tokio::test]
async fn every_kind_of_event_survives_numbered_from_one() {
    each_store(async |store| {
        let run = stored_evaluation(&store).await;
        let mut appended = Vec::new();
        for (seq, kind) in (1..).zip(every_kind()) {
            let event = store.run_append(run, at(seq * 10), &kind, &[]).await.unwrap();
            assert_eq!(event, Event { run, seq, at: at(seq * 10), kind });
            appended.push(event);
        }
        assert_eq!(store.run_events(run, 0, 100).await.unwrap(), appended);
        assert_eq!(store.run_events(run, 2, 3).await.unwrap(), appended[2..5]);
        assert_eq!(store.run_events(run, i64::MIN, u32::MAX).await.unwrap(), appended);
        assert_eq!(store.run_events(run, 9, 100).await.unwrap(), []);
        assert_eq!(store.run_events(RunId(uuid(99)), 0, 100).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn an_event_needs_a_run_that_exists() {
    each_store(async |store| {
        let refused = store.run_append(RunId(uuid(7)), at(1), &note("x"), &[]).await;
        assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn a_failing_write_leaves_no_event_no_write_and_no_gap() {
    each_store(async |store| {
        let run = stored_evaluation(&store).await;
        let good = RunWrite::Result { position: 0, result: result(10, TestCaseId(uuid(1))) };
        let bad = [
            RunWrite::Result { position: 1, result: result(11, TestCaseId(uuid(404))) },
            RunWrite::TrainingState { state: RunState::Running, completed_at: None, error: None },
            RunWrite::Episode(episode(0, 0.5)),
            RunWrite::TrainingHeldOut { before: Some(f64::NAN), after: None },
        ];
        for write in bad {
            let refused = store.run_append(run, at(1), &note("x"), &[good.clone(), write.clone()]).await;
            assert!(refused.is_err(), "{write:?}");
            assert_eq!(store.run_events(run, 0, 10).await.unwrap(), []);
            assert_eq!(store.evaluation_results(run).await.unwrap(), []);
        }
        assert_eq!(store.run_append(run, at(1), &note("x"), &[good]).await.unwrap().seq, 1);
    })
    .await;
}

#[tokio::test]
async fn an_event_that_could_not_be_read_again_is_refused() {
    each_store(async |store| {
        let run = stored_evaluation(&store).await;
        let not_a_number = EventKind::Series { step: 1, values: [("loss/policy".to_owned(), f64::NAN)].into() };
        let refused = store.run_append(run, at(1), &not_a_number, &[]).await;
        assert!(matches!(refused, Err(Error::Internal(_))), "{refused:?}");
        assert_eq!(store.run_events(run, 0, 10).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_run_that_ended_cannot_be_stopped() {
    each_store(async |store| {
        let run = stored_evaluation(&store).await;
        append(&store, run, &[evaluation_state(RunState::Running, None)]).await;
        append(&store, run, &[evaluation_state(RunState::Stopping, None)]).await;
        append(&store, run, &[evaluation_state(RunState::Completed, Some(9))]).await;
        let stopping = [evaluation_state(RunState::Stopping, None)];
        let refused = store.run_append(run, at(10), &EventKind::StopRequested, &stopping).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
        assert_eq!(store.run_state(run).await.unwrap(), Some(RunState::Completed));
        assert_eq!(store.run_events(run, 0, 10).await.unwrap().len(), 3);
    })
    .await;
}

fn judged(number: u128, position: i64, case: TestCaseId) -> Judged {
    Judged { position, result: result(number, case), event: note(&format!("judged {number}")) }
}

#[tokio::test]
async fn judged_cases_are_stored_together_or_not_at_all_and_numbered_on() {
    each_store(async |store| {
        let run = stored_evaluation(&store).await;
        let case = TestCaseId(uuid(1));
        store.run_append(run, at(1), &note("before"), &[]).await.unwrap();
        let three = (0..3).map(|place: i64| judged(place.unsigned_abs().into(), place, case)).collect();
        let told = store.run_append_judged(run, at(2), three).await.unwrap();
        let expected = (2..=4).map(|seq| Event { run, seq, at: at(2), kind: note(&format!("judged {}", seq - 2)) });
        assert_eq!(told, expected.collect::<Vec<_>>());
        assert_eq!(store.run_events(run, 1, 10).await.unwrap(), told);
        let stored = store.evaluation_results(run).await.unwrap();
        assert_eq!(
            stored.iter().map(|result| result.id.0.as_u128()).collect::<Vec<_>>(),
            [0, 1, 2].map(|n| uuid(n).as_u128())
        );

        let broken = vec![judged(8, 3, case), judged(9, 4, TestCaseId(uuid(404)))];
        assert!(store.run_append_judged(run, at(3), broken).await.is_err(), "a case that does not exist");
        assert_eq!(store.evaluation_positions(run).await.unwrap(), [0, 1, 2]);
        assert_eq!(store.run_append(run, at(4), &note("after"), &[]).await.unwrap().seq, 5);
        assert_eq!(store.run_append_judged(run, at(5), Vec::new()).await.unwrap(), []);
        let nowhere = store.run_append_judged(RunId(uuid(99)), at(6), vec![judged(10, 0, case)]).await;
        assert!(nowhere.is_err(), "{nowhere:?}");
    })
    .await;
}

#[tokio::test]
async fn a_place_whose_provider_failed_is_not_done() {
    each_store(async |store| {
        let run = stored_evaluation(&store).await;
        let case = TestCaseId(uuid(1));
        let mut failed = judged(11, 1, case);
        failed.result.outcome = Outcome::ProviderError;
        store.run_append_judged(run, at(1), vec![judged(10, 0, case), failed]).await.unwrap();
        assert_eq!(store.evaluation_positions(run).await.unwrap(), [0]);
        let scores = store.evaluation_scores(run).await.unwrap();
        assert_eq!(
            scores.iter().map(|one| one.score.outcome).collect::<Vec<_>>(),
            [Outcome::Pass, Outcome::ProviderError]
        );
        let passed = &scores[0];
        assert_eq!((passed.test_case_id, passed.latency_ms), (case, 12));
        assert_eq!((passed.score.task_success, passed.score.tool_usage_efficiency), (Some(1.0), None));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn batches_of_two_runs_and_single_events_share_the_writer_without_gaps() {
    each_store(async |store| {
        let first = stored_evaluation(&store).await;
        let second = evaluation(AgentId(uuid(1)), 8, 1);
        store.evaluation_insert(&second, &[(TestCaseId(uuid(1)), 1)], 8).await.unwrap();
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..30_i64 {
            let (store, run) = (store.clone(), if number % 2 == 0 { first } else { second.id });
            tasks.spawn(async move {
                let places = number * 5..number * 5 + 5;
                let five =
                    places.map(|place| judged(1000 + u128::from(place.unsigned_abs()), place, TestCaseId(uuid(1))));
                let told = store.run_append_judged(run, at(1), five.collect()).await.unwrap();
                let one = store.run_append(run, at(1), &note("x"), &[]).await.unwrap();
                told.into_iter().chain([one]).collect::<Vec<_>>()
            });
        }
        let mut told = tasks.join_all().await.concat();
        told.sort_by_key(|event| (event.run != first, event.seq));
        let mut stored = store.run_events(first, 0, 1000).await.unwrap();
        stored.extend(store.run_events(second.id, 0, 1000).await.unwrap());
        assert_eq!(told, stored, "what was told is what is stored");
        let numbers: Vec<_> = stored.iter().map(|event| event.seq).collect();
        assert_eq!(numbers, (1..=90).chain(1..=90).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn the_later_view_of_a_run_is_kept() {
    each_store(async |store| {
        let run = stored_evaluation(&store).await;
        assert_eq!(store.run_view_get(run).await.unwrap(), None);
        let view = |seq, done| RunView { seq, done, message: Some("half «é»".into()), ..RunView::default() };
        for (seq, kept) in [(5, 5), (9, 9), (7, 9)] {
            store.run_view_put(run, &view(seq, seq * 2)).await.unwrap();
            assert_eq!(store.run_view_get(run).await.unwrap(), Some(view(kept, kept * 2)));
        }
        assert!(store.run_view_put(RunId(uuid(99)), &view(1, 1)).await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_events_leave_no_gap_even_from_two_processes() {
    each_database(async |database| {
        let stores = [Store::open(&database.url).await.unwrap(), Store::open(&database.url).await.unwrap()];
        let run = stored_evaluation(&stores[0]).await;
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..60 {
            let store = stores[number % 2].clone();
            tasks.spawn(async move {
                let result = result(1000 + number as u128, TestCaseId(uuid(1)));
                let write = RunWrite::Result { position: number as i64, result };
                store.run_append(run, at(1), &note("x"), &[write]).await.unwrap().seq
            });
        }
        let mut given = tasks.join_all().await;
        given.sort_unstable();
        assert_eq!(given, (1..=60).collect::<Vec<i64>>());
        assert_eq!(stores[1].evaluation_results(run).await.unwrap().len(), 60);
        for store in stores {
            store.close().await;
        }
    })
    .await;
}
