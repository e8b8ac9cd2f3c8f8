//! The process goes away in the middle of its work: nothing stored is lost, and both kinds of run resume.

use crate::{
    trainings::{curve, is_episode, learner, of},
    world::{World, assert_gap_free, easy_cases, ended_as, nth_event, openai, sample_cases, to_its_end},
};
use agents::testing::{Reply, ScriptedProvider};
use futures::StreamExt;
use service::{Service, ServiceConfig};
use std::fs;
use types::{EvaluationCreate, EvaluationOptions, EventKind, RunId, RunState};

/// Runs `work` in a runtime of its own, which then goes away without any farewell.
async fn crash<F>(config: ServiceConfig, work: impl FnOnce(Service) -> F + Send + 'static) -> RunId
where
    F: Future<Output = RunId>,
{
    let crashed = tokio::task::spawn_blocking(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let run = runtime.block_on(async { work(Service::start(config).await.unwrap()).await });
        drop(runtime);
        run
    });
    crashed.await.unwrap()
}

#[tokio::test]
async fn an_evaluation_that_was_cut_off_is_interrupted_and_resumes_with_the_rest() {
    let script = std::iter::repeat_n(Reply::text("ok"), 5).chain([Reply::hang("")]);
    let provider = ScriptedProvider::start(script).await.unwrap();
    let world = World::new();
    let run = crash(world.config_with(&provider), |service| async move {
        let agent = openai(&service).await;
        let cases = Some(easy_cases(&service, 12).await);
        let request =
            EvaluationCreate { agent_id: agent.id, test_case_ids: cases, options: EvaluationOptions::default() };
        let run = service.evaluation_start(request).await.unwrap();
        nth_event(&service, run.id, 5, |kind| matches!(kind, EventKind::SampleFinished { .. })).await;
        run.id
    })
    .await;
    let provider = ScriptedProvider::start([Reply::text("ok")]).await.unwrap();
    let service = Service::start(world.config_with(&provider)).await.unwrap();
    let stored = service.evaluation_get(run).await.unwrap();
    assert_eq!((stored.run.state, stored.results.len()), (RunState::Interrupted, 5));
    service.evaluation_resume(run).await.unwrap();
    let events = to_its_end(&service, run).await;
    assert_gap_free(&events);
    assert_eq!(ended_as(&events), RunState::Completed);
    let stored = service.evaluation_get(run).await.unwrap();
    assert_eq!((stored.results.len(), stored.run.num_completed), (12, 12));
    assert_eq!(provider.requests().len(), 7);
}

#[tokio::test]
async fn a_training_that_was_cut_off_resumes_to_the_uninterrupted_curve() {
    let world = World::new();
    let run = crash(world.config(), |service| async move {
        let cases = sample_cases(&service).await;
        let run = service.training_start(of(&learner(&service).await, &cases, 6)).await.unwrap();
        nth_event(&service, run.id, 2, is_episode).await;
        run.id
    })
    .await;
    let service = world.start().await;
    let stored = service.training_get(run).await.unwrap();
    assert_eq!(stored.run.state, RunState::Interrupted);
    assert!((2..6).contains(&stored.run.current_episode), "{}", stored.run.current_episode);
    service.training_resume(run).await.unwrap();
    let events = to_its_end(&service, run).await;
    assert_gap_free(&events);
    assert_eq!(ended_as(&events), RunState::Completed);

    let cases = sample_cases(&service).await;
    let whole = service.training_start(of(&learner(&service).await, &cases, 6)).await.unwrap();
    to_its_end(&service, whole.id).await;
    let (whole, resumed) = (service.training_get(whole.id).await.unwrap(), service.training_get(run).await.unwrap());
    assert_eq!(curve(&resumed.episodes), curve(&whole.episodes));
}

#[tokio::test]
async fn a_half_written_checkpoint_gives_way_to_the_one_before() {
    let world = World::new();
    let service = world.start().await;
    let cases = sample_cases(&service).await;
    let run = service.training_start(of(&learner(&service).await, &cases, 6)).await.unwrap();
    nth_event(&service, run.id, 3, is_episode).await;
    service.training_stop(run.id).await.unwrap();
    to_its_end(&service, run.id).await;
    let folder = world.checkpoints().join(run.id.to_string());
    let mut states: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    states.retain(|path| path.extension().is_some_and(|extension| extension == "state"));
    states.sort();
    let latest = states.last().unwrap();
    let whole = fs::read(latest).unwrap();
    fs::write(latest, &whole[..whole.len() / 2]).unwrap();
    service.training_resume(run.id).await.unwrap();
    let events = to_its_end(&service, run.id).await;
    assert_eq!(ended_as(&events), RunState::Completed);
    let alert = events.iter().find_map(|event| match &event.kind {
        EventKind::Alert { message } if message.contains("damaged") => Some(message),
        _ => None,
    });
    assert!(alert.is_some());
    assert_eq!(service.training_get(run.id).await.unwrap().run.current_episode, 6);
}

#[tokio::test]
async fn a_run_whose_checkpoints_are_lost_starts_again_and_shows_no_episode_it_has_yet_to_play() {
    let world = World::new();
    let service = world.start().await;
    let cases = sample_cases(&service).await;
    let run = service.training_start(of(&learner(&service).await, &cases, 500)).await.unwrap().id;
    nth_event(&service, run, 4, is_episode).await;
    service.training_stop(run).await.unwrap();
    let first = to_its_end(&service, run).await;
    let folder = world.checkpoints().join(run.to_string());
    for entry in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.extension().is_some_and(|extension| extension == "state") {
            fs::write(entry, "damaged").unwrap();
        }
    }
    service.training_resume(run).await.unwrap();
    let played: usize = service
        .run_subscribe(run, first.last().unwrap().seq)
        .await
        .unwrap()
        .filter(|event| std::future::ready(is_episode(&event.kind)))
        // Only the first of these finds it running.
        .then(|_| async { drop(service.training_stop(run).await) })
        .count()
        .await;
    assert_eq!(service.training_get(run).await.unwrap().episodes.len(), played);
}

#[tokio::test]
async fn a_shutdown_interrupts_what_runs_so_that_it_can_be_resumed() {
    let provider = ScriptedProvider::start([Reply::hang("")]).await.unwrap();
    let world = World::new();
    let service = Service::start(world.config_with(&provider)).await.unwrap();
    let agent = openai(&service).await;
    let cases = Some(easy_cases(&service, 3).await);
    let run = service
        .evaluation_start(EvaluationCreate {
            agent_id: agent.id,
            test_case_ids: cases,
            options: EvaluationOptions::default(),
        })
        .await
        .unwrap();
    provider.asked(3).await;
    service.shutdown().await.unwrap();
    drop(service);
    let provider = ScriptedProvider::start([Reply::text("ok")]).await.unwrap();
    let service = Service::start(world.config_with(&provider)).await.unwrap();
    assert_eq!(service.evaluation_get(run.id).await.unwrap().run.state, RunState::Interrupted);
    service.evaluation_resume(run.id).await.unwrap();
    assert_eq!(ended_as(&to_its_end(&service, run.id).await), RunState::Completed);
}
