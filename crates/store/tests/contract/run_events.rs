//! The event log of runs.

use super::{
    engines::{each_database, each_store},
    samples::{append, at, episode, evaluation_state, note, result, stored_evaluation, uuid},
};
use store::{RunWrite, Store};
use types::{AggregateMetrics, Error, Event, EventKind, Outcome, ResultId, RunId, RunState, TestCaseId};

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
