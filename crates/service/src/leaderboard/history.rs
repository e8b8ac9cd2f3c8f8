//! How an agent did over time.

use crate::{Result, Service};
use std::collections::{BTreeSet, HashMap};
use types::{AgentHistory, AgentId, EvaluationRunListItem, HistoryRun, Page, RunState};

/// Most runs of a history: the latest.
const RUNS_MAX: usize = 100;
/// Runs that are looked through for completed ones.
const LOOKED_THROUGH: u32 = 1000;

impl Service {
    /// The completed evaluations of an agent, oldest first; the latest hundred.
    ///
    /// # Errors
    /// Not found.
    pub async fn agent_history(&self, id: AgentId) -> Result<AgentHistory> {
        let agent = self.agent_get(id).await?;
        let page = Page { skip: 0, limit: LOOKED_THROUGH };
        let mut runs = self.store().evaluation_list(Some(id), page).await?.items;
        runs.retain(|run| run.state == RunState::Completed && run.completed_at.is_some());
        runs.truncate(RUNS_MAX);
        runs.sort_by_key(|run| run.completed_at);
        let mut sets: HashMap<BTreeSet<_>, u32> = HashMap::new();
        let mut told = Vec::new();
        for run in runs {
            let cases: BTreeSet<_> = self.store().evaluation_samples(run.id).await?.into_iter().collect();
            let next = u32::try_from(sets.len()).unwrap_or(u32::MAX).saturating_add(1);
            let case_set = *sets.entry(cases).or_insert(next);
            told.push(history_run(&run, case_set));
        }
        Ok(AgentHistory { agent_id: agent.id, agent_name: agent.title(), runs: told })
    }
}

fn history_run(run: &EvaluationRunListItem, case_set: u32) -> HistoryRun {
    let metrics = run.aggregate_metrics_json.clone().unwrap_or_default();
    let known = |value: f64, n: u32| (n > 0).then_some(value);
    HistoryRun {
        run_id: run.id,
        completed_at: run.completed_at.unwrap_or(run.started_at),
        case_set,
        num_test_cases: run.num_test_cases,
        n: metrics.n.task_success,
        task_success: known(metrics.task_success, metrics.n.task_success),
        interval: metrics.task_success_interval,
        reward: known(metrics.reward, metrics.n.reward),
    }
}
