//! The work of a training run: the engine learns on a thread of its own; every step is stored before it is told.

use super::{Control, Done, state_write};
use crate::{
    Result, Service, blocking,
    checkpoints::{BEST, model_of},
    new_id,
    training_run::Start,
};
use rl::{Progress, TrainingJob, TrainingOutcome};
use store::RunWrite;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use types::{AgentId, EpisodeId, Error, EventKind, RunId, RunKind, RunState, TrainingEpisode, TrainingRun};

/// A step of the engine, and whether it was stored.
type Step = (Progress, oneshot::Sender<Result<()>>);

impl Service {
    pub(super) async fn training_perform(&self, run: RunId, control: &Control) -> Result<Done> {
        let record = self.training_get(run).await?;
        let folder = self.inner.checkpoints.clone();
        let (start, policy): (Start, Vec<u8>) = blocking(move || folder.start(run)).await?;
        let (done, resume) = self.training_resume_point(&record).await?;
        let started = EventKind::Started { total: record.run.num_episodes, done };
        let running = state_write(RunKind::Training, RunState::Running, None, None, None);
        // Episodes beyond a checkpoint that had to be passed over are played again.
        self.event_append(run, &started, &[running, RunWrite::EpisodesForget { from: done }]).await?;
        let job = TrainingJob {
            episodes: start.request.num_episodes,
            seed: start.request.seed,
            algorithm: start.request.algorithm.clone(),
            parameters: start.request.parameters.clone(),
            reward_weights: start.request.reward_weights.unwrap_or_default(),
            cases: start.cases,
            tools: self.tools_unattended(&self.agent_get(record.run.agent_id).await?)?,
            policy,
            resume,
        };
        let outcome = self.training_learn(run, job, &control.cancel).await?;
        if outcome.stopped && control.is_cut_off() {
            return Ok(Done { complete: false, halted: false, aggregate: None, message: None });
        }
        self.training_conclude(run, record.run.agent_id, outcome).await
    }

    /// Where the run goes on: the latest whole state whose episodes are all stored.
    async fn training_resume_point(&self, record: &TrainingRun) -> Result<(i64, Option<Vec<u8>>)> {
        let run = record.run.id;
        let stored = (0..).zip(&record.episodes).take_while(|(number, e)| *number == e.episode_num).count();
        let stored = i64::try_from(stored).unwrap_or(i64::MAX);
        let folder = self.inner.checkpoints.clone();
        let (found, passed_over) = blocking(move || {
            let (found, passed_over) = folder.latest(run, stored);
            folder.forget_after(run, found.as_ref().map_or(0, |(episode, _)| *episode));
            Ok((found, passed_over))
        })
        .await?;
        for why in passed_over {
            self.event_append(run, &EventKind::Alert { message: why }, &[]).await?;
        }
        if found.is_none() && stored > 0 {
            let message = "No checkpoint of this run can be loaded; it starts again from its first episode.".into();
            self.event_append(run, &EventKind::Alert { message }, &[]).await?;
        }
        Ok(found.map_or((0, None), |(episode, state)| (episode, Some(state))))
    }

    /// Runs the engine on a blocking thread and stores each of its steps; the engine waits until a step is stored.
    async fn training_learn(
        &self,
        run: RunId,
        job: TrainingJob,
        cancel: &CancellationToken,
    ) -> Result<TrainingOutcome> {
        let (steps, mut told) = mpsc::channel::<Step>(1);
        let (runtime, stop) = (tokio::runtime::Handle::current(), cancel.clone());
        // An engine must not outlive the run that waits for it.
        let _stopped_with_us = cancel.clone().drop_guard();
        let engine = tokio::task::spawn_blocking(move || {
            let mut emit = |progress: Progress| {
                let (reply, answer) = oneshot::channel();
                steps.blocking_send((progress, reply)).map_err(|_| Error::Cancelled)?;
                answer.blocking_recv().map_err(|_| Error::Cancelled)?
            };
            rl::train(&job, &runtime, &mut emit, &stop)
        });
        while let Some((progress, reply)) = told.recv().await {
            // An engine that is gone needs no answer.
            let _ = reply.send(self.training_step(run, progress).await);
        }
        engine.await.map_err(|error| Error::Internal(format!("training: {error}")))?
    }

