//! How much there is of everything, and what is going on.

use crate::{Result, Service};
use std::collections::{HashMap, hash_map::Entry};
use types::{
    Activity, AgentId, CaseQuery, EvaluationRunListItem, Overview, Page, RunKind, RunSummary, TrainingRunListItem,
};

/// Runs of each kind that are looked at.
const RUNS: Page = Page { skip: 0, limit: 50 };
/// Runs that are shown as recent.
const RECENT: usize = 8;

impl Service {
    /// Counts and runs for the front page.
    ///
    /// # Errors
    /// The database fails.
    pub async fn overview(&self) -> Result<Overview> {
        let one = Page { skip: 0, limit: 1 };
        let cases = CaseQuery { page: one, ..CaseQuery::default() };
        let evaluations = self.store().evaluation_list(None, RUNS).await?;
        let trainings = self.store().training_list(None, RUNS).await?;
        let mut runs: Vec<RunSummary> = evaluations
            .items
            .into_iter()
            .map(of_evaluation)
            .chain(trainings.items.into_iter().map(of_training))
            .collect();
        runs.sort_by_key(|run| std::cmp::Reverse((run.started_at, run.id)));
        let (mut recent, running): (Vec<_>, Vec<_>) = runs.into_iter().partition(|run| run.state.is_ended());
        recent.truncate(RECENT);
        let mut overview = Overview {
            agents: self.store().agent_list(Activity::Active, one).await?.total,
            test_cases: self.store().case_list(&cases).await?.total,
            conversations: self.store().conversation_list(None, None, one).await?.total,
            evaluations: evaluations.total,
            trainings: trainings.total,
            running,
            recent,
        };
        self.name_agents(&mut overview).await?;
        Ok(overview)
    }

    async fn name_agents(&self, overview: &mut Overview) -> Result<()> {
        let mut names: HashMap<AgentId, String> = HashMap::new();
        for run in overview.running.iter_mut().chain(&mut overview.recent) {
            let name = match names.entry(run.agent_id) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => {
                    let agent = self.store().agent_get(run.agent_id).await?;
                    new.insert(agent.map(|agent| agent.title()).unwrap_or_default())
                }
            };
            run.agent_name.clone_from(name);
        }
        Ok(())
    }
}

fn of_evaluation(run: EvaluationRunListItem) -> RunSummary {
    let metrics = run.aggregate_metrics_json.filter(|metrics| metrics.n.reward > 0);
    RunSummary {
        id: run.id,
        kind: RunKind::Evaluation,
        agent_id: run.agent_id,
        agent_name: String::new(),
        state: run.state,
        done: run.num_completed,
        total: run.num_test_cases,
        reward: metrics.map(|metrics| metrics.reward),
        started_at: run.started_at,
        completed_at: run.completed_at,
    }
}

fn of_training(run: TrainingRunListItem) -> RunSummary {
    RunSummary {
        id: run.id,
        kind: RunKind::Training,
        agent_id: run.agent_id,
        agent_name: String::new(),
        state: run.state,
        done: run.current_episode,
        total: run.num_episodes,
        reward: run.last_window_avg_reward,
        started_at: run.started_at,
        completed_at: run.completed_at,
    }
}
