//! Training runs: refused, to the end, stopped and resumed.

use crate::world::{World, assert_gap_free, ended_as, local, nth_event, openai, sample_cases, to_its_end};
use service::Service;
use types::{Agent, EventKind, RunState, TestCaseId, TrainingCreate, TrainingEpisode};

pub fn of(agent: &Agent, cases: &[TestCaseId], num_episodes: u32) -> TrainingCreate {
    TrainingCreate {
        agent_id: agent.id,
        num_episodes,
        test_case_ids: Some(cases.to_vec()),
        reward_weights: None,
        algorithm: "reinforce".into(),
        seed: 3,
        parameters: serde_json::Map::new(),
    }
}

pub fn is_episode(kind: &EventKind) -> bool {
    matches!(kind, EventKind::EpisodeFinished { .. })
}

/// What must be the same in two runs of one seed.
pub fn curve(episodes: &[TrainingEpisode]) -> Vec<(i64, f64, f64, i64)> {
    episodes.iter().map(|e| (e.episode_num, e.avg_reward, e.total_reward, e.num_test_cases)).collect()
}

/// A copy of the agent that has learned nothing.
pub async fn learner(service: &Service) -> Agent {
    let twin = local(service, "untrained").await;
    let draft = types::AgentCreate {
        agent_type: twin.agent_type,
        model: twin.model,
        temperature: 0.0,
        ..types::AgentCreate::default()
    };
    service.agent_create(draft).await.unwrap()
}

#[tokio::test]
async fn an_agent_that_cannot_be_trained_is_refused_with_those_that_can() {
    let world = World::new();
    let service = world.start().await;
    let cases = sample_cases(&service).await;
    let error = service.training_start(of(&openai(&service).await, &cases, 2)).await.unwrap_err();
    assert_eq!(error.status(), 400);
    assert!(error.to_string().contains("local"), "{error}");
    let agent = local(&service, "untrained").await;
    assert_eq!(service.training_start(of(&agent, &cases, 0)).await.unwrap_err().status(), 422);
    let unknown = TrainingCreate { algorithm: "alchemy".into(), ..of(&agent, &cases, 1) };
    assert_eq!(service.training_start(unknown).await.unwrap_err().status(), 422);
}

#[tokio::test]
async fn a_completed_run_has_its_episodes_and_its_weights_are_adopted() {
    let world = World::new();
    let service = world.start().await;
    let agent = learner(&service).await;
    let cases = sample_cases(&service).await;
    let run = service.training_start(of(&agent, &cases, 4)).await.unwrap();
    let events = to_its_end(&service, run.id).await;
    assert_gap_free(&events);
    assert_eq!(ended_as(&events), RunState::Completed);
    let stored = service.training_get(run.id).await.unwrap();
    assert_eq!(stored.episodes.iter().map(|e| e.episode_num).collect::<Vec<_>>(), [0, 1, 2, 3]);
    assert_eq!(stored.run.current_episode, 4);
    let mean = stored.episodes.iter().map(|e| e.avg_reward).sum::<f64>() / 4.0;
    assert!((stored.run.final_avg_reward.unwrap() - mean).abs() < 1e-9);
    assert!(stored.run.held_out_before.is_some() && stored.run.held_out_after.is_some());
    let view = service.run_view(run.id).await.unwrap();
    assert_eq!(view.series["reward/mean"].len(), 4);
    assert!(view.checkpoints.iter().any(|mark| mark.best), "{:?}", view.checkpoints);
    let better = stored.run.held_out_after >= stored.run.held_out_before;
    let model = service.agent_get(agent.id).await.unwrap().model;
    assert_eq!(model == format!("run:{}", run.id), better);
    assert!(world.checkpoints().join(run.id.to_string()).join("best.safetensors").exists());
}

#[tokio::test]
async fn a_stopped_run_resumes_and_learns_what_an_uninterrupted_one_learns() {
    let world = World::new();
    let service = world.start().await;
    let cases = sample_cases(&service).await;
    let whole = service.training_start(of(&learner(&service).await, &cases, 6)).await.unwrap();
    assert_eq!(ended_as(&to_its_end(&service, whole.id).await), RunState::Completed);

    let run = service.training_start(of(&learner(&service).await, &cases, 6)).await.unwrap();
    nth_event(&service, run.id, 2, is_episode).await;
    service.training_stop(run.id).await.unwrap();
    let events = to_its_end(&service, run.id).await;
    assert_eq!(ended_as(&events), RunState::Cancelled);
    assert!(service.training_get(run.id).await.unwrap().run.current_episode < 6);
    service.training_resume(run.id).await.unwrap();
    let events = to_its_end(&service, run.id).await;
    assert_gap_free(&events);
    assert_eq!(ended_as(&events), RunState::Completed);

    let (whole, resumed) = (service.training_get(whole.id).await.unwrap(), service.training_get(run.id).await.unwrap());
    assert_eq!(curve(&resumed.episodes), curve(&whole.episodes));
    assert_eq!(resumed.run.held_out_after, whole.run.held_out_after);
    let view = service.run_view(run.id).await.unwrap();
    assert_eq!(view.series["reward/mean"], service.run_view(whole.run.id).await.unwrap().series["reward/mean"]);
}
