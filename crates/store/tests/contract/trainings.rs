//! Training runs and their episodes.

use super::{
    engines::each_store,
    samples::{append, at, episode, page, stored_agent, training, uuid},
};
use serde_json::json;
use store::{RunWrite, Store};
use types::{AgentId, Error, RunId, RunKind, RunState, RunStatus, TrainingEpisode, TrainingRunListItem};

/// Adds agent 1 and its run 7 over 20 episodes.
async fn stored_training(store: &Store) -> RunId {
    let agent = stored_agent(store, 1).await;
    let run = training(agent, 7, 20);
    store.training_insert(&run, &json!({})).await.unwrap();
    run.id
}

async fn list_item(store: &Store, run: RunId) -> TrainingRunListItem {
    store.training_get(run).await.unwrap().unwrap().run
}

#[tokio::test]
async fn a_run_survives_with_its_request() {
    each_store(async |store| {
        let agent = stored_agent(&store, 1).await;
        let run = TrainingRunListItem {
            status: RunStatus::Cancelled,
            state: RunState::Cancelled,
            held_out_before: Some(0.1),
            held_out_after: Some(-0.0),
            completed_at: Some(at(99)),
            error: Some("stopped".into()),
            ..training(agent, 7, 10_000)
        };
        let config = json!({"seed": u64::MAX, "parameters": {"learning_rate": 0.003}});
        store.training_insert(&run, &config).await.unwrap();
        let stored = store.training_get(run.id).await.unwrap().unwrap();
        assert_eq!((stored.run, stored.config_json, stored.episodes), (run.clone(), config, vec![]));
        assert_eq!(store.run_kind(run.id).await.unwrap(), Some(RunKind::Training));
        assert_eq!(store.run_state(run.id).await.unwrap(), Some(RunState::Cancelled));
        assert_eq!(store.training_get(RunId(uuid(8))).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn an_id_is_taken_once_over_both_kinds() {
    each_store(async |store| {
        let run = stored_training(&store).await;
        let again = super::samples::evaluation(AgentId(uuid(1)), 7, 0);
        assert_eq!(again.id, run);
        let refused = store.evaluation_insert(&again, &[], 8).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn means_and_best_come_from_the_episodes() {
    each_store(async |store| {
        let run = stored_training(&store).await;
        assert_eq!(list_item(&store, run).await.final_avg_reward, None);
        // Rewards 0, 1, … 11, stored last first: mean 66/12 = 5.5; of the last ten (2 … 11) 65/10 = 6.5; best 11.
        for number in (0..12).rev() {
            append(&store, run, &[RunWrite::Episode(episode(number, number as f64))]).await;
        }
        let expected = (12, Some(5.5), Some(6.5), Some(11.0));
        let derived = |run: TrainingRunListItem| {
            (run.current_episode, run.final_avg_reward, run.last_window_avg_reward, run.best_avg_reward)
        };
        assert_eq!(derived(list_item(&store, run).await), expected);
        let listed = store.training_list(None, page(0, 10)).await.unwrap().items;
        assert_eq!(derived(listed.into_iter().next().unwrap()), expected);
    })
    .await;
}

#[tokio::test]
async fn episodes_survive_by_number_and_one_of_the_same_number_is_replaced() {
    each_store(async |store| {
        let run = stored_training(&store).await;
        let again = TrainingEpisode { id: types::EpisodeId(uuid(77)), ..episode(1, 0.75) };
        append(&store, run, &[RunWrite::Episode(episode(1, 0.5)), RunWrite::Episode(episode(0, 0.25))]).await;
        append(&store, run, &[RunWrite::Episode(again.clone())]).await;
        let stored = store.training_get(run).await.unwrap().unwrap();
        assert_eq!(stored.episodes, [episode(0, 0.25), again]);
        assert_eq!(stored.run.current_episode, 2);
        assert_eq!(store.training_episodes(run).await.unwrap(), stored.episodes);
    })
    .await;
}

#[tokio::test]
async fn a_run_that_goes_on_from_an_earlier_checkpoint_forgets_later_episodes() {
    each_store(async |store| {
        let run = stored_training(&store).await;
        let episodes: Vec<_> = (0..4).map(|number| RunWrite::Episode(episode(number, 1.0))).collect();
        append(&store, run, &episodes).await;
        append(&store, run, &[RunWrite::EpisodesForget { from: 2 }]).await;
        assert_eq!(store.training_episodes(run).await.unwrap(), [episode(0, 1.0), episode(1, 1.0)]);
        append(&store, run, &[RunWrite::EpisodesForget { from: 2 }]).await;
        assert_eq!(list_item(&store, run).await.current_episode, 2);
    })
    .await;
}

#[tokio::test]
async fn runs_are_listed_newest_first_of_one_agent_or_all() {
    each_store(async |store| {
        let (ada, bob) = (stored_agent(&store, 1).await, stored_agent(&store, 2).await);
        for (agent, number) in [(ada, 10), (bob, 11), (ada, 12)] {
            store.training_insert(&training(agent, number, 1), &json!({})).await.unwrap();
        }
        let listed = async |agent, skip, limit| {
            let list = store.training_list(agent, page(skip, limit)).await.unwrap();
            (list.items.iter().map(|run| run.id.0.as_u128()).collect::<Vec<_>>(), list.total)
        };
        assert_eq!(listed(None, 0, 100).await, (vec![12, 11, 10], 3));
        assert_eq!(listed(None, 2, 1).await, (vec![10], 3));
        assert_eq!(listed(Some(ada), 0, 100).await, (vec![12, 10], 2));
    })
    .await;
}

#[tokio::test]
async fn a_state_replaces_end_and_error_and_held_out_rewards_stay_until_given() {
    each_store(async |store| {
        let run = stored_training(&store).await;
        let held_out = |before, after| RunWrite::TrainingHeldOut { before, after };
        append(&store, run, &[held_out(Some(0.25), None)]).await;
        append(&store, run, &[held_out(None, Some(0.75))]).await;
        let failed = RunWrite::TrainingState {
            state: RunState::Failed,
            completed_at: Some(at(90)),
            error: Some("diverged".into()),
        };
        append(&store, run, &[failed]).await;
        let stored = list_item(&store, run).await;
        assert_eq!((stored.held_out_before, stored.held_out_after), (Some(0.25), Some(0.75)));
        assert_eq!((stored.state, stored.completed_at), (RunState::Failed, Some(at(90))));
        assert_eq!(stored.error.as_deref(), Some("diverged"));
        let running = RunWrite::TrainingState { state: RunState::Running, completed_at: None, error: None };
        append(&store, run, &[running]).await;
        let resumed = list_item(&store, run).await;
        assert_eq!((resumed.state, resumed.completed_at, resumed.error), (RunState::Running, None, None));
        assert_eq!(resumed.held_out_after, Some(0.75));
    })
    .await;
}
