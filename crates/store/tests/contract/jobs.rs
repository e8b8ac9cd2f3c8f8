//! The job queue.

use super::{
    engines::{each_database, each_store},
    samples::{append, at, evaluation, evaluation_state, stored_agent, training, uuid},
};
use serde_json::json;
use store::{Job, JobQueue, Reap, Store};
use types::{Error, RunId, RunKind, RunState};

fn run(number: u32) -> RunId {
    RunId(uuid(number.into()))
}

fn job(number: u32) -> Job {
    Job { run: run(number), kind: RunKind::Evaluation }
}

/// Adds agent 1 and evaluation runs of these numbers, queued in this order.
async fn queued(store: &Store, numbers: impl IntoIterator<Item = u32>) {
    let agent = stored_agent(store, 1).await;
    for (place, number) in (0..).zip(numbers) {
        store.evaluation_insert(&evaluation(agent, number, 0), &[], 8).await.unwrap();
        store.job_enqueue(run(number), RunKind::Evaluation, at(place)).await.unwrap();
    }
}

#[tokio::test]
async fn jobs_are_claimed_once_longest_waiting_first() {
    each_store(async |store| {
        queued(&store, [12, 11, 13]).await;
        let claim = async |worker| store.job_claim(worker, at(1000), 500).await.unwrap();
        assert_eq!(claim("a").await, Some(job(12)));
        assert_eq!(claim("b").await, Some(job(11)));
        assert_eq!(claim("a").await, Some(job(13)));
        assert_eq!(claim("a").await, None);
    })
    .await;
}

#[tokio::test]
async fn a_claim_tells_the_kind() {
    each_store(async |store| {
        let agent = stored_agent(&store, 1).await;
        store.training_insert(&training(agent, 7, 1), &json!({})).await.unwrap();
        store.job_enqueue(run(7), RunKind::Training, at(1)).await.unwrap();
        let claimed = store.job_claim("a", at(2), 500).await.unwrap();
        assert_eq!(claimed, Some(Job { run: run(7), kind: RunKind::Training }));
    })
    .await;
}

#[tokio::test]
async fn a_run_is_queued_once_until_its_work_ends() {
    each_store(async |store| {
        queued(&store, [11]).await;
        let again = async || store.job_enqueue(run(11), RunKind::Evaluation, at(5)).await;
        assert!(matches!(again().await, Err(Error::Conflict(_))));
        store.job_claim("a", at(6), 500).await.unwrap();
        assert!(matches!(again().await, Err(Error::Conflict(_))));
        assert!(!store.job_finish(run(11), "b").await.unwrap());
        assert!(store.job_finish(run(11), "a").await.unwrap());
        assert!(!store.job_finish(run(11), "a").await.unwrap());
        again().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_run_that_does_not_exist_is_not_queued() {
    each_store(async |store| {
        let refused = store.job_enqueue(run(11), RunKind::Evaluation, at(5)).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn only_a_job_that_nobody_holds_is_withdrawn() {
    each_store(async |store| {
        queued(&store, [11, 12]).await;
        store.job_claim("a", at(6), 500).await.unwrap();
        assert!(!store.job_withdraw(run(11)).await.unwrap());
        assert!(store.job_withdraw(run(12)).await.unwrap());
        assert_eq!(store.job_claim("a", at(6), 500).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_heartbeat_renews_the_lease_and_a_lease_that_ended_is_reaped() {
    each_store(async |store| {
        queued(&store, [11, 12, 13]).await;
        store.job_claim("a", at(1000), 500).await.unwrap();
        store.job_claim("a", at(1000), 500).await.unwrap();
        assert!(store.job_heartbeat(run(11), "a", at(1400), 500).await.unwrap());
        assert!(!store.job_heartbeat(run(11), "b", at(1400), 500).await.unwrap());
        assert!(!store.job_heartbeat(run(13), "a", at(1400), 500).await.unwrap());
        // Leases end at 1900 (renewed) and 1500; run 13 is only queued.
        let reaped = async |now| store.job_reap(Reap::Expired { now: at(now) }).await.unwrap();
        assert_eq!(reaped(1500).await, []);
        assert_eq!(reaped(1501).await, [job(12)]);
        assert!(!store.job_heartbeat(run(12), "a", at(1502), 500).await.unwrap());
        assert_eq!(reaped(i64::MAX).await, [job(11)]);
        assert_eq!(store.job_claim("b", at(2000), 500).await.unwrap(), Some(job(13)));
    })
    .await;
}

#[tokio::test]
async fn a_new_worker_takes_the_jobs_of_all_others_longest_waiting_first() {
    each_store(async |store| {
        queued(&store, [13, 12, 11, 14]).await;
        for worker in ["old", "old", "new"] {
            store.job_claim(worker, at(1000), i64::MAX).await.unwrap();
        }
        let reaped = store.job_reap(Reap::AllButWorker { worker: "new" }).await.unwrap();
        assert_eq!(reaped, [job(13), job(12)]);
        assert!(store.job_heartbeat(run(11), "new", at(1001), 500).await.unwrap());
        assert_eq!(store.job_claim("new", at(1002), 500).await.unwrap(), Some(job(14)));
    })
    .await;
}

#[tokio::test]
async fn a_run_that_is_not_ended_and_has_no_job_is_an_orphan() {
    each_store(async |store| {
        queued(&store, [11, 12, 13]).await;
        assert_eq!(store.run_orphans().await.unwrap(), []);
        for number in [12, 13] {
            assert!(store.job_withdraw(run(number)).await.unwrap());
        }
        append(&store, run(13), &[evaluation_state(RunState::Completed, Some(9))]).await;
        assert_eq!(store.run_orphans().await.unwrap(), [job(12)]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_workers_of_two_processes_share_the_jobs_without_doubles() {
    each_database(async |database| {
        let stores = [Store::open(&database.url).await.unwrap(), Store::open(&database.url).await.unwrap()];
        queued(&stores[0], 1..=40).await;
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..8 {
            let store = stores[number % 2].clone();
            tasks.spawn(async move {
                let mut claimed = Vec::new();
                while let Some(job) = store.job_claim(&format!("worker {number}"), at(1000), 500).await.unwrap() {
                    claimed.push(job.run);
                }
                claimed
            });
        }
        let mut claimed = tasks.join_all().await.concat();
        claimed.sort_unstable();
        assert_eq!(claimed, (1..=40).map(run).collect::<Vec<_>>());
        for store in stores {
            store.close().await;
        }
    })
    .await;
}