    async fn training_step(&self, run: RunId, progress: Progress) -> Result<()> {
        match progress {
            Progress::Kind(kind) => {
                let episode = self.episode_of(&kind).map(RunWrite::Episode);
                let writes: Vec<RunWrite> = episode.into_iter().chain(held_out_of(&kind)).collect();
                self.event_append(run, &kind, &writes).await?;
            }
            Progress::Checkpoint { episode, reward, best, policy, resume } => {
                let folder = self.inner.checkpoints.clone();
                let file = blocking(move || {
                    let file = folder.keep(run, episode, &policy, &resume)?;
                    if best {
                        folder.keep_best(run, &policy)?;
                    }
                    Ok(if best { BEST.to_owned() } else { file })
                })
                .await?;
                self.event_append(run, &EventKind::CheckpointSaved { episode, file, reward, best }, &[]).await?;
            }
        }
        Ok(())
    }

    fn episode_of(&self, kind: &EventKind) -> Option<TrainingEpisode> {
        let EventKind::EpisodeFinished { episode_num, avg_reward, total_reward, num_test_cases } = *kind else {
            return None;
        };
        let id = EpisodeId(new_id());
        Some(TrainingEpisode { id, episode_num, avg_reward, total_reward, num_test_cases, created_at: self.now() })
    }

    /// Keeps the best weights, and gives them to the agent unless held-out cases speak against it.
    async fn training_conclude(&self, run: RunId, agent: AgentId, mut outcome: TrainingOutcome) -> Result<Done> {
        let (folder, policy) = (self.inner.checkpoints.clone(), std::mem::take(&mut outcome.policy));
        blocking(move || folder.keep_best(run, &policy)).await?;
        let adopted = adopts(&outcome);
        let message = if adopted {
            let agent = self.agent_get(agent).await?;
            let name = agent.title();
            self.agent_write(types::Agent { model: model_of(run), updated_at: Some(self.now()), ..agent }).await?;
            format!("{name} now acts with the best weights of this run. {}", held_out(&outcome))
        } else {
            format!("The agent keeps its weights. {}", held_out(&outcome))
        };
        let writes = [RunWrite::TrainingHeldOut { before: outcome.held_out_before, after: outcome.held_out_after }];
        self.event_append(run, &EventKind::Message { message: message.clone() }, &writes).await?;
        Ok(Done { complete: !outcome.stopped, halted: false, aggregate: None, message: Some(message) })
    }
}

/// The held-out reward of the start (step 0), or the latest one.
fn held_out_of(kind: &EventKind) -> Option<RunWrite> {
    let EventKind::Series { step, values } = kind else { return None };
    let reward = values.get("held_out/reward").copied()?;
    Some(match step {
        0 => RunWrite::TrainingHeldOut { before: Some(reward), after: None },
        _ => RunWrite::TrainingHeldOut { before: None, after: Some(reward) },
    })
}

/// A completed run must not be worse than its start on held-out cases; a stopped one must be better.
fn adopts(outcome: &TrainingOutcome) -> bool {
    match (outcome.held_out_before, outcome.held_out_after) {
        (Some(before), Some(after)) if outcome.stopped => after > before,
        (Some(before), Some(after)) => after >= before,
        _ => !outcome.stopped,
    }
}

fn held_out(outcome: &TrainingOutcome) -> String {
    match (outcome.held_out_before, outcome.held_out_after) {
        (Some(before), Some(after)) => format!("Held-out reward: {before:.3} before, {after:.3} after."),
        _ => "No cases were held out, so nothing says how well it does on others.".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(stopped: bool, before: Option<f64>, after: Option<f64>) -> TrainingOutcome {
        TrainingOutcome {
            episodes_done: 1,
            stopped,
            held_out_before: before,
            held_out_after: after,
            policy: Vec::new(),
        }
    }

    #[test]
    fn weights_are_adopted_only_where_held_out_cases_allow_it() {
        assert!(adopts(&outcome(false, Some(0.5), Some(0.5))));
        assert!(!adopts(&outcome(false, Some(0.5), Some(0.4))));
        assert!(adopts(&outcome(true, Some(0.5), Some(0.6))));
        assert!(!adopts(&outcome(true, Some(0.5), Some(0.5))));
        assert!(adopts(&outcome(false, None, None)));
        assert!(!adopts(&outcome(true, None, None)));
    }
}
