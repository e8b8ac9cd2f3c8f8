//! Training runs: start, list, read, stop, resume.

use crate::{Result, Service, agent::refuse_if_any, blocking, new_id, training_frame};
use serde::{Deserialize, Serialize};
use types::{
    Agent, AgentId, EPISODES_MAX, Error, ExtensionSpec, FieldError, Page, Paged, RunId, RunKind, RunState,
    TestCaseCreate, TrainingCreate, TrainingProgress, TrainingRun, TrainingRunListItem,
};

/// What a run starts from, kept beside its checkpoints: later changes of cases do not reach it.
#[derive(Serialize, Deserialize)]
pub struct Start {
    /// The request.
    pub request: TrainingCreate,
    /// The cases as they were.
    pub cases: Vec<TestCaseCreate>,
}

impl Service {
    /// Starts a run in the background and answers at once.
    ///
    /// # Errors
    /// Invalid (400): unknown agent, an agent of a type that cannot be trained (the message names those that can), no
    /// cases; refused fields.
    pub async fn training_start(&self, request: TrainingCreate) -> Result<TrainingRunListItem> {
        refuse_if_any(refused(&request))?;
        let agent = self.run_agent(request.agent_id).await?;
        self.check_trainable(&agent)?;
        let cases = self.run_cases(request.test_case_ids.clone()).await?;
        let cases: Vec<TestCaseCreate> =
            cases.into_iter().map(|case| case.draft).filter(TestCaseCreate::is_plain).collect();
        if cases.is_empty() {
            let why = "all of the cases have several turns or tools of their own; training needs cases of one question";
            return Err(Error::Invalid(why.into()));
        }
        refuse_if_any(rl::validate(&request.algorithm, &request.parameters, &cases))?;
        let run = self.training_record(&request);
        let config = serde_json::to_value(&request).map_err(|error| Error::Internal(error.to_string()))?;
        self.training_keep_start(run.id, agent, Start { request, cases }).await?;
        self.store().training_insert(&run, &config).await?;
        self.job_enqueue(run.id, RunKind::Training).await?;
        Ok(run)
    }

    /// Runs, newest first; of one agent or of all.
    ///
    /// # Errors
    /// The database fails.
    pub async fn training_list(&self, agent: Option<AgentId>, page: Page) -> Result<Paged<TrainingRunListItem>> {
        self.store().training_list(agent, page).await
    }

    /// A run with its episodes by number.
    ///
    /// # Errors
    /// Not found.
    pub async fn training_get(&self, id: RunId) -> Result<TrainingRun> {
        self.store().training_get(id).await?.ok_or_else(|| Error::not_found("training run", id))
    }

    /// Asks a run to stop; its best weights are kept.
    ///
    /// # Errors
    /// Not found when it is unknown or not running.
    pub async fn training_stop(&self, id: RunId) -> Result<()> {
        self.run_stop(id, RunKind::Training).await
    }

    /// Goes on from the latest checkpoint.
    ///
    /// # Errors
    /// Not found; conflict when its state forbids it.
    pub async fn training_resume(&self, id: RunId) -> Result<TrainingRunListItem> {
        self.run_resume(id, RunKind::Training).await?;
        Ok(self.training_get(id).await?.run)
    }

    /// The present progress frame.
    ///
    /// # Errors
    /// Not found.
    pub async fn training_progress(&self, id: RunId) -> Result<TrainingProgress> {
        self.run_of_kind(id, RunKind::Training).await?;
        Ok(training_frame(id, &self.run_view(id).await?))
    }

    /// The registered algorithms with their parameters.
    pub fn algorithm_list(&self) -> Vec<ExtensionSpec> {
        rl::algorithms()
    }

    fn check_trainable(&self, agent: &Agent) -> Result<()> {
        let trainable = self.trainable_type_list();
        if trainable.contains(&agent.agent_type) {
            return Ok(());
        }
        let known = trainable.join(", ");
        Err(Error::Invalid(format!("agents of type {} cannot be trained; those of type {known} can", agent.agent_type)))
    }

    fn training_record(&self, request: &TrainingCreate) -> TrainingRunListItem {
        TrainingRunListItem {
            id: RunId(new_id()),
            agent_id: request.agent_id,
            status: RunState::Pending.status(),
            state: RunState::Pending,
            algorithm: request.algorithm.clone(),
            num_episodes: i64::from(request.num_episodes),
            current_episode: 0,
            final_avg_reward: None,
            last_window_avg_reward: None,
            best_avg_reward: None,
            held_out_before: None,
            held_out_after: None,
            started_at: self.now(),
            completed_at: None,
            error: None,
        }
    }

    async fn training_keep_start(&self, run: RunId, agent: Agent, start: Start) -> Result<()> {
        let folder = self.inner.checkpoints.clone();
        blocking(move || folder.keep_start(run, &start, &folder.weights(&agent)?)).await
    }
}

fn refused(request: &TrainingCreate) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if !(1..=EPISODES_MAX).contains(&request.num_episodes) {
        let why = format!("is {}, expected 1 to {EPISODES_MAX}", request.num_episodes);
        errors.push(FieldError::new("num_episodes", why));
    }
    if let Some(Err(why)) = request.reward_weights.map(|weights| weights.check()) {
        errors.push(FieldError::new("reward_weights", why));
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_out_of_range_names_every_field() {
        let request: TrainingCreate = serde_json::from_value(serde_json::json!({
            "agent_id": "00000000-0000-0000-0000-000000000000",
            "num_episodes": 0,
            "reward_weights": {"task_success": 0, "tool_usage_efficiency": 0, "response_quality": 0},
        }))
        .unwrap();
        let fields: Vec<_> = refused(&request).into_iter().map(|error| error.field).collect();
        assert_eq!(fields, ["num_episodes", "reward_weights"]);
    }
}
